import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

struct StrategyPagesTests {
    private static func with(
        _ body: (StrategyPages, CrewBench) async throws -> Void
    ) async throws {
        try await CrewBench.with { bench in
            let pages = StrategyPages(
                site: try Site(),
                strategy: PublicStrategy(bench.databases),
                vocabularies: { bench.vocabularies }
            )
            try await body(pages, bench)
        }
    }

    @Test(arguments: Language.allCases)
    func `the staircase is drawn twice and told in words and in a table`(language: Language) async throws {
        try await Self.with { pages, bench in
            try await DemoStrategy(seed: 1, from: .todayInStockholm).load(into: bench.databases.worker)
            let html = StoredPages.text(try await pages.all(language))
            let told = language == .sv ? "Halland: Nivå 1 nådd, valt 2" : "Halland: Level 1 reached, 2 chosen"
            #expect(
                html.matches(of: /<svg viewBox="[-0-9 ]+" role="img" aria-label="[^"]*Halland: [^"]+"/).count
                    == 2
            )
            #expect(html.contains(told))
            #expect(html.contains(#"href="/\#(language)/strategy/skane""#))
            for code in ["blekinge", "halland", "jonkoping", "kalmar", "kronoberg", "skane"] {
                #expect(html.contains("#h-\(code)"))
            }
        }
    }

    @Test(arguments: Language.allCases)
    func `commitments are marked as examples wherever they are shown`(language: Language) async throws {
        try await Self.with { pages, bench in
            try await DemoStrategy(seed: 1, from: .todayInStockholm).load(into: bench.databases.worker)
            let mark = language == .sv ? "Åtagandena är exempel" : "The commitments are examples"
            #expect(StoredPages.text(try await pages.all(language)).contains(mark))
            for region in SiteRegion.all {
                #expect(StoredPages.text(try await pages.one(region.code, language)).contains(mark))
            }
            try await bench.database.sql("UPDATE klappa.strategy_commitment SET example = false")
            #expect(!StoredPages.text(try await pages.all(language)).contains(mark))
        }
    }

    @Test(arguments: Language.allCases)
    func `regions that have told nothing yet are shown so, with no number made up`(language: Language)
        async throws
    {
        try await Self.with { pages, _ in
            let html = StoredPages.text(try await pages.all(language))
            #expect(html.contains(language == .sv ? "Halland: Ingen nivå vald" : "Halland: No level chosen"))
            #expect(!html.contains(language == .sv ? "påhittade" : "invented"))
            let one = StoredPages.text(try await pages.one("kalmar", language))
            #expect(one.contains(language == .sv ? "inte lagt in någon plan" : "not entered a plan yet"))
        }
    }

    @Test func `a text that is missing in English is shown in Swedish and says so`() async throws {
        try await Self.with { pages, bench in
            try await bench.database.sql(
                """
                INSERT INTO klappa.region_goal (region, priority, title_sv) VALUES (12, 'market', 'Bara <på> svenska');
                INSERT INTO klappa.region_goal (region, priority, title_sv, title_en) VALUES (12, 'market', 'Två', 'Both')
                """
            )
            let html = StoredPages.text(try await pages.one("skane", .en))
            #expect(html.contains(#"<b lang="sv">Bara &lt;på&gt; svenska</b>"#))
            #expect(html.contains("<b>Both</b>"))
        }
    }

    @Test func `a region that there is not is a 404`() async throws {
        try await Self.with { pages, _ in
            let problem = await #expect(throws: Problem.self) { _ = try await pages.one("smaland", .sv) }
            #expect(problem?.code == .notFound)
        }
    }
}
