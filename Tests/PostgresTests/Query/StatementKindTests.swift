import Testing

@testable import Postgres

@Suite struct StatementKindTests {
    @Test(arguments: [
        "BEGIN", "  begin", "-- note\nCOMMIT", "/* a /* nested */ note */ SET x = 1",
        "ROLLBACK;", ";;START TRANSACTION",
        "Listen channel", "DISCARD ALL", "set\tx to 1",
    ])
    func `a statement of the session is known by its first word`(text: String) {
        #expect(StatementKind(text) == .ofSession)
        #expect(throws: PostgresError.self) { try SQL(unsafe: text).checkShared() }
        #expect(throws: Never.self) { try SQL(unsafe: text).checkLent() }
    }

    @Test(arguments: ["COPY t FROM STDIN", "/**/copy t TO STDOUT"])
    func `COPY is known by its first word`(text: String) {
        #expect(StatementKind(text) == .copy)
        #expect(throws: PostgresError.self) { try SQL(unsafe: text).checkLent() }
    }

    @Test(arguments: [
        "SELECT 1", "WITH x AS (SELECT 1) SELECT * FROM x", "(SELECT 1)", "settle", "beginning", "",
        "-- only a note",
        "/* open", "INSERT INTO t VALUES (1)", "copying", "--",
    ])
    func `everything else runs anywhere`(text: String) {
        #expect(StatementKind(text) == .ordinary)
    }
}
