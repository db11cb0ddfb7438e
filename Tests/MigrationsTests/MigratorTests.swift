import Postgres
import TestSupport
import Testing

@testable import Migrations

/// Against databases of their own. The first migration is always the real one: it makes roles, extensions and schema.
@Suite struct MigratorTests {
    static func migrator(_ more: [(name: String, text: String)] = [], references: [SQLFiles.Reference] = [])
        throws
        -> Migrator
    {
        var migrations = [try SQLFiles.bundled().migrations[0]]
        for file in more { migrations.append(try Migration(fileName: file.name, text: file.text)) }
        return Migrator(
            try SQLFiles(migrations: migrations, references: references),
            logger: ThrowawayDatabase.quiet
        )
    }

    static let table = (name: "0002_create_thing.sql", text: "CREATE TABLE klappa.thing (n int);")

    static func failure(_ body: () async throws -> Void) async -> MigrationError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? MigrationError
        }
    }

    @Test func `all that came with the program is applied once, with the reference data`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                let files = try SQLFiles.bundled()
                let migrator = Migrator(files, logger: ThrowawayDatabase.quiet)
                #expect(try await migrator.status(client).pending.count == files.migrations.count)
                let report = try await migrator.migrate(client)
                #expect(report.applied == files.migrations.map(\.name))
                #expect(report.loaded == files.references.map(\.name))
                #expect(try await migrator.status(client).isCurrent)
                #expect(try await migrator.migrate(client) == Migrator.Report())
                let counts = try await database.sql(
                    "SELECT (SELECT count(*) FROM klappa.region), (SELECT count(*) FROM klappa.municipality),"
                        + " (SELECT count(*) FROM klappa.role), (SELECT count(*) FROM klappa.place)"
                )
                #expect(counts == "6|77|220|554")
            }
        }
    }

    @Test func `every check holds in a fresh database`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.withClient { client in
                for check in try SQLFiles.bundled().checks {
                    let finding = try await CheckRunner.run(check, client)
                    #expect(finding == nil, "\(check.name)")
                }
            }
        }
    }

    @Test func `a check that finds something shows its rows`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.withClient { client in
                let check = SQLFiles.Check(
                    name: "numbers_stay_small",
                    query: "SELECT n FROM generate_series(1, 300) n\n-- end"
                )
                let finding = try #require(try await CheckRunner.run(check, client))
                #expect(finding.count == 300)
                #expect(finding.rows.count == 100)
                #expect(finding.rows[0] == #"{"n":1}"#)
            }
        }
    }

    @Test func `the services may read the ledger and so tell whether the schema fits`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.withClient(role: "klappa_public") { client in
                let migrator = Migrator(try SQLFiles.bundled(), logger: ThrowawayDatabase.quiet)
                try await migrator.requireCurrent(client)
                let older = try Self.migrator()
                #expect(await Self.failure { try await older.requireCurrent(client) }?.kind == .newer)
            }
        }
    }

    @Test func `a schema that is too old is refused with what it lacks`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                try await Self.migrator().migrate(client)
                let newer = try Self.migrator([Self.table])
                let error = await Self.failure { try await newer.requireCurrent(client) }
                #expect(error?.kind == .pending)
                #expect(error?.message.contains("0002_create_thing") == true)
            }
        }
    }

    @Test func `a migration that fails leaves nothing, and the next run goes on from there`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                let broken = try Self.migrator([(Self.table.name, Self.table.text + " SELECT 1/0;")])
                let error = await Self.failure { try await broken.migrate(client) }
                #expect(error?.kind == .failed)
                #expect(error?.message.contains("0002_create_thing") == true)
                #expect(try await database.sql("SELECT to_regclass('klappa.thing') IS NULL") == "t")
                let mended = try Self.migrator([Self.table])
                #expect(try await mended.migrate(client).applied == ["0002_create_thing"])
            }
        }
    }

    @Test func `an edited migration is refused before anything is applied`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                try await Self.migrator([Self.table]).migrate(client)
                let edited = try Self.migrator([
                    (Self.table.name, Self.table.text + "\n"),
                    ("0003_create_other.sql", "CREATE TABLE klappa.other ();"),
                ])
                #expect(await Self.failure { try await edited.migrate(client) }?.kind == .edited)
                #expect(try await database.sql("SELECT to_regclass('klappa.other') IS NULL") == "t")
            }
        }
    }

    @Test func `of two that start at once one migrates and the other waits`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let migrator = try Self.migrator([Self.table, ("0003_wait.sql", "SELECT pg_sleep(0.3);")])
            let reports = try await withThrowingTaskGroup(of: Migrator.Report.self) { group in
                for _ in 0..<2 {
                    group.addTask { try await database.withClient { try await migrator.migrate($0) } }
                }
                return try await group.reduce(into: [Migrator.Report]()) { $0.append($1) }
            }
            #expect(reports.map(\.applied.count).sorted() == [0, 3])
        }
    }

    @Test func `a migrator that is killed half-way can be run again`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let slow = try Self.migrator([(Self.table.name, Self.table.text + " SELECT pg_sleep(60);")])
            try await database.withClient { client in
                async let run = Self.failure { try await slow.migrate(client) }
                try await eventually("the slow migration runs") {
                    try await database.sql(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
                    ) == "1"
                }
                try await database.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                #expect(await run != nil)
            }
            try await database.withClient { client in
                let report = try await Self.migrator([Self.table]).migrate(client)
                #expect(report.applied == ["0002_create_thing"])
            }
        }
    }

    @Test func `a migration outside a transaction may build an index concurrently`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                let index = (
                    name: "0003_index_thing.sql",
                    text: "-- no-transaction\nCREATE INDEX CONCURRENTLY thing_n ON klappa.thing (n)"
                )
                try await Self.migrator([Self.table, index]).migrate(client)
                #expect(
                    try await database.sql(
                        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'klappa.thing_n'::regclass"
                    ) == "t"
                )
            }
        }
    }

    @Test func `reference data are loaded again when they change, and only then`() async throws {
        func numbers(_ json: String) -> SQLFiles.Reference {
            let statement =
                "-- Takes $1.\nINSERT INTO klappa.thing SELECT n::int FROM jsonb_array_elements_text($1::jsonb) n"
            return SQLFiles.Reference(
                name: "numbers",
                statement: statement,
                json: json,
                checksum: Migration.checksum(of: statement, json)
            )
        }
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient { client in
                let owned = (
                    name: Self.table.name,
                    text: Self.table.text + "ALTER TABLE klappa.thing OWNER TO klappa_owner;"
                )
                let first = try Self.migrator([owned], references: [numbers("[1, 2]")])
                #expect(try await first.migrate(client).loaded == ["numbers"])
                #expect(try await first.migrate(client).loaded == [])
                let second = try Self.migrator([owned], references: [numbers("[3]")])
                #expect(try await second.status(client).pendingReferences == ["numbers"])
                #expect(try await second.migrate(client).loaded == ["numbers"])
                #expect(
                    try await database.sql("SELECT array_agg(n ORDER BY n) FROM klappa.thing") == "{1,2,3}"
                )
            }
        }
    }

    @Test func `a role without the rights is told what it needs`() async throws {
        try await ThrowawayDatabase.with(.migrated) { _ in }  // the roles exist from here on
        try await ThrowawayDatabase.with(.empty) { database in
            try await database.withClient(role: "klappa_member") { client in
                let error = await Self.failure { try await Self.migrator().migrate(client) }
                #expect(error?.kind == .rights)
                #expect(error?.message.contains("superuser") == true)
            }
        }
    }
}
