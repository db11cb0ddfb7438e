public import Postgres

/// The answer to a ``CrewSearch``.
public struct CrewResults: Sendable {
    /// In the order asked for.
    public let items: [CrewItem]
    /// Whether distances were asked for.
    public let isMeasured: Bool
    /// How many there are under these filters and this coverage.
    public let total: Int
    /// Where the next answer begins; nil behind the last item.
    public let next: String?
    /// Counts of the facets that were asked for, values in the order of the vocabulary; values that would give
    /// nobody are among them with 0.
    public let facets: [CrewFacet: [Count]]
    /// How many there are under each coverage; empty unless the search asked for it.
    public internal(set) var totals: [CrewSearch.Coverage: Int] = [:]
    /// How the typed text was understood; nil when nothing was typed.
    public let understood: Understood?
    /// Needed days for which no calendars are kept yet (or any more): everybody is unknown there, never free.
    public let beyondCalendar: DayMultirange

    /// How many persons remain if this value is chosen.
    public struct Count: Hashable, Sendable {
        /// A code of the vocabulary.
        public let value: String
        /// People.
        public let count: Int
    }

    /// What typed text was taken for.
    public struct Understood: Hashable, Sendable {
        /// Codes of the roles that a title or alias in it named, in either language or within one typing error.
        public let roles: [String]
        /// The words that were looked for in names, places and headlines, mended where nothing but a typing error
        /// away was found; nil when none were left.
        public let text: String?
    }
}

/// One person of an answer.
public struct CrewItem: Sendable {
    /// The shared members as JSON text, as the database keeps it; without availability and distance.
    public let body: [UInt8]
    /// Only when days were asked for.
    public let availability: CrewAvailability?
    /// Kilometres to one decimal; nil unless a point was asked for and the person has a place.
    public let distance: Double?

    /// The members as Swift values.
    /// - Throws: `DecodingError` if the stored text is not what this version writes.
    public func listing() throws -> CrewListing { try CrewJSON.decode(CrewListing.self, from: body) }
}

/// A person's days over a span, for drawing a calendar.
public struct CrewCalendar: Hashable, Sendable {
    /// What is known of one day.
    public enum DayState: String, Hashable, Sendable {
        case free, held, busy, unknown
    }

    /// The span for which calendars are kept.
    public let span: DayRange
    /// The state of each day of the span, in order; nil when this reader may not see the calendar.
    public let days: [DayState]?

    /// The state of a day: unknown outside the span, nil when hidden.
    public func state(of day: Day) -> DayState? {
        guard let days else { return nil }
        guard let first = span.from, day >= first, day - first < days.count else { return .unknown }
        return days[day - first]
    }
}
