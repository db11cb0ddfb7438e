import Foundation
import Postgres
import Registry
import Testing

/// What the database itself keeps of the strategy: a level rests on the levels below it, whoever writes and however.
struct StrategySchemaTests {
    static let skane: Int16 = 12
    static let halland: Int16 = 13

    // MARK: Levels

    @Test
    func `plain SQL as the service's role cannot set level 3 while a level 2 commitment lacks evidence`()
        async throws
    {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            try await database.approve(upTo: 2, except: ["talent_2_mentorship"], of: Self.skane, as: office)
            let refusal = try #require(
                await database.refusal(Self.level(3, of: Self.skane), database.member, as: office)
            )
            #expect(refusal.sqlState == .checkViolation)
            #expect(refusal.constraint == "region_level_rests_on_lower_levels")
            #expect(refusal.message.hasPrefix("level 3 needs approved evidence"))
            #expect(refusal.message.hasSuffix("region skane lacks it of talent_2_mentorship"))
            #expect(refusal.hint != nil)

            try await database.approve(
                upTo: 2,
                except: try await database.commitments(upTo: 2).filter { $0 != "talent_2_mentorship" },
                of: Self.skane,
                as: office
            )
            #expect(await database.refusal(Self.level(3, of: Self.skane), database.member, as: office) == nil)
        }
    }

    @Test(arguments: ["klappa_worker", "klappa_owner", "postgres"])
    func `no other role of the service sets a level that nothing carries`(_ role: String) async throws {
        try await SchemaDatabase.with { database in
            let client =
                switch role {
                case "klappa_worker": database.worker
                case "klappa_owner": database.owner
                default: database.root
                }
            let refusal = await database.refusal(Self.level(2, of: Self.skane), client)
            #expect(refusal?.constraint == "region_level_rests_on_lower_levels")
            #expect(await database.refusal(Self.level(1, of: Self.skane), client) == nil)
            let raised = await database.refusal("UPDATE klappa.region_level SET level = 2", client)
            // The worker may only add; the others are stopped by the rule.
            #expect(
                raised?.constraint == "region_level_rests_on_lower_levels"
                    || raised?.sqlState == .insufficientPrivilege
            )
        }
    }

    @Test
    func `evidence of another region, submitted or returned evidence carry no level`() async throws {
        try await SchemaDatabase.with { database in
            let all = try await database.account(.administrator)
            try await database.approve(upTo: 1, of: Self.halland, as: all)
            #expect(
                await database.refusal(Self.level(2, of: Self.skane), database.member, as: all) != nil
            )
            try await database.submit(try await database.commitments(upTo: 1), of: Self.skane, as: all)
            #expect(
                await database.refusal(Self.level(2, of: Self.skane), database.member, as: all) != nil
            )
            try await database.member.execute(
                "UPDATE klappa.region_evidence SET state = 'returned', state_reason = 'Vaga siffror' WHERE region = 12",
                settings: SchemaDatabase.settings(all)
            )
            #expect(
                await database.refusal(Self.level(2, of: Self.skane), database.member, as: all) != nil
            )
        }
    }

    @Test
    func `what carries a chosen level can be neither withdrawn, rewritten nor removed`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            try await database.approve(upTo: 1, of: Self.skane, as: office)
            try await database.member.execute(
                Self.level(2, of: Self.skane),
                settings: SchemaDatabase.settings(office)
            )
            let attempts: [SQL] = [
                "UPDATE klappa.region_evidence SET state = 'submitted' WHERE commitment = 'market_1_reply_time'",
                "UPDATE klappa.region_evidence SET text_sv = 'Något annat' WHERE commitment = 'market_1_reply_time'",
                "DELETE FROM klappa.region_evidence WHERE commitment = 'market_1_reply_time'",
            ]
            for attempt in attempts {
                let refusal = await database.refusal(attempt, database.member, as: office)
                #expect(refusal?.constraint == "region_evidence_carries_level", "\(attempt)")
            }
            try await database.member.execute(
                "UPDATE klappa.region_level SET level = 1",
                settings: SchemaDatabase.settings(office)
            )
            for attempt in attempts {
                #expect(await database.refusal(attempt, database.member, as: office) == nil, "\(attempt)")
            }
        }
    }

    @Test
    func `a level and its last evidence never pass each other by at the same moment`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            try await database.approve(upTo: 1, of: Self.skane, as: office)
            let settings = SchemaDatabase.settings(office)
            for _ in 0..<20 {
                async let chosen = database.refusal(
                    Self.level(2, of: Self.skane),
                    database.member,
                    as: office
                )
                async let withdrawn = database.refusal(
                    "UPDATE klappa.region_evidence SET state = 'submitted' WHERE commitment = 'market_1_reply_time'",
                    database.member,
                    as: office
                )
                let both = await (chosen, withdrawn)
                #expect((both.0 == nil) != (both.1 == nil), "exactly one of the two goes through")
                let unfounded = try await SchemaCheckTests.run("chosen_levels_rest_on_evidence.sql", database)
                #expect(unfounded == 0)
                try await database.member.execute("DELETE FROM klappa.region_level", settings: settings)
                try await database.member.execute(
                    "UPDATE klappa.region_evidence SET state = 'approved'",
                    settings: settings
                )
            }
        }
    }

    @Test
    func `a region has one level at a time`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            #expect(await database.refusal(Self.level(1, of: Self.skane), database.member, as: office) == nil)
            let second = await database.refusal(Self.level(1, of: Self.skane), database.member, as: office)
            #expect(second?.constraint == "region_level_one_at_a_time")
        }
    }

    /// A property: whatever is approved, the level reached is the highest below which nothing is missing, and exactly
    /// the levels up to one above it can be chosen.
    @Test
    func `the level reached is what the evidence carries`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            let all = try await database.commitments(upTo: 3)
            var numbers = SystemRandomNumberGenerator()
            for round in 0..<12 {
                // Mostly everything up to some level, now and then a hole in it.
                var approved = Set(try await database.commitments(upTo: Int16(round % 4)))
                if round % 3 == 2, let hole = all.randomElement(using: &numbers) { approved.remove(hole) }
                try await database.root.execute("DELETE FROM klappa.region_evidence")
                try await database.approve(
                    upTo: 3,
                    except: all.filter { !approved.contains($0) },
                    of: Self.skane,
                    as: office
                )
                var expected: Int16 = 0
                for level in Int16(1)...3 {
                    guard try await database.commitments(upTo: level).allSatisfy(approved.contains) else {
                        break
                    }
                    expected = level
                }
                let reached = try await database.count(
                    "SELECT reached::bigint AS n FROM klappa.region_plan_public WHERE region = 12",
                    database.open
                )
                #expect(reached == Int64(expected), "\(approved.sorted())")
                for level in Int16(1)...3 {
                    let refusal = await database.refusal(
                        Self.level(level, of: Self.skane),
                        database.member,
                        as: office
                    )
                    #expect((refusal == nil) == (level <= expected + 1), "level \(level)")
                    try await database.root.execute("DELETE FROM klappa.region_level")
                }
            }
        }
    }

    // MARK: Rights

    @Test
    func `region administrators write their region, commissioners read it, others see nothing`() async throws
    {
        try await SchemaDatabase.with { database in
            let skane = try await database.account(.regionAdministrator, region: "skane")
            let halland = try await database.account(.regionAdministrator, region: "halland")
            let commissioner = try await database.account(.commissioner, region: "skane")
            let searcher = try await database.account(.searcher)
            for statement in Self.oneOfEach(Self.skane) {
                #expect(await database.refusal(statement, database.member, as: skane) == nil, "\(statement)")
                for stranger in [halland, commissioner, searcher] {
                    let refusal = await database.refusal(statement, database.member, as: stranger)
                    #expect(refusal?.sqlState == .insufficientPrivilege, "\(statement)")
                }
                let refusal = await database.refusal(statement, database.open)
                #expect(
                    [.insufficientPrivilege, .readOnlySQLTransaction].contains(refusal?.sqlState),
                    "\(statement)"
                )
            }
            for table in Self.tables {
                let rows: SQL = "SELECT count(*) AS n FROM klappa.\(identifier: table)"
                #expect(try await database.count(rows, database.member, as: skane) == 1, "\(table)")
                #expect(try await database.count(rows, database.member, as: commissioner) == 1, "\(table)")
                for stranger in [halland, searcher] {
                    #expect(try await database.count(rows, database.member, as: stranger) == 0, "\(table)")
                }
                for reader in [halland, commissioner, searcher] {
                    let removed = try await database.member.execute(
                        "DELETE FROM klappa.\(identifier: table)",
                        settings: SchemaDatabase.settings(reader)
                    )
                    #expect(removed == 0, "\(table)")
                }
            }
        }
    }

    @Test
    func `nobody marks their own evidence approved by another, or a plan as invented`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            let attempts: [SQL] = [
                "INSERT INTO klappa.region_evidence (region, commitment, text_sv, state) VALUES (12, 'market_1_reply_time', 'x', 'approved')",
                "INSERT INTO klappa.region_goal (region, priority, title_sv, invented) VALUES (12, 'market', 'x', true)",
                "UPDATE klappa.region_evidence SET approved_by = NULL",
                "UPDATE klappa.region_level SET region = 13",
            ]
            for attempt in attempts {
                let refusal = await database.refusal(attempt, database.member, as: office)
                #expect(refusal?.sqlState == .insufficientPrivilege, "\(attempt)")
            }
            try await database.approve(upTo: 1, of: Self.skane, as: office)
            let signed = try await database.count(
                "SELECT count(*) AS n FROM klappa.region_evidence WHERE approved_by = \(office) AND approved_at IS NOT NULL",
                database.root
            )
            #expect(signed == 9)
        }
    }

    @Test
    func `only administrators change the strategy, and no file overwrites what they wrote`() async throws {
        try await SchemaDatabase.with { database in
            let administrator = try await database.account(.administrator)
            let office = try await database.account(.regionAdministrator, region: "skane")
            let rename: SQL =
                "UPDATE klappa.strategy_commitment SET name_sv = 'Ny', example = false WHERE code = 'market_1_reply_time'"
            let changed = try await database.member.execute(rename, settings: SchemaDatabase.settings(office))
            #expect(changed == 0)
            let renamed = try await database.member.execute(
                rename,
                settings: SchemaDatabase.settings(administrator)
            )
            #expect(renamed == 1)
            let edited = try await database.count(
                "SELECT count(*) AS n FROM klappa.strategy_commitment WHERE edited",
                database.root
            )
            #expect(edited == 1)
            let logged = try await database.count(
                "SELECT count(*) AS n FROM klappa.change WHERE kind = 'strategy_commitment' AND operation = 'update'",
                database.member,
                as: administrator
            )
            #expect(logged == 1)
        }
    }

    // MARK: What is public

    @Test
    func `strangers see approved evidence and public actions only`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            try await database.submit(["market_1_reply_time"], of: Self.skane, text: "UTKAST", as: office)
            try await database.member.execute(
                """
                INSERT INTO klappa.region_action (region, priority, title_sv, responsible, first_day, last_day, public)
                VALUES (12, 'market', 'INTERNT', 'Kulturavdelningen', '2026-01-01', '2026-12-31', false)
                """,
                settings: SchemaDatabase.settings(office)
            )
            let secret: SQL = """
                SELECT count(*) AS n FROM klappa.region_plan_public
                WHERE body::text LIKE '%UTKAST%' OR body::text LIKE '%INTERNT%'
                """
            #expect(try await database.count(secret, database.open) == 0)
            let settings = SchemaDatabase.settings(office)
            try await database.member.execute(
                "UPDATE klappa.region_evidence SET state = 'approved'",
                settings: settings
            )
            try await database.member.execute(
                "UPDATE klappa.region_action SET public = true",
                settings: settings
            )
            #expect(try await database.count(secret, database.open) == 1)
            try await database.member.execute(
                "UPDATE klappa.region_evidence SET state = 'returned', state_reason = 'Nej'",
                settings: settings
            )
            try await database.member.execute("DELETE FROM klappa.region_action", settings: settings)
            #expect(try await database.count(secret, database.open) == 0)
        }
    }

    @Test
    func `the office reads its plan's history, others do not`() async throws {
        try await SchemaDatabase.with { database in
            let office = try await database.account(.regionAdministrator, region: "skane")
            let other = try await database.account(.commissioner, region: "halland")
            try await database.member.execute(
                Self.level(1, of: Self.skane),
                settings: SchemaDatabase.settings(office)
            )
            let history: SQL = """
                SELECT count(*) AS n
                FROM klappa.change c
                JOIN klappa.change_value v USING (transaction, n)
                JOIN klappa.change_transaction t USING (transaction)
                WHERE c.kind = 'region_level'
                """
            #expect(try await database.count(history, database.member, as: office) == 1)
            #expect(try await database.count(history, database.member, as: other) == 0)
            #expect(try await database.count(history, database.member) == 0)
        }
    }

    // MARK: Statements

    static let tables = ["region_level", "region_evidence", "region_goal", "region_action"]

    static func level(_ level: Int16, of region: Int16) -> SQL {
        """
        INSERT INTO klappa.region_level (region, level, first_day, last_day)
        VALUES (\(region), \(level), '2023-01-01', klappa.today() + 400)
        """
    }

    static func oneOfEach(_ region: Int16) -> [SQL] {
        [
            level(1, of: region),
            """
            INSERT INTO klappa.region_evidence (region, commitment, text_sv)
            VALUES (\(region), 'market_1_reply_time', 'Mätt')
            """,
            "INSERT INTO klappa.region_goal (region, priority, title_sv) VALUES (\(region), 'market', 'Mål')",
            """
            INSERT INTO klappa.region_action (region, priority, commitment, title_sv, responsible, first_day, last_day)
            VALUES (\(region), 'market', 'market_1_reply_time', 'Jour', 'Kultur', '2026-01-01', '2026-12-31')
            """,
        ]
    }
}

