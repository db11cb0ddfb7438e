import Postgres
import TestSupport
import Testing

@Suite struct CancellationTests {
    private func kind(of task: Task<Void, any Error>) async -> PostgresError.Kind? {
        await postgresError { try await task.value }?.kind
    }

    @Test func `a cancelled caller of the shared side leaves at once and disturbs nobody`() async throws {
        try await withDatabase { configuration in
            configuration.limits.searchLane = 1
        } _: { database in
            try await ThrowawayLock.hold(database) { waitForLock in
                let running = Task { _ = try await database.query(waitForLock, lane: .search) }
                try await eventually("it waits for the lock") {
                    try await ThrowawayLock.waiters(database) == 1
                }
                let queued = Task { _ = try await database.query("SELECT 1", lane: .search) }
                running.cancel()
                queued.cancel()
                #expect(await kind(of: running) == .cancelled)
                #expect(await kind(of: queued) == .cancelled)
                return {
                    let rows = try await database.query("SELECT 2 AS n", lane: .search)
                    #expect(rows.count == 1)
                }
            }
        }
    }

    @Test func `a cancelled statement of a transaction ends on the server`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 2
        } _: { database in
            try await ThrowawayLock.hold(database) { waitForLock in
                let task = Task { _ = try await database.transaction { try await $0.query(waitForLock) } }
                try await eventually("it waits for the lock") {
                    try await ThrowawayLock.waiters(database) == 1
                }
                task.cancel()
                #expect(await kind(of: task) == .cancelled)
                #expect(try await ThrowawayLock.waiters(database) == 0)
                return {}
            }
        }
    }

    @Test func `a statement that misses its deadline on a lent connection ends on the server`() async throws {
        try await withDatabase { database in
            try await database.transaction { transaction in
                await #expect(throws: PostgresError.self) {
                    try await transaction.savepoint {
                        let error = await postgresError {
                            try await transaction.query("SELECT pg_sleep(60)", deadline: .milliseconds(50))
                        }
                        #expect(error?.kind == .timeout)
                        throw try #require(error)
                    }
                }
                let rows = try await transaction.query("SELECT 1 AS n")
                #expect(rows.count == 1)
            }
            let whole = await postgresError {
                try await database.transaction(deadline: .milliseconds(200)) { transaction in
                    while true { _ = try await transaction.query("SELECT pg_sleep(0.02)") }
                }
            }
            #expect(whole?.kind == .timeout)
        }
    }

    /// A cancel request may arrive when the statement has already ended; it must not hit the next one.
    @Test func `a late cancel request never hits the next caller`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            for round in 0..<60 {
                let task = Task {
                    _ = try await database.transaction {
                        try await $0.query("SELECT pg_sleep(\(Double(round % 6) / 2000))")
                    }
                }
                // Cancelled at once, or when it is about to end.
                if round % 3 > 0 {
                    _ = try await database.query("SELECT pg_sleep(\(Double(round % 7) / 2000))")
                }
                task.cancel()
                let next = try await database.transaction { try await $0.query("SELECT \(round) AS n").first }
                #expect(try next?.decode(Int.self, "n") == round)
                _ = await task.result
            }
        }
    }

    @Test func `a cancelled script ends, and its transaction can be rolled back`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 2
        } _: { database in
            try await database.execute("CREATE TABLE t (n int)")
            let task = Task {
                try await database.transaction { transaction in
                    try await transaction.script("INSERT INTO t VALUES (1); SELECT pg_sleep(60)")
                }
            }
            try await eventually("it sleeps") {
                try await database.query(
                    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                ).count == 1
            }
            task.cancel()
            #expect(await kind(of: task) == .cancelled)
            #expect(try await database.query("SELECT 1 FROM t").isEmpty)
        }
    }

    @Test func `cancelling at random moments leaves every connection in order`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 3
        } _: { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let work = Task {
                            switch number % 4 {
                            case 0: _ = try await database.query("SELECT pg_sleep(0.001)")
                            case 1: _ = try await database.query("SELECT 1", lane: .search)
                            case 2:
                                _ = try await database.transaction {
                                    try await $0.query("SELECT pg_sleep(0.001)")
                                }
                            default:
                                try await database.withConnection {
                                    try await $0.script("SELECT 1; SELECT 2")
                                }
                            }
                        }
                        for _ in 0..<number % 50 { await Task.yield() }
                        if number % 2 == 0 { work.cancel() }
                        do {
                            try await work.value
                        } catch let error as PostgresError {
                            #expect(error.kind == .cancelled && number % 2 == 0, "\(error)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        try await database.transaction {
                            try await $0.query("SELECT \(number) AS n").first?.decode(Int.self, "n")
                        }
                    }
                }
                let sum = try await group.reduce(0) { $0 + ($1 ?? -1000) }
                #expect(sum == 66)
            }
        }
    }
}
