import Foundation
import Postgres
import Registry
import Testing

/// What the constraints refuse, by name: the service turns these names into sentences.
struct SchemaRuleTests {
    /// A statement that breaks a rule; `:person` stands for a published person of Skåne.
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
        Breach("person_primary_role", "DELETE FROM klappa.person_role WHERE person = :person"),
        Breach(
            "person_primary_role",
            "UPDATE klappa.person_role SET \"primary\" = false WHERE person = :person"
        ),
        Breach(
            "person_role_one_primary",
            "INSERT INTO klappa.person_role (person, role, \"primary\") VALUES (:person, 2, true)"
        ),
        Breach("person_published_consent", "UPDATE klappa.person SET invented = false WHERE id = :person"),
        Breach(
            "person_municipality_fkey",
            "UPDATE klappa.person SET municipality = '1380' WHERE id = :person"
        ),
        Breach("person_state_known", "UPDATE klappa.person SET state = 'public' WHERE id = :person"),
        Breach(
            "person_returned_with_reason",
            "UPDATE klappa.person SET state = 'returned', state_reason = '' WHERE id = :person"
        ),
        Breach("person_name_length", "UPDATE klappa.person SET name = '' WHERE id = :person"),
        Breach("person_slug_form", "UPDATE klappa.person SET slug = 'Åsa' WHERE id = :person"),
        Breach("person_slug_form", "UPDATE klappa.person SET slug = id::text WHERE id = :person"),
        Breach(
            "subject_id_uuid7",
            "INSERT INTO klappa.person (id, name, home_region) VALUES (gen_random_uuid(), 'X', 12)"
        ),
        Breach(
            "person_local_region_region_fkey",
            "INSERT INTO klappa.person_local_region (person, region) VALUES (:person, 1)"
        ),
        Breach(
            "person_language_proficiency_known",
            "INSERT INTO klappa.person_language (person, language, proficiency) VALUES (:person, 'sv', 'good')"
        ),
        Breach(
            "contact_field_visibility_known",
            "INSERT INTO klappa.contact_field (subject, kind, value, visibility) VALUES (:person, 'email', 'a@b', 'all')"
        ),
        Breach(
            "contact_field_email_form",
            "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (:person, 'email', 'a b@c')"
        ),
        Breach(
            "contact_field_phone_form",
            "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (:person, 'phone', '=cmd()')"
        ),
        Breach(
            "link_url_http",
            "INSERT INTO klappa.link (subject, kind, url) VALUES (:person, 'site', 'javascript:alert(1)')"
        ),
        Breach(
            "calendar_known_ordered",
            "INSERT INTO klappa.calendar (subject, known_from, known_to) VALUES (:person, '2027-02-01', '2027-01-31')"
        ),
        Breach(
            "calendar_known_whole",
            "INSERT INTO klappa.calendar (subject, known_from) VALUES (:person, '2027-02-01')"
        ),
        Breach("block_days_bounded", "INSERT INTO klappa.block (subject, days) VALUES (:person, '{}')"),
        Breach(
            "block_days_bounded",
            "INSERT INTO klappa.block (subject, days) VALUES (:person, '{[2027-01-01,)}')"
        ),
        Breach(
            "block_days_bounded",
            "INSERT INTO klappa.block (subject, days) VALUES (:person, '{[2027-01-01,infinity)}')"
        ),
        Breach(
            "hold_days_bounded",
            "INSERT INTO klappa.hold (subject, days) VALUES (:person, '{(,2027-01-01)}')"
        ),
        Breach(
            "booking_days_bounded",
            "INSERT INTO klappa.booking (subject, days) VALUES (:person, '{[-infinity,2027-01-01)}')"
        ),
        Breach(
            "subject_exists",
            "INSERT INTO klappa.block (subject, days) VALUES (klappa.uuid7(), '{[2027-01-01,2027-01-02)}')"
        ),
        Breach(
            "consent_one_standing",
            """
            INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
            SELECT :person, 'mail', '1', '2026-01-01', 'form' FROM generate_series(1, 2)
            """
        ),
    ])
    func `a rule is refused by its name`(_ breach: Breach) async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa Öberg")
            let sql = breach.sql.replacingOccurrences(of: ":person", with: "'\(person.uuidString)'")
            let refusal = try #require(await database.refusal(SQL(unsafe: sql), database.worker))
            #expect(refusal.constraint == breach.constraint, "\(refusal)")
        }
    }

    @Test
    func `a listing is public while a consent stands, and not after it is withdrawn`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa", state: "in_review", invented: false)
            let publish: SQL = "UPDATE klappa.person SET state = 'published' WHERE id = \(person)"
            #expect(
                await database.refusal(publish, database.worker)?.constraint == "person_published_consent"
            )
            try await database.worker.execute(
                """
                INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
                VALUES (\(person), 'publication', '1', '2026-01-01', 'form')
                """
            )
            #expect(await database.refusal(publish, database.worker) == nil)
            let withdraw: SQL = "UPDATE klappa.consent SET withdrawn_at = now() WHERE subject = \(person)"
            #expect(
                await database.refusal(withdraw, database.worker)?.constraint == "person_published_consent"
            )
            try await database.worker.transaction { transaction in
                try await transaction.execute(withdraw)
                try await transaction.execute(
                    "UPDATE klappa.person SET state = 'hidden' WHERE id = \(person)"
                )
            }
        }
    }

    @Test
    func
        `an exact point never comes out, its rounding is always the same, and a municipality's seat stands in`()
        async throws
    {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            func point() async throws -> String? {
                let rows = try await database.worker.query(
                    "SELECT ST_AsText(public_point::geometry, 4) AS point FROM klappa.person WHERE id = \(person)"
                )
                return try rows.first?.decode(String?.self, "point")
            }
            #expect(try await point() == nil)
            try await database.worker.execute(
                "UPDATE klappa.person SET municipality = '1280' WHERE id = \(person)"
            )
            #expect(try await point() == "POINT(13.0007 55.6059)")
            for (lon, lat) in [(13.1912, 55.7047), (13.2101, 55.6904)] {
                try await database.worker.execute(
                    "UPDATE klappa.person SET exact_point = ST_Point(\(lon), \(lat), 4326)::geography, public_point = NULL WHERE id = \(person)"
                )
                #expect(try await point() == "POINT(13.2 55.7)")
            }
            try await database.worker.execute(
                "UPDATE klappa.person SET public_point = exact_point WHERE id = \(person)"
            )
            #expect(try await point() == "POINT(13.2 55.7)")
        }
    }

    @Test
    func `a record has one version that its parts count up, once a transaction`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            let version: SQL = "SELECT version AS n FROM klappa.person WHERE id = \(person)"
            #expect(try await database.count(version, database.worker) == 1)
            try await database.worker.transaction { transaction in
                try await transaction.execute(
                    "INSERT INTO klappa.person_role (person, role) VALUES (\(person), 2)"
                )
                try await transaction.execute(
                    "INSERT INTO klappa.link (subject, kind, url) VALUES (\(person), 'site', 'https://example.org')"
                )
            }
            #expect(try await database.count(version, database.worker) == 2)
            try await database.worker.execute("DELETE FROM klappa.link WHERE subject = \(person)")
            #expect(try await database.count(version, database.worker) == 3)
            try await database.worker.execute("UPDATE klappa.person SET version = 99 WHERE id = \(person)")
            #expect(try await database.count(version, database.worker) == 4)
        }
    }

    @Test
    func `a person and their subject go together, whichever is deleted`() async throws {
        try await SchemaDatabase.with { database in
            let (one, other) = (try await database.person("Åsa"), try await database.person("Bo"))
            for person in [one, other] { try await database.fill(person) }
            try await database.worker.execute("DELETE FROM klappa.person WHERE id = \(one)")
            try await database.worker.execute("DELETE FROM klappa.subject WHERE id = \(other)")
            for table in SchemaDatabase.partsOfAPerson where !table.name.hasPrefix("change") {
                let n = try await database.count(
                    "SELECT count(*) AS n FROM klappa.\(identifier: table.name)",
                    database.root
                )
                #expect(n == 0, "\(table.name)")
            }
        }
    }
}
