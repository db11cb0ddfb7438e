import Postgres
import TestSupport
import Testing

@Suite struct TransactionTests {
    private struct Refusal: Error {}

    private func count(_ database: PostgresClient) async throws -> Int? {
        try await database.query("SELECT count(*) AS n FROM t").first?.decode(Int.self, "n")
    }

    @Test func `what returns is kept, what throws is not`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            try await database.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
            await #expect(throws: Refusal.self) {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (2)")
                    throw Refusal()
                }
            }
            #expect(try await count(database) == 1)
        }
    }

    @Test func `a savepoint takes back its own work only, however deep`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int PRIMARY KEY)")
            try await database.transaction { transaction in
                try await transaction.execute("INSERT INTO t VALUES (1)")
                try await transaction.savepoint {
                    try await transaction.execute("INSERT INTO t VALUES (2)")
                    await #expect(throws: PostgresError.self) {
                        try await transaction.savepoint {
                            try await transaction.execute("INSERT INTO t VALUES (3)")
                            try await transaction.execute("INSERT INTO t VALUES (1)")
                        }
                    }
                    try await transaction.execute("INSERT INTO t VALUES (4)")
                }
                await #expect(throws: Refusal.self) {
                    try await transaction.savepoint {
                        try await transaction.execute("INSERT INTO t VALUES (5)")
                        throw Refusal()
                    }
                }
            }
            let kept = try await database.query("SELECT n FROM t ORDER BY n").map {
                try $0.decode(Int.self, "n")
            }
            #expect(kept == [1, 2, 4])
        }
    }

    @Test func `COMMIT that is answered by ROLLBACK is an error`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            let error = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    _ = await postgresError { try await transaction.query("SELECT 1 / 0") }
                }
            }
            #expect(error?.kind == .rolledBack)
            #expect(try await count(database) == 0)
            let after = await postgresError {
                try await database.transaction { transaction in
                    _ = await postgresError { try await transaction.query("SELECT 1 / 0") }
                    _ = try await transaction.query("SELECT 1")
                }
            }
            #expect(after?.sqlState == .inFailedSQLTransaction)
        }
    }

    @Test func `options and settings are as asked for, and gone afterwards`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            let options = TransactionOptions(isolation: .serializable, access: .readOnly, deferrable: true)
            try await database.transaction(options, settings: [("test.reader", "kim")]) { transaction in
                let row = try #require(
                    try await transaction.query(
                        """
                        SELECT current_setting('transaction_isolation') AS a, current_setting('transaction_read_only') AS b,
                        current_setting('transaction_deferrable') AS c, current_setting('test.reader') AS d
                        """
                    ).first
                )
                #expect(try row.decode(String.self, "a") == "serializable")
                #expect(try row.decode(String.self, "b") == "on")
                #expect(try row.decode(String.self, "c") == "on")
                #expect(try row.decode(String.self, "d") == "kim")
            }
            try await database.transaction { transaction in
                let reader = try await transaction.query("SELECT current_setting('test.reader', true) AS r")
                    .first
                #expect(try reader?.decode(String?.self, "r") ?? "" == "")
            }
        }
    }

    @Test func `a read-only transaction that writes fails, and its connection stays`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            let process: SQL = "SELECT pg_backend_pid() AS p"
            let first = try await database.transaction {
                try await $0.query(process).first?.decode(Int.self, "p")
            }
            let error = await postgresError {
                try await database.transaction(.init(access: .readOnly)) {
                    try await $0.execute("CREATE TABLE x ()")
                }
            }
            #expect(error?.sqlState == .readOnlySQLTransaction)
            let second = try await database.transaction {
                try await $0.query(process).first?.decode(Int.self, "p")
            }
            #expect(first == second)
        }
    }

    @Test func `transactions that cannot be put in an order may be run again`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            let error = await postgresError {
                try await database.transaction(.init(isolation: .serializable)) { first in
                    _ = try await first.query("SELECT sum(n) AS s FROM t")
                    try await database.transaction(.init(isolation: .serializable)) { second in
                        _ = try await second.query("SELECT sum(n) AS s FROM t")
                        try await second.execute("INSERT INTO t VALUES (1)")
                    }
                    try await first.execute("INSERT INTO t VALUES (2)")
                }
            }
            #expect(error?.sqlState == .serializationFailure)
            #expect(error?.retry == .transaction)
        }
    }

    @Test func `nothing lent works after its closure`() async throws {
        try await withDatabase { database in
            let escaped = try await database.transaction { $0 }
            #expect(await postgresError { try await escaped.query("SELECT 1") }?.kind == .closed)
            let connection = try await database.withConnection { $0 }
            #expect(await postgresError { try await connection.query("SELECT 1") }?.kind == .closed)
        }
    }

    @Test func `a script runs several statements, all or none`() async throws {
        try await withDatabase { database in
            try await database.withConnection { connection in
                try await connection.script("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2);")
                let error = await postgresError {
                    try await connection.script("INSERT INTO t VALUES (3); INSERT INTO nowhere VALUES (1)")
                }
                #expect(error?.sqlState == .undefinedTable)
                #expect(try await connection.query("SELECT n FROM t").count == 2)
                try await connection.execute("CREATE INDEX CONCURRENTLY t_n ON t (n)")
            }
            try await database.transaction { transaction in
                try await transaction.script("INSERT INTO t VALUES (4); INSERT INTO t VALUES (5)")
                #expect(try await transaction.query("SELECT n FROM t").count == 4)
            }
        }
    }

    @Test func `what was set on a connection reaches nobody else`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            try await database.withConnection { connection in
                try await connection.execute("SET test.reader = 'kim'")
                _ = try await connection.query("SELECT pg_advisory_lock(1)")
                _ = try await connection.query("BEGIN")
            }
            try await database.withConnection { connection in
                let reader = try await connection.query("SELECT current_setting('test.reader', true) AS r")
                    .first
                #expect(try reader?.decode(String?.self, "r") == nil)
                // The server notices the end of the first connection a moment later.
                try await eventually("the lock is free") {
                    let free = try await connection.query("SELECT pg_try_advisory_lock(1) AS free").first
                    return try free?.decode(Bool.self, "free") == true
                }
            }
        }
    }

    @Test func `statements submitted together run in their order`() async throws {
        try await withDatabase { database in
            try await database.transaction { transaction in
                async let first = transaction.query("SELECT 1 AS n")
                async let second = transaction.query("SELECT 2 AS n")
                async let third: Void = transaction.script("SELECT 3")
                #expect(try await first.first?.decode(Int.self, "n") == 1)
                #expect(try await second.first?.decode(Int.self, "n") == 2)
                try await third
            }
        }
    }
}
