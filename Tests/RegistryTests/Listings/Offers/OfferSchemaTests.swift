import Foundation
import Postgres
import Testing

@testable import Registry

/// What the database itself keeps of offers and of the review queue, with the rights of members.
struct OfferSchemaTests {
    private func entries(_ database: SchemaDatabase, as account: UUID) async throws -> [String] {
        try await database.member.query(
            "SELECT name || CASE WHEN change THEN '*' ELSE '' END AS name FROM klappa.review_entry ORDER BY since, name",
            settings: SchemaDatabase.settings(account)
        ).map { try $0.decode(String.self, "name") }
    }

    @Test(arguments: ["person", "location", "company"])
    func `nothing is returned without a reason`(table: String) async throws {
        try await SchemaDatabase.with { database in
            let id =
                switch table {
                case "person": try await database.person("Ada", state: "in_review")
                case "location": try await database.location("Ladan", state: "in_review")
                default: try await database.company("Ljus AB", state: "in_review")
                }
            let office = try await database.account(.commissioner, region: "skane")
            let base: SQL =
                table == "person"
                ? "klappa.person" : table == "location" ? "klappa.location" : "klappa.company"
            for reason in [nil, ""] as [String?] {
                let refusal = await database.refusal(
                    "UPDATE \(base) SET state = 'returned', state_reason = \(reason) WHERE id = \(id)",
                    database.member,
                    as: office
                )
                #expect(refusal?.constraint == "\(table)_returned_with_reason")
            }
            let refusal = await database.refusal(
                "UPDATE \(base) SET state = 'returned', state_reason = 'Kort' WHERE id = \(id)",
                database.member,
                as: office
            )
            #expect(refusal == nil)
        }
    }

    @Test
    func `the queue holds what waits for an office, for that office only`() async throws {
        try await SchemaDatabase.with { database in
            let skane = try await database.account(.commissioner, region: "skane")
            let kronoberg = try await database.account(.regionAdministrator, region: "kronoberg")
            let searcher = try await database.account(.searcher)
            try await database.person("Ada", region: 12, state: "in_review")
            try await database.location("Ladan", municipality: "0780", state: "in_review")
            try await database.company("Ljus AB", state: "in_review")
            try await database.location("Publik", state: "published")
            #expect(try await Set(entries(database, as: skane)) == ["Ada", "Ljus AB"])
            #expect(try await entries(database, as: kronoberg) == ["Ladan"])
            #expect(try await entries(database, as: searcher) == [])
            let refusal = await database.refusal("SELECT FROM klappa.review_entry", database.open)
            #expect(refusal?.sqlState == .insufficientPrivilege)
            try await database.worker.execute(
                "UPDATE klappa.location SET municipality = '1280' WHERE name = 'Ladan'"
            )
            #expect(try await Set(entries(database, as: skane)) == ["Ada", "Ljus AB", "Ladan"])
            try await database.worker.execute(
                "UPDATE klappa.person SET state = 'published' WHERE name = 'Ada'"
            )
            try await database.worker.execute("UPDATE klappa.company SET state = 'draft'")
            #expect(try await entries(database, as: skane) == ["Ladan"])
        }
    }

