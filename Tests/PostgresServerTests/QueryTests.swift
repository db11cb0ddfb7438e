import Postgres
import TestSupport
import Testing

@Suite struct QueryTests {
    @Test func `rows are read by name and by place`() async throws {
        try await withDatabase { database in
            let rows = try await database.query(
                "SELECT g AS number, 'n' || g AS name FROM generate_series(1, 3) g"
            )
            #expect(rows.count == 3)
            #expect(rows.columnNames == ["number", "name"])
            #expect(try rows.map { try $0.decode(Int.self, "number") } == [1, 2, 3])
            #expect(try rows.last?.decode(String.self, at: 1) == "n3")
            #expect(throws: PostgresError.self) { try rows[0].decode(Int.self, "nothing") }
            #expect(throws: PostgresError.self) { try rows[0].decode(Int.self, at: 2) }
        }
    }

    @Test func `no row is an empty collection`() async throws {
        try await withDatabase { database in
            let rows = try await database.query("SELECT 1 AS a WHERE false")
            #expect(rows.isEmpty)
            #expect(rows.first == nil)
            #expect(rows.columnNames == ["a"])
        }
    }

    @Test func `the number of changed rows is told`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE counted (a int)")
            #expect(try await database.execute("INSERT INTO counted SELECT generate_series(1, 7)") == 7)
            #expect(try await database.execute("UPDATE counted SET a = a + 1 WHERE a > \(5)") == 2)
            #expect(try await database.execute("DELETE FROM counted WHERE a = \(0)") == 0)
            #expect(try await database.query("SELECT a FROM counted").commandTag == "SELECT 7")
        }
    }

    @Test func `a violated constraint is named, and no value is quoted`() async throws {
        try await withDatabase { database in
            try await database.execute(
                """
                CREATE TABLE guarded (email text CONSTRAINT guarded_email_key UNIQUE, age int CONSTRAINT guarded_age CHECK (age > 0),
                name text NOT NULL DEFAULT 'x')
                """
            )
            try await database.execute("INSERT INTO guarded VALUES (\("secret@example.org"), 5)")
            let unique = await postgresError {
                try await database.execute("INSERT INTO guarded VALUES (\("secret@example.org"), 5)")
            }
            #expect(unique?.sqlState == .uniqueViolation)
            #expect(unique?.constraint == "guarded_email_key")
            #expect(unique?.table == "guarded")
            #expect(unique?.schema == "public")
            #expect(unique?.retry == .never)
            let check = await postgresError {
                try await database.execute("INSERT INTO guarded VALUES (\("secret@example.net"), \(-5))")
            }
            #expect(check?.constraint == "guarded_age")
            let null = await postgresError {
                try await database.execute(
                    "INSERT INTO guarded (email, name) VALUES (\("secret@example.com"), NULL)"
                )
            }
            #expect(null?.sqlState == .notNullViolation)
            #expect(null?.column == "name")
            let syntax = await postgresError { try await database.query("SELECT \("secret")::text::int") }
            #expect(syntax?.sqlState == "22P02")
            for error in [unique, check, null, syntax] {
                #expect(error?.debugDescription.contains("secret") == false)
            }
        }
    }

    @Test func `a wrong statement says where`() async throws {
        try await withDatabase { database in
            let error = await postgresError { try await database.query("SELECT 1 FROM nowhere") }
            #expect(error?.sqlState == .undefinedTable)
            #expect(error?.position == 15)
            #expect(error?.sql == "SELECT 1 FROM nowhere")
            let two = await postgresError { try await database.query("SELECT 1; SELECT 2") }
            #expect(two?.sqlState == .syntaxError)
        }
    }

    @Test func `an empty statement has an empty answer`() async throws {
        try await withDatabase { database in
            let rows = try await database.query("")
            #expect(rows.isEmpty)
        }
    }

    @Test func `as many values as the protocol allows`() async throws {
        try await withDatabase { database in
            var sql: SQL = "SELECT "
            sql.append(SQL.joined((0..<1_600).map { "\($0)" }, separator: ", "))
            let row = try #require(try await database.query(sql).first)
            #expect(try row.decode(Int.self, at: 1_599) == 1_599)
            var long: SQL = "SELECT count(*) AS n FROM (VALUES "
            long.append(SQL.joined((0..<65_535).map { "(\($0))" }, separator: ", "))
            long.append(") v")
            #expect(try await database.query(long).first?.decode(Int.self, "n") == 65_535)
        }
    }

    @Test func `text results make every type readable as text`() async throws {
        try await withDatabase { database in
            var sql: SQL =
                "SELECT '{1,2}'::int[] AS a, 'a b'::tsvector AS b, \(Day("2027-03-01")) AS c, 7 AS d, true AS e"
            sql.textResults = true
            let row = try #require(try await database.query(sql).first)
            #expect(try row.decode(String.self, "a") == "{1,2}")
            #expect(try row.decode(String.self, "b") == "'a' 'b'")
            #expect(try row.decode(Day.self, "c") == Day("2027-03-01"))
            #expect(try row.decode(Int.self, "d") == 7)
            #expect(try row.decode(Bool.self, "e"))
        }
    }

    @Test func `JSON passes through as bytes`() async throws {
        try await withDatabase { database in
            let row = try #require(
                try await database.query(
                    "SELECT '{\"a\": 1}'::jsonb AS b, '{\"a\":  1}'::json AS j, NULL::jsonb AS n"
                ).first
            )
            #expect(try String(decoding: row.bytes("b"), as: UTF8.self) == "{\"a\": 1}")
            #expect(try String(decoding: row.bytes("j"), as: UTF8.self) == "{\"a\":  1}")
            #expect(row.isNull("n"))
            #expect(throws: PostgresError.self) { try row.bytes("n") }
            #expect(try row.withBytes("b") { $0.count } == 8)
        }
    }

    @Test(arguments: ["BEGIN", "SET search_path = x", "LISTEN c", "COPY pg_class TO STDOUT"])
    func `the shared side refuses what would reach other callers`(text: String) async throws {
        try await withDatabase { database in
            let error = await postgresError { try await database.query(SQL(unsafe: text)) }
            #expect(error?.kind == .usage)
        }
    }

    @Test func `a closed client refuses`() async throws {
        try await withDatabase { database in
            _ = try await database.query("SELECT 1")
            await database.close()
            await database.close()
            let error = await postgresError { try await database.query("SELECT 1") }
            #expect(error?.kind == .closed)
            let lent = await postgresError { try await database.transaction { _ in } }
            #expect(lent?.kind == .closed)
        }
    }
}
