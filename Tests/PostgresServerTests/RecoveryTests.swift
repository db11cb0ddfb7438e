import Postgres
import TestSupport
import Testing

/// The server goes away in every way it can, at every stage; the client tells the truth and recovers by itself.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RecoveryTests {
    private func works(_ database: PostgresClient) async throws {
        #expect(try await database.query("SELECT 1 AS n").count == 1)
        #expect(try await database.query("SELECT 1 AS n", lane: .search).count == 1)
        #expect(try await database.transaction { try await $0.query("SELECT 1 AS n") }.count == 1)
    }

    /// A caller may still meet a connection that is being closed; what it is told then allows to try again.
    private func worksSoon(_ database: PostgresClient) async throws {
        try await eventually("both sides work again") {
            do {
                try await works(database)
                return true
            } catch let error as PostgresError where error.retry != .never {
                return false
            }
        }
    }

    private static func patient(_ configuration: inout PostgresConfiguration) {
        configuration.deadlines.short = .seconds(30)
        configuration.deadlines.search = .seconds(30)
        configuration.deadlines.acquire = .seconds(30)
    }

    @Test func `idle connections survive a restart, a crash and an administrator`() async throws {
        try await withServer(configure: Self.patient) { server, database in
            try await works(database)
            try await server.restart()
            try await works(database)
            server.kill()
            try await server.start()
            try await works(database)
            try await server.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            try await worksSoon(database)
        }
    }

    @Test func `callers that come while the server is away wait for it`() async throws {
        try await withServer(configure: Self.patient) { server, database in
            try await works(database)
            await server.stop()
            let waiting = (0..<20).map { number in
                Task { try await database.query("SELECT \(number) AS n").first?.decode(Int.self, "n") }
            }
            let lent = Task { try await database.transaction { try await $0.query("SELECT 1 AS n").count } }
            try await server.start()
            for (number, task) in waiting.enumerated() { #expect(try await task.value == number) }
            #expect(try await lent.value == 1)
        }
    }

    @Test func `callers learn why the server cannot be reached`() async throws {
        try await withServer { server, database in
            await server.stop()
            let error = await postgresError {
                try await database.query("SELECT 1", deadline: .milliseconds(400))
            }
            #expect(error?.kind == .connect)
            #expect(error?.retry == .connection)
            let lent = await postgresError {
                try await database.transaction(deadline: .milliseconds(400)) { _ in }
            }
            #expect(lent?.kind == .connect)
            try await server.start()
        }
    }

    @Test func `work under way when the server crashes is told apart by what may be tried again`()
        async throws
    {
        try await withServer(configure: Self.patient) { server, database in
            let shared = Task { try await database.query("SELECT pg_sleep(60)", lane: .search) }
            let lent = Task { try await database.transaction { try await $0.query("SELECT pg_sleep(60)") } }
            let script = Task {
                try await database.withConnection { try await $0.script("SELECT pg_sleep(60)") }
            }
            try await eventually("three statements sleep") {
                try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                    .hasPrefix("3")
            }
            server.kill()
            let first = await postgresError { try await shared.value }
            #expect(first?.retry == .unknown || first?.retry == .transaction, "\(first as Any)")
            let second = await postgresError { try await lent.value }
            #expect(second?.retry == .transaction, "\(second as Any)")
            let third = await postgresError { try await script.value }
            #expect(third != nil)
            try await server.start()
            try await works(database)
        }
    }

    @Test func `a COPY under way when the server is stopped fails, and the next one works`() async throws {
        try await withServer(configure: Self.patient) { server, database in
            try await database.execute("CREATE TABLE t (name text)")
            let row = String(repeating: "x", count: 10_000) + "\n"
            let error = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.copyIn("COPY t FROM STDIN") { writer in
                        for number in 0..<2_000 {
                            try await writer.write(row)
                            if number == 100 { await server.stop() }
                        }
                    }
                }
            }
            #expect(error?.kind == .connectionLost || error?.sqlState == .adminShutdown, "\(error as Any)")
            try await server.start()
            let count = try await database.transaction {
                try await $0.copyIn("COPY t FROM STDIN") { try await $0.write("x\n") }
            }
            #expect(count == 1)
            #expect(try await database.query("SELECT 1 FROM t").count == 1)
        }
    }

    @Test func `a frozen server costs each caller its deadline, and nothing when it goes on`() async throws {
        try await withServer(configure: Self.patient) { server, database in
            try await works(database)
            server.suspend()
            let shared = await postgresError {
                try await database.query("SELECT 1", deadline: .milliseconds(100))
            }
            #expect(shared?.kind == .timeout)
            let lent = await postgresError {
                try await database.transaction(deadline: .milliseconds(100)) {
                    try await $0.query("SELECT 1")
                }
            }
            #expect(lent?.kind == .timeout || lent?.kind == .connect, "\(lent as Any)")
            server.resume()
            try await works(database)
        }
    }

    @Test func `a frozen server in a transaction gives the connection up, not the pool`() async throws {
        try await withServer(configure: { configuration in
            Self.patient(&configuration)
            configuration.limits.lent = 1
        }) { server, database in
            let error = await postgresError {
                try await database.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    server.suspend()
                    _ = try await transaction.query("SELECT 2", deadline: .milliseconds(100))
                }
            }
            #expect(error?.kind == .timeout)
            server.resume()
            try await works(database)
        }
    }

    @Test func `a server that only reads any more is left, and taken again when it writes`() async throws {
        try await withServer(configure: { configuration in
            Self.patient(&configuration)
            configuration.options["target_session_attrs"] = "read-write"
        }) { server, database in
            try await database.execute("CREATE TABLE t (n int)")
            _ = try await database.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
            try await server.sql("ALTER SYSTEM SET default_transaction_read_only = on")
            try await server.sql("SELECT pg_reload_conf()")
            try await eventually("writing is refused") {
                do {
                    try await database.execute("INSERT INTO t VALUES (2)", deadline: .seconds(1))
                    return false
                } catch let error as PostgresError {
                    #expect(error.sqlState == .readOnlySQLTransaction || error.kind == .connect, "\(error)")
                    return true
                }
            }
            try await server.sql(
                "SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only"
            )
            try await server.sql("SELECT pg_reload_conf()")
            try await eventually("both sides write again") {
                do {
                    try await database.execute("INSERT INTO t VALUES (3)")
                    _ = try await database.transaction { try await $0.execute("INSERT INTO t VALUES (3)") }
                    return true
                } catch let error as PostgresError {
                    #expect(error.sqlState == .readOnlySQLTransaction || error.kind == .connect, "\(error)")
                    return false
                }
            }
        }
    }

    @Test func `no acknowledged write is lost in a crash under load`() async throws {
        try await withServer(configure: { configuration in
            configuration.deadlines.short = .seconds(2)
            configuration.deadlines.acquire = .seconds(2)
        }) { server, database in
            try await database.execute("CREATE TABLE acknowledged (n int PRIMARY KEY)")
            let acknowledged = await withTaskGroup(of: Set<Int>.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var done: Set<Int> = []
                        for number in 0..<100_000 {
                            let value = worker * 1_000_000 + number
                            let sql: SQL = "INSERT INTO acknowledged VALUES (\(value)::int)"
                            do {
                                if worker % 2 == 0 {
                                    try await database.execute(sql)
                                } else {
                                    try await database.transaction { try await $0.execute(sql) }
                                }
                                done.insert(value)
                            } catch {
                                return done
                            }
                        }
                        return done
                    }
                }
                group.addTask {
                    try? await eventually("a few hundred writes") {
                        try await server.sql("SELECT count(*) > 300 FROM acknowledged").hasPrefix("t")
                    }
                    server.kill()
                    return []
                }
                return await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
            }
            try await server.start()
            let kept = Set(
                try await database.query("SELECT n FROM acknowledged").map { try $0.decode(Int.self, "n") }
            )
            let missing = acknowledged.subtracting(kept)
            #expect(missing.isEmpty)
            #expect(kept.count > 300)
        }
    }
}
