import Postgres

/// What a database remembers of migrations and reference data: two tables in the schema `klappa`.
///
/// They are made in the transaction of the first migration, after its script, because that makes the schema.
enum Ledger {
    /// Makes the tables; the services may read them, to tell whether the schema fits them.
    static let creation = """
        SET LOCAL ROLE klappa_owner;
        CREATE TABLE IF NOT EXISTS klappa.migration (
            number integer NOT NULL,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            milliseconds integer NOT NULL,
            CONSTRAINT migration_pkey PRIMARY KEY (number)
        );
        COMMENT ON TABLE klappa.migration IS 'Bookkeeping: the migrations that this database has had.';
        COMMENT ON COLUMN klappa.migration.checksum IS 'SHA-256 of the file as it was applied; it may never be edited.';
        CREATE TABLE IF NOT EXISTS klappa.reference_load (
            name text NOT NULL,
            checksum text NOT NULL,
            loaded_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT reference_load_pkey PRIMARY KEY (name)
        );
        COMMENT ON TABLE klappa.reference_load IS 'Bookkeeping: the reference data that this database has, by file.';
        COMMENT ON COLUMN klappa.reference_load.checksum IS 'SHA-256 of the statement and the data that were loaded.';
        GRANT SELECT ON klappa.migration, klappa.reference_load TO klappa_public, klappa_member, klappa_worker;
        RESET ROLE;
        """

    /// The migrations that the database has had; none when it has no ledger.
    static func applied(_ client: PostgresClient) async throws(PostgresError) -> [AppliedMigration] {
        guard try await exists(client) else { return [] }
        let rows = try await client.query(
            "SELECT number, name, checksum FROM klappa.migration ORDER BY number"
        )
        var result: [AppliedMigration] = []
        for row in rows {
            result.append(
                AppliedMigration(
                    number: Int(try row.decode(Int32.self, "number")),
                    name: try row.decode(String.self, "name"),
                    checksum: try row.decode(String.self, "checksum")
                )
            )
        }
        return result
    }

    /// Checksums of the reference data that were loaded, by name.
    static func loaded(_ client: PostgresClient) async throws(PostgresError) -> [String: String] {
        guard try await exists(client) else { return [:] }
        var result: [String: String] = [:]
        for row in try await client.query("SELECT name, checksum FROM klappa.reference_load") {
            result[try row.decode(String.self, "name")] = try row.decode(String.self, "checksum")
        }
        return result
    }

    private static func exists(_ client: PostgresClient) async throws(PostgresError) -> Bool {
        let rows = try await client.query("SELECT to_regclass('klappa.migration') IS NOT NULL AS present")
        return try rows.first?.decode(Bool.self, "present") ?? false
    }
}
