import Postgres
import Testing

@testable import Registry

struct DemoTalentTests {
    private func load(_ database: SchemaDatabase) async throws -> String {
        let day = try #require(Day("2026-11-24"))
        let made = try await DemoTalent(seed: 7, from: day).load(into: database.worker)
        #expect(made == 12)
        #expect(try await DemoTalent(seed: 7, from: day).load(into: database.worker) == 0)
        let rows = try await database.root.query(
            """
            SELECT md5(string_agg(x, '' ORDER BY x)) AS n FROM (
                SELECT a.id::text || a.call || a.name || a.arrival || a.snapshot::text || a.late AS x
                FROM klappa.application a
                UNION ALL SELECT id::text || slug || name_sv FROM klappa.programme
                UNION ALL SELECT id::text || application || joined_on FROM klappa.participant) AS t
            """
        )
        return try #require(try rows.first?.decode(String.self, "n"))
    }

    @Test
    func `twelve programmes with applications, the same every time, marked and sound`() async throws {
        let first = try await SchemaDatabase.with { database in
            let sum = try await load(database)
            for (table, least) in [
                ("programme", 12), ("call", 20), ("application", 150), ("participant", 40),
                ("organisation", 3),
            ] {
                let rows = try await database.root.query(
                    """
                    SELECT count(*) AS n, bool_and(invented) AS marked FROM klappa.\(identifier: table)
                    """
                )
                let row = try #require(rows.first)
                #expect(try row.decode(Int64.self, "n") >= Int64(least), "\(table)")
                #expect(try row.decode(Bool.self, "marked"), "\(table)")
            }
            let states = try await database.root.query(
                """
                SELECT count(*) FILTER (WHERE late) AS late, count(DISTINCT s.outcome) AS outcomes
                FROM klappa.application a JOIN klappa.assessment s ON s.application = a.id
                """
            )
            #expect(try states.first?.decode(Int64.self, "late") ?? 0 >= 6)
            #expect(try states.first?.decode(Int64.self, "outcomes") == 4)
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
            return sum
        }
        let second = try await SchemaDatabase.with { try await load($0) }
        #expect(first == second)
    }
}
