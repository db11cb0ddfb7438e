import FoundationEssentials
import Postgres
import Registry
import Testing

/// Who sees and writes what, by the database alone: every probe is plain SQL as one of the service's roles.
struct SchemaAccessTests {
    @Test
    func `klappa_public can read no base table, and may read every vocabulary`() async throws {
        try await SchemaDatabase.with { database in
            let bases = try await database.tables("Base")
            #expect(bases.count >= 20)
            for table in bases {
                let refusal = await database.refusal(
                    "SELECT 1 FROM klappa.\(identifier: table)",
                    database.open
                )
                #expect(refusal?.sqlState == .insufficientPrivilege, "\(table)")
            }
            let vocabularies = try await database.tables("Vocabulary")
            #expect(vocabularies.count >= 18)
            for table in vocabularies {
                let n = try await database.count(
                    "SELECT count(*) AS n FROM klappa.\(identifier: table)",
                    database.open
                )
                #expect(n > 0, "\(table)")
            }
        }
    }

    @Test(arguments: [
        "UPDATE klappa.role SET name_sv = 'x'",
        "DELETE FROM klappa.region",
        "INSERT INTO klappa.subject (kind) VALUES ('person')",
        "CREATE TABLE klappa.mine (n integer)",
        "CREATE TABLE public.mine (n integer)",
        "SELECT klappa.lock_subject(gen_random_uuid())",
        "SELECT klappa.erase(gen_random_uuid())",
        "SELECT klappa.revoke_key(gen_random_uuid())",
        "SELECT klappa.this_transaction()",
    ])
    func `klappa_public can write nothing and borrow no rights`(_ sql: String) async throws {
        try await SchemaDatabase.with { database in
            let refusal = try #require(await database.refusal(SQL(unsafe: sql), database.open))
            #expect(
                [.insufficientPrivilege, .readOnlySQLTransaction].contains(refusal.sqlState),
                "\(refusal)"
            )
        }
    }

    @Test(arguments: ["SET ROLE klappa_owner", "SET ROLE klappa_member"])
    func `klappa_public can become nobody else`(_ sql: String) async throws {
        try await SchemaDatabase.with { database in
            // On a borrowed connection: the shared side refuses such statements before the server sees them.
            let refusal = await #expect(throws: PostgresError.self) {
                try await database.open.withConnection { _ = try await $0.execute(SQL(unsafe: sql)) }
            }
            #expect(refusal?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `a member without a reader sees no row of any base table`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa Öberg")
            try await database.fill(person)
            _ = try await database.account(.administrator)
            // Titles of productions are for every member; nothing else is.
            for table in try await database.tables("Base") where table != "production" {
                // Some are granted in part (hashes of keys, the outbox): those refuse, the others show nothing.
                do throws(PostgresError) {
                    let rows = try await database.member.query("SELECT 1 FROM klappa.\(identifier: table)")
                    #expect(rows.count == 0, "\(table)")
                } catch {
                    #expect(error.sqlState == .insufficientPrivilege, "\(table)")
                }
            }
        }
    }

    @Test
    func `an office sees and changes the people of its region and nobody else's`() async throws {
        try await SchemaDatabase.with { database in
            let (mine, other) = (
                try await database.person("Åsa"), try await database.person("Bo", region: 13)
            )
            for person in [mine, other] { try await database.fill(person) }
            let office = try await database.account(.commissioner, region: "skane")
            for table in SchemaDatabase.partsOfAPerson {
                let (column, name) = (table.column, table.name)
                let rows = try await database.member.query(
                    "SELECT DISTINCT \(identifier: column) AS person FROM klappa.\(identifier: name) WHERE \(identifier: column) IS NOT NULL",
                    settings: SchemaDatabase.settings(office)
                )
                #expect(try rows.map { try $0.decode(UUID.self, "person") } == [mine], "\(name)")
            }
            let changed = try await database.member.execute(
                "UPDATE klappa.person SET headline_sv = 'ny'",
                settings: SchemaDatabase.settings(office)
            )
            #expect(changed == 1)
            let strange = await database.refusal(
                "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (\(other), 'phone', '+46 70 000 00 00')",
                database.member,
                as: office
            )
            #expect(strange?.sqlState == .insufficientPrivilege)
            let moved = await database.refusal(
                "UPDATE klappa.person SET home_region = 13 WHERE id = \(mine)",
                database.member,
                as: office
            )
            #expect(moved?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `a searcher reads no base table about people, and an administrator all`() async throws {
        try await SchemaDatabase.with { database in
            try await database.person("Åsa")
            try await database.person("Bo", region: 13)
            let searcher = try await database.account(.searcher)
            let administrator = try await database.account(.administrator)
            let people: SQL = "SELECT count(*) AS n FROM klappa.person"
            #expect(try await database.count(people, database.member, as: searcher) == 0)
            #expect(try await database.count(people, database.member, as: administrator) == 2)
        }
    }

    @Test
    func `people keep their own listing but cannot publish it`() async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.account(.searcher)
            let listing = try await database.person("Jag", state: "in_review", invented: false, account: me)
            let steps: [(state: String, allowed: Bool)] = [
                ("published", false), ("draft", true), ("hidden", false), ("in_review", true),
                ("erased", false),
            ]
            for step in steps {
                let refusal = await database.refusal(
                    "UPDATE klappa.person SET state = \(step.state) WHERE id = \(listing)",
                    database.member,
                    as: me
                )
                #expect((refusal == nil) == step.allowed, "\(step.state)")
            }
            let published = await database.refusal(
                """
                INSERT INTO klappa.person (id, name, home_region, state, account)
                VALUES (\(UUID.version7()), 'Jag', 12, 'published', \(me))
                """,
                database.member,
                as: me
            )
            #expect(published?.sqlState == .insufficientPrivilege)
            let invented = await database.refusal(
                "UPDATE klappa.person SET invented = true WHERE id = \(listing)",
                database.member,
                as: me
            )
            #expect(invented?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `nobody gives themselves a right, reads a key's hash or makes a bare subject`() async throws {
        try await SchemaDatabase.with { database in
            let administrator = try await database.account(.administrator)
            let attempts: [SQL] = [
                "INSERT INTO klappa.grants (account, \"right\") VALUES (\(administrator), 'commissioner')",
                "UPDATE klappa.grants SET \"right\" = 'administrator'",
                "SELECT hash FROM klappa.api_key",
                "INSERT INTO klappa.subject (kind) VALUES ('person')",
                "SELECT klappa.issue_key(klappa.uuid7(), klappa.uuid7(), 'x', 'administrator', NULL, sha256('x'), NULL)",
            ]
            for attempt in attempts {
                let refusal = await database.refusal(attempt, database.member, as: administrator)
                #expect(refusal?.sqlState == .insufficientPrivilege, "\(attempt)")
            }
            let hash = await database.refusal("SELECT hash FROM klappa.api_key", database.worker)
            #expect(hash?.sqlState == .insufficientPrivilege)
        }
    }

    @Test
    func `the reader of one transaction is not the reader of the next`() async throws {
        try await SchemaDatabase.with { database in
            try await database.person("Åsa")
            let office = try await database.account(.commissioner, region: "skane")
            let people: SQL = "SELECT count(*) AS n FROM klappa.person"
            for _ in 0..<20 {
                #expect(try await database.count(people, database.member, as: office) == 1)
                #expect(try await database.count(people, database.member) == 0)
            }
        }
    }
}

