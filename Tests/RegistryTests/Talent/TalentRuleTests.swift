import FoundationEssentials
import Postgres
import Registry
import Testing

/// What the database refuses of programmes, calls and applications, by the names that the service knows.
struct TalentRuleTests {
    /// A statement that breaks a rule; `:programme`, `:call`, `:application` stand for those of the scene.
    struct Breach: Sendable, CustomTestStringConvertible {
        let constraint: String
        let sql: String
        var testDescription: String { constraint }

        init(_ constraint: String, _ sql: String) {
            self.constraint = constraint
            self.sql = sql
        }
    }

    @Test(arguments: [
        Breach("programme_has_region", "DELETE FROM klappa.programme_region"),
        Breach("programme_both_languages", "UPDATE klappa.programme SET summary_en = NULL"),
        Breach("programme_priority_fkey", "UPDATE klappa.programme SET priority = 'fun'"),
        Breach("programme_programme_type_fkey", "UPDATE klappa.programme SET programme_type = 'x'"),
        Breach("call_whole", "UPDATE klappa.call SET guidelines_en = NULL"),
        Breach("call_instants_ordered", "UPDATE klappa.call SET closes_at = opens_at"),
        Breach("call_places_range", "UPDATE klappa.call SET places = 0"),
        Breach("question_choices_form", "UPDATE klappa.question SET choices = '[]' WHERE code = 'role'"),
        Breach(
            "question_choices_form",
            #"UPDATE klappa.question SET choices = '[{"code": "a", "sv": "A", "en": "A"}, {"code": "a", "sv": "B", "en": "B"}]' WHERE code = 'role'"#
        ),
        Breach("question_longest_given", "UPDATE klappa.question SET longest = NULL WHERE code = 'why'"),
        Breach("question_place_once", "UPDATE klappa.question SET place = 1 WHERE code = 'role'"),
        Breach("application_locked", "UPDATE klappa.application SET name = 'Eva'"),
        Breach("application_locked", "UPDATE klappa.application SET snapshot = '{}'"),
        Breach("application_locked", "UPDATE klappa.application SET late = NOT late"),
        Breach("application_locked", "UPDATE klappa.application SET arrival = 7"),
        Breach("application_locked", "UPDATE klappa.application SET state = 'draft'"),
        Breach("application_locked", "UPDATE klappa.application SET state = 'withdrawn', name = 'Eva'"),
        Breach(
            "assessment_eligible_only",
            "UPDATE klappa.assessment SET outcome = 'selected', eligibility = 'incomplete'"
        ),
        Breach(
            "participant_selected",
            "INSERT INTO klappa.participant (application) SELECT id FROM klappa.application"
        ),
        Breach(
            "grants_organisation_fkey",
            "UPDATE klappa.grants SET organisation = klappa.uuid7() WHERE organisation IS NOT NULL"
        ),
    ])
    func `a breach is refused by name`(_ breach: Breach) async throws {
        try await TalentScene.with { scene in
            try await scene.send("Bo")
            let refusal = await scene.database.refusal(SQL(unsafe: breach.sql), scene.database.root)
            #expect(refusal?.constraint == breach.constraint)
        }
    }

