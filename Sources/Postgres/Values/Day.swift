/// A calendar day without a time zone: PostgreSQL's `date`.
///
/// Days are numbered from 2000-01-01, as in PostgreSQL, and count by the Gregorian calendar in both directions.
/// ``infinity`` is later and ``minusInfinity`` earlier than every other day.
///
/// ```swift
/// let day = Day("2027-03-01")!
/// print(day + 13)            // 2027-03-14
/// ```
public struct Day: Hashable, Sendable {
    /// Days since 2000-01-01; the extremes of `Int32` are the infinities.
    public let number: Int32

    /// The day so many days after 2000-01-01.
    public init(number: Int32) {
        self.number = number
    }

    /// Later than every day.
    public static let infinity = Day(number: .max)
    /// Earlier than every day.
    public static let minusInfinity = Day(number: .min)

    /// Whether it is a day of the calendar, not an infinity.
    public var isFinite: Bool { number != .max && number != .min }

    /// The day of a year, month (1…12) and day of the month; nil when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Day.length(year: year, month: month)).contains(day),
            (-4800...5_000_000).contains(year)
        else { return nil }
        // Days from civil, https://howardhinnant.github.io/date_algorithms.html
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let sinceEpoch = era * 146_097 + dayOfEra - 719_468 - 10_957
        guard let number = Int32(exactly: sinceEpoch) else { return nil }
        self.number = number
    }

    /// Year, month and day of the month; the infinities have the extremes of the calendar.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 10_957 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// 1 for Monday to 7 for Sunday, as in ISO 8601.
    public var weekday: Int {
        // 2000-01-01 was a Saturday.
        let index = (Int(number) + 5) % 7
        return (index < 0 ? index + 7 : index) + 1
    }

    /// The number of days in a month.
    public static func length(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: Strideable {
    /// Days from this to the other.
    public func distance(to other: Day) -> Int { Int(other.number) - Int(number) }

    /// The day so many days later. The infinities stay what they are, and no sum reaches them.
    public func advanced(by days: Int) -> Day {
        guard isFinite else { return self }
        let (sum, overflow) = Int(number).addingReportingOverflow(days)
        let lowest = Int(Int32.min) + 1
        let highest = Int(Int32.max) - 1
        if overflow { return Day(number: Int32(days > 0 ? highest : lowest)) }
        return Day(number: Int32(Swift.min(Swift.max(sum, lowest), highest)))
    }

    /// Earlier days come first.
    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
    /// The day so many days later.
    public static func + (day: Day, days: Int) -> Day { day.advanced(by: days) }
    /// The day so many days earlier.
    public static func - (day: Day, days: Int) -> Day { day.advanced(by: -days) }
    /// The number of days between two days.
    public static func - (left: Day, right: Day) -> Int { right.distance(to: left) }
}

extension Day: LosslessStringConvertible, Codable {
    /// ISO 8601: `2027-03-01`, four digits for the year; `infinity` and `-infinity` as in PostgreSQL. Anything else,
    /// also a day that the calendar does not have, is nil.
    public init?(_ text: String) {
        if text == "infinity" {
            self = .infinity
            return
        }
        if text == "-infinity" {
            self = .minusInfinity
            return
        }
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Day.digits(bytes[0..<4]), let month = Day.digits(bytes[5..<7]),
            let day = Day.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// ISO 8601: `2027-03-01`.
    public var description: String {
        if self == .infinity { return "infinity" }
        if self == .minusInfinity { return "-infinity" }
        let (year, month, day) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads the ISO text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = Day(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day")
        }
        self = day
    }

    /// Writes the ISO text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A number with leading zeros; a minus sign stands before them.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
}

extension Day: PostgresEncodable, PostgresDecodable {
    /// `date`
    public static var postgresType: PostgresType { .date }
    /// Four bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(number) }
    /// Reads `date`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText {
            guard let day = try Day(cell.text()) else { throw .decoding("the text is not a day") }
            self = day
        } else {
            self = try cell.read(.date, as: "Day") { reader throws(PostgresError) in
                Day(number: try reader.read(Int32.self))
            }
        }
    }
}
