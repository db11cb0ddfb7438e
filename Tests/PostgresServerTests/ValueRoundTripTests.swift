import FoundationEssentials
import Postgres
import TestSupport
import Testing

/// Each value goes to the server, is compared there with PostgreSQL's own reading of its text, and comes back.
@Suite struct ValueRoundTripTests {
    private func check<T: PostgresEncodable & PostgresDecodable & Equatable>(
        _ database: PostgresClient,
        _ value: T,
        _ text: String,
        _ type: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let kind = SQL(unsafe: type)
        // Twice, so that the second goes by a prepared statement.
        for _ in 0..<2 {
            let row = try #require(
                try await database.query(
                    """
                    SELECT \(value)::\(kind) AS back, \(text)::text::\(kind) AS read,
                    \(value)::\(kind) IS NOT DISTINCT FROM \(text)::text::\(kind) AS same
                    """
                ).first,
                sourceLocation: sourceLocation
            )
            #expect(try row.decode(T.self, "back") == value, sourceLocation: sourceLocation)
            #expect(try row.decode(T.self, "read") == value, sourceLocation: sourceLocation)
            #expect(try row.decode(Bool.self, "same"), "\(text) as \(type)", sourceLocation: sourceLocation)
        }
    }

    @Test func `booleans and numbers`() async throws {
        try await withDatabase { database in
            try await check(database, true, "true", "boolean")
            try await check(database, Int16.min, "-32768", "smallint")
            try await check(database, Int32.max, "2147483647", "integer")
            try await check(database, Int.min, "-9223372036854775808", "bigint")
            try await check(database, Float(0.1), "0.1", "real")
            try await check(database, -Double.infinity, "-Infinity", "double precision")
            try await check(database, 0.1, "0.1", "double precision")
            for text in [
                "0", "-1234.50", "0.00001", "12345678901234567890.123456789", "NaN", "Infinity", "-Infinity",
            ] {
                try await check(database, try #require(Numeric(text)), text, "numeric")
            }
        }
    }

    @Test func `texts, bytes, bits, JSON and UUID`() async throws {
        try await withDatabase { database in
            try await check(database, "", "", "text")
            try await check(database, "åäö \u{1F3AC} 'x' \\", "åäö \u{1F3AC} 'x' \\", "text")
            try await check(database, [UInt8]([0, 1, 255]), "\\x0001ff", "bytea")
            try await check(database, [UInt8](), "", "bytea")
            try await check(database, BitString(count: 5, bytes: [0b1011_0000]), "10110", "bit(5)")
            try await check(database, BitString(zeros: 0), "", "bit varying")
            try await check(database, JSONText("{\"a\": [1, null]}"), "{\"a\":[1,null]}", "jsonb")
            let id = UUID()
            try await check(database, id, id.uuidString, "uuid")
        }
    }

    @Test func `days, moments and spans`() async throws {
        try await withDatabase { database in
            for text in ["2027-03-01", "1999-12-31", "0001-01-01", "infinity", "-infinity"] {
                try await check(database, try #require(Day(text)), text, "date")
            }
            try await check(database, Instant(microseconds: 1), "2000-01-01T00:00:00.000001Z", "timestamptz")
            try await check(database, Instant.infinity, "infinity", "timestamptz")
            try await check(database, Instant.minusInfinity, "-infinity", "timestamptz")
            try await check(
                database,
                LocalTimestamp(microseconds: -1),
                "1999-12-31 23:59:59.999999",
                "timestamp"
            )
            try await check(
                database,
                Interval(months: 14, days: -3, microseconds: 1),
                "1 year 2 mons -3 days 00:00:00.000001",
                "interval"
            )
        }
    }

    @Test func `ranges and multiranges`() async throws {
        try await withDatabase { database in
            let first = try #require(Day("2027-03-01"))
            let march = DayRange(first: first, last: first + 30)
            try await check(database, march, "[2027-03-01,2027-03-31]", "daterange")
            try await check(database, DayRange.empty, "empty", "daterange")
            try await check(database, DayRange.all, "(,)", "daterange")
            try await check(database, DayRange(from: first, until: nil), "[2027-03-01,)", "daterange")
            try await check(database, DayRange(from: nil, until: .infinity), "(,infinity)", "daterange")
            try await check(
                database,
                DayMultirange([march, DayRange(first + 60)]),
                "{[2027-03-01,2027-04-01),[2027-04-30,2027-05-01)}",
                "datemultirange"
            )
            try await check(database, DayMultirange.empty, "{}", "datemultirange")
            try await check(
                database,
                PostgresRange<Int32>(lower: .included(1), upper: .excluded(5)),
                "[1,4]",
                "int4range"
            )
            try await check(
                database,
                PostgresRange<Int64>(lower: .none, upper: .excluded(5)),
                "(,5)",
                "int8range"
            )
            try await check(
                database,
                PostgresRange<Numeric>(lower: .excluded(Numeric(1)), upper: .included(Numeric("2.5")!)),
                "(1,2.5]",
                "numrange"
            )
            try await check(
                database,
                PostgresRange<Instant>(lower: .included(Instant(microseconds: 0)), upper: .none),
                "[2000-01-01T00:00:00Z,)",
                "tstzrange"
            )
            try await check(
                database,
                PostgresRange<LocalTimestamp>(
                    lower: .none,
                    upper: .included(LocalTimestamp(microseconds: 0))
                ),
                "(,2000-01-01 00:00:00]",
                "tsrange"
            )
            try await check(database, PostgresRange<Int32>.empty, "empty", "int4range")
            try await check(
                database,
                PostgresMultirange([PostgresRange<Int32>(lower: .included(1), upper: .excluded(3))]),
                "{[1,3)}",
                "int4multirange"
            )
            try await check(database, PostgresMultirange<Int64>([]), "{}", "int8multirange")
        }
    }

    @Test func `arrays, with NULLs and empty`() async throws {
        try await withDatabase { database in
            try await check(database, [1, 2, 3], "{1,2,3}", "bigint[]")
            try await check(database, [Int](), "{}", "bigint[]")
            try await check(database, [String](), "{}", "text[]")
            try await check(database, [7], "{7}", "bigint[]")
            try await check(
                database,
                ["a,b", "\"", "", "NULL"],
                "{\"a,b\",\"\\\"\",\"\",\"NULL\"}",
                "text[]"
            )
            try await check(database, [String?]([nil, "x"]), "{NULL,x}", "text[]")
            try await check(database, [Int16]([1, -1]), "{1,-1}", "smallint[]")
            try await check(database, [true, false], "{t,f}", "boolean[]")
            try await check(database, [Day.infinity], "{infinity}", "date[]")
            try await check(
                database,
                [UUID(uuidString: "00112233-4455-6677-8899-aabbccddeeff")!],
                "{00112233-4455-6677-8899-aabbccddeeff}",
                "uuid[]"
            )
            try await check(database, [DayRange.empty, .all], "{empty,\"(,)\"}", "daterange[]")
            try await check(database, [[UInt8]]([[1], []]), "{\"\\\\x01\",\"\\\\x\"}", "bytea[]")
            try await check(database, [Numeric("1.0")!], "{1.0}", "numeric[]")
            try await check(database, [JSONText("1")], "{1}", "jsonb[]")
        }
    }

    @Test func `every type has its NULL`() async throws {
        try await withDatabase { database in
            let row = try #require(
                try await database.query(
                    """
                    SELECT \(Int?.none) AS a, \(String?.none) AS b, \(Day?.none) AS c, \(DayMultirange?.none) AS d,
                    \([Int]?.none) AS e, \([UInt8]?.none) AS f, \(Numeric?.none) AS g, \(BitString?.none) AS h
                    """
                ).first
            )
            #expect(try row.decode(Int?.self, "a") == nil)
            #expect(try row.decode(String?.self, "b") == nil)
            #expect(try row.decode(Day?.self, "c") == nil)
            #expect(try row.decode(DayMultirange?.self, "d") == nil)
            #expect(try row.decode([Int]?.self, "e") == nil)
            #expect(try row.decode([UInt8]?.self, "f") == nil)
            #expect(try row.decode(Numeric?.self, "g") == nil)
            #expect(try row.decode(BitString?.self, "h") == nil)
            #expect(throws: PostgresError.self) { try row.decode(Int.self, "a") }
        }
    }

    enum Mood: String, PostgresEncodable, PostgresDecodable { case glad, sad }

    @Test func `enums, domains and arrays of enums`() async throws {
        try await withDatabase { database in
            try await database.withConnection { connection in
                try await connection.script(
                    """
                    CREATE TYPE mood AS ENUM ('glad', 'sad');
                    CREATE DOMAIN nick AS text CHECK (value <> '');
                    CREATE TABLE feeling (mood mood, nick nick);
                    """
                )
            }
            try await database.execute("INSERT INTO feeling VALUES (\(Mood.sad), \("Kim"))")
            let row = try #require(
                try await database.query(
                    "SELECT mood, nick, ARRAY[mood] AS moods FROM feeling WHERE mood = \(Mood.sad)"
                ).first
            )
            #expect(try row.decode(Mood.self, "mood") == .sad)
            #expect(try row.decode(String.self, "mood") == "sad")
            #expect(try row.decode(String.self, "nick") == "Kim")
            #expect(try row.decode([Mood].self, "moods") == [.sad])
            let found = try await database.query(
                "SELECT 1 FROM feeling WHERE mood = ANY (\([Mood.sad])::text[]::mood[])"
            )
            #expect(found.count == 1)
        }
    }

    @Test(
        arguments: [
            ("inet", "192.168.0.1"), ("cidr", "10.0.0.0/8"), ("macaddr", "08:00:2b:01:02:03"),
            ("time", "12:30:00.5"), ("timetz", "12:30:00+02"), ("money", "$1.50"), ("point", "(1,2.5)"),
            ("polygon", "((0,0),(1,1))"), ("tsvector", "'a':1 'b'"), ("tsquery", "'a' & 'b'"),
            ("regclass", "pg_class"), ("xid", "7"), ("pg_lsn", "16/B374D848"), ("xml", "<a/>"),
            ("jsonpath", "$.\"a\""), ("integer[]", "{1,2}"), ("daterange", "[2027-03-01,2027-04-01)"),
            ("int4multirange", "{[1,3)}"), ("interval", "1 day"), ("bytea", "\\x01"), ("bit(3)", "101"),
        ]
    ) func `every type is bound and read as text when text is asked for`(type: String, text: String)
        async throws
    {
        try await withDatabase { database in
            let kind = SQL(unsafe: type)
            var sql: SQL = "SELECT \(text)::text::\(kind) AS value, NULL::\(kind) AS none"
            sql.textResults = true
            let row = try #require(try await database.query(sql).first)
            #expect(try row.decode(String.self, "value") == text)
            #expect(try row.decode(String?.self, "none") == nil)
        }
    }

    @Test func `a type without a form here says how it can be read`() async throws {
        try await withDatabase { database in
            let row = try #require(try await database.query("SELECT '10.0.0.1'::inet AS place").first)
            let error = await postgresError { try row.decode(String.self, "place") }
            #expect(error?.kind == .decoding)
            #expect(
                error?.message
                    == "column place: type 869 cannot be read as String; cast it to text or ask for textResults"
            )
        }
    }

    @Test func `an array of two dimensions is refused`() async throws {
        try await withDatabase { database in
            let row = try #require(try await database.query("SELECT '{{1,2},{3,4}}'::int8[] AS a").first)
            #expect(throws: PostgresError.self) { try row.decode([Int].self, "a") }
        }
    }
}
