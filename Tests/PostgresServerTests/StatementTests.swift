import Postgres
import TestSupport
import Testing

@Suite struct StatementTests {
    @Test func `a changed table under a prepared statement goes unnoticed`() async throws {
        try await withDatabase { configuration in
            configuration.limits.shortLane = 1
        } _: { database in
            try await database.execute("CREATE TABLE t (a int, b text)")
            try await database.execute("INSERT INTO t VALUES (1, 'x')")
            for _ in 0..<3 { _ = try await database.query("SELECT * FROM t") }
            try await database.execute("ALTER TABLE t ADD COLUMN c date DEFAULT '2027-03-01'")
            #expect(try await database.query("SELECT * FROM t").columnNames == ["a", "b", "c"])
            try await database.execute("ALTER TABLE t ALTER COLUMN a TYPE bigint")
            for _ in 0..<3 {
                #expect(try await database.query("SELECT * FROM t").first?.decode(Int.self, "a") == 1)
            }
            try await database.execute("DROP TABLE t")
            try await database.execute("CREATE TABLE t (z int)")
            #expect(try await database.query("SELECT * FROM t").columnNames == ["z"])
        }
    }

    @Test func `many callers meet a changed table at once`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t AS SELECT 1 AS a")
            for round in 0..<5 {
                for _ in 0..<3 { _ = try await database.query("SELECT * FROM t") }
                try await database.execute("ALTER TABLE t ADD COLUMN \(identifier: "c\(round)") int")
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<100 {
                        group.addTask { try await database.query("SELECT * FROM t").columnNames.count }
                    }
                    let allRight = try await group.allSatisfy { $0 == round + 2 }
                    #expect(allRight)
                }
            }
        }
    }

    @Test func `inside a transaction a stale statement asks for the transaction to be run again`()
        async throws
    {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            try await database.execute("CREATE TABLE t (a int)")
            for _ in 0..<3 { _ = try await database.transaction { try await $0.query("SELECT * FROM t") } }
            try await database.execute("ALTER TABLE t ADD COLUMN b int")
            let error = await postgresError {
                try await database.transaction { try await $0.query("SELECT * FROM t") }
            }
            #expect(error?.retry == .transaction)
            #expect(
                try await database.transaction { try await $0.query("SELECT * FROM t").columnNames.count }
                    == 2
            )
        }
    }

    @Test func `statements that the server forgot are prepared anew`() async throws {
        try await withDatabase { database in
            try await database.withConnection { connection in
                for _ in 0..<3 { _ = try await connection.query("SELECT 7 AS n") }
                try await connection.script("DEALLOCATE ALL")
                #expect(try await connection.query("SELECT 7 AS n").first?.decode(Int.self, "n") == 7)
            }
        }
    }

    @Test func `no more statements are kept than configured`() async throws {
        try await withDatabase { configuration in
            configuration.limits.preparedStatements = 5
        } _: { database in
            try await database.withConnection { connection in
                for number in 0..<20 {
                    for _ in 0..<2 { _ = try await connection.query(SQL(unsafe: "SELECT \(number) AS n")) }
                }
                let kept = try await connection.query("SELECT name FROM pg_prepared_statements")
                #expect(kept.count <= 6)
                #expect(kept.count >= 4)
            }
        }
    }

    @Test func `a statement that cannot be prepared fails each time for its own reason`() async throws {
        try await withDatabase { database in
            for _ in 0..<4 {
                #expect(
                    await postgresError { try await database.query("SELECT * FROM t") }?.sqlState
                        == .undefinedTable
                )
            }
            try await database.execute("CREATE TABLE t (a int)")
            #expect(try await database.query("SELECT * FROM t").isEmpty)
        }
    }

    @Test func `for a pooler nothing is prepared by name and settings travel along`() async throws {
        try await withDatabase { configuration in
            configuration.transactionPooling = true
            configuration.sessionSettings = ["test.reader": "kim"]
            configuration.limits.lent = 1
            configuration.limits.shortLane = 1
        } _: { database in
            for number in 0..<4 {
                let row = try await database.query(
                    "SELECT \(number) AS n, current_setting('test.reader') AS r"
                ).first
                #expect(try row?.decode(Int.self, "n") == number)
                #expect(try row?.decode(String.self, "r") == "kim")
            }
            #expect(try await database.query("SELECT 1 FROM pg_prepared_statements").isEmpty)
            try await database.transaction { transaction in
                let row = try await transaction.query("SELECT current_setting('test.reader') AS r").first
                #expect(try row?.decode(String.self, "r") == "kim")
                #expect(try await transaction.query("SELECT 1 FROM pg_prepared_statements").isEmpty)
            }
        }
    }
}
