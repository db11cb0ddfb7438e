import Postgres
import PrivateServer
import TestSupport
import Testing

/// The network between client and server fails: in the middle of an answer, of a COPY, or without a word.
@Suite(.timeLimit(.minutes(5))) struct WireTests {
    private func withWire(
        _ configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (WireProxy, PostgresClient) async throws -> Void
    ) async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let wire = try WireProxy(to: database.server.running.port)
            defer { wire.close() }
            var configuration = try PostgresConfiguration(database.tcpConninfo())
            configuration.port = "\(wire.port)"
            configuration.deadlines.short = .seconds(30)
            configuration.deadlines.search = .seconds(30)
            configuration.deadlines.acquire = .seconds(30)
            configure(&configuration)
            let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
            do {
                try await body(wire, client)
                await client.close()
            } catch {
                await client.close()
                throw error
            }
        }
    }

    private func works(_ database: PostgresClient) async throws {
        try await eventually("both sides work again") {
            do {
                _ = try await database.query("SELECT 1")
                _ = try await database.query("SELECT 1", lane: .search)
                return try await database.transaction { try await $0.query("SELECT 1").count } == 1
            } catch let error as PostgresError where error.retry != .never {
                return false
            }
        }
    }

    @Test(arguments: [Lane.short, .search]) func `a wire that is cut in the middle of an answer`(
        lane: Lane
    ) async throws {
        try await withWire { wire, database in
            try await works(database)
            wire.cut(afterAnswering: 100_000)
            let error = await postgresError {
                try await database.query("SELECT repeat('x', 3000000)", lane: lane)
            }
            #expect(error?.kind == .connectionLost, "\(error as Any)")
            #expect(error?.retry == .unknown)
            try await works(database)
            let rows = try await database.query("SELECT repeat('x', 3000000) AS x", lane: lane)
            #expect(try rows.first?.decode(String.self, "x").utf8.count == 3_000_000)
        }
    }

    @Test func `a wire that is cut within a transaction takes all of it back`() async throws {
        try await withWire { wire, database in
            try await database.execute("CREATE TABLE t (n int)")
            let error = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    wire.cut(afterAnswering: 100_000)
                    _ = try await transaction.query("SELECT repeat('x', 3000000)")
                }
            }
            #expect(error?.kind == .connectionLost, "\(error as Any)")
            #expect(error?.retry == .transaction)
            try await works(database)
            try await eventually("nothing was kept") {
                try await database.query("SELECT n FROM t").isEmpty
            }
        }
    }

    @Test func `a wire that is cut within a COPY, either way`() async throws {
        try await withWire { wire, database in
            try await database.execute("CREATE TABLE t (name text)")
            let row = String(repeating: "x", count: 9_999) + "\n"
            wire.cut(afterAsking: 1_000_000)
            let written = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.copyIn("COPY t FROM STDIN") { writer in
                        for _ in 0..<2_000 { try await writer.write(row) }
                    }
                }
            }
            #expect(written?.kind == .connectionLost, "\(written as Any)")
            try await works(database)
            wire.cut(afterAnswering: 1_000_000)
            let read = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.copyOut(
                        "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT"
                    ) { reader in for try await _ in reader {} }
                }
            }
            #expect(read?.kind == .connectionLost, "\(read as Any)")
            try await works(database)
            #expect(try await database.query("SELECT name FROM t").isEmpty)
        }
    }

    @Test func `a wire that swallows everything costs each caller its deadline, and nothing afterwards`()
        async throws
    {
        try await withWire({ $0.limits.lent = 1 }) { wire, database in
            try await works(database)
            wire.block()
            let callers = (0..<8).map { number in
                Task {
                    await postgresError {
                        let lane = number % 2 == 0 ? Lane.short : .search
                        return try await database.query("SELECT 1", lane: lane, deadline: .milliseconds(200))
                    }
                }
            }
            for caller in callers { #expect(await caller.value?.kind == .timeout) }
            let lent = await postgresError {
                try await database.transaction(deadline: .milliseconds(200)) {
                    try await $0.query("SELECT 1")
                }
            }
            #expect(lent?.kind == .timeout || lent?.kind == .connect, "\(lent as Any)")
            wire.unblock()
            try await works(database)
        }
    }

    @Test func `a listener behind a cut wire listens again and says that something may be missing`()
        async throws
    {
        try await withWire { wire, database in
            var gaps = 0
            for await notice in database.listen(to: ["c"]) {
                switch notice {
                case .gap:
                    gaps += 1
                    if gaps == 1 { wire.cut() } else { try await database.execute("NOTIFY c, 'back'") }
                case .notification(_, let payload):
                    #expect(payload == "back")
                    #expect(gaps == 2)
                    return
                }
            }
            Issue.record("the stream ended")
        }
    }
}
