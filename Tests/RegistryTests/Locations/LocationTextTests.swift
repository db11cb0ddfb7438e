import FoundationEssentials
import Postgres
import Testing

@testable import Registry

/// What typed text finds among locations and companies: both languages, with or without å ä ö, one typing error.
struct LocationTextTests {
    private func names(_ text: String, _ bench: CrewBench) async throws -> [String] {
        let vocabularies = bench.vocabularies
        let directory = LocationDirectory(bench.databases, VocabularyCatalogue { vocabularies })
        var search = LocationSearch()
        search.text = text
        search.sort = .name
        let results = try await directory.search(search, for: .anyone)
        return try results.items.map { try CrewJSON.decode(LocationListing.self, from: $0.body).name }
    }

    private func add(_ name: String, _ type: String, _ town: String, _ bench: CrewBench, alias: String? = nil)
        async throws
    {
        let id = UUID.version7()
        try await bench.databases.worker.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.location (id, name, alias, municipality, state, invented, headline_en)
                VALUES (\(id), \(name), \(alias), \(town), 'published', true, 'Thatched roofs')
                """
            )
            try await transaction.execute(
                "INSERT INTO klappa.location_kind (location, type) VALUES (\(id), \(type))"
            )
        }
    }

    @Test
    func `kinds are found by their titles in both languages, and by names that say so`() async throws {
        try await CrewBench.with { bench in
            try await add("Öja gård", "barn", "0780", bench, alias: "Nybygget")
            try await add("Teleborgs slott", "manor_house", "0780", bench)
            try await add("Borgen", "castle", "1280", bench)
            #expect(try await names("lada", bench) == ["Öja gård"])
            #expect(try await names("barn", bench) == ["Öja gård"])
            #expect(try await names("slott", bench) == ["Borgen", "Teleborgs slott"])
            #expect(try await names("castle", bench) == ["Borgen", "Teleborgs slott"])
            #expect(try await names("castel", bench) == ["Borgen", "Teleborgs slott"])
            #expect(try await names("lada vaxjo", bench) == ["Öja gård"])
            #expect(try await names("lada malmö", bench) == [])
            #expect(try await names("oja", bench) == ["Öja gård"])
            #expect(try await names("nybyget", bench) == ["Öja gård"])
            #expect(try await names("thatched", bench).count == 3)
            #expect(try await names("zeppelinare", bench) == [])
        }
    }

    @Test
    func `companies are found by category in both languages, name and town`() async throws {
        try await SchemaDatabase.with { database in
            try await database.company("Nybygget Ljus AB")
            try await database.company("Dolda AB", state: "hidden")
            let databases = Databases(open: database.open, member: database.member, worker: database.worker)
            let catalogue = VocabularyCatalogue { try await VocabularyQueries(database.open).load() }
            let directory = CompanyDirectory(databases, catalogue)
            for (text, count) in [
                ("ljusuthyrning", 1), ("lighting rental", 1), ("nybyget", 1), ("malmo", 1), ("växjö", 0),
                ("dolda", 0),
            ] {
                var search = CompanySearch()
                search.text = text
                search.facets = Set(CompanyFacet.allCases)
                let results = try await directory.search(search)
                #expect(results.total == count, "\(text)")
                #expect(results.counts("category")["lighting_rental"] == count, "\(text)")
                #expect(results.counts("region")["skane"] == count, "\(text)")
            }
            let slug = try #require(try await directory.search(CompanySearch()).items.first)
            let listing = try CrewJSON.decode(CompanyListing.self, from: slug.body)
            #expect(try await directory.record(listing.slug)?.listing == listing)
            #expect(try await directory.record(listing.id)?.listing == listing)
        }
    }
}
