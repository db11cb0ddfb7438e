import Glibc
public import Logging
import Migrations
public import Postgres
import Synchronization

/// A database for one test, dropped afterwards.
///
/// ```swift
/// try await ThrowawayDatabase.with(.migrated) { database in
///     try await database.withClient(role: "klappa_worker") { client in … }
/// }
/// ```
public struct ThrowawayDatabase: Sendable {
    /// What a database begins with.
    public enum Kind: Sendable {
        /// What PostgreSQL puts into every database.
        case empty
        /// The schema and the reference data, as after `klappa migrate`; copied from a template, which is quick.
        case migrated
    }

    /// Its name.
    public let name: String
    /// The server that holds it.
    public let server: TestServer

    private static let slots = Slots(6)
    private static let counter = Atomic(0)

    /// Lends a database; whoever is still connected at the end is cut off.
    ///
    /// At most six are lent at a time; the others wait their turn.
    public static func with<Result>(
        _ kind: Kind = .migrated,
        _ body: (ThrowawayDatabase) async throws -> Result
    ) async throws -> Result {
        let server = try await TestServer.shared()
        return try await slots.with {
            let number = counter.add(1, ordering: .relaxed).newValue
            let name = "t_\(getpid())_\(number)"
            let template = try await template(kind)
            // A copy gets the tables of its template, but not the rights on the database itself. Files are copied as
            // they are: writing each page to the log as well takes twice the time.
            try await server.sql(
                """
                CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY file_copy;
                \(kind == .migrated ? "REVOKE TEMPORARY, CREATE ON DATABASE \(name) FROM PUBLIC;" : "")
                """
            )
            let database = ThrowawayDatabase(name: name, server: server)
            do {
                let result = try await body(database)
                try await database.drop()
                return result
            } catch {
                // The test's own failure is the one to report.
                try? await database.drop()
                throw error
            }
        }
    }

    private static func template(_ kind: Kind) async throws -> String {
        switch kind {
        case .empty: "template0"
        case .migrated: try await migratedTemplate.value
        }
    }

    /// Migrated once for each test process.
    private static let migratedTemplate = Task {
        let server = try await TestServer.shared()
        let name = "migrated_\(getpid())"
        try await server.sql("CREATE DATABASE \(name) TEMPLATE template0")
        let client = try PostgresClient(
            try PostgresConfiguration(server.conninfo(database: name)),
            logger: quiet
        )
        do {
            try await Migrator(try SQLFiles.bundled(), logger: quiet).migrate(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        return name
    }

    /// Lends a client for a role, closed afterwards.
    public func withClient<Result>(
        role: String = "postgres",
        configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        var configuration = try PostgresConfiguration(conninfo(role: role))
        configure(&configuration)
        let client = try PostgresClient(configuration, logger: Self.quiet)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// A logger that only warns.
    public static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .warning
        return logger
    }

    /// In a task of its own, so that a cancelled test cleans up as well.
    private func drop() async throws {
        _ = try await Task { try await server.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }.value
    }

    /// The conninfo through the socket.
    public func conninfo(role: String = "postgres") -> String { server.conninfo(role: role, database: name) }

    /// The conninfo through TCP, with the superuser's password.
    public func tcpConninfo(role: String = "postgres") -> String {
        server.tcpConninfo(role: role, database: name)
    }

    /// Runs SQL as the superuser through `psql`, and gives back what it printed.
    @discardableResult
    public func sql(_ text: String) async throws -> String { try await server.sql(text, database: name) }
}
