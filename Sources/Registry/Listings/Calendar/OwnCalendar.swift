internal import FoundationEssentials
internal import Postgres
internal import Web

/// A calendar as its owner has it before them: what is known, and why days are taken.
///
/// The files beside this one: `OwnCalendarQueries` has the SQL, `OwnCalendarPages` the addresses for people and locations
/// alike, `OwnCalendarPage` what is printed, `DayPicker` the month in which days are chosen.
///
/// Busy (blocked, booked, from a feed) wins over held, held over free; a day outside the known span with nothing on it is
/// unknown, never free: the same rule by which the database projects the days for others.
struct OwnCalendar: Hashable, Sendable {
    /// What stands on days.
    enum Kind: String, CaseIterable, Hashable, Sendable {
        case blocked, feed, booked, held
    }

    /// The known span; nil when nothing is known.
    var known: DayRange?
    /// The owner's own marks.
    var blocked = DayMultirange.empty
    /// Taken from a calendar that is kept elsewhere.
    var feed = DayMultirange.empty
    var booked = DayMultirange.empty
    var held = DayMultirange.empty
    /// Counts the edits; 0 before the first.
    var version: Int64 = 0

    /// All days on which something of a kind stands.
    func days(_ kind: Kind) -> DayMultirange {
        switch kind {
        case .blocked: blocked
        case .feed: feed
        case .booked: booked
        case .held: held
        }
    }

    /// The state of a day, as a searcher who may see it sees it.
    func state(of day: Day) -> CrewCalendar.DayState {
        if blocked.contains(day) || booked.contains(day) || feed.contains(day) { return .busy }
        if held.contains(day) { return .held }
        return known?.contains(day) == true ? .free : .unknown
    }

    /// The days of a span as others see them.
    func seen(from first: Day, count: Int) -> CrewCalendar {
        CrewCalendar(
            span: DayRange(first: first, last: first + (count - 1)),
            days: (0..<count).map { state(of: first + $0) }
        )
    }
}
