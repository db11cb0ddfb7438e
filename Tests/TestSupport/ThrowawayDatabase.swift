import Glibc
import Synchronization

/// A database for one test, dropped afterwards.
///
/// ```swift
/// try await ThrowawayDatabase.with(.empty) { database in
///     let client = PostgresClient(try PostgresConfiguration(database.conninfo()), logger: logger)
///     …
/// }
/// ```
public struct ThrowawayDatabase: Sendable {
    /// What a database begins with.
    public enum Kind: Sendable {
        /// What PostgreSQL puts into every database.
        case empty
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
        _ kind: Kind,
        _ body: (ThrowawayDatabase) async throws -> Result
    ) async throws -> Result {
        let server = try await TestServer.shared()
        return try await slots.with {
            let number = counter.add(1, ordering: .relaxed).newValue
            let name = "t_\(getpid())_\(number)"
            try await server.sql("CREATE DATABASE \(name) TEMPLATE \(try await template(kind))")
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
        }
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
