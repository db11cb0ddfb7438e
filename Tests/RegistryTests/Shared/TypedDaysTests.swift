import Postgres
import Testing
import Web

@testable import Registry

@Suite struct TypedDaysTests {
    private let today = Day("2026-11-24")

    private func read(_ text: String) throws -> String {
        CrewSearchForm.written(try TypedDays.read(text, today: try #require(today)))
    }

    @Test(arguments: [
        ("1–12 mars 2027, 20–25 mars", "2027-03-01/2027-03-12,2027-03-20/2027-03-25"),
        ("1-12 March 2027 and 20-25 March", "2027-03-01/2027-03-12,2027-03-20/2027-03-25"),
        ("1–12 mars, 20–25 mars 2028", "2028-03-01/2028-03-12,2028-03-20/2028-03-25"),
        ("1–12 mars", "2027-03-01/2027-03-12"),
        ("20 nov – 2 dec", "2026-11-20/2026-12-02"),
        ("20 december – 3 januari", "2026-12-20/2027-01-03"),
        ("20 dec 2026 - 3 jan 2027", "2026-12-20/2027-01-03"),
        ("28 dec, 5 jan", "2026-12-28,2027-01-05"),
        ("28 dec, 5 jan 2027", "2026-12-28,2027-01-05"),
        ("28 februari till 3 mars 2027", "2027-02-28/2027-03-03"),
        ("1/3-12/3 2027", "2027-03-01/2027-03-12"),
        ("24/12", "2026-12-24"),
        ("v. 10–11 2027", "2027-03-08/2027-03-21"),
        ("vecka 53 2026", "2026-12-28/2027-01-03"),
        ("mars 2027", "2027-03-01/2027-03-31"),
        ("fre 5 mars 2027", "2027-03-05"),
        ("2027-03-01/2027-03-12,2027-03-20/2027-03-25", "2027-03-01/2027-03-12,2027-03-20/2027-03-25"),
        ("2027-03-01 – 2027-03-12; 2027-03-20", "2027-03-01/2027-03-12,2027-03-20"),
        ("3 mars 2027, 1–2 mars 2027", "2027-03-01/2027-03-03"),
        ("", ""),
        (" , ", ""),
    ])
    func `days are read as people type them`(typed: String, days: String) throws {
        #expect(try read(typed) == days)
    }

    @Test(arguments: [
        ("32 mars 2027", "32 mars 2027"), ("29 februari 2027", "29 februari 2027"),
        ("1–12 mars 2027, snart", "snart"),
        ("12–1 mars 2027 2028", "12–1 mars 2027 2028"), ("vecka 53 2027", "vecka 53 2027"), ("5", "5"),
        ("2027-13-01", "2027-13-01"), ("1–2–3 mars", "1–2–3 mars"), ("13/13", "13/13"),
    ])
    func `what is no day is named`(typed: String, words: String) throws {
        let today = try #require(today)
        #expect(throws: TypedDays.Unreadable(words: words)) { try TypedDays.read(typed, today: today) }
    }

    @Test func `what the pages write is read back, in both languages`() throws {
        let site = try Site()
        let today = try #require(today)
        for start in stride(from: 0, to: 800, by: 13) {
            let first = today + start
            let dates = DayMultirange([
                DayRange(first: first, last: first + start % 40),
                DayRange(first: first + 60, last: first + 60),
            ])
            for language in [Web.Language.sv, .en] {
                let written = site.words(language).periods(dates).joined(separator: ", ")
                #expect(try TypedDays.read(written, today: today) == dates, "\(written)")
            }
        }
    }
}
