import Postgres
import Testing
import Web

@testable import Registry

@Suite struct CrewWordsTests {
    private func text(_ language: Language) throws -> CrewWords {
        CrewWords(words: try Site().words(language), vocabularies: CrewSamples.vocabularies)
    }

    @Test func `a partly free person has figure, obstacles, sentence and strip that agree`() throws {
        let text = try text(.sv)
        let availability = try #require(CrewSamples.results.items[1].availability)
        #expect(text.figure(availability) == "12 av 18")
        #expect(text.obstacles(availability) == "krock 5–7 mars, prel. 10–11 mars, 1 okänd")
        #expect(
            text.sentence(availability, needed: CrewSamples.march)
                == "Ledig 12 av 18 dagar, upptagen 5–7 mars, preliminärbokad 10–11 mars, okänt 25 mars"
        )
        let strip = try #require(text.strip(availability, needed: CrewSamples.march)).html
        #expect(strip.contains("seg d-12 a-5"))
        #expect(strip.contains("seg d-6 a-0"))
        #expect(strip.matches(of: /k-busy/).count == 1)
    }

    @Test func `hidden days have no strip and no number`() throws {
        let text = try text(.en)
        let hidden = CrewSamples.availability(.hidden, free: 0)
        #expect(text.strip(hidden, needed: CrewSamples.march) == nil)
        #expect(text.figure(hidden).firstMatch(of: /\d/) == nil)
        #expect(text.sentence(hidden, needed: CrewSamples.march).firstMatch(of: /\d/) == nil)
    }

    @Test func `unknown is never free`() throws {
        let unknown = CrewSamples.availability(.unknown, free: 0, unknown: CrewSamples.march)
        #expect(try text(.sv).strip(unknown, needed: CrewSamples.march)?.html.contains("k-free") == false)
        #expect(try text(.sv).figure(unknown) == "Okänt")
    }

    @Test(arguments: [("2027-03-06", 0), ("2027-03-01", 5), ("2027-03-07", 6), ("2027-03-05", 1)])
    func `days to Saturday`(day: String, days: Int) throws {
        #expect(CrewWords.daysToSaturday(try #require(Day(day))) == days)
    }

    @Test(arguments: [
        ("2027-03-01", "2027-03-12", "1–12 mars 2027", "1–12 March 2027"),
        ("2027-02-28", "2027-03-03", "28 februari – 3 mars 2027", "28 February – 3 March 2027"),
        (
            "2026-12-20", "2027-01-03", "20 december 2026 – 3 januari 2027",
            "20 December 2026 – 3 January 2027"
        ),
        ("2027-03-05", "2027-03-05", "5 mars 2027", "5 March 2027"),
    ])
    func `days are written by locale`(first: String, last: String, swedish: String, english: String) throws {
        let (first, last) = (try #require(Day(first)), try #require(Day(last)))
        #expect(try Site().words(.sv).days(first, last) == swedish)
        #expect(try Site().words(.en).days(first, last) == english)
    }

    @Test func `a calendar held against days gives what a search would say`() throws {
        let availability = CrewAvailability(of: CrewSamples.march, in: CrewSamples.calendar)
        #expect(availability.state == .partial)
        #expect(
            [availability.free, availability.busy, availability.held, availability.unknown] == [10, 6, 2, 0]
        )
        #expect(availability.clashes.map(\.kind) == [.busy, .held])
    }

    @Test func `the spans of a calendar cover every day once and end in the unknown`() throws {
        let view = CalendarView(
            calendar: CrewSamples.calendar,
            text: try text(.sv),
            today: CrewSamples.today
        )
        let spans = view.spans
        #expect(spans.map(\.state) == [.free, .busy, .free, .held, .free, .unknown])
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.last + 1 == $1.first })
        #expect(spans.last?.last == Day("2027-07-31"))
    }
}
