import Foundation
import Logging
import Migrations
import Postgres
import PrivateServer

/// The database of an installation, private or given, and the ways into it.
struct Backend: Sendable {
    let settings: Settings
    /// The use of the private server; nil when the database was given.
    let lease: Lease?
    /// The private server; nil when the database was given.
    var server: PrivateServer?
    let logger: Logger

    /// What is done about pending migrations before work begins.
    enum Preparation: Sendable {
        /// A private database is migrated; a given one must fit, or the command refuses it.
        case usual
        /// Either is migrated.
        case migrate
        /// Nothing: the command itself is about migrations.
        case none
    }

    /// The private server that the settings ask for; nothing is touched yet.
    static func privateServer(_ settings: Settings, logger: Logger) throws(PrivateServerError)
        -> PrivateServer
    {
        let environment = ProcessInfo.processInfo.environment
        var configuration = PrivateServer.Configuration()
        configuration.roles = DatabaseRole.allCases.map(\.name)
        return try PrivateServer(
            settings.stateDirectory.map { StateDirectory($0) } ?? .standard(environment: environment),
            configuration: configuration,
            binaries: settings.binaries,
            searchPath: environment["PATH"] ?? "",
            logger: logger
        )
    }

    /// How to connect as a role.
    ///
    /// - Parameters:
    ///   - role: the owner of a private database is its superuser, who makes roles and extensions the first time.
    ///   - isDirect: past the pooler, if there is one; for migrations, COPY and LISTEN.
    func configuration(for role: DatabaseRole, isDirect: Bool = false) throws(PostgresError)
        -> PostgresConfiguration
    {
        if let lease {
            let user = role == .owner ? "postgres" : role.name
            var configuration = try PostgresConfiguration(lease.server.conninfo(role: user))
            configuration.applicationName = "klappa-\(role.rawValue)"
            return configuration
        }
        let address = (isDirect ? settings.directURL : nil) ?? settings.databaseURL ?? ""
        var configuration = try PostgresConfiguration(address)
        // A user in the address is the one who migrates; the services have their own.
        if role != .owner || configuration.user == nil || settings.users[role] != nil {
            configuration.user = settings.users[role] ?? role.name
            configuration.password = settings.passwords[role]
        } else if let password = settings.passwords[role] {
            configuration.password = password
        }
        configuration.applicationName = "klappa-\(role.rawValue)"
        configuration.transactionPooling = settings.usesTransactionPooling && !isDirect
        return configuration
    }

    /// A client as a role; the caller closes it.
    func client(for role: DatabaseRole, isDirect: Bool = false) throws(PostgresError) -> PostgresClient {
        try PostgresClient(try configuration(for: role, isDirect: isDirect), logger: logger)
    }

    /// Lends a client as a role, past any pooler, closed afterwards.
    func withClient<Result>(
        for role: DatabaseRole,
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        let client = try client(for: role, isDirect: true)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Brings the schema up to date, or refuses one that does not fit.
    ///
    /// - Throws: `MigrationError`.
    func prepare(_ preparation: Preparation) async throws {
        let migrator = Migrator(try SQLFiles.bundled(), logger: logger)
        switch preparation {
        case .none:
            return
        case .usual where lease == nil:
            do {
                try await withClient(for: .open) { try await migrator.requireCurrent($0) }
            } catch let error as PostgresError where error.message.contains("does not exist") {
                // Roles are made by the first migration, so on a new server this is what its absence looks like.
                throw MigrationError(
                    .pending,
                    "The database or its roles do not exist yet (\(error.message)); make the database, then run klappa "
                        + "migrate as a superuser, or serve with --migrate."
                )
            }
        case .usual, .migrate:
            try await withClient(for: .owner) { client in
                if try await !migrator.status(client).isCurrent { try await migrator.migrate(client) }
            }
        }
    }
}
