import Foundation
import Postgres
import Testing

@testable import Registry

/// What the database itself holds locations and companies to.
struct LocationSchemaTests {
    @Test
    func `the public sees a published location, without what belongs to the office`() async throws {
        try await SchemaDatabase.with { database in
            let barn = try await database.location("Ladan i Öja")
            let record = try #require(try await database.publicRecord(barn))
            #expect(record.contains(#""types":["barn"]"#))
            #expect(record.contains(#""looks":["1950s"]"#))
            #expect(record.contains(#"{"code":"floor_area_m2","yes":null,"number":240,"values":[]}"#))
            #expect(!record.contains("Greta"))
            #expect(!record.contains("Storgatan"))
            #expect(!record.contains("55.6061"))
            try await database.worker.execute(
                "UPDATE klappa.location SET state = 'hidden' WHERE id = \(barn)"
            )
            #expect(try await database.publicRecord(barn) == nil)
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.location_public", database.open)
                    == 0
            )
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.listing_word", database.open) == 0
            )
            #expect(await database.refusal("SELECT name FROM klappa.location", database.open) != nil)
        }
    }

    /// However often somebody corrects the exact point, the public point says nothing new.
    @Test
    func `a rounded point is not averaged back by small corrections`() async throws {
        try await SchemaDatabase.with { database in
            let barn = try await database.location("Ladan", point: (55.6249, 13.0249))
            func point() async throws -> String {
                let rows = try await database.open.query(
                    "SELECT ST_AsText(point) AS point FROM klappa.location_public WHERE id = \(barn)"
                )
                return try #require(rows.first).decode(String.self, "point")
            }
            let first = try await point()
            var random = SeededNumbers(seed: 3)
            for _ in 0..<12 {
                let latitude = 55.6249 + Double.random(in: -0.004...0.004, using: &random)
                let longitude = 13.0249 + Double.random(in: -0.004...0.004, using: &random)
                try await database.worker.execute(
                    """
                    UPDATE klappa.location SET exact_point = ST_MakePoint(\(longitude), \(latitude))::geography
                    WHERE id = \(barn)
                    """
                )
                #expect(try await point() == first)
            }
            try await database.worker.execute(
                "UPDATE klappa.location SET place_released = true WHERE id = \(barn)"
            )
            #expect(try await point() != first)
            #expect(try #require(try await database.publicRecord(barn)).contains("Storgatan 1"))
        }
    }

    @Test(arguments: [
        (
            "location_fact_typed",
            "INSERT INTO klappa.location_fact (location, feature, number) SELECT id, 'water', 3 FROM klappa.location"
        ),
        (
            "location_fact_typed",
            "INSERT INTO klappa.location_fact (location, feature, yes) SELECT id, 'toilets', true FROM klappa.location"
        ),
        (
            "location_fact_whole",
            "INSERT INTO klappa.location_fact (location, feature, number) SELECT id, 'toilets', 1.5 FROM klappa.location"
        ),
        (
            "location_fact_choice_fkey",
            "INSERT INTO klappa.location_fact (location, feature, choice) SELECT id, 'power_outlet', '3' FROM klappa.location"
        ),
        (
            "location_fact_feature_fkey",
            "INSERT INTO klappa.location_fact (location, feature, yes) SELECT id, 'sauna', true FROM klappa.location"
        ),
        ("location_described", "DELETE FROM klappa.location_kind"),
        ("location_published_consent", "UPDATE klappa.location SET invented = false"),
        ("location_returned_with_reason", "UPDATE klappa.location SET state = 'returned'"),
        ("location_municipality_fkey", "UPDATE klappa.location SET municipality = '1299'"),
        ("company_described", "DELETE FROM klappa.company_service"),
        ("company_published_consent", "UPDATE klappa.company SET invented = false"),
        (
            "photo_hash_sha256",
            "INSERT INTO klappa.photo (subject, hash, width, height) SELECT id, 'x', 1, 1 FROM klappa.location"
        ),
    ])
    func `a rule is refused by its name`(_ constraint: String, _ sql: String) async throws {
        try await SchemaDatabase.with { database in
            try await database.location("Ladan")
            try await database.company("Ljus AB")
            let error = try #require(await database.refusal(SQL(unsafe: sql), database.worker))
            #expect(error.constraint == constraint, "\(error)")
        }
    }

    @Test
    func `owners keep their location and cannot publish it; offices see their region only`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.account(.searcher)
            let skane = try await database.account(.commissioner, region: "skane")
            let kalmar = try await database.account(.commissioner, region: "kalmar")
            let barn = try await database.location("Ladan", state: "draft", account: owner)
            let count: SQL = "SELECT count(*) AS n FROM klappa.location"
            #expect(try await database.count(count, database.member, as: owner) == 1)
            #expect(try await database.count(count, database.member, as: skane) == 1)
            #expect(try await database.count(count, database.member, as: kalmar) == 0)
            #expect(try await database.count(count, database.member) == 0)
            let facts: SQL = "SELECT count(*) AS n FROM klappa.location_fact"
            #expect(try await database.count(facts, database.member, as: owner) == 4)
            #expect(try await database.count(facts, database.member, as: kalmar) == 0)
            let publish: SQL = "UPDATE klappa.location SET state = 'published' WHERE id = \(barn)"
            #expect(
                await database.refusal(publish, database.member, as: owner)?.constraint
                    == "location_state_step"
            )
            let review: SQL = "UPDATE klappa.location SET state = 'in_review' WHERE id = \(barn)"
            #expect(await database.refusal(review, database.member, as: owner) == nil)
            #expect(await database.refusal(publish, database.member, as: skane) == nil)
            #expect(try await database.publicRecord(barn) != nil)
        }
    }

    @Test
    func `a location has one version that its parts count up, and a log`() async throws {
        try await SchemaDatabase.with { database in
            let barn = try await database.location("Ladan")
            func version() async throws -> Int64 {
                try await database.count(
                    "SELECT version AS n FROM klappa.location WHERE id = \(barn)",
                    database.worker
                )
            }
            #expect(try await version() == 1)
            try await database.worker.execute(
                "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (\(barn), 'email', 'greta@example.se')"
            )
            #expect(try await version() == 2)
            let logged = try await database.count(
                "SELECT count(*) AS n FROM klappa.change WHERE subject = \(barn)",
                database.worker
            )
            #expect(logged > 5)
            #expect(!(try #require(try await database.publicRecord(barn)).contains("greta@")))
        }
    }

    @Test
    func `an erased location leaves an empty row`() async throws {
        try await SchemaDatabase.with { database in
            let barn = try await database.location("Ladan")
            let firm = try await database.company("Ljus AB")
            for id in [barn, firm] {
                _ = try await database.worker.query("SELECT klappa.erase_listing(\(id))")
            }
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
            #expect(try await database.publicRecord(barn) == nil)
        }
    }

    @Test(arguments: [
        ("listing_texts_equal_listings", "UPDATE klappa.location_doc SET body = '{}'"),
        ("listing_texts_equal_listings", "DELETE FROM klappa.company_record"),
        ("listing_filters_equal_listings", "UPDATE klappa.location_public SET region = 8"),
        ("listing_filters_equal_listings", "UPDATE klappa.company_public SET categories = '{}'"),
        ("location_days_equal_calendars", "UPDATE klappa.location_day SET busy = ~ busy"),
        ("listing_words_are_complete", "DELETE FROM klappa.listing_word"),
        (
            "listing_marks_are_gone",
            "INSERT INTO klappa.listing_mark SELECT '1', id, true FROM klappa.location"
        ),
        (
            "exact_places_stay_inside",
            "UPDATE klappa.location_public p SET point = l.exact_point FROM klappa.location l"
        ),
        (
            "photos_are_as_public_as_listings",
            "INSERT INTO klappa.photo_public SELECT repeat('a', 64), id FROM klappa.location"
        ),
        ("subjects_have_owners", "INSERT INTO klappa.subject (kind) VALUES ('location')"),
    ])
    func `a check finds what it is there to find`(_ check: String, _ sql: String) async throws {
        try await SchemaDatabase.with { database in
            try await database.location("Ladan")
            try await database.company("Ljus AB")
            #expect(try await SchemaCheckTests.run(check + ".sql", database) == 0)
            try await database.root.transaction { try await $0.script(sql) }
            #expect(try await SchemaCheckTests.run(check + ".sql", database) > 0)
        }
    }
}
