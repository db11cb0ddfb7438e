import HTTPTypes
import Postgres
import Testing
import Web

@testable import Registry

@Suite struct CrewPagesTests {
    private let days = "dates=2027-03-01/2027-03-12,2027-03-20/2027-03-25"

    @Test(arguments: Language.allCases)
    func `a search with days is as stored`(language: Language) async throws {
        let query = PageQuery("q=B-foto&\(days)&region=skane,kalmar&coverage=any")
        try StoredPages.expect(try await CrewSamples.pages().search(query, language), is: "crew.\(language)")
    }

    @Test(arguments: Language.allCases)
    func `a search that finds nobody is as stored`(language: Language) async throws {
        let nobody = CrewResults(
            items: [],
            isMeasured: false,
            total: 0,
            next: nil,
            facets: CrewSamples.results.facets,
            understood: nil,
            beyondCalendar: .empty
        )
        let crew = PublicCrew(
            find: { search in
                let total = search.certificates.isEmpty ? 11 : 0
                return CrewResults(
                    items: [],
                    isMeasured: false,
                    total: search.limit == 1 ? total : 0,
                    next: nil,
                    facets: nobody.facets,
                    totals: [.full: 0, .partial: 0, .any: 0],
                    understood: nil,
                    beyondCalendar: .empty
                )
            },
            record: { _ in nil },
            calendar: { _ in CrewSamples.calendar },
            staff: { _ in StaffingResult(posts: [], regions: []) }
        )
        let query = PageQuery("\(days)&role=first_ac&certificate=lift")
        let answer = try await CrewSamples.pages(crew).search(query, language)
        try StoredPages.expect(answer, is: "crew-nobody.\(language)")
        #expect(
            StoredPages.text(answer).contains(
                language == .sv ? "utan Liftkort: +11" : "without Lift operator: +11"
            )
        )
    }

    @Test func `a page behind the last leads to the last`() async throws {
        let crew = PublicCrew(
            find: { search in
                CrewResults(
                    items: [],
                    isMeasured: false,
                    total: search.limit == 1 ? 8 : 60,
                    next: nil,
                    facets: CrewSamples.results.facets,
                    understood: nil,
                    beyondCalendar: .empty
                )
            },
            record: { _ in nil },
            calendar: { _ in CrewSamples.calendar },
            staff: { _ in StaffingResult(posts: [], regions: []) }
        )
        let answer = try await CrewSamples.pages(crew).search(PageQuery("region=skane&page=9"), .sv)
        #expect(answer.status == .seeOther)
        #expect(answer.headers[.location] == "/sv/crew?region=skane&page=3")
    }

    @Test(arguments: Language.allCases)
    func `a person is as stored`(language: Language) async throws {
        let answer = try await CrewSamples.pages().person("ylva-strandmark", PageQuery(days), language)
        try StoredPages.expect(answer, is: "person.\(language)")
    }

    @Test func `a hidden calendar shows no day`() async throws {
        let pages = try CrewSamples.pages(CrewSamples.crew(hidden: true))
        let html = StoredPages.text(try await pages.person("ylva-strandmark", PageQuery(days), .sv))
        #expect(!html.contains("class=\"seg"))
        #expect(html.contains("Dagarna visas inte öppet"))
    }

    @Test(arguments: Language.allCases)
    func `a whole crew is as stored`(language: Language) async throws {
        let query = PageQuery("\(days)&role=first_ac&count=2&role=location_manager&count=1")
        try StoredPages.expect(
            try await CrewSamples.pages().staffing(query, language),
            is: "staffing.\(language)"
        )
    }

    @Test(arguments: [
        "dates=1–12 mars 2027, 20–25 mars&region=skane&region=kalmar&q=", "q= &role=first_ac,first_ac",
        "from=2027-03-01&to=2027-03-12&dates=2027-03-20/2027-03-25", "page=1", "coverage=partial",
    ])
    func `what a form sends leads to one address that can be shared`(query: String) async throws {
        let pages = try CrewSamples.pages()
        let answer = try await pages.search(PageQuery(query), .sv)
        let location = try #require(answer.headers[.location])
        #expect(answer.status == .seeOther)
        let again = try await pages.search(
            PageQuery(String(location.split(separator: "?").dropFirst().first ?? "")),
            .sv
        )
        #expect(again.status == .ok, "\(location)")
    }

    @Test func `days that cannot be read come back with the error and what was typed`() async throws {
        let answer = try await CrewSamples.pages().search(PageQuery("dates=i morgon&q=x"), .sv)
        #expect(answer.status == .badRequest)
        try StoredPages.expect(answer, is: "crew-error.sv")
        let html = StoredPages.text(answer)
        #expect(html.contains(##"<a href="#dates">"##))
        #expect(html.contains(#"value="i morgon""#))
        #expect(html.contains(#"aria-invalid="true""#))
    }

    @Test func `a value that nobody knows is an error, not a wider search`() async throws {
        let answer = try await CrewSamples.pages().search(PageQuery("role=astronaut"), .en)
        #expect(answer.status == .badRequest)
        #expect(StoredPages.text(answer).contains("“astronaut” is not a known value"))
    }

    @Test func `nobody of that name is a problem`() async throws {
        let pages = try CrewSamples.pages()
        await #expect(throws: Problem.self) { try await pages.person("nobody", PageQuery(), .sv) }
    }

    @Test func `a crew without days or with an unknown role says so at the field`() async throws {
        let pages = try CrewSamples.pages()
        let html = StoredPages.text(
            try await pages.staffing(PageQuery("dates=&role=astronaut&count=99"), .en)
        )
        for field in ["dates", "role-1", "count-1"] {
            #expect(html.contains("<a href=\"#\(field)\">"), "\(field)")
        }
    }

    @Test func `a role is understood by its title in either language`() throws {
        let words = Wording(try Site().texts, in: .sv)
        let query = PageQuery("\(days)&role=location manager&count=2&role=Platschef&count=1")
        let form = StaffingForm(query, CrewSamples.vocabularies, words, today: CrewSamples.today)
        #expect(form.posts.map(\.role) == ["location_manager", "location_manager"])
        #expect(form.errors.isEmpty)
    }
}
