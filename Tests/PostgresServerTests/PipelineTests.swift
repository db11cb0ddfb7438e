import Postgres
import TestSupport
import Testing

/// The shared side: many callers, few connections.
@Suite struct PipelineTests {
    @Test func `every one of many callers gets the answer to its own question`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<2_000 {
                    group.addTask {
                        let lane: Lane = number % 5 == 0 ? .search : .short
                        let rows = try await database.query(
                            "SELECT \(number) AS n, \("v\(number)") AS t",
                            lane: lane
                        )
                        let row = try #require(rows.first)
                        return try row.decode(Int.self, "n") == number
                            && row.decode(String.self, "t") == "v\(number)"
                    }
                }
                let allRight = try await group.allSatisfy { $0 }
                #expect(allRight)
            }
        }
    }

    @Test func `a failing statement hurts only its caller`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE kept (n int PRIMARY KEY)")
            let failures = await withTaskGroup(of: Int.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        do throws(PostgresError) {
                            if number % 3 == 0 {
                                try await database.execute("INSERT INTO kept SELECT 1 / \(0)")
                            } else if number % 3 == 1 {
                                try await database.execute("INSERT INTO nowhere VALUES (1)")
                            } else {
                                try await database.execute("INSERT INTO kept VALUES (\(number)::int)")
                            }
                            return 0
                        } catch {
                            return error.kind == .server ? 1 : 1_000_000
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(failures == 400)
            #expect(
                try await database.query("SELECT count(*) AS n FROM kept").first?.decode(Int.self, "n") == 200
            )
        }
    }

    @Test func `settings reach their own statement and no other`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        let settings = number % 2 == 0 ? [("test.reader", "r\(number)")] : []
                        let rows = try await database.query(
                            "SELECT coalesce(current_setting('test.reader', true), '') AS reader",
                            settings: settings
                        )
                        return try rows.first?.decode(String.self, "reader")
                            == (number % 2 == 0 ? "r\(number)" : "")
                    }
                }
                let allRight = try await group.allSatisfy { $0 }
                #expect(allRight)
            }
        }
    }

    @Test func `a write with settings is one transaction, committed by itself`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE noted (reader text)")
            try await database.execute(
                "INSERT INTO noted SELECT current_setting('test.reader')",
                settings: [("test.reader", "kim")]
            )
            let error = await postgresError {
                try await database.execute(
                    "INSERT INTO noted VALUES ('x')",
                    settings: [("no such setting", "1")]
                )
            }
            #expect(error?.kind == .server)
            #expect(
                try await database.query("SELECT reader FROM noted").map {
                    try $0.decode(String.self, "reader")
                } == ["kim"]
            )
        }
    }

    @Test func `a constraint that is checked at the commit is reported`() async throws {
        try await withDatabase { database in
            try await database.execute(
                "CREATE TABLE late (n int CONSTRAINT late_n UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
            let error = await postgresError { try await database.execute("INSERT INTO late VALUES (1), (1)") }
            #expect(error?.constraint == "late_n")
            #expect(try await database.query("SELECT 1 FROM late").isEmpty)
        }
    }

    /// Waiting only to write, while the server waits for its answers to be taken, would stand still for ever.
    @Test func `large questions with large answers do not stand still`() async throws {
        try await withDatabase { configuration in
            configuration.limits.shortLane = 1
            // It takes seconds, with the thread sanitizer a minute.
            configuration.deadlines.short = .seconds(300)
        } _: { database in
            let question = String(repeating: "q", count: 20_000)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<500 {
                    group.addTask {
                        let rows = try await database.query("SELECT repeat(\(question), 10) AS answer")
                        return try rows.first?.bytes("answer").count == 200_000
                    }
                }
                let allRight = try await group.allSatisfy { $0 }
                #expect(allRight)
            }
        }
    }

    @Test func `a search that lasts does not hold up short statements`() async throws {
        try await withDatabase { configuration in
            configuration.limits.searchLane = 1
        } _: { database in
            try await ThrowawayLock.hold(database) { waitForLock in
                // Held up by the lock for as long as the closure runs.
                let search = Task { _ = try await database.query(waitForLock, lane: .search) }
                for number in 0..<50 {
                    let row = try await database.query("SELECT \(number) AS n").first
                    #expect(try row?.decode(Int.self, "n") == number)
                }
                return { try await search.value }
            }
        }
    }

    @Test func `a statement that does not end in time is stopped, and the connection goes on`() async throws {
        try await withDatabase { configuration in
            configuration.limits.shortLane = 1
        } _: { database in
            let process = try await database.query("SELECT pg_backend_pid() AS p").first?.decode(
                Int.self,
                "p"
            )
            let error = await postgresError {
                try await database.query("SELECT pg_sleep(60)", deadline: .milliseconds(50))
            }
            #expect(error?.kind == .timeout)
            // Its own server process has stopped it: the same connection answers again.
            #expect(
                try await database.query("SELECT pg_backend_pid() AS p").first?.decode(Int.self, "p")
                    == process
            )
            #expect(
                try await database.query(
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sl' || 'eep(60)%' AND state = 'active'"
                )
                .isEmpty
            )
        }
    }

    @Test func `one caller too many is refused at once`() async throws {
        try await withDatabase { configuration in
            configuration.limits.waitingInLane = 10
            configuration.limits.searchLane = 1
        } _: { database in
            try await ThrowawayLock.hold(database) { waitForLock in
                let waiting = (0..<10).map { _ in
                    Task { try await database.query(waitForLock, lane: .search) }
                }
                try await eventually("one of them waits for the lock") {
                    try await ThrowawayLock.waiters(database) == 1
                }
                // The tenth may come after the eleventh, but eleven do not fit.
                var refused = 0
                while refused == 0 {
                    let error = await postgresError {
                        try await database.query(waitForLock, lane: .search, deadline: .milliseconds(200))
                    }
                    if error?.kind == .pool { refused += 1 }
                }
                #expect(refused == 1)
                return { for task in waiting { _ = try await task.value } }
            }
        }
    }
}

/// Holds up a statement for as long as a closure runs.
enum ThrowawayLock {
    /// Takes an advisory lock and lends a statement that waits for it. What the closure returns runs when the lock has
    /// been given up.
    static func hold(
        _ database: PostgresClient,
        _ body: (SQL) async throws -> () async throws -> Void
    ) async throws {
        let key = Int.random(in: 0..<1_000_000)
        let after = try await database.withConnection { connection in
            _ = try await connection.query("SELECT pg_advisory_lock(\(key))")
            return try await body("SELECT pg_advisory_xact_lock(\(key))")
        }
        try await after()
    }

    /// How many statements wait for a lock in this database.
    static func waiters(_ database: PostgresClient) async throws -> Int {
        let sql: SQL = """
            SELECT count(*) AS n FROM pg_locks WHERE NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        return try await database.query(sql).first?.decode(Int.self, "n") ?? 0
    }
}
