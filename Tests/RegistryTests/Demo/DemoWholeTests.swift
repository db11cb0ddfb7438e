import Postgres
import Testing

@testable import Registry

/// The demonstration covers everything that the registry has, and goes by all of its rules.
struct DemoWholeTests {
    @Test func `all four catalogues are there in the numbers that are promised, every row marked`()
        async throws
    {
        try await SchemaDatabase.with { database in
            _ = try await DemoData(people: 60, seed: 7).load(into: database.worker)
            #expect(try await DemoListings(seed: 7).load(into: database.worker))
            func count(_ condition: SQL) async throws -> Int64 {
                try await database.count("SELECT count(*) AS n FROM \(condition)", database.root)
            }
            #expect(try await count("klappa.person WHERE invented") == 60)
            #expect(try await count("klappa.location WHERE invented") == 200)
            #expect(try await count("klappa.inquiry WHERE invented") == 300)
            #expect(
                try await count(
                    "klappa.inquiry WHERE received_at >= now() - interval '3 years 2 days' AND received_at <= now()"
                ) == 300
            )
            let years = try await count(
                "(SELECT DISTINCT extract(year FROM received_at) FROM klappa.inquiry) AS y"
            )
            #expect(years >= 3)
            // Whoever looked at a case is responsible for it, in the office that leads it.
            #expect(try await count("klappa.inquiry WHERE officer IS NULL AND status <> 'new'") == 0)
            #expect(try await count("(SELECT DISTINCT officer FROM klappa.inquiry) AS o") >= 6)
            #expect(try await count("klappa.programme WHERE invented") == 12)
            #expect(try await count("klappa.application WHERE invented") >= 100)
            #expect(
                try await count("(SELECT DISTINCT region FROM klappa.region_level WHERE invented) AS r") == 6
            )
            #expect(
                try await count("(SELECT DISTINCT region FROM klappa.region_action WHERE invented) AS r") == 6
            )
            for table in ["person", "location", "company", "inquiry", "programme", "application"] {
                #expect(
                    try await count("klappa.\(identifier: table) WHERE NOT invented") == 0,
                    "\(table) has rows that look real"
                )
            }
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
        }
    }
}
