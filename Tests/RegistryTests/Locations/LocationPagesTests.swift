import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// The pages of locations and companies over a real database.
struct LocationPagesTests {
    private func with(_ body: (LocationPages, CompanyPages, SchemaDatabase) async throws -> Void) async throws
    {
        try await SchemaDatabase.with { database in
            let databases = Databases(open: database.open, member: database.member, worker: database.worker)
            let catalogue = VocabularyCatalogue { try await VocabularyQueries(database.open).load() }
            let site = try Site()
            let locations = LocationPages(
                site: site,
                databases: databases,
                catalogue: catalogue,
                outlines: RegionOutlines(database.open),
                today: { Day(year: 2027, month: 2, day: 1) ?? .todayInStockholm }
            )
            let companies = CompanyPages(site: site, databases: databases, catalogue: catalogue)
            try await body(locations, companies, database)
        }
    }

    private func html(_ answer: Answer) -> String { String(buffer: answer.body) }

    @Test(arguments: Language.allCases)
    func `the list shows what is offered, a map of it, and places of interest apart`(_ language: Language)
        async throws
    {
        try await with { pages, _, database in
            try await database.location("Ladan i Öja")
            try await database.location("Dolda ladan", state: "hidden")
            let page = html(try await pages.search(PageQuery(""), .anyone, language))
            #expect(page.contains("Ladan i Öja"))
            #expect(!page.contains("Dolda"))
            #expect(!page.contains("55.6061"))
            #expect(page.contains("<use href=\"#six\""))
            #expect(page.contains("/api/v1/locations/points"))
            #expect(page.contains("Anderstorps flygfält") || page.contains("id=\"interest\""))
            #expect(page.utf8.count < 150_000)
            let sent = try #require(Gzip.compress(ByteBuffer(string: page))).readableBytes
            let site = try Site()
            let map = try site.assets.all.filter {
                $0.hasPrefix("/assets/leaflet/") || $0.hasPrefix("/assets/map.")
            }
            .map { address in
                let bytes = try #require(site.assets.asset(at: address)).bytes
                return try #require(Gzip.compress(ByteBuffer(bytes: bytes))).readableBytes
            }
            #expect(sent + map.reduce(0, +) < 90_000)
        }
    }

    @Test
    func `a search by town, number and kind is one address, and its map asks the same`() async throws {
        try await with { pages, _, database in
            try await database.location("Ladan i Öja", municipality: "0780", point: (56.9, 14.75))
            try await database.location("Ladan i Malmö")
            let typed = PageQuery(
                "q=&near=v%C3%A4xj%C3%B6&radius=60&min-floor_area_m2=200&feature=power_phases-3&type=barn"
            )
            let moved = try await pages.search(typed, .anyone, .sv)
            let address = try #require(moved.headers[.location])
            #expect(address.contains("range=floor_area_m2:200.."))
            let query = PageQuery(String(try #require(address.split(separator: "?").last)))
            let page = html(try await pages.search(query, .anyone, .sv))
            #expect(page.contains("Ladan i Öja"))
            #expect(!page.contains("Ladan i Malmö"))
            #expect(page.contains("inom 60 km från Växjö"))
            #expect(page.contains("near=56."))
            let wrong = try await pages.search(PageQuery("near=Oslo"), .anyone, .sv)
            #expect(wrong.status == .badRequest)
            #expect(html(wrong).contains("ingen kommun"))
        }
    }

    @Test(arguments: Language.allCases)
    func `a location's page has its facts, days and contact, and a drawn map without photographs`(
        _ language: Language
    ) async throws {
        try await with { pages, _, database in
            let id = try await database.location("Ladan i Öja")
            let number = try await database.count(
                "SELECT no AS n FROM klappa.location WHERE id = \(id)",
                database.worker
            )
            let page = html(try await pages.location(String(number), PageQuery(""), .anyone, language))
            #expect(page.contains("240 m²"))
            #expect(page.contains(language == .sv ? "1950-tal" : "1950s"))
            #expect(page.contains("Film i Skåne"))
            #expect(page.contains("class=\"here\""))
            #expect(!page.contains("Greta"))
            await #expect(throws: Problem.self) {
                try await pages.location("999999", PageQuery(""), .anyone, language)
            }
        }
    }

    @Test(arguments: Language.allCases)
    func `companies are listed and shown`(_ language: Language) async throws {
        try await with { _, pages, database in
            try await database.company("Nybygget Ljus AB")
            let list = html(try await pages.search(PageQuery("q=ljus"), language))
            #expect(list.contains("Nybygget Ljus AB"))
            let rows = try await database.open.query("SELECT slug FROM klappa.company_record")
            let slug = try #require(rows.first).decode(String.self, "slug")
            let page = html(try await pages.company(slug, language))
            #expect(page.contains(language == .sv ? "Ljusuthyrning" : "Lighting rental"))
            #expect(page.contains("Film i Skåne"))
        }
    }
}
