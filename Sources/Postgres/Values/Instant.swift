public import FoundationEssentials

/// A moment in time to the microsecond: PostgreSQL's `timestamptz`.
///
/// Counted from 2000-01-01T00:00:00Z. ``infinity`` is later and ``minusInfinity`` earlier than every moment.
public struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since 2000-01-01T00:00:00Z; the extremes of `Int64` are the infinities.
    public let microseconds: Int64

    /// The moment so many microseconds after 2000-01-01T00:00:00Z.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Later than every moment.
    public static let infinity = Instant(microseconds: .max)
    /// Earlier than every moment.
    public static let minusInfinity = Instant(microseconds: .min)
    /// Seconds from 1970-01-01 to 2000-01-01.
    private static let epoch: Int64 = 946_684_800

    /// Whether it is a moment, not an infinity.
    public var isFinite: Bool { self != .infinity && self != .minusInfinity }

    /// The moment now, by the system's clock.
    public static var now: Instant { Instant(Date()) }

    /// The moment of a Foundation date, rounded to the microsecond.
    public init(_ date: Date) {
        let value = (date.timeIntervalSince1970 - Double(Self.epoch)) * 1_000_000
        microseconds = Int64(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
    }

    /// The Foundation date; it may lose the last microseconds.
    public var date: Date {
        Date(timeIntervalSince1970: Double(microseconds) / 1_000_000 + Double(Self.epoch))
    }

    /// The day in UTC and the microseconds since its midnight.
    public var utc: (day: Day, microseconds: Int64) {
        let perDay: Int64 = 86_400_000_000
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: perDay)
        let days = remainder < 0 ? quotient - 1 : quotient
        return (Day(number: Int32(clamping: days)), remainder < 0 ? remainder + perDay : remainder)
    }

    /// Earlier moments come first.
    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC: `2027-03-01T09:30:00Z`, with six digits of a second when they are not all zero.
    public var description: String {
        if self == .infinity { return "infinity" }
        if self == .minusInfinity { return "-infinity" }
        let (day, time) = utc
        return "\(day)T\(clockTime(time))Z"
    }
}

/// `09:30:00` or `09:30:00.000001`, from microseconds since midnight.
func clockTime(_ microseconds: Int64) -> String {
    let seconds = Int(microseconds / 1_000_000)
    let fraction = Int(microseconds % 1_000_000)
    let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    return fraction == 0 ? clock : "\(clock).\(padded(fraction, 6))"
}

extension Instant: PostgresEncodable, PostgresDecodable, PostgresRangeBound {
    /// `timestamptz`
    public static var postgresType: PostgresType { .timestamptz }
    /// `tstzrange`
    public static var postgresRangeType: PostgresType { .tstzrange }
    /// `tstzmultirange`
    public static var postgresMultirangeType: PostgresType { .tstzmultirange }
    /// Eight bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(microseconds) }
    /// Reads `timestamptz`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.timestamptz, as: "Instant") { reader throws(PostgresError) in
            Instant(microseconds: try reader.read(Int64.self))
        }
    }
}

/// A reading of calendar and clock without a time zone: PostgreSQL's `timestamp`.
public struct LocalTimestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since 2000-01-01T00:00:00 on the same clock; the extremes of `Int64` are the infinities.
    public let microseconds: Int64

    /// The reading so many microseconds after 2000-01-01T00:00:00.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Earlier readings come first.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// `2027-03-01T09:30:00`.
    public var description: String {
        let instant = Instant(microseconds: microseconds)
        return instant.isFinite ? String(instant.description.dropLast()) : instant.description
    }
}

extension LocalTimestamp: PostgresEncodable, PostgresDecodable, PostgresRangeBound {
    /// `timestamp`
    public static var postgresType: PostgresType { .timestamp }
    /// `tsrange`
    public static var postgresRangeType: PostgresType { .tsrange }
    /// `tsmultirange`
    public static var postgresMultirangeType: PostgresType { .tsmultirange }
    /// Eight bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(microseconds) }
    /// Reads `timestamp`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.timestamp, as: "LocalTimestamp") { reader throws(PostgresError) in
            LocalTimestamp(microseconds: try reader.read(Int64.self))
        }
    }
}

/// A span of months, days and microseconds that are not converted into each other: PostgreSQL's `interval`.
public struct Interval: Hashable, Sendable {
    /// Whole months.
    public var months: Int32
    /// Whole days, which may be 23 or 25 hours long.
    public var days: Int32
    /// Microseconds.
    public var microseconds: Int64

    /// A span; every part may be negative.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }
}

extension Interval: PostgresEncodable, PostgresDecodable {
    /// `interval`
    public static var postgresType: PostgresType { .interval }
    /// Sixteen bytes: microseconds, days, months.
    public func encode(into writer: inout PostgresWriter) {
        writer.write(microseconds)
        writer.write(days)
        writer.write(months)
    }
    /// Reads `interval`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.interval, as: "Interval") { reader throws(PostgresError) in
            let microseconds = try reader.read(Int64.self)
            let days = try reader.read(Int32.self)
            return Interval(months: try reader.read(Int32.self), days: days, microseconds: microseconds)
        }
    }
}
