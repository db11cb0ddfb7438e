import Postgres
import TestSupport
import Testing

@Suite struct PoolTests {
    @Test func `a thousand callers share two connections, some leave, none is lost`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 2
            configuration.limits.waitingForLent = 1_000
            configuration.deadlines.acquire = .seconds(60)
        } _: { database in
            try await database.execute("CREATE TABLE served (n int)")
            let tasks = (0..<1_000).map { number in
                Task {
                    _ = try await database.transaction {
                        try await $0.execute("INSERT INTO served VALUES (\(number)::int)")
                    }
                }
            }
            for (number, task) in tasks.enumerated() where number % 7 == 0 { task.cancel() }
            var served = 0
            for task in tasks {
                do {
                    try await task.value
                    served += 1
                } catch let error as PostgresError {
                    #expect(error.kind == .cancelled, "\(error)")
                }
            }
            #expect(served >= 1_000 - 143)
            #expect(try await database.query("SELECT n FROM served").count == served)
            // Both connections are free again.
            try await database.transaction { _ in
                try await database.transaction { try await $0.query("SELECT 1") }
            }
        }
    }

    @Test func `at the cap a caller is refused at once`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
            configuration.limits.waitingForLent = 3
            configuration.deadlines.acquire = .seconds(60)
        } _: { database in
            let refused = try await database.transaction { _ in
                let tasks = (0..<10).map { _ in Task { _ = try await database.transaction { _ in } } }
                return tasks
            }
            var kinds: [PostgresError.Kind?] = []
            for task in refused {
                do {
                    try await task.value
                    kinds.append(nil)
                } catch let error as PostgresError {
                    kinds.append(error.kind)
                }
            }
            #expect(kinds.allSatisfy { $0 == nil || $0 == .pool })
            // While the one connection is held, three may wait and the rest hear "no".
            try await database.transaction { _ in
                let waiting = (0..<3).map { _ in Task { _ = try await database.transaction { _ in } } }
                var refusals = 0
                while refusals < 5 {
                    let probe = Task {
                        _ = try await database.transaction(deadline: .milliseconds(100)) { _ in }
                    }
                    do {
                        try await probe.value
                        Issue.record("there was no connection to lend")
                    } catch let error as PostgresError where error.kind == .pool {
                        #expect(error.retry == .connection)
                        refusals += 1
                    } catch let error as PostgresError {
                        // It came before the three.
                        #expect(error.kind == .timeout)
                    }
                }
                for task in waiting { task.cancel() }
                for task in waiting { _ = await task.result }
            }
        }
    }

    @Test func `who waits too long is told so`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
            configuration.deadlines.acquire = .seconds(60)
        } _: { database in
            try await database.transaction { _ in
                let error = await postgresError {
                    try await database.transaction(deadline: .milliseconds(50)) { _ in }
                }
                #expect(error?.kind == .timeout)
                #expect(error?.retry == .connection)
            }
            try await database.transaction { _ in }
        }
    }

    @Test func `closing fails who waits`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
            configuration.deadlines.acquire = .seconds(60)
        } _: { database in
            try await database.transaction { transaction in
                let waiting = Task { _ = try await database.transaction { _ in } }
                let service = Task { await database.run() }
                service.cancel()
                await service.value
                #expect(await postgresError { try await waiting.value }?.kind == .closed)
                // What was lent is still the closure's.
                let rows = try await transaction.query("SELECT 1")
                #expect(rows.count == 1)
            }
        }
    }

    @Test func `an old connection is replaced`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
            configuration.deadlines.lifetime = .zero
        } _: { database in
            let process: SQL = "SELECT pg_backend_pid() AS p"
            let first = try await database.transaction {
                try await $0.query(process).first?.decode(Int.self, "p")
            }
            let second = try await database.transaction {
                try await $0.query(process).first?.decode(Int.self, "p")
            }
            #expect(first != second)
        }
    }
}
