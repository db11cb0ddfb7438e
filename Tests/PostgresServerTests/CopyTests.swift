import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct CopyTests {
    private struct Refusal: Error {}

    @Test func `rows go in and come out`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int, name text)")
            let count = try await database.transaction { transaction in
                try await transaction.copyIn("COPY t FROM STDIN") { writer in
                    for number in 0..<50_000 { try await writer.write("\(number)\tnåme \(number)\n") }
                }
            }
            #expect(count == 50_000)
            let lines = try await database.transaction { transaction in
                try await transaction.copyOut("COPY (SELECT n FROM t ORDER BY n) TO STDOUT") { reader in
                    var lines = 0
                    for try await chunk in reader {
                        #expect(chunk.last == UInt8(ascii: "\n"), "pieces are whole rows")
                        lines += chunk.count { $0 == UInt8(ascii: "\n") }
                    }
                    return lines
                }
            }
            #expect(lines == 50_000)
        }
    }

    /// The source must be held up by the server, not buffered: here the server does not take anything at first.
    @Test func `a writer waits for the server`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (name text)")
            try await database.execute("CREATE TABLE gate (n int)")
            try await database.withConnection { connection in
                try await connection.script(
                    """
                    CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM 1 FROM gate; RETURN NULL; END $$;
                    CREATE TRIGGER wait BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION pass();
                    """
                )
            }
            let row = String(repeating: "x", count: 60_000) + "\n"
            let written = Progress()
            try await database.transaction { locker in
                try await locker.execute("LOCK TABLE gate")
                let copy = Task {
                    _ = try await database.transaction { transaction in
                        try await transaction.copyIn("COPY t FROM STDIN") { writer in
                            for _ in 0..<500 {
                                try await writer.write(row)
                                written.step()
                            }
                        }
                    }
                }
                try await eventually("the server waits at the gate") {
                    try await ThrowawayLock.waiters(database) == 1
                }
                // 500 rows are 30 MB; the sockets hold a few hundred kilobytes.
                #expect(written.count < 100)
                copy.cancel()
                #expect(await postgresError { try await copy.value }?.kind == .cancelled)
            }
            #expect(try await database.query("SELECT 1 FROM t").isEmpty)
        }
    }

    @Test func `a bad row is named by its line and column, without its value`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int, born date)")
            let error = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.copyIn("COPY t FROM STDIN (FORMAT csv)") { writer in
                        try await writer.write("1,2000-01-01\n2,secret\n")
                    }
                }
            }
            #expect(error?.sqlState == "22007")
            #expect(error?.context == "COPY t, line 2, column born")
            #expect(error?.debugDescription.contains("secret") == false)
        }
    }

    @Test func `a closure that throws leaves nothing behind`() async throws {
        try await withDatabase { configuration in
            configuration.limits.lent = 1
        } _: { database in
            try await database.execute("CREATE TABLE t (n int)")
            await #expect(throws: Refusal.self) {
                try await database.withConnection { connection in
                    do {
                        try await connection.copyIn("COPY t FROM STDIN") { writer in
                            try await writer.write("1\n")
                            throw Refusal()
                        }
                    } catch is Refusal {
                        // The connection works on.
                        #expect(try await connection.query("SELECT 1 FROM t").isEmpty)
                        throw Refusal()
                    }
                }
            }
        }
    }

    @Test func `leaving early stops the COPY, and the connection works on`() async throws {
        try await withDatabase { database in
            try await database.withConnection { connection in
                for _ in 0..<5 {
                    try await connection.copyOut("COPY (SELECT generate_series(1, 5000000)) TO STDOUT") {
                        reader in
                        for try await _ in reader { break }
                    }
                    #expect(try await connection.query("SELECT 1 AS n").count == 1)
                }
            }
        }
    }

    @Test func `a failure halfway through the rows is reported`() async throws {
        try await withDatabase { database in
            let error = await postgresError {
                try await database.withConnection { connection in
                    try await connection.copyOut(
                        "COPY (SELECT 1 / (9000 - g) FROM generate_series(1, 10000) g) TO STDOUT"
                    ) {
                        for try await _ in $0 {}
                    }
                }
            }
            #expect(error?.sqlState == "22012")
        }
    }

    @Test(arguments: [
        "SELECT 1", "COPY t TO STDOUT", "COPY nowhere FROM STDIN", "COPY t FROM STDIN WITH (FORMAT nothing)",
        "",
    ])
    func `a statement that is no COPY in is refused, and the connection works on`(text: String) async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            try await database.withConnection { connection in
                let error = await postgresError { try await connection.copyIn(SQL(unsafe: text)) { _ in } }
                #expect(error?.kind == .usage || error?.kind == .server)
                _ = try await connection.query("SELECT 1 AS n")
                _ = await postgresError { try await connection.copyOut("COPY t FROM STDIN") { _ in } }
                _ = try await connection.query("SELECT 1 AS n")
                _ = await postgresError { try await connection.query("COPY t TO STDOUT") }
                let rows = try await connection.query("SELECT 1 AS n")
                #expect(rows.count == 1)
            }
        }
    }
}

/// Counts steps from several tasks.
final class Progress: Sendable {
    private let steps = Mutex(0)

    func step() { steps.withLock { $0 += 1 } }
    var count: Int { steps.withLock { $0 } }
}
