import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@testable import Migrations

/// Every migration meets data: people are added before each step that can meet some, and at the end nothing is amiss.
@Suite struct UpgradeTests {
    /// The first version whose tables can hold a whole person.
    private static let firstWithPeople = 19

    @Test func `people who were there before a migration are sound after all of them`() async throws {
        let files = try SQLFiles.bundled()
        #expect(files.migrations.count > Self.firstWithPeople)
        try await ThrowawayDatabase.with(.empty) { database in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let client = try PostgresClient(PostgresConfiguration(database.conninfo()), logger: logger)
            for step in Self.firstWithPeople...files.migrations.count {
                let migrations = Array(files.migrations.prefix(step))
                let part = try SQLFiles(
                    migrations: migrations,
                    references: files.references.filter { Self.fits($0, migrations) },
                    checks: files.checks
                )
                try await Migrator(part, logger: logger).migrate(client)
                try await Self.addPerson(step, client)
            }
            for check in files.checks {
                let finding = try await CheckRunner.run(check, client)
                #expect(finding == nil, "\(check.name)")
            }
            let rows = try await client.query(
                """
                SELECT (SELECT count(*) FROM klappa.person) AS people,
                    (SELECT count(*) FROM klappa.crew_public) AS shown
                """
            )
            let row = try #require(rows.first)
            let people = Int64(files.migrations.count - Self.firstWithPeople + 1)
            #expect(try row.decode(Int64.self, "people") == people)
            #expect(try row.decode(Int64.self, "shown") == people)
            await client.close()
        }
    }

    /// Whether the tables into which reference data are loaded were there by then.
    private static func fits(_ reference: SQLFiles.Reference, _ migrations: [Migration]) -> Bool {
        reference.statement.matches(of: /(?:INSERT INTO|UPDATE) (klappa\.\w+)/).allSatisfy { written in
            migrations.contains { $0.text.contains("CREATE TABLE \(written.1) (") }
        }
    }

    private static func addPerson(_ number: Int, _ client: PostgresClient) async throws {
        let name = "Person \(number)"
        try await client.transaction { transaction in
            let statements: [SQL] = [
                """
                INSERT INTO klappa.person (name, home_region, municipality, state, invented)
                VALUES (\(name), 12, '1280', 'published', true)
                """,
                """
                INSERT INTO klappa.person_role (person, role, "primary")
                SELECT id, 1, true FROM klappa.person WHERE name = \(name)
                """,
                """
                INSERT INTO klappa.contact_field (subject, kind, value, visibility)
                SELECT id, 'email', 'a@example.org', 'anyone' FROM klappa.person WHERE name = \(name)
                """,
                """
                INSERT INTO klappa.calendar (subject, known_from, known_to)
                SELECT id, '2027-01-01', '2027-12-31' FROM klappa.person WHERE name = \(name)
                """,
                """
                INSERT INTO klappa.block (subject, days)
                SELECT id, '{[2027-03-01,2027-03-05)}' FROM klappa.person WHERE name = \(name)
                """,
            ]
            for statement in statements { try await transaction.execute(statement) }
        }
    }
}
