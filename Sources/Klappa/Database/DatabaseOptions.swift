import ArgumentParser
import Foundation
import Logging
import PrivateServer

/// The options that every command takes: which database to use.
///
/// ```swift
/// @OptionGroup var database: DatabaseOptions
///
/// func run() async throws {
///     try await database.withBackend { backend in
///         try await backend.withClient(for: .worker) { client in … }
///     }
/// }
/// ```
struct DatabaseOptions: ParsableArguments {
    @Option(help: "Conninfo or URI of a PostgreSQL server (DATABASE_URL).")
    var databaseURL: String?

    @Option(name: .customLong("state-dir"), help: "Directory of the private PostgreSQL (KLAPPA_STATE_DIR).")
    var stateDirectory: String?

    /// Environment and options together; an option wins, and choosing one kind of database by option discards the other.
    ///
    /// - Throws: ``SettingsError``.
    func settings(environment: [String: String] = ProcessInfo.processInfo.environment) throws(SettingsError)
        -> Settings
    {
        var environment = environment
        if let databaseURL {
            environment[SettingKey.databaseURL.name] = databaseURL
            if stateDirectory == nil { environment[SettingKey.stateDirectory.name] = nil }
        }
        if let stateDirectory {
            environment[SettingKey.stateDirectory.name] = stateDirectory
            if databaseURL == nil { environment[SettingKey.databaseURL.name] = nil }
        }
        return try Settings(environment: environment)
    }

    /// Runs `body` with the database: the given one, or the private one, which is started if it does not run.
    ///
    /// - Parameters:
    ///   - settings: read from environment and options when nil.
    ///   - use: whether this is the one `serve` or any other command.
    ///   - preparation: what is done about pending migrations first.
    ///   - logger: says what is being waited for; plain sentences on the standard error when nil.
    func withBackend<Result>(
        _ settings: Settings? = nil,
        as use: PrivateServer.Use = .command,
        preparation: Backend.Preparation = .usual,
        logger: Logger? = nil,
        _ body: (Backend) async throws -> Result
    ) async throws -> Result {
        let settings = try settings ?? self.settings()
        let logger = logger ?? Logs.command(level: max(settings.logLevel, .notice))
        guard settings.databaseURL == nil else {
            let backend = Backend(settings: settings, lease: nil, logger: logger)
            try await backend.prepare(preparation)
            return try await body(backend)
        }
        let server = try Backend.privateServer(settings, logger: logger)
        return try await server.withServer(as: use) { lease in
            let backend = Backend(settings: settings, lease: lease, server: server, logger: logger)
            try await backend.prepare(preparation)
            return try await body(backend)
        }
    }
}
