import ArgumentParser
import Migrations

/// `klappa migrate`: brings the database up to date, or says what is pending.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Apply pending migrations and load the reference data.",
        discussion: """
            The first time the roles and extensions are made: as a superuser (DATABASE_OWNER_USER, or the user in \
            --database-url). A private database has its own.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Flag(help: "Only say what was applied and what is pending; 1 is returned when something is.")
    var status = false

    func run() async throws {
        let logger = Logs.command()
        try await database.withBackend(preparation: .none, logger: logger) { backend in
            let migrator = Migrator(try SQLFiles.bundled(), logger: logger)
            try await backend.withClient(for: .owner) { client in
                if status {
                    let status = try await migrator.status(client)
                    for migration in status.applied { print("applied  \(migration.name)") }
                    for migration in status.pending { print("pending  \(migration.name)") }
                    for name in status.pendingReferences { print("pending  reference data \(name)") }
                    if !status.isCurrent { throw ExitCode(1) }
                } else {
                    let report = try await migrator.migrate(client)
                    print(
                        report.isEmpty
                            ? "The database is up to date."
                            : "Applied \(report.applied.count) migrations, loaded \(report.loaded.count) reference files."
                    )
                }
            }
        }
    }
}
