import FoundationEssentials
import Logging
import Postgres
import Registry
import TestSupport

/// A migrated database with a client for each role of the service, for tests of what the database itself refuses.
struct SchemaDatabase: Sendable {
    /// The superuser: arranges and sabotages.
    let root: PostgresClient
    let owner: PostgresClient
    let open: PostgresClient
    let member: PostgresClient
    let worker: PostgresClient

    /// Lends a database with all migrations and the reference data.
    static func with<Result>(_ body: (SchemaDatabase) async throws -> Result) async throws -> Result {
        try await ThrowawayDatabase.with(.migrated) { database in
            func client(_ role: String) throws -> PostgresClient {
                var configuration = try PostgresConfiguration(database.conninfo(role: role))
                configuration.limits.shortLane = 1
                configuration.limits.searchLane = 1
                configuration.limits.lent = 8
                return try PostgresClient(configuration, logger: Logger(label: "schema-tests"))
            }
            let clients = SchemaDatabase(
                root: try client("postgres"),
                owner: try client("klappa_owner"),
                open: try client("klappa_public"),
                member: try client("klappa_member"),
                worker: try client("klappa_worker")
            )
            do {
                let result = try await body(clients)
                await clients.close()
                return result
            } catch {
                await clients.close()
                throw error
            }
        }
    }

    private func close() async {
        for client in [root, owner, open, member, worker] { await client.close() }
    }

    // MARK: Arranging

    /// Adds a person with one primary role, as the worker.
    @discardableResult
    func person(
        _ name: String,
        region: Int16 = 12,
        state: String = "published",
        invented: Bool = true,
        account: UUID? = nil
    ) async throws -> UUID {
        let id = UUID.version7()
        try await worker.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.person (id, name, home_region, state, invented, account)
                VALUES (\(id), \(name), \(region), \(state), \(invented), \(account as UUID?))
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.person_role (person, role, "primary") VALUES (\(id), 1, true)
                """
            )
        }
        return id
    }

    /// Makes an account with one right; nil for the region means everywhere.
    func account(_ right: Right, region: String? = nil) async throws -> UUID {
        let key = BearerKey.random()
        _ = try await KeyQueries.issue(
            key,
            for: right,
            name: "An account of a test",
            region: region,
            expiresAt: nil,
            worker
        )
        guard let holder = try await KeyQueries.holder(of: key, open) else { throw Missing() }
        return holder.account
    }

    struct Missing: Error {}

    // MARK: Asking

    /// The one number that a statement selects as `n`.
    func count(_ sql: SQL, _ client: PostgresClient, as account: UUID? = nil) async throws -> Int64 {
        let rows = try await client.query(sql, settings: Self.settings(account))
        guard let row = rows.first else { throw Missing() }
        return try row.decode(Int64.self, "n")
    }

    /// The error with which a statement is refused; nil when it is not.
    func refusal(_ sql: SQL, _ client: PostgresClient, as account: UUID? = nil) async -> PostgresError? {
        do throws(PostgresError) {
            try await client.execute(sql, settings: Self.settings(account))
            return nil
        } catch {
            return error
        }
    }

    static func settings(_ account: UUID?) -> [(String, String)] {
        account.map { [("klappa.account", $0.uuidString)] } ?? []
    }

    /// The tables whose comments open with a kind.
    func tables(_ kind: String) async throws -> [String] {
        let rows = try await root.query(
            """
            SELECT relname::text AS name
            FROM pg_class
            WHERE relnamespace = 'klappa'::regnamespace AND relkind = 'r'
                AND starts_with(obj_description(oid, 'pg_class'), \(kind + ":"))
            ORDER BY relname
            """
        )
        return try rows.map { try $0.decode(String.self, "name") }
    }
}
