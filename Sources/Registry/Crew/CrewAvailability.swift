public import Postgres

/// A person's calendar held against the days that somebody needs, as far as the reader may see it.
///
/// Each needed day is free, held, busy or unknown; busy wins over held, held over free, and a day of which nothing
/// is known is never free. The four counts add up to ``needed``.
public struct CrewAvailability: Hashable, Sendable {
    /// What can be said of all needed days together.
    public enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// Every needed day is free.
        case full
        /// Some needed day is free.
        case partial
        /// No needed day is known to be free, but some are unknown.
        case unknown
        /// No needed day is free and all are known.
        case none
        /// This reader may not see the calendar.
        case hidden
    }

    /// Days in a row that are not to be had.
    public struct Clash: Hashable, Sendable {
        /// Why, as far as anybody is told.
        public enum Kind: String, Codable, Hashable, Sendable {
            /// Booked, blocked or taken from a feed; which of these is never told.
            case busy
            /// Pencilled by somebody.
            case held
        }

        /// First day.
        public let from: Day
        /// Last day, included.
        public let to: Day
        /// Why.
        public let kind: Kind
    }

    /// What can be said of all needed days together.
    public let state: State
    /// How many days are needed.
    public let needed: Int
    /// How many of them are free; 0 when hidden, like the other counts.
    public let free: Int
    /// How many are pencilled and not busy.
    public let held: Int
    /// How many are booked, blocked or taken from a feed.
    public let busy: Int
    /// Of how many nothing is known.
    public let unknown: Int
    /// The needed days that are busy or held, in order of time.
    public let clashes: [Clash]
    /// The needed days of which nothing is known, for drawing; not part of the JSON.
    public let unknownDays: DayMultirange
}
