import Glibc
import Postgres
import PrivateServer
import TestSupport
import Testing

/// pgbouncer in transaction mode: every transaction may run on another connection of the server's.
private let pooler = "/usr/sbin/pgbouncer"

@Suite(
    .enabled(
        if: access(pooler, X_OK) == 0,
        "pgbouncer is not installed; deploy/install --test installs it"
    ),
    .timeLimit(.minutes(5))
)
struct PoolerTests {
    /// Lends a client behind a pooler that has two connections to an empty database.
    private func withPooler(
        _ configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Void
    ) async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let directory = TestServer.temporaryDirectory()
            let file = directory + "/pgbouncer.ini"
            defer {
                unlink(file)
                rmdir(directory)
            }
            let port = TestServer.freePort()
            let server = "host=127.0.0.1 port=\(database.server.running.port) dbname=\(database.name)"
            let text = """
                [databases]
                app = \(server) user=postgres password=\(TestServer.password)
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = \(port)
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 2

                """
            let output = try #require(fopen(file, "we"))
            fputs(text, output)
            fclose(output)
            chmod(file, 0o644)
            // It refuses to be root.
            let user = geteuid() == 0 ? ["-u", "postgres"] : []
            let process = try ChildProcess(pooler, user + [file])
            defer { process.signal(SIGKILL) }
            var configuration = try PostgresConfiguration(
                "host=127.0.0.1 port=\(port) dbname=app user=anybody sslmode=disable"
            )
            configuration.transactionPooling = true
            configuration.deadlines.short = .seconds(30)
            configuration.deadlines.search = .seconds(30)
            configuration.deadlines.acquire = .seconds(30)
            configure(&configuration)
            let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
            do {
                // Callers wait for a server that is only starting, but not longer than their deadline.
                _ = try await client.query("SELECT 1", lane: .search)
                try await body(client)
                await client.close()
            } catch {
                await client.close()
                throw error
            }
        }
    }

    @Test func `many callers, whose statements are the same, share its connections`() async throws {
        try await withPooler { database in
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let sql: SQL = "SELECT \(number)::int AS n"
                        switch number % 3 {
                        case 0: return try await database.query(sql).first?.decode(Int.self, "n")
                        case 1:
                            return try await database.query(sql, lane: .search).first?.decode(Int.self, "n")
                        default:
                            return try await database.transaction {
                                try await $0.query(sql).first?.decode(Int.self, "n")
                            }
                        }
                    }
                }
                let sum = try await group.reduce(0) { $0 + ($1 ?? -100_000) }
                #expect(sum == 299 * 150)
            }
        }
    }

    @Test func `settings travel with each statement and reach nobody else`() async throws {
        try await withPooler({ $0.sessionSettings = ["test.all": "everyone"] }) { database in
            let sql: SQL = """
                SELECT current_setting('test.all', true) AS "all", nullif(current_setting('test.one', true), '') AS one
                """
            for number in 0..<20 {
                let row = try #require(
                    try await database.query(sql, settings: [("test.one", "caller \(number)")]).first
                )
                #expect(try row.decode(String?.self, "all") == "everyone")
                #expect(try row.decode(String?.self, "one") == "caller \(number)")
                let next = try #require(try await database.query(sql).first)
                #expect(try next.decode(String?.self, "one") == nil)
                let lent = try await database.transaction(settings: [("test.one", "lent")]) {
                    try await $0.query(sql).first
                }
                #expect(try lent?.decode(String?.self, "all") == "everyone")
                #expect(try lent?.decode(String?.self, "one") == "lent")
            }
        }
    }

    @Test func `deadlines and cancelling work through it`() async throws {
        try await withPooler { database in
            let shared = await postgresError {
                try await database.query("SELECT pg_sleep(60)", lane: .search, deadline: .milliseconds(100))
            }
            #expect(shared?.kind == .timeout)
            let lent = await postgresError {
                try await database.transaction {
                    try await $0.query("SELECT pg_sleep(60)", deadline: .milliseconds(100))
                }
            }
            #expect(lent?.kind == .timeout)
            #expect(lent?.sqlState == .queryCanceled, "the server was asked to end it")
            try await eventually("nobody sleeps any more") {
                try await database.query(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                ).isEmpty
            }
        }
    }

    @Test func `transactions, savepoints, scripts and COPY work through it`() async throws {
        try await withPooler { database in
            try await database.execute("CREATE TABLE t (n int)")
            let count = try await database.transaction { transaction in
                try await transaction.script("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
                _ = await postgresError {
                    try await transaction.savepoint {
                        try await transaction.execute("INSERT INTO t VALUES (3)")
                        try await transaction.execute("SELECT 1 / 0")
                    }
                }
                return try await transaction.copyIn("COPY t FROM STDIN") { writer in
                    for number in 10..<5_010 { try await writer.write("\(number)\n") }
                }
            }
            #expect(count == 5_000)
            let lines = try await database.transaction { transaction in
                try await transaction.copyOut("COPY t TO STDOUT") { reader in
                    var lines = 0
                    for try await rows in reader { lines += rows.count { $0 == UInt8(ascii: "\n") } }
                    return lines
                }
            }
            #expect(lines == 5_002)
            _ = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.execute("DELETE FROM t")
                    try await transaction.execute("SELECT 1 / 0")
                }
            }
            #expect(try await database.query("SELECT n FROM t").count == 5_002)
        }
    }

    /// With named statements the second use would already meet a connection that has never heard of them.
    @Test func `nothing is prepared by name`() async throws {
        try await withPooler { database in
            for number in 0..<40 {
                let row = try await database.query(
                    "SELECT \(number)::int AS n, count(*) AS c FROM pg_prepared_statements WHERE name <> ''"
                ).first
                #expect(try row?.decode(Int.self, "c") == 0)
            }
        }
    }
}
