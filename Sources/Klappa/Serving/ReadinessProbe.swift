import Logging
import Migrations
import Postgres
import Web

/// Answers `/health/ready`: whether the database answers, and whether its schema is ours. Takes four seconds at most.
struct ReadinessProbe: Sendable {
    let database: PostgresClient
    let migrator: Migrator
    let logger: Logger

    /// Asks the database, twice when it answers.
    func check() async -> Readiness {
        do throws(PostgresError) {
            _ = try await database.query("SELECT 1", deadline: .seconds(2))
        } catch {
            logger.debug("not ready", metadata: ["error": "\(error)"])
            return Readiness([
                .init("database", works: false, reason: "The database does not answer."),
                .init("migrations", works: false, reason: "Unknown while the database does not answer."),
            ])
        }
        do {
            try await migrator.requireCurrent(database)
            return Readiness([.init("database", works: true), .init("migrations", works: true)])
        } catch {
            logger.debug("not ready", metadata: ["error": "\(error)"])
            let reason = (error as? MigrationError)?.message ?? "The ledger of migrations cannot be read."
            return Readiness([
                .init("database", works: true), .init("migrations", works: false, reason: reason),
            ])
        }
    }
}
