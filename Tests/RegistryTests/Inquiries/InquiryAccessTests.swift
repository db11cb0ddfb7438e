import Foundation
import Postgres
import Testing

@testable import Registry

/// Who sees and writes which case, by the database alone.
struct InquiryAccessTests {
    private static let tables = [
        "inquiry", "inquiry_phase", "inquiry_contact", "inquiry_crew", "inquiry_location_type",
        "inquiry_entry",
        "inquiry_handover",
    ]
    private static let regions = ["blekinge", "halland", "jonkoping", "kalmar", "kronoberg", "skane"]

    @Test
    func `each office sees and writes the cases of its region and no others`() async throws {
        try await SchemaDatabase.with { database in
            var cases: [String: UUID] = [:]
            for region in Self.regions {
                cases[region] = try await InquirySchemaTests.file("Havet", region: region, database)
            }
            for region in Self.regions {
                let office = try await database.account(.commissioner, region: region)
                for table in Self.tables where table != "inquiry_handover" {
                    let column = table == "inquiry" ? "id" : "inquiry"
                    let rows = try await database.member.query(
                        "SELECT DISTINCT \(identifier: column) AS inquiry FROM klappa.\(identifier: table)",
                        settings: SchemaDatabase.settings(office)
                    )
                    #expect(
                        try rows.map { try $0.decode(UUID.self, "inquiry") } == [cases[region]],
                        "\(region) \(table)"
                    )
                }
                for other in Self.regions where other != region {
                    let id = try #require(cases[other])
                    let changed = try await database.member.query(
                        "SELECT klappa.change_inquiry(\(id), '{\"title\": \"x\"}') AS changed",
                        settings: SchemaDatabase.settings(office)
                    )
                    #expect(try #require(changed.first).decode(Bool.self, "changed") == false)
                    for statement in [
                        "INSERT INTO klappa.inquiry_entry (inquiry, kind, body) VALUES (\(id), 'note', 'x')",
                        "INSERT INTO klappa.inquiry_phase (inquiry, kind, days) VALUES (\(id), 'prep', '{[2027-01-01,2027-01-02)}')",
                        "INSERT INTO klappa.inquiry_contact (inquiry, name) VALUES (\(id), 'x')",
                        "INSERT INTO klappa.inquiry_crew (inquiry, role, count) VALUES (\(id), 1, 1)",
                        "INSERT INTO klappa.inquiry_location_type (inquiry, location_type) VALUES (\(id), 'farm')",
                        """
                        INSERT INTO klappa.inquiry_handover (inquiry, from_region, to_region)
                        SELECT \(id), 1, no FROM klappa.region WHERE code = \(region)
                        """,
                    ] as [SQL] {
                        let refusal = await database.refusal(statement, database.member, as: office)
                        #expect(
                            refusal?.sqlState == .insufficientPrivilege,
                            "\(region) \(other) \(statement)"
                        )
                    }
                }
            }
        }
    }

    @Test(arguments: [Right.searcher, .programmeManager, .reviewer])
    func `whoever works in no office sees no case at all`(_ right: Right) async throws {
        try await SchemaDatabase.with { database in
            try await InquirySchemaTests.file("Havet", database)
            let account = UUID.version7()
            try await database.owner.execute(
                "INSERT INTO klappa.account (id, kind, name) VALUES (\(account), 'human', 'Somebody')"
            )
            try await database.owner.execute(
                "INSERT INTO klappa.grants (account, \"right\") VALUES (\(account), \(right.rawValue))"
            )
            for table in Self.tables {
                let n = try await database.count(
                    "SELECT count(*) AS n FROM klappa.\(identifier: table)",
                    database.member,
                    as: account
                )
                #expect(n == 0, "\(table)")
            }
        }
    }

    @Test
    func `a case changes hands when the other office accepts, and its history goes along`() async throws {
        try await SchemaDatabase.with { database in
            let id = try await InquirySchemaTests.file("Havet", region: "kronoberg", database)
            let kronoberg = try await database.account(.commissioner, region: "kronoberg")
            let skane = try await database.account(.commissioner, region: "skane")
            let kalmar = try await database.account(.commissioner, region: "kalmar")
            func seen(_ account: UUID) async throws -> Int64 {
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry_entry",
                    database.member,
                    as: account
                )
            }
            func led(_ account: UUID) async throws -> Bool {
                try await database.count(
                    "SELECT klappa.leads_inquiry(\(id))::int::bigint AS n",
                    database.member,
                    as: account
                ) == 1
            }
            func offer(_ account: UUID, to region: Int16) async -> PostgresError? {
                await database.refusal(
                    "INSERT INTO klappa.inquiry_handover (inquiry, from_region, to_region, message) VALUES (\(id), 1, \(region), 'Ta den')",
                    database.member,
                    as: account
                )
            }
            func answer(_ account: UUID, _ accepted: Bool) async throws -> Int64 {
                try await database.count(
                    """
                    SELECT count(*) FILTER (WHERE klappa.answer_handover(h.id, \(accepted), 'Vi hinner inte')) AS n
                    FROM klappa.inquiry_handover h
                    WHERE h.state = 'offered'
                    """,
                    database.member,
                    as: account
                )
            }
            #expect(await offer(kronoberg, to: 7)?.constraint == "inquiry_handover_elsewhere")
            #expect(await offer(kronoberg, to: 12) == nil)
            #expect(await offer(kronoberg, to: 8)?.constraint == "inquiry_handover_one_offer")
            // Only the office that is asked sees it and may answer; the one that asks leads until then.
            #expect(try await seen(skane) == 2)
            #expect(try await seen(kalmar) == 0)
            #expect(try await answer(kalmar, true) == 0)
            #expect(try await answer(kronoberg, true) == 0)
            #expect(try await led(kronoberg))
            // Declined: it sees the case no longer.
            #expect(try await answer(skane, false) == 1)
            #expect(try await seen(skane) == 0)
            #expect(await offer(kronoberg, to: 12) == nil)
            #expect(try await answer(skane, true) == 1)
            #expect(try await led(skane))
            #expect(try await !led(kronoberg))
            // offered, declined, offered, accepted; filed and assigned
            #expect(try await seen(skane) == 6)
            #expect(try await seen(kronoberg) == 6)
            #expect(await offer(kronoberg, to: 8)?.sqlState == .insufficientPrivilege)
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
        }
    }

    @Test
    func `a private link shows what is the producer's and nothing of the office`() async throws {
        try await SchemaDatabase.with { database in
            let id = try await InquirySchemaTests.file("Havet", link: "secret", database)
            let office = try await database.account(.commissioner, region: "skane")
            for (kind, body) in [
                ("note", "INTERNT"), ("call", "SAMTAL"), ("letter", "BREV"), ("answer", "Hej!"),
            ] {
                try await database.member.execute(
                    "INSERT INTO klappa.inquiry_entry (inquiry, kind, body) VALUES (\(id), \(kind), \(body))",
                    settings: SchemaDatabase.settings(office)
                )
            }
            try await database.member.execute(
                """
                SELECT klappa.change_inquiry(\(id), '{"status": "lost", "lostReason": "total_cost", "winner": "place",
                    "winningPlace": "ESTLAND", "nextAction": "RING"}')
                """,
                settings: SchemaDatabase.settings(office)
            )
            func followed(_ link: String) async throws -> String? {
                let rows = try await database.member.query(
                    "SELECT klappa.followed_inquiry(sha256(\(link)::bytea))::text AS body"
                )
                return try #require(rows.first).decode(String?.self, "body")
            }
            #expect(try await followed("another") == nil)
            let body = try #require(try await followed("secret"))
            #expect(body.contains("Hej!") && body.contains("ada@example.se") && body.contains("\"barn\""))
            for word in ["INTERNT", "SAMTAL", "BREV", "ESTLAND", "RING", "total_cost"] {
                #expect(!body.contains(word), "\(word)")
            }
            // A stranger with the service's own rights sees neither links nor cases.
            let refusal = await database.refusal(
                "SELECT 1 FROM klappa.inquiry_link",
                database.member,
                as: office
            )
            #expect(refusal?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `a producer's message starts a clock and brings a waiting case back to work`() async throws {
        try await SchemaDatabase.with { database in
            let id = try await InquirySchemaTests.file("Havet", link: "secret", database)
            let office = try await database.account(.commissioner, region: "skane")
            let settings = SchemaDatabase.settings(office)
            try await database.member.execute(
                "SELECT klappa.change_inquiry(\(id), '{\"status\": \"more_info_needed\"}')",
                settings: settings
            )
            try await database.member.execute(
                "INSERT INTO klappa.inquiry_entry (inquiry, kind, body) VALUES (\(id), 'answer', 'När?')",
                settings: settings
            )
            func count(_ condition: SQL) async throws -> Int64 {
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry WHERE \(condition)",
                    database.member,
                    as: office
                )
            }
            #expect(try await count("due IS NULL AND status = 'more_info_needed'") == 1)
            try await database.member.execute(
                "SELECT klappa.answer_from_producer(sha256('secret'), 'I maj', false)"
            )
            #expect(
                try await count("due IS NOT NULL AND waiting_since IS NOT NULL AND status = 'qualifying'")
                    == 1
            )
            try await database.member.execute(
                "INSERT INTO klappa.inquiry_entry (inquiry, kind, body) VALUES (\(id), 'answer', 'Bra')",
                settings: settings
            )
            #expect(try await count("due IS NULL AND waiting_since IS NULL") == 1)
            try await database.member.execute(
                "SELECT klappa.answer_from_producer(sha256('secret'), NULL, true)"
            )
            #expect(
                try await count("status = 'withdrawn' AND outcome = 'not_pursued' AND closed_at IS NOT NULL")
                    == 1
            )
            let twice = await database.refusal(
                "SELECT klappa.answer_from_producer(sha256('secret'), NULL, true)",
                database.member
            )
            #expect(twice?.constraint == "inquiry_status_step")
        }
    }
}
