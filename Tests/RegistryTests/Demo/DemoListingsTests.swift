import Foundation
import Postgres
import Testing

@testable import Registry

/// Invented locations and companies: marked, unreachable, the same each time, and whole in the database's eyes.
struct DemoListingsTests {
    private func made(_ database: SchemaDatabase) async throws -> String {
        let listings = DemoListings(seed: 7, from: Day(year: 2027, month: 1, day: 15))
        #expect(try await listings.load(into: database.worker))
        #expect(try await !listings.load(into: database.worker))
        let rows = try await database.worker.query(
            """
            SELECT md5(string_agg(l.id::text || l.name || l.municipality || ST_AsText(l.exact_point), ',' ORDER BY l.no)) AS m
            FROM klappa.location l
            """
        )
        return try #require(rows.first).decode(String.self, "m")
    }

    @Test
    func `two hundred locations and their companies pass every check and are the same each time`()
        async throws
    {
        let first = try await SchemaDatabase.with { database in
            let made = try await made(database)
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.location", database.worker) == 200
            )
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.location WHERE NOT invented",
                    database.worker
                )
                    == 0
            )
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.company_public", database.open)
                    == 60
            )
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.location_public", database.open)
                    > 170
            )
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.contact_field WHERE kind = 'email' AND value !~ '@example[.](com|org|net)$'",
                    database.worker
                ) == 0
            )
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
            return made
        }
        let second = try await SchemaDatabase.with { try await made($0) }
        #expect(first == second)
    }
}