    @Test
    func `an owner's words about a public location wait, what protects them does not`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.human("owner@example.se")
            let office = try await database.account(.commissioner, region: "skane")
            let barn = try await database.location("Ladan", account: owner)
            let refused: [SQL] = [
                "UPDATE klappa.location SET name = 'Spam' WHERE id = \(barn)",
                "UPDATE klappa.location SET description_en = 'Spam' WHERE id = \(barn)",
                "UPDATE klappa.location SET exact_point = ST_MakePoint(13.2, 55.7)::geography WHERE id = \(barn)",
                "UPDATE klappa.location SET place_released = true WHERE id = \(barn)",
                "INSERT INTO klappa.location_fact (location, feature, yes) VALUES (\(barn), 'kitchen', true)",
                "INSERT INTO klappa.location_kind (location, type) VALUES (\(barn), 'farm')",
                "INSERT INTO klappa.link (subject, kind, url) VALUES (\(barn), 'site', 'https://spam.example')",
            ]
            for sql in refused {
                let refusal = await database.refusal(sql, database.member, as: owner)
                #expect(refusal?.sqlState == .insufficientPrivilege)
            }
            try await database.member.execute(
                "DELETE FROM klappa.location_fact WHERE location = \(barn)",
                settings: SchemaDatabase.settings(owner)
            )
            #expect(try #require(try await database.publicRecord(barn)).contains("wifi"))
            let allowed: [SQL] = [
                "UPDATE klappa.location SET availability_visibility = 'nobody' WHERE id = \(barn)",
                "UPDATE klappa.location SET renewed_on = klappa.today() WHERE id = \(barn)",
                "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (\(barn), 'email', 'a@b.se')",
                "INSERT INTO klappa.block (subject, days) VALUES (\(barn), '{[2027-05-01,2027-05-03)}')",
                "INSERT INTO klappa.listing_proposal (subject, state, body) VALUES (\(barn), 'in_review', '{}')",
                "UPDATE klappa.location SET state = 'hidden' WHERE id = \(barn)",
            ]
            for sql in allowed { #expect(await database.refusal(sql, database.member, as: owner) == nil) }
            // What its owner hides stays as it was agreed to, and its owner shows it again.
            let renamed = await database.refusal(refused[0], database.member, as: owner)
            #expect(renamed?.constraint == "location_words_reviewed")
            let show: SQL = "UPDATE klappa.location SET state = 'published' WHERE id = \(barn)"
            #expect(await database.refusal(show, database.member, as: owner) == nil)
            #expect(try await database.publicRecord(barn) != nil)
            // What the office hides is its owner's to rewrite, and the office's to show.
            let hide: SQL = "UPDATE klappa.location SET state = 'hidden' WHERE id = \(barn)"
            #expect(await database.refusal(hide, database.member, as: office) == nil)
            let shown = await database.refusal(show, database.member, as: owner)
            #expect(shown?.constraint == "location_state_step")
            #expect(await database.refusal(refused[0], database.member, as: owner) == nil)
            let direct = await database.refusal(
                "UPDATE klappa.location SET state = 'published', name = 'Ladan' WHERE id = \(barn)",
                database.member,
                as: office
            )
            #expect(direct == nil)
            let words = await database.refusal(
                "UPDATE klappa.location SET name = 'Röda ladan' WHERE id = \(barn)",
                database.member,
                as: office
            )
            #expect(words == nil)
        }
    }

    @Test(arguments: ["person", "location", "company"])
    func `who works in the office decides on nothing of their own`(kind: String) async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.account(.administrator)
            let colleague = try await database.account(.commissioner, region: "skane")
            let id: UUID =
                switch kind {
                case "person": try await database.person("Åsa", state: "in_review", account: me)
                case "location": try await database.location("Ladan", state: "in_review", account: me)
                default: try await database.company("Ljus AB", state: "in_review")
                }
            let table = SQL(unsafe: kind)
            try await database.worker.execute("UPDATE klappa.\(table) SET account = \(me) WHERE id = \(id)")
            let publish: SQL = "UPDATE klappa.\(table) SET state = 'published' WHERE id = \(id)"
            let reword: SQL = "UPDATE klappa.\(table) SET name = 'Annat' WHERE id = \(id)"
            #expect(
                await database.refusal(publish, database.member, as: me)?.constraint == "\(kind)_state_step"
            )
            #expect(await database.refusal(publish, database.member, as: colleague) == nil)
            #expect(
                await database.refusal(reword, database.member, as: me)?.constraint
                    == "\(kind)_words_reviewed"
            )
            #expect(await database.refusal(reword, database.member, as: colleague) == nil)
        }
    }

    @Test
    func `a lapsed listing is not rewritten before it is renewed`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.human("owner@example.se")
            let id = try await database.company("Ljus AB", state: "lapsed")
            try await database.worker.execute("UPDATE klappa.company SET account = \(owner) WHERE id = \(id)")
            let refusal = await database.refusal(
                "UPDATE klappa.company SET name = 'Spam' WHERE id = \(id)",
                database.member,
                as: owner
            )
            #expect(refusal?.constraint == "company_words_reviewed")
            let service = await database.refusal(
                "INSERT INTO klappa.company_service (company, category) VALUES (\(id), 'camera_rental')",
                database.member,
                as: owner
            )
            #expect(service?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `a picture added to a public location is shown when the office has agreed`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.human("owner@example.se")
            let office = try await database.account(.commissioner, region: "skane")
            let barn = try await database.location("Ladan", account: owner)
            let hash = String(repeating: "a", count: 64)
            let settings = SchemaDatabase.settings(owner)
            try await database.member.execute(
                """
                INSERT INTO klappa.photo (subject, hash, width, height, approved)
                VALUES (\(barn), \(hash), 10, 10, true)
                """,
                settings: settings
            )
            func isPublic() async throws -> Bool {
                let row = try await database.count(
                    "SELECT count(*) AS n FROM klappa.photo_public WHERE hash = \(hash)",
                    database.open
                )
                return row == 1
            }
            #expect(try await !isPublic())
            #expect(try #require(try await database.publicRecord(barn)).contains(hash) == false)
            #expect(try await entries(database, as: office) == ["Ladan*"])
            try await database.member.execute("UPDATE klappa.photo SET approved = true", settings: settings)
            #expect(try await !isPublic())
            try await database.member.execute(
                "UPDATE klappa.photo SET approved = true",
                settings: SchemaDatabase.settings(office)
            )
            #expect(try await isPublic())
            #expect(try await entries(database, as: office) == [])
            try await database.member.execute(
                "UPDATE klappa.photo SET caption_sv = 'Spam'",
                settings: settings
            )
            #expect(try await !isPublic())
            #expect(try await entries(database, as: office) == ["Ladan*"])
            try await database.member.execute(
                "UPDATE klappa.photo SET returned = true",
                settings: SchemaDatabase.settings(office)
            )
            #expect(try await entries(database, as: office) == [])
            #expect(try await !isPublic())
        }
    }

    @Test
    func `a preview and an erasure are the owner's own`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.human("owner@example.se")
            let stranger = try await database.human("stranger@example.se")
            let elsewhere = try await database.account(.commissioner, region: "kalmar")
            let office = try await database.account(.commissioner, region: "skane")
            let barn = try await database.location("Ladan", state: "draft", account: owner)
            func previews(_ account: UUID) async throws -> Int64 {
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.preview_listing(\(barn))",
                    database.member,
                    as: account
                )
            }
            #expect(try await previews(owner) == 1)
            #expect(try await previews(office) == 1)
            #expect(try await previews(stranger) == 0)
            #expect(try await previews(elsewhere) == 0)
            func erases(_ account: UUID, _ version: Int64) async throws -> Int64 {
                try await database.count(
                    "SELECT klappa.erase_offer(\(barn), \(version))::int::bigint AS n",
                    database.member,
                    as: account
                )
            }
            #expect(try await erases(stranger, 1) == 0)
            #expect(try await erases(office, 1) == 0)
            #expect(try await erases(owner, 99) == 0)
            #expect(try await erases(owner, 1) == 1)
            let left = try await database.count(
                "SELECT count(*) AS n FROM klappa.change_value WHERE subject = \(barn)",
                database.root
            )
            #expect(left == 0)
        }
    }

    @Test
    func `who owns a listing is told to its own office alone`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.human("owner@example.se")
            let barn = try await database.location("Ladan", state: "in_review", account: owner)
            func told(_ account: UUID) async throws -> Int64 {
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.listing_owner(\(barn))",
                    database.member,
                    as: account
                )
            }
            #expect(try await told(try await database.account(.commissioner, region: "skane")) == 1)
            #expect(try await told(try await database.account(.commissioner, region: "kalmar")) == 0)
            #expect(try await told(owner) == 0)
        }
    }
}