    @Test(arguments: [
        (#"{}"#, "required", "why"),
        (#"{"why": ""}"#, "required", "why"),
        (#"{"why": null}"#, "required", "why"),
        (#"{"why": 5}"#, "kind", "why"),
        (#"{"why": ["a"]}"#, "kind", "why"),
        (#"{"why": "123456789012345678901"}"#, "length", "why"),
        (#"{"why": "two\nlines"}"#, "line", "why"),
        (#"{"why": "x", "role": "actor"}"#, "choice", "role"),
        (#"{"why": "x", "year": "1999"}"#, "kind", "year"),
        (#"{"why": "x", "year": 1899}"#, "bounds", "year"),
        (#"{"why": "x", "year": 2101}"#, "bounds", "year"),
        (#"{"why": "x", "film": "javascript:alert(1)"}"#, "link", "film"),
        (#"{"why": "x", "shoe": "44"}"#, "unknown", "shoe"),
        (#"{"why": "x", "cv": "cv.pdf"}"#, "unknown", "cv"),
    ])
    func `an answer that does not fit is refused with its question`(
        _ answers: String,
        _ rule: String,
        _ question: String
    ) async throws {
        try await TalentScene.with { scene in
            let error = await #expect(throws: PostgresError.self) {
                try await scene.send("Bo", answers: answers)
            }
            #expect(error?.constraint == "application_answer_" + rule)
            #expect(error?.column == question)
            // The number that was drawn is given back.
            try await scene.send("Cia")
            #expect(try await scene.text("SELECT max(arrival)::text AS n FROM klappa.application") == "1")
        }
    }

    @Test
    func `the snapshot keeps questions and answers as they were`() async throws {
        try await TalentScene.with { scene in
            let answers =
                #"{"why": "Därför", "role": "writer", "year": 1999, "film": "https://example.se/a"}"#
            try await scene.send("Bo", answers: answers)
            try await scene.database.root.execute(
                "UPDATE klappa.question SET label_sv = 'Annat' WHERE code = 'why'"
            )
            try await scene.database.root.execute("DELETE FROM klappa.question WHERE code = 'role'")
            #expect(
                try await scene.text(
                    "SELECT snapshot #>> '{answers,0,label,sv}' AS n FROM klappa.application"
                )
                    == "Varför?"
            )
            #expect(
                try await scene.text(
                    "SELECT snapshot #>> '{answers,1,chosen,sv}' AS n FROM klappa.application"
                )
                    == "Författare"
            )
            #expect(
                try await scene.text("SELECT snapshot #>> '{applicant,region}' AS n FROM klappa.application")
                    == "skane"
            )
        }
    }

    @Test
    func `late is kept and marked, early and closed are refused`() async throws {
        try await TalentScene.with { scene in
            let root = scene.database.root
            try await root.execute("UPDATE klappa.call SET closes_at = now() - interval '1 second'")
            try await scene.send("Bo")
            #expect(try await scene.text("SELECT late::text AS n FROM klappa.application") == "true")
            for change in [
                "UPDATE klappa.call SET state = 'closed'",
                "UPDATE klappa.call SET state = 'draft'",
                "UPDATE klappa.call SET state = 'published', opens_at = now() + interval '1 hour', closes_at = now() + interval '2 hours'",
            ] as [SQL] {
                try await root.execute(change)
                let error = await #expect(throws: PostgresError.self) { try await scene.send("Cia") }
                #expect(error?.constraint == "application_call_open")
            }
            try await root.execute("UPDATE klappa.call SET opens_at = now() - interval '1 hour'")
            try await root.execute("UPDATE klappa.programme SET state = 'archived'")
            let error = await #expect(throws: PostgresError.self) { try await scene.send("Cia") }
            #expect(error?.constraint == "application_call_open")
            let unknown = await #expect(throws: PostgresError.self) {
                try await scene.send("Cia", to: UUID.version7())
            }
            #expect(unknown?.constraint == "application_call_open")
        }
    }

    @Test
    func `who waited for the tally since before the deadline is not late`() async throws {
        try await TalentScene.with { scene in
            try await scene.database.root.execute(
                "UPDATE klappa.call SET closes_at = now() + interval '700 milliseconds'"
            )
            async let sent = scene.database.root.transaction { transaction in
                try await transaction.execute("SELECT klappa.lock_call(\(scene.call))")
                let application = Task { try await scene.send("Bo") }
                // Held until the deadline has passed.
                try await transaction.execute("SELECT pg_sleep(1)")
                return application
            }
            _ = try await sent.value
            #expect(try await scene.text("SELECT late::text AS n FROM klappa.application") == "false")
        }
    }

    @Test
    func `a draft is submitted once and locked with its files`() async throws {
        try await TalentScene.with { scene in
            let ada = try await scene.database.human("ada@example.se")
            let draft = try await scene.draft(ada)
            let member = scene.database.member
            let settings = SchemaDatabase.settings(ada)
            try await member.execute(
                """
                INSERT INTO klappa.answer_file (application, question, hash, name, media_type, size)
                VALUES (\(draft), 'cv', sha256('x'), 'cv.pdf', 'application/pdf', 1)
                """,
                settings: settings
            )
            let submit: SQL = "SELECT arrival FROM klappa.submit_application(\(draft))"
            #expect(try await member.query(submit, settings: SchemaDatabase.settings(scene.manager)).isEmpty)
            #expect(try await member.query(submit, settings: settings).count == 1)
            #expect(try await member.query(submit, settings: settings).isEmpty)
            #expect(try await member.execute("DELETE FROM klappa.answer_file", settings: settings) == 0)
            #expect(try await member.execute("DELETE FROM klappa.application", settings: settings) == 0)
            let refused = await scene.database.refusal("DELETE FROM klappa.answer_file", scene.database.root)
            #expect(refused?.constraint == "application_locked")
            #expect(
                try await scene.text(
                    "SELECT snapshot #>> '{answers,4,answer,name}' AS n FROM klappa.application"
                )
                    == "cv.pdf"
            )
            let again = await scene.database.refusal(
                "INSERT INTO klappa.application (id, call, account) VALUES (klappa.uuid7(), \(scene.call), \(ada))",
                member,
                as: ada
            )
            #expect(again?.constraint == "application_one_each")
        }
    }
}