extension SchemaDatabase {
    /// Codes of the commitments up to a level.
    func commitments(upTo level: Int16) async throws -> [String] {
        let rows = try await root.query(
            "SELECT code FROM klappa.strategy_commitment WHERE level <= \(level) AND NOT retired ORDER BY level, code"
        )
        return try rows.map { try $0.decode(String.self, "code") }
    }

    /// Submits evidence of commitments.
    func submit(_ commitments: [String], of region: Int16, text: String = "Styrkt", as account: UUID)
        async throws
    {
        try await member.execute(
            """
            INSERT INTO klappa.region_evidence (region, commitment, text_sv)
            SELECT \(region), c, \(text) FROM unnest(\(commitments)) AS c
            """,
            settings: Self.settings(account)
        )
    }

    /// Submits and approves evidence of every commitment up to a level, but some.
    func approve(upTo level: Int16, except: [String] = [], of region: Int16, as account: UUID) async throws {
        let codes = try await commitments(upTo: level).filter { !except.contains($0) }
        try await submit(codes, of: region, as: account)
        try await member.execute(
            "UPDATE klappa.region_evidence SET state = 'approved' WHERE region = \(region) AND commitment = ANY (\(codes)) AND state <> 'approved'",
            settings: Self.settings(account)
        )
    }
}
