internal import Foundation
internal import NIOCore

/// An instant in UTC, written the ways that HTTP and logs want it.
struct Timestamp {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let milliseconds: Int

    /// Milliseconds since 1970-01-01T00:00:00Z, not negative.
    init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// This instant by the clock of the machine.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    var second: Int { milliseconds / 1000 }

    /// `Tue, 24 Nov 2026 10:43:29 GMT` (RFC 9110 section 5.6.7).
    var http: String {
        let (year, month, day) = date
        let weekday = Self.weekdays[milliseconds / 86_400_000 % 7]
        return "\(weekday), \(two(day)) \(Self.months[month - 1]) \(year) \(time) GMT"
    }

    /// `2026-11-24T10:43:29.123Z` (RFC 3339).
    var rfc3339: String {
        var buffer = ByteBuffer()
        write(to: &buffer)
        return String(buffer: buffer)
    }

    /// Writes ``rfc3339``.
    func write(to buffer: inout ByteBuffer) {
        let (year, month, day) = date
        let seconds = milliseconds / 1000 % 86_400
        buffer.writeDecimal(year, digits: 4)
        buffer.writeStaticString("-")
        buffer.writeDecimal(month, digits: 2)
        buffer.writeStaticString("-")
        buffer.writeDecimal(day, digits: 2)
        buffer.writeStaticString("T")
        buffer.writeDecimal(seconds / 3600, digits: 2)
        buffer.writeStaticString(":")
        buffer.writeDecimal(seconds / 60 % 60, digits: 2)
        buffer.writeStaticString(":")
        buffer.writeDecimal(seconds % 60, digits: 2)
        buffer.writeStaticString(".")
        buffer.writeDecimal(milliseconds % 1000, digits: 3)
        buffer.writeStaticString("Z")
    }

    private var time: String {
        let seconds = milliseconds / 1000 % 86_400
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// Civil date from days since 1970, after Howard Hinnant's
    /// [algorithms](https://howardhinnant.github.io/date_algorithms.html#civil_from_days).
    private var date: (year: Int, month: Int, day: Int) {
        let shifted = milliseconds / 86_400_000 + 719_468
        let era = shifted / 146_097
        let ofEra = shifted % 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
