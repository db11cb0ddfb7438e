/// Consecutive calendar days: PostgreSQL's `daterange`, always in its canonical half-open form.
///
/// `from` is the first day and `until` the day after the last one; nil means that there is no bound. What people
/// read is ``firstDay`` and ``lastDay``, both included.
///
/// ```swift
/// let shoot = DayRange(first: Day("2027-03-01")!, last: Day("2027-03-20")!)
/// shoot.count       // 20
/// print(shoot)      // [2027-03-01,2027-03-21)
/// ```
public struct DayRange: Hashable, Sendable {
    /// The first day; nil for no lower bound, and for the empty range.
    public let from: Day?
    /// The day after the last one; nil for no upper bound, and for the empty range.
    public let until: Day?
    /// Whether no day is in it.
    public let isEmpty: Bool

    private init(from: Day?, until: Day?, isEmpty: Bool) {
        self.from = from
        self.until = until
        self.isEmpty = isEmpty
    }

    /// From a day up to but not including another; empty when there is no day between them.
    public init(from: Day?, until: Day?) {
        if let from, let until, from >= until {
            self = .empty
        } else {
            self.init(from: from, until: until, isEmpty: false)
        }
    }

    /// Both days included; empty when the last day is before the first.
    public init(first: Day, last: Day) {
        self.init(from: first, until: last.isFinite ? last + 1 : last)
    }

    /// A single day.
    public init(_ day: Day) {
        self.init(first: day, last: day)
    }

    /// No day at all.
    public static let empty = DayRange(from: nil, until: nil, isEmpty: true)
    /// Every day.
    public static let all = DayRange(from: nil, until: nil, isEmpty: false)

    /// The first day; nil when empty or unbounded below.
    public var firstDay: Day? { from }
    /// The last day, included; nil when empty or unbounded above.
    public var lastDay: Day? { until.map { $0.isFinite ? $0 - 1 : $0 } }

    /// The number of days; nil when unbounded or infinite.
    public var count: Int? {
        if isEmpty { return 0 }
        guard let from, let until, from.isFinite, until.isFinite else { return nil }
        return until - from
    }

    /// The days in order; nothing when empty, unbounded or infinite.
    public var days: Range<Day> {
        guard count != nil, let from, let until else { return Day(number: 0)..<Day(number: 0) }
        return from..<until
    }

    /// Whether the day is in it.
    public func contains(_ day: Day) -> Bool {
        if isEmpty { return false }
        if let from, day < from { return false }
        if let until, day >= until { return false }
        return true
    }

    /// Whether every day of the other is in it.
    public func contains(_ other: DayRange) -> Bool {
        intersection(other) == other
    }

    /// Whether they share a day.
    public func overlaps(_ other: DayRange) -> Bool {
        !intersection(other).isEmpty
    }

    /// The days in both.
    public func intersection(_ other: DayRange) -> DayRange {
        if isEmpty || other.isEmpty { return .empty }
        let lower = [from, other.from].compactMap { $0 }.max()
        let upper = [until, other.until].compactMap { $0 }.min()
        return DayRange(from: lower, until: upper)
    }
}

extension DayRange: CustomStringConvertible {
    /// PostgreSQL's text form: `[2027-03-01,2027-03-21)`, `empty`.
    public var description: String {
        if isEmpty { return "empty" }
        return (from.map { "[\($0)" } ?? "(") + "," + (until.map { "\($0))" } ?? ")")
    }
}

extension DayRange: PostgresEncodable, PostgresDecodable {
    /// `daterange`
    public static var postgresType: PostgresType { .daterange }

    private var range: PostgresRange<Day> {
        if isEmpty { return .empty }
        return PostgresRange(
            lower: from.map { .included($0) } ?? .none,
            upper: until.map { .excluded($0) } ?? .none
        )
    }

    /// A flag byte, then each bound after its length.
    public func encode(into writer: inout PostgresWriter) {
        range.encode(into: &writer)
    }

    /// Reads `daterange`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        try cell.expect(.daterange, as: "DayRange")
        self = try cell.withBytes { bytes throws(PostgresError) in
            var reader = PostgresReader(bytes)
            let range = try DayRange(reading: &reader)
            try reader.finish()
            return range
        }
    }

    init(reading reader: inout PostgresReader) throws(PostgresError) {
        let range = try PostgresRange<Day>(reading: &reader)
        if range.isEmpty {
            self = .empty
            return
        }
        let lower: Day? =
            switch range.lower {
            case .none: nil
            case .included(let day): day
            case .excluded(let day): day + 1
            }
        let upper: Day? =
            switch range.upper {
            case .none: nil
            case .included(let day): day.isFinite ? day + 1 : day
            case .excluded(let day): day
            }
        self.init(from: lower, until: upper)
    }
}
