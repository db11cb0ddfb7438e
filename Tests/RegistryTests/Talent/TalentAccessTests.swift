import FoundationEssentials
import Postgres
import Registry
import Testing

/// Who sees and changes what of programmes and applications, asked with the service's own roles.
struct TalentAccessTests {
    private static let tables = [
        "application", "answer_file", "assessment", "decision", "participant",
    ]

    /// A scene in which every table has rows: a participant, a draft with a file, somebody who waits.
    private func filled(_ body: (TalentScene, _ ada: UUID) async throws -> Void) async throws {
        try await TalentScene.with { scene in
            let ada = try await scene.database.human("ada@example.se")
            let draft = try await scene.draft(ada)
            try await scene.database.member.execute(
                """
                INSERT INTO klappa.answer_file (application, question, hash, name, media_type, size)
                VALUES (\(draft), 'cv', sha256('x'), 'cv.pdf', 'application/pdf', 1)
                """,
                settings: SchemaDatabase.settings(ada)
            )
            let bo = try await scene.send("Bo")
            try await scene.decide(bo, "selected")
            try await scene.tell(bo, "accepted")
            try await body(scene, ada)
        }
    }

    private func rows(_ scene: TalentScene, _ table: String, as account: UUID?) async throws -> Int64 {
        try await scene.database.count(
            "SELECT count(*) AS n FROM klappa.\(identifier: table)",
            scene.database.member,
            as: account
        )
    }

    @Test
    func `another organisation's manager, an office, a searcher and a stranger see nothing`() async throws {
        try await filled { scene, _ in
            let others: [UUID?] = [
                scene.otherManager, nil,
                try await scene.database.account(.commissioner, region: "skane"),
                try await scene.database.account(.searcher),
                try await scene.database.account(.administrator),
                try await scene.database.human("eva@example.se"),
            ]
            for other in others {
                for table in Self.tables { #expect(try await rows(scene, table, as: other) == 0, "\(table)") }
                let changed = await scene.database.refusal(
                    "SELECT klappa.withdraw_application(id) FROM klappa.application",
                    scene.database.member,
                    as: other
                )
                #expect(changed == nil)
            }
            for table in ["programme", "call", "question", "call_tally", "organisation"] {
                let seen = try await rows(scene, table, as: scene.otherManager)
                #expect(seen == (table == "organisation" ? 1 : 0), "\(table)")
                #expect(try await rows(scene, table, as: nil) == 0, "\(table)")
            }
            #expect(
                try await scene.text(
                    "SELECT count(*)::text AS n FROM klappa.application WHERE state = 'withdrawn'"
                )
                    == "0"
            )
        }
    }

    @Test
    func `a manager sees what was submitted, never a draft`() async throws {
        try await filled { scene, _ in
            #expect(try await rows(scene, "application", as: scene.manager) == 1)
            #expect(try await rows(scene, "answer_file", as: scene.manager) == 0)
            #expect(try await rows(scene, "assessment", as: scene.manager) == 1)
            #expect(try await rows(scene, "participant", as: scene.manager) == 1)
            let changes = try await rows(scene, "change", as: scene.manager)
            #expect(changes > 5)
        }
    }

    @Test
    func `applicants see their own, what they were told, and nothing of the assessment`() async throws {
        try await filled { scene, ada in
            #expect(try await rows(scene, "application", as: ada) == 1)
            #expect(try await rows(scene, "answer_file", as: ada) == 1)
            let bo = try await scene.database.human("Bo@Example.se")
            #expect(try await rows(scene, "application", as: bo) == 1)
            #expect(try await rows(scene, "decision", as: bo) == 1)
            #expect(try await rows(scene, "participant", as: bo) == 1)
            for account in [ada, bo] {
                #expect(try await rows(scene, "assessment", as: account) == 0)
                #expect(try await rows(scene, "change", as: account) == 0)
                #expect(try await rows(scene, "change_value", as: account) == 0)
            }
        }
    }

    @Test(arguments: [
        "UPDATE klappa.application SET arrival = 1",
        "UPDATE klappa.application SET state = 'submitted'",
        "UPDATE klappa.call_tally SET places = 1000",
        "UPDATE klappa.assessment SET moved = true",
        "UPDATE klappa.decision SET body = 'x'",
        "DELETE FROM klappa.decision",
        "DELETE FROM klappa.assessment",
        "DELETE FROM klappa.participant",
        "UPDATE klappa.participant SET state = 'active'",
        "UPDATE klappa.programme SET invented = true",
        "INSERT INTO klappa.organisation (slug, name) VALUES ('x', 'X')",
        "DELETE FROM klappa.programme_public",
    ])
    func `not even a manager may`(_ sql: String) async throws {
        try await filled { scene, _ in
            let refusal = await scene.database.refusal(
                SQL(unsafe: sql),
                scene.database.member,
                as: scene.manager
            )
            #expect(refusal?.sqlState?.rawValue == "42501", "\(sql)")
        }
    }

