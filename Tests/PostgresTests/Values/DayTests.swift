import FoundationEssentials
import Testing

@testable import Postgres

@Suite struct DayTests {
    @Test(arguments: [
        ("2000-01-01", 0), ("1999-12-31", -1), ("2026-11-24", 9824), ("2000-02-29", 59),
        ("0001-01-01", -730_119),
        ("1970-01-01", -10_957), ("9999-12-31", 2_921_939),
    ])
    func `a day has its number and its text`(text: String, number: Int32) throws {
        let day = try #require(Day(text))
        #expect(day.number == number)
        #expect(day.description == text)
    }

    @Test(arguments: [
        "2027-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "2027-1-01", "27-01-01", "2027-01-01 ", "",
        "+027-01-01",
        "2027/01/01", "١٠٢٧-01-01", "1900-02-29",
    ])
    func `what is no day of the calendar is refused`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func `every day of eight centuries follows the one before`() throws {
        var day = try #require(Day("1600-01-01"))
        var expected = (year: 1600, month: 1, day: 1)
        while expected.year < 2400 {
            #expect(day.components == expected)
            #expect(Day(year: expected.year, month: expected.month, day: expected.day) == day)
            day = day + 1
            expected.day += 1
            if expected.day > Day.length(year: expected.year, month: expected.month) {
                expected.day = 1
                expected.month += 1
            }
            if expected.month > 12 {
                expected.month = 1
                expected.year += 1
            }
        }
    }

    @Test func `weekdays count from Monday`() throws {
        #expect(try #require(Day("2026-11-23")).weekday == 1)
        #expect(try #require(Day("2026-11-29")).weekday == 7)
        #expect(try #require(Day("1969-07-20")).weekday == 7)
    }

    @Test func `the infinities stay where they are and nothing reaches them`() {
        #expect(Day.infinity + 1 == .infinity)
        #expect(Day.minusInfinity - 5 == .minusInfinity)
        #expect((Day(number: .max - 1) + 10).isFinite)
        #expect((Day(number: 0) + Int.max).isFinite)
        #expect((Day(number: 0) + Int.min).isFinite)
        #expect(Day.minusInfinity < Day(number: .min + 1))
        #expect(Day("infinity") == .infinity)
        #expect(Day.minusInfinity.description == "-infinity")
    }

    @Test func `a day is coded as its ISO text`() throws {
        let day = try #require(Day("2027-03-01"))
        let json = try JSONEncoder().encode([day])
        #expect(String(decoding: json, as: UTF8.self) == "[\"2027-03-01\"]")
        #expect(try JSONDecoder().decode([Day].self, from: json) == [day])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Day].self, from: Data("[\"x\"]".utf8))
        }
    }

    @Test func `days can be strided and counted`() throws {
        let first = try #require(Day("2027-02-27"))
        let week = (first..<first + 4).map(\.description)
        #expect(week == ["2027-02-27", "2027-02-28", "2027-03-01", "2027-03-02"])
        #expect(first + 4 - first == 4)
    }

    @Test func `a moment has its RFC 3339 text`() {
        #expect(Instant(microseconds: 0).description == "2000-01-01T00:00:00Z")
        #expect(Instant(microseconds: -1).description == "1999-12-31T23:59:59.999999Z")
        #expect(Instant.infinity.description == "infinity")
        #expect(Instant(Date(timeIntervalSince1970: 1_795_521_600)).description == "2026-11-24T12:00:00Z")
        #expect(LocalTimestamp(microseconds: 3_600_000_000).description == "2000-01-01T01:00:00")
    }
}
