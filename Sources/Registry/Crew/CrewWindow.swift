internal import Postgres

/// The days for which calendars are kept as bits: 1,096 of them from a first day that moves once a year.
///
/// What lies outside is unknown to every search, never free.
struct CrewWindow: Hashable, Sendable {
    /// How many days a calendar has in the database.
    static let length = 1096

    /// The day of bit 0.
    var firstDay: Day

    /// The days of the window.
    var span: DayRange { DayRange(from: firstDay, until: firstDay + Self.length) }

    /// Days as bits; those outside the window are left out.
    func bits(of days: DayMultirange) -> BitString {
        var bits = BitString(zeros: Self.length)
        for place in places(of: days) { bits[place] = true }
        return bits
    }

    /// The places of days within the window, in order.
    func places(of days: DayMultirange) -> [Int] {
        days.intersection(DayMultirange([span])).ranges.flatMap { range in
            range.days.lowerBound - firstDay..<range.days.upperBound - firstDay
        }
    }

    /// Days outside the window.
    func outside(_ days: DayMultirange) -> DayMultirange { days.subtracting(DayMultirange([span])) }

    /// The runs of set bits as days.
    func days(of bits: BitString) -> DayMultirange {
        var ranges: [DayRange] = []
        var start: Int?
        for place in 0...bits.count {
            let isSet = place < bits.count && bits[place]
            if isSet, start == nil { start = place }
            if !isSet, let first = start {
                ranges.append(DayRange(from: firstDay + first, until: firstDay + place))
                start = nil
            }
        }
        return DayMultirange(ranges)
    }
}

extension CrewAvailability {
    /// Every needed day free.
    static func allFree(_ needed: Int) -> CrewAvailability {
        CrewAvailability(
            state: .full,
            needed: needed,
            free: needed,
            held: 0,
            busy: 0,
            unknown: 0,
            clashes: [],
            unknownDays: .empty
        )
    }

    /// Nothing that this reader may see.
    static func hidden(_ needed: Int) -> CrewAvailability {
        CrewAvailability(
            state: .hidden,
            needed: needed,
            free: 0,
            held: 0,
            busy: 0,
            unknown: 0,
            clashes: [],
            unknownDays: .empty
        )
    }

    /// Needed days against a person's days; each argument is a set of days, no two of the last three sharing any.
    init(needed days: DayMultirange, free: DayMultirange, held: DayMultirange, busy: DayMultirange) {
        let free = free.intersection(days)
        let held = held.intersection(days)
        let busy = busy.intersection(days)
        let unknown = days.subtracting(free).subtracting(held).subtracting(busy)
        func count(_ days: DayMultirange) -> Int { days.count ?? 0 }
        needed = count(days)
        self.free = count(free)
        self.held = count(held)
        self.busy = count(busy)
        self.unknown = count(unknown)
        unknownDays = unknown
        clashes = (Self.clashes(busy, .busy) + Self.clashes(held, .held)).sorted { $0.from < $1.from }
        state =
            if self.free == needed { .full } else if self.free > 0 { .partial } else if self.unknown > 0 {
                .unknown
            } else {
                .none
            }
    }

    private static func clashes(_ days: DayMultirange, _ kind: Clash.Kind) -> [Clash] {
        days.ranges.compactMap { range in
            guard let first = range.firstDay, let last = range.lastDay else { return nil }
            return Clash(from: first, to: last, kind: kind)
        }
    }
}
