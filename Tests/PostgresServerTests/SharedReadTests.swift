import Postgres
import TestSupport
import Testing

/// Statements that only read travel together up to one Sync; each caller must notice nothing of the others.
@Suite struct SharedReadTests {
    /// Answers by the number asked for: `SELECT 100 / n` fails for 0, and is prepared after its second use.
    private func quotient(of number: Int, _ database: PostgresClient) async throws(PostgresError) -> Int? {
        let rows = try await database.query("SELECT 1000 / \(number) AS q", onlyReads: true)
        return try rows.first?.decode(Int.self, "q")
    }

    @Test func `callers that come together share a transaction, each with its own answer`() async throws {
        try await withDatabase { database in
            let moments = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 1...1000 {
                    group.addTask {
                        let rows = try await database.query(
                            "SELECT \(number) AS n, transaction_timestamp()::text AS at",
                            onlyReads: true
                        )
                        let row = try #require(rows.first)
                        let answered = try row.decode(Int.self, "n")
                        #expect(answered == number)
                        return (answered, try row.decode(String.self, "at"))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(moments.map(\.0)) == Set(1...1000))
            let shared = Dictionary(grouping: moments, by: \.1).values.filter { $0.count > 1 }
            #expect(!shared.isEmpty, "a thousand at once must have met on the wire")
        }
    }

    @Test func `a failing one hurts only its caller`() async throws {
        try await withDatabase { database in
            let wrong = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<2000 {
                    group.addTask {
                        let divisor = number % 7
                        do throws(PostgresError) {
                            let answer = try await quotient(of: divisor, database)
                            return divisor == 0 || answer != 1000 / divisor
                        } catch {
                            return divisor != 0 || error.sqlState != "22012"
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wrong == 0)
        }
    }

    @Test func `a slow one costs only its caller the answer`() async throws {
        try await withDatabase {
            $0.deadlines.short = .milliseconds(600)
        } _: { database in
            for _ in 0..<3 { _ = try await sleep(0, 0, database) }
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        do throws(PostgresError) {
                            return (number, try await sleep(number == 5 ? 5 : 0, number, database) == number)
                        } catch {
                            return (number, false)
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes[5] == false)
            // What came with the slow one waited for it and may have run out of time; what came later must not.
            #expect(try await sleep(0, 77, database) == 77)
        }
    }

    private func sleep(_ seconds: Double, _ number: Int, _ database: PostgresClient)
        async throws(PostgresError)
        -> Int?
    {
        let rows = try await database.query(
            "SELECT \(number) AS n FROM pg_sleep(\(seconds))",
            onlyReads: true
        )
        return try rows.first?.decode(Int.self, "n")
    }

    @Test func `a change of the table under prepared statements is survived`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE changed (n int PRIMARY KEY, t text)")
            try await database.execute("INSERT INTO changed SELECT n, 'x' FROM generate_series(1, 50) AS n")
            for round in 0..<4 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...50 {
                        group.addTask {
                            let rows = try await database.query(
                                "SELECT * FROM changed WHERE n = \(number)",
                                onlyReads: true
                            )
                            let row = try #require(rows.first)
                            #expect(try row.decode(Int.self, "n") == number)
                        }
                    }
                    try await group.waitForAll()
                }
                try await database.execute(
                    SQL(unsafe: "ALTER TABLE changed ADD COLUMN c\(round) int DEFAULT 7")
                )
            }
        }
    }
}