    @Test
    func `another organisation's manager changes nothing and adds nothing`() async throws {
        try await filled { scene, _ in
            let member = scene.database.member
            let other = scene.otherManager
            for sql: SQL in [
                "UPDATE klappa.programme SET name_sv = 'X'",
                "UPDATE klappa.call SET places = 99",
                "UPDATE klappa.question SET label_sv = 'X'",
                "UPDATE klappa.assessment SET outcome = 'waiting'",
                "DELETE FROM klappa.question",
            ] {
                let changed = try await member.execute(sql, settings: SchemaDatabase.settings(other))
                #expect(changed == 0)
            }
            let call = await scene.database.refusal(
                "INSERT INTO klappa.call (programme, title_sv, places) VALUES (\(scene.programme), 'X', 1)",
                member,
                as: other
            )
            #expect(call?.sqlState?.rawValue == "42501")
            let programme = await scene.database.refusal(
                """
                INSERT INTO klappa.programme (organisation, programme_type, priority, name_sv)
                VALUES (\(scene.organisation), 'writers_lab', 'talent', 'X')
                """,
                member,
                as: other
            )
            #expect(programme?.sqlState?.rawValue == "42501")
        }
    }

    @Test
    func `strangers read published programmes and calls in the projections only`() async throws {
        try await filled { scene, _ in
            let database = scene.database
            let programmes: SQL = "SELECT count(*) AS n FROM klappa.programme_public"
            let calls: SQL = "SELECT count(*) AS n FROM klappa.call_public"
            #expect(try await database.count(programmes, database.open) == 1)
            #expect(try await database.count(calls, database.open) == 1)
            #expect(try await SchemaCheckTests.run("programmes_equal_their_records.sql", database) == 0)
            try await database.root.execute("UPDATE klappa.call SET state = 'draft'")
            #expect(try await database.count(calls, database.open) == 0)
            try await database.root.execute("UPDATE klappa.call SET state = 'closed'")
            try await database.root.execute("UPDATE klappa.organisation SET name = 'Nytt namn'")
            try await database.root.execute("DELETE FROM klappa.programme_region WHERE region = 7")
            #expect(try await database.count(calls, database.open) == 1)
            #expect(
                try await scene.text("SELECT organisation || regions::text AS n FROM klappa.programme_public")
                    == "Nytt namn{skane}"
            )
            #expect(try await SchemaCheckTests.run("programmes_equal_their_records.sql", database) == 0)
            try await database.root.execute("UPDATE klappa.programme SET state = 'archived'")
            #expect(try await database.count(programmes, database.open) == 0)
            #expect(try await database.count(calls, database.open) == 0)
            for table in Self.tables + ["programme", "call", "question", "organisation"] {
                let refusal = await database.refusal(
                    "SELECT FROM klappa.\(identifier: table)",
                    database.open
                )
                #expect(refusal?.sqlState?.rawValue == "42501", "\(table)")
            }
        }
    }

    /// What goes wrong, by a superuser's hand, and the check that says so.
    @Test(arguments: [
        ("arrivals_have_no_holes", "UPDATE klappa.call_tally SET last_arrival = 9"),
        ("places_are_kept", "UPDATE klappa.call_tally SET taken = 0"),
        ("participants_were_accepted", "DELETE FROM klappa.decision"),
        (
            "applications_are_assessed",
            "SET session_replication_role = replica; DELETE FROM klappa.assessment"
        ),
        ("programmes_equal_their_records", "UPDATE klappa.programme_public SET name_sv = 'X'"),
        ("programmes_equal_their_records", "UPDATE klappa.call_public SET questions = '[]'"),
        ("programmes_equal_their_records", "UPDATE klappa.region_participants SET participants = 7"),
    ])
    func `a check finds what it is there to find`(_ check: String, _ sql: String) async throws {
        try await filled { scene, _ in
            for sound in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(sound, scene.database) == 0, "\(sound)")
            }
            try await scene.database.root.transaction { try await $0.script(sql) }
            let found = try await SchemaCheckTests.run(check + ".sql", scene.database)
            #expect(found > 0)
        }
    }
}
