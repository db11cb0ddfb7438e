import Logging
import Postgres
import TestSupport
import Testing

/// Lends a client of an empty database.
func withDatabase<T>(
    _ configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> T
) async throws -> T {
    try await ThrowawayDatabase.with(.empty) { database in
        try await database.withClient(configure: configure, body)
    }
}

/// Lends a client of a server that the test may stop, kill and freeze.
func withServer<T>(
    _ options: TestServer.Options = TestServer.Options(),
    configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (TestServer, PostgresClient) async throws -> T
) async throws -> T {
    try await TestServer.withOwn(options) { server in
        var configuration = try PostgresConfiguration(server.conninfo())
        configure(&configuration)
        let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
        do {
            let result = try await body(server, client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

/// The error that the call throws; an issue when it throws none or another.
func postgresError<T>(_ body: () async throws -> T) async -> PostgresError? {
    do {
        _ = try await body()
        Issue.record("it succeeded")
        return nil
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record("unexpected error \(error)")
        return nil
    }
}