extension SchemaDatabase {
    /// The tables with rows about a person, and the column that names the person.
    static let partsOfAPerson: [(name: String, column: String)] = [
        ("person", "id"), ("subject", "id"), ("person_role", "person"), ("person_local_region", "person"),
        ("person_language", "person"), ("person_certificate", "person"), ("credit", "person"),
        ("contact_field", "subject"), ("link", "subject"), ("consent", "subject"), ("calendar", "subject"),
        ("block", "subject"), ("hold", "subject"), ("booking", "subject"), ("change", "subject"),
        ("change_value", "subject"),
    ]

    /// Gives a person a row in every table that can have one.
    func fill(_ person: UUID) async throws {
        let title = UUID.version7()
        try await worker.transaction { transaction in
            let statements: [SQL] = [
                "INSERT INTO klappa.person_local_region (person, region) VALUES (\(person), 6)",
                "INSERT INTO klappa.person_language (person, language, proficiency) VALUES (\(person), 'sv', 'native')",
                "INSERT INTO klappa.person_certificate (person, certificate) VALUES (\(person), 'licence_b')",
                "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (\(person), 'email', 'a@example.org')",
                "INSERT INTO klappa.link (subject, kind, url) VALUES (\(person), 'site', 'https://example.org/')",
                """
                INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
                VALUES (\(person), 'publication', '1', '2026-01-01', 'form')
                """,
                "INSERT INTO klappa.calendar (subject, known_from, known_to) VALUES (\(person), '2027-01-01', '2027-12-31')",
                "INSERT INTO klappa.block (subject, days) VALUES (\(person), '{[2027-03-01,2027-03-03)}')",
                "INSERT INTO klappa.hold (subject, days) VALUES (\(person), '{[2027-04-01,2027-04-03)}')",
                "INSERT INTO klappa.booking (subject, days) VALUES (\(person), '{[2027-05-01,2027-05-03)}')",
                "INSERT INTO klappa.production (id, title, production_type) VALUES (\(title), 'En film', 'feature_film')",
                "INSERT INTO klappa.credit (person, production, role) VALUES (\(person), \(title), 1)",
            ]
            for statement in statements { try await transaction.execute(statement) }
        }
    }
}
