import FoundationEssentials
import Testing

@testable import Postgres

@Suite struct ValueFormTests {
    @Test func `numbers travel in network order`() {
        #expect(binary(Int16(-2)) == [0xFF, 0xFE])
        #expect(binary(Int32(0x0102_0304)) == [1, 2, 3, 4])
        #expect(binary(258) == [0, 0, 0, 0, 0, 0, 1, 2])
        #expect(binary(1.5) == [0x3F, 0xF8, 0, 0, 0, 0, 0, 0])
        #expect(binary(true) == [1])
    }

    @Test func `a day counts from the year 2000`() throws {
        #expect(binary(try #require(Day("2026-11-24"))) == [0, 0, 0x26, 0x60])
        #expect(binary(Day.infinity) == [0x7F, 0xFF, 0xFF, 0xFF])
        #expect(binary(Day.minusInfinity) == [0x80, 0, 0, 0])
    }

    @Test func `a range of days has flags and two counted bounds`() throws {
        let range = DayRange(from: Day("2026-11-24"), until: Day("2026-11-26"))
        #expect(binary(range) == [0x02, 0, 0, 0, 4, 0, 0, 0x26, 0x60, 0, 0, 0, 4, 0, 0, 0x26, 0x62])
        #expect(binary(DayRange.empty) == [0x01])
        #expect(binary(DayRange.all) == [0x18])
        #expect(
            binary(DayRange(from: Day("2026-11-24"), until: nil)) == [0x12, 0, 0, 0, 4, 0, 0, 0x26, 0x60]
        )
    }

    @Test func `a numeric has digits of four`() throws {
        let expected: [UInt8] = [0, 2, 0, 0, 0, 0, 0, 2, 0x04, 0xD2, 0x13, 0x88]
        #expect(binary(try #require(Numeric("1234.50"))) == expected)
    }

    @Test func `JSON carries its version`() {
        #expect(binary(JSONText("{}")) == [1, 0x7B, 0x7D])
    }

    @Test func `an array names its element type and marks NULL by minus one`() {
        #expect(binary([Int32]()) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23])
        let expected: [UInt8] = [
            0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1,
            0, 0, 0, 4, 0, 0, 0, 7, 0xFF, 0xFF, 0xFF, 0xFF,
        ]
        #expect(binary([7, nil] as [Int32?]) == expected)
    }

    @Test func `every value survives writing and reading`() throws {
        #expect(try roundTrip(true) == true)
        for number in [Int16.min, -1, 0, 1, .max] { #expect(try roundTrip(number) == number) }
        for number in [Int32.min, -1, 0, 1, .max] { #expect(try roundTrip(number) == number) }
        for number in [Int.min, -1, 0, 1, .max] { #expect(try roundTrip(number) == number) }
        for number in [-Double.infinity, -0.1, 0, .greatestFiniteMagnitude] {
            #expect(try roundTrip(number) == number)
        }
        #expect(try roundTrip(Double.nan).isNaN)
        #expect(try roundTrip(Float(0.1)) == 0.1)
        for text in ["", "räksmörgås", "\u{1F3AC}", "a\"b'c\\d"] { #expect(try roundTrip(text) == text) }
        #expect(try roundTrip([UInt8]([0, 255, 10])) == [0, 255, 10])
        #expect(try roundTrip([UInt8]()) == [])
        let id = UUID()
        #expect(try roundTrip(id) == id)
        for day in [Day.infinity, .minusInfinity, Day(number: 0)] { #expect(try roundTrip(day) == day) }
        for instant in [Instant.infinity, .minusInfinity, Instant(microseconds: -1)] {
            #expect(try roundTrip(instant) == instant)
        }
        let interval = Interval(months: -3, days: 40, microseconds: -1)
        #expect(try roundTrip(interval) == interval)
        for text in ["0", "-0.001", "1234567890123456789.000100", "NaN", "Infinity", "-Infinity", "0.00"] {
            #expect(try roundTrip(try #require(Numeric(text))).description == text)
        }
        #expect(try roundTrip(JSONText("[1]")) == JSONText("[1]"))
        let bits = BitString(count: 11, bytes: [0b1010_1010, 0b1110_0000])
        #expect(try roundTrip(bits).description == "10101010111")
        #expect(try roundTrip([String?]([nil, "", "x"])) == [nil, "", "x"])
        #expect(try roundTrip([Day.infinity, Day(number: 3)]) == [.infinity, Day(number: 3)])
        #expect(try roundTrip([[UInt8]]([[1], []])) == [[1], []])
        #expect(try roundTrip(Int?.none) == nil)
        for range in [DayRange.empty, .all, DayRange(Day(number: 5)), DayRange(from: nil, until: .infinity)] {
            #expect(try roundTrip(range) == range)
        }
        let several = DayMultirange([
            DayRange(Day(number: 5)), DayRange(Day(number: 9)), DayRange(Day(number: 6)),
        ])
        #expect(several.ranges.count == 2)
        #expect(try roundTrip(several) == several)
        let numbers = PostgresRange<Int32>(lower: .included(1), upper: .none)
        #expect(try roundTrip(numbers) == numbers)
        #expect(try roundTrip(PostgresMultirange([numbers])) == PostgresMultirange([numbers]))
        let moments = PostgresRange<Instant>(lower: .excluded(.minusInfinity), upper: .included(.now))
        #expect(try roundTrip(moments) == moments)
    }

    enum Grade: String, PostgresEncodable, PostgresDecodable { case junior, senior }

    @Test func `an enum travels as its text, without a type`() throws {
        #expect(Grade.postgresType == .unspecified)
        #expect(binary(Grade.senior) == Array("senior".utf8))
        // Enum types have numbers of their own in each database.
        #expect(try decode(Grade.self, Array("junior".utf8), as: PostgresType(rawValue: 16_999)) == .junior)
        #expect(throws: PostgresError.self) {
            try decode(Grade.self, Array("chief".utf8), as: PostgresType(rawValue: 16_999))
        }
    }

    @Test func `a value is read only from its own type`() {
        #expect(throws: PostgresError.self) { try decode(Int.self, [0, 0, 0, 1], as: .text) }
        #expect(throws: PostgresError.self) { try decode(String.self, [0, 0, 0, 1], as: .int4) }
        #expect(throws: PostgresError.self) { try decode(Day.self, [0, 0, 0, 1], as: .int4) }
        #expect(throws: PostgresError.self) { try decode(Int16.self, [0, 1, 0, 0], as: .int4) }
        #expect(throws: PostgresError.self) { try decode(Int.self, nil, as: .int4) }
    }

    @Test func `a small integer is read as a wider one`() throws {
        #expect(try decode(Int.self, [0xFF, 0xFE], as: .int2) == -2)
        #expect(try decode(Int16.self, [0, 0, 0, 0, 0, 0, 0, 7], as: .int8) == 7)
    }

    @Test func `a decoding error never quotes the value`() {
        do {
            _ = try decode(Grade.self, Array("hemligt".utf8), as: .text)
            Issue.record("it was read")
        } catch {
            #expect(error.kind == .decoding)
            #expect(!error.debugDescription.contains("hemligt"))
        }
    }

    @Test func `a bit string keeps its length and its spare bits at zero`() {
        var bits = BitString(zeros: 1096)
        bits[0] = true
        bits[1095] = true
        #expect(bits.ones == 2)
        #expect(bits.bytes.count == 137)
        #expect(BitString(count: 3, bytes: [0xFF]).bytes == [0xE0])
    }
}
