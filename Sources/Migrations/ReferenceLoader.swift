import Logging
import Postgres

/// Loads the reference data whose statement or data have changed, all in one transaction.
struct ReferenceLoader {
    let files: [SQLFiles.Reference]
    let logger: Logger

    /// Loads; gives back the names of what was loaded.
    ///
    /// - Throws: ``MigrationError`` that names the file which does not fit.
    func load(_ client: PostgresClient) async throws -> [String] {
        let loaded = try await Ledger.loaded(client)
        let changed = files.filter { loaded[$0.name] != $0.checksum }
        guard !changed.isEmpty else { return [] }
        logger.info("Loading reference data: \(changed.map(\.name).joined(separator: ", ")).")
        try await client.transaction(deadline: Migrator.limit) { transaction in
            try await transaction.script(
                "SET LOCAL ROLE klappa_owner; SET LOCAL search_path = klappa, public;"
            )
            for file in changed {
                do {
                    try await transaction.execute(try Self.statement(file))
                } catch let error as PostgresError {
                    throw MigrationError(
                        .failed,
                        "The reference data \(file.name) do not fit the schema: \(error)."
                    )
                }
                try await transaction.execute(
                    """
                    INSERT INTO klappa.reference_load (name, checksum) VALUES (\(file.name), \(file.checksum))
                    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, loaded_at = now()
                    """
                )
            }
        }
        return changed.map(\.name)
    }

    /// The statement with the data bound where it says `$1`; its opening comment is left out.
    static func statement(_ file: SQLFiles.Reference) throws(MigrationError) -> SQL {
        let body = file.statement.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0.hasPrefix("--") || $0.isEmpty }.joined(separator: "\n")
        let parts = body.split(separator: "$1", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw MigrationError(
                .files,
                "The file sql/reference/\(file.name).sql must use its parameter $1 exactly once."
            )
        }
        return "\(SQL(unsafe: String(parts[0])))\(JSONText(file.json))\(SQL(unsafe: String(parts[1])))"
    }
}
