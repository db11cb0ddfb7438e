import Testing

@testable import Postgres

@Suite struct SQLTests {
    private func value(_ sql: SQL, _ place: Int) -> [UInt8]? {
        let bind = sql.binds[place]
        return bind.length < 0 ? nil : Array(sql.values.bytes[bind.offset..<bind.offset + bind.length])
    }

    @Test func `values are bound in order, never pasted`() {
        let evil = "'; DROP TABLE crew; --"
        let sql: SQL = "SELECT name FROM crew WHERE name = \(evil) AND age > \(Int32(7))"
        #expect(sql.text == "SELECT name FROM crew WHERE name = $1 AND age > $2")
        #expect(value(sql, 0) == Array(evil.utf8))
        #expect(value(sql, 1) == [0, 0, 0, 7])
        #expect(sql.binds.map(\.type) == [25, 23])
    }

    @Test func `nil is NULL of the type it has not got`() {
        let sql: SQL = "SELECT \(Day?.none), \("" as String?)"
        #expect(value(sql, 0) == nil)
        #expect(value(sql, 1) == [])
        #expect(sql.binds.map(\.type) == [1082, 25])
    }

    @Test func `an identifier is quoted`() {
        let sql: SQL = "SELECT * FROM \(identifier: "we\"ird Name")"
        #expect(sql.text == "SELECT * FROM \"we\"\"ird Name\"")
    }

    @Test func `a spliced fragment has its values renumbered`() {
        let inner: SQL = "b = \(2) AND c = \("x")"
        let sql: SQL = "SELECT \(1) WHERE \(inner) OR \(inner) AND d = \(4)"
        #expect(sql.text == "SELECT $1 WHERE b = $2 AND c = $3 OR b = $4 AND c = $5 AND d = $6")
        #expect(sql.binds.count == 6)
        #expect(value(sql, 2) == Array("x".utf8))
        #expect(value(sql, 4) == Array("x".utf8))
        #expect(value(sql, 5) == [0, 0, 0, 0, 0, 0, 0, 4])
    }

    @Test func `splices nest, past ten values too`() {
        var sql: SQL = "\(0)"
        for number in 1...12 { sql = "\(sql), \(number)" }
        let outer: SQL = "[\(99); \(sql)] \(100)"
        #expect(outer.text == "[$1; $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14] $15")
        for place in 0...12 { #expect(value(outer, place + 1)?.last == UInt8(place)) }
        #expect(value(outer, 14)?.last == 100)
    }

    @Test func `parts are joined with a separator`() {
        let parts: [SQL] = ["a = \(1)", "b", "c = \(2)"]
        #expect(SQL.joined(parts, separator: " AND ").text == "a = $1 AND b AND c = $2")
        #expect(SQL.joined([SQL](), separator: ",").text == "")
    }

    @Test func `text around values may have any letters`() {
        let inner: SQL = "'é' || \(1) || 'ö'"
        let sql: SQL = "SELECT 'å' || \(inner) || 'ä'"
        #expect(sql.text == "SELECT 'å' || 'é' || $1 || 'ö' || 'ä'")
    }

    @Test func `settings become one statement for the transaction`() {
        let sql = SQL.localSettings([("app.account", "7"), ("statement_timeout", "100")])
        #expect(sql.text == "SELECT set_config($1, $2, true), set_config($3, $4, true)")
        #expect(value(sql, 2) == Array("statement_timeout".utf8))
    }

    @Test func `a NUL byte and too many values are refused before sending`() {
        #expect(throws: PostgresError.self) { try SQL(unsafe: "SELECT '\0'").check() }
        var sql: SQL = ""
        for number in 0..<65_536 { sql.bind(number) }
        #expect(throws: PostgresError.self) { try sql.check() }
    }

    @Test func `a description shows no value`() {
        let sql: SQL = "SELECT \("secret")"
        #expect("\(sql)" == "SELECT $1")
    }
}
