import Foundation
import Postgres
import Registry
import Testing

/// The queries of `sql/checks`: they find nothing in a sound database, and each finds what it is there to find.
struct SchemaCheckTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../sql/checks"
    )

    static func checks() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
            .sorted()
    }

    static func run(_ check: String, _ database: SchemaDatabase) async throws -> Int {
        let text = try String(contentsOf: folder.appending(path: check), encoding: .utf8)
        return try await database.owner.transaction(.init(access: .readOnly)) { transaction in
            try await transaction.query(SQL(unsafe: text)).count
        }
    }

    @Test
    func `every check opens with a line that says what it proves`() throws {
        let checks = try Self.checks()
        #expect(checks.count >= 20)
        for check in checks {
            let text = try String(contentsOf: Self.folder.appending(path: check), encoding: .utf8)
            #expect(
                text.hasPrefix("-- ") && text.dropFirst(3).prefix { $0 != "\n" }.hasSuffix("."),
                "\(check)"
            )
        }
    }

    @Test
    func `a sound database with people passes every check`() async throws {
        try await SchemaDatabase.with { database in
            try await database.fill(try await database.person("Åsa"))
            let erased = try await database.person("Bo")
            try await database.fill(erased)
            _ = try await database.worker.query("SELECT klappa.erase(\(erased))")
            _ = try await database.account(.commissioner, region: "skane")
            for check in try Self.checks() {
                #expect(try await Self.run(check, database) == 0, "\(check)")
            }
        }
    }

    /// What goes wrong, by a superuser's hand, and the check that says so.
    struct Sabotage: Sendable, CustomTestStringConvertible {
        let check: String
        let sql: String
        var testDescription: String { check }

        init(_ check: String, _ sql: String) {
            self.check = check + ".sql"
            self.sql = sql
        }
    }

    @Test(arguments: [
        Sabotage("public_has_nothing", "GRANT SELECT ON klappa.person TO PUBLIC"),
        Sabotage("public_has_nothing", "GRANT EXECUTE ON FUNCTION klappa.erase(uuid) TO PUBLIC"),
        Sabotage("public_has_nothing", "GRANT SELECT (name) ON klappa.person TO PUBLIC"),
        Sabotage("strangers_read_only_what_anyone_may", "GRANT SELECT ON klappa.person TO klappa_public"),
        Sabotage(
            "strangers_read_only_what_anyone_may",
            "GRANT SELECT (name) ON klappa.person TO klappa_public"
        ),
        Sabotage("strangers_read_only_what_anyone_may", "GRANT DELETE ON klappa.role TO klappa_public"),
        Sabotage("row_security_is_forced", "ALTER TABLE klappa.person NO FORCE ROW LEVEL SECURITY"),
        Sabotage("row_security_is_forced", "ALTER TABLE klappa.contact_field DISABLE ROW LEVEL SECURITY"),
        Sabotage(
            "strangers_read_only_what_anyone_may",
            "GRANT SELECT ON klappa.crew_day_approved TO klappa_public"
        ),
        Sabotage(
            "strangers_read_only_what_anyone_may",
            "GRANT SELECT ON klappa.crew_import TO klappa_public"
        ),
        Sabotage("row_security_is_forced", "ALTER TABLE klappa.crew_day_approved DISABLE ROW LEVEL SECURITY"),
        Sabotage("columns_are_classified", "ALTER TABLE klappa.person ADD COLUMN shoe_size smallint"),
        Sabotage(
            "columns_are_classified",
            "UPDATE klappa.column_use SET finds = NULL WHERE \"table\" = 'contact_field'"
        ),
        Sabotage(
            "erased_accounts_are_empty",
            """
            INSERT INTO klappa.account (id, name) VALUES ('01a20f69-0372-7285-9d82-9845c91a0fff', 'Ada');
            SELECT klappa.erase_account('01a20f69-0372-7285-9d82-9845c91a0fff');
            UPDATE klappa.person SET account = '01a20f69-0372-7285-9d82-9845c91a0fff'
            """
        ),
        Sabotage("tables_say_what_they_are", "COMMENT ON TABLE klappa.person IS 'People.'"),
        Sabotage("objects_belong_to_the_owner", "ALTER TABLE klappa.person OWNER TO postgres"),
        Sabotage("borrowed_rights_are_pinned", "ALTER FUNCTION klappa.has_right(text[]) RESET search_path"),
        Sabotage(
            "rules_do_not_read_the_clock",
            "ALTER POLICY person_member_read ON klappa.person USING (renewed_on > now() - interval '1 year')"
        ),
        Sabotage(
            "changes_are_logged",
            "DROP TRIGGER person_log_update ON klappa.person; ALTER TABLE klappa.person ADD COLUMN secret text"
        ),
        Sabotage(
            "changes_are_logged",
            "CREATE TABLE klappa.diary (id uuid PRIMARY KEY); COMMENT ON TABLE klappa.diary IS 'Base: diaries.'"
        ),
        Sabotage(
            "indexes_and_constraints_are_valid",
            "ALTER TABLE klappa.person ADD CONSTRAINT person_odd CHECK (no > 0) NOT VALID"
        ),
        Sabotage(
            "personal_words_stay_out_of_statistics",
            "ALTER TABLE klappa.person ALTER COLUMN name SET STATISTICS 100"
        ),
        Sabotage(
            "titles_belong_to_one_role",
            "INSERT INTO klappa.role_alias (role, alias) VALUES (1, 'Platschef')"
        ),
        Sabotage("regions_are_whole", "UPDATE klappa.region SET outline = NULL WHERE no = 12"),
        Sabotage(
            "listings_have_one_primary_role",
            "SET session_replication_role = replica; DELETE FROM klappa.person_role"
        ),
        Sabotage(
            "published_people_consented",
            "SET session_replication_role = replica; UPDATE klappa.person SET invented = false; DELETE FROM klappa.consent"
        ),
        Sabotage(
            "erased_people_are_empty",
            "SET session_replication_role = replica; UPDATE klappa.person SET state = 'erased', name = ''"
        ),
        Sabotage("subjects_have_owners", "INSERT INTO klappa.subject (kind) VALUES ('person')"),
        Sabotage(
            "changes_have_positions",
            "SET session_replication_role = replica; UPDATE klappa.change_transaction SET position = NULL"
        ),
        Sabotage(
            "bookings_never_overlap",
            """
            ALTER TABLE klappa.booking DROP CONSTRAINT booking_no_overlap;
            INSERT INTO klappa.booking (subject, days) SELECT subject, days FROM klappa.booking
            """
        ),
        Sabotage(
            "days_are_bounded",
            "ALTER TABLE klappa.block DROP CONSTRAINT block_days_bounded; UPDATE klappa.block SET days = '{[2027-01-01,)}'"
        ),
        Sabotage(
            "chosen_levels_rest_on_evidence",
            """
            SET session_replication_role = replica;
            INSERT INTO klappa.region_level (region, level, first_day, last_day, judged_at)
            VALUES (12, 3, '2023-01-01', '2199-12-31', now() + interval '1 day')
            """
        ),
        Sabotage(
            "turned_bits_are_stamped",
            """
            INSERT INTO klappa.crew_bits (kind, value, chunk, bits) VALUES ('live', '', 0, B'1'::bit(15360));
            DELETE FROM klappa.crew_bits_stamp
            """
        ),
        Sabotage("region_inquiries_equal_cases", "INSERT INTO klappa.region_inquiries VALUES (12, 3, 1)"),
        Sabotage(
            "public_plans_equal_their_rows",
            "UPDATE klappa.region_plan_public SET body = body || '{\"secret\": 1}' WHERE region = 12"
        ),
        Sabotage(
            "inquiries_stand_as_their_status_says",
            """
            SELECT klappa.file_inquiry('{"title": "Havet"}', sha256('a'));
            SET session_replication_role = replica; UPDATE klappa.inquiry SET status = 'scouting'
            """
        ),
        Sabotage(
            "inquiries_go_by_the_rules",
            """
            SELECT klappa.file_inquiry('{"title": "Havet"}', sha256('a'));
            INSERT INTO klappa.inquiry_entry (inquiry, kind, from_status, to_status)
            SELECT id, 'status', 'new', 'reported' FROM klappa.inquiry
            """
        ),
        Sabotage(
            "case_numbers_have_no_gaps",
            """
            SELECT klappa.file_inquiry('{"title": "Havet"}', sha256('a')), klappa.file_inquiry('{"title": "Fältet"}', sha256('b'));
            DELETE FROM klappa.inquiry WHERE title = 'Havet'
            """
        ),
        Sabotage(
            "cases_are_seen_by_their_offices",
            """
            SELECT klappa.file_inquiry('{"title": "Havet", "region": "skane"}', sha256('a'));
            UPDATE klappa.inquiry SET offices = '{12,7}'
            """
        ),
        Sabotage(
            "nobody_makes_temporary_tables",
            "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO klappa_member', current_database()); END $$"
        ),
    ])
    func `a check finds what it is there to find`(_ sabotage: Sabotage) async throws {
        try await SchemaDatabase.with { database in
            try await database.fill(try await database.person("Åsa"))
            try await database.root.transaction { try await $0.script(sabotage.sql) }
            #expect(try await Self.run(sabotage.check, database) > 0)
        }
    }

    /// Roles belong to the server, which other tests use at the same time: the change is never committed.
    @Test
    func `the check of the service's roles finds special power`() async throws {
        try await SchemaDatabase.with { database in
            let check = try String(
                contentsOf: Self.folder.appending(path: "services_are_ordinary_roles.sql"),
                encoding: .utf8
            )
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await database.root.transaction { transaction in
                    #expect(try await transaction.query(SQL(unsafe: check)).count == 0)
                    try await transaction.execute("GRANT klappa_worker TO klappa_member")
                    #expect(try await transaction.query(SQL(unsafe: check)).count == 1)
                    throw Undo()
                }
            }
        }
    }
}
