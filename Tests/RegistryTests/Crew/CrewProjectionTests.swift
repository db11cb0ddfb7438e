import Foundation
import Postgres
import TestSupport
import Testing

@testable import Registry

/// The projections follow the base tables whatever is done to these, and searches read them by their indexes.
struct CrewProjectionTests {
    @Test(arguments: [21, 22] as [UInt64])
    func `random changes leave the projections equal to the base tables`(seed: UInt64) async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: seed)
            let catalogue = Catalogue(count: 60, firstDay: bench.firstDay, bench.vocabularies, using: &random)
            try await catalogue.write(bench.databases.worker)
            try await expectEqual(bench)
            let changes = [
                "UPDATE klappa.person SET availability_visibility = 'nobody' WHERE no % 7 = 0",
                "UPDATE klappa.person SET state = 'hidden' WHERE no % 11 = 0 AND state = 'published'",
                "DELETE FROM klappa.block WHERE get_byte(uuid_send(id), 15) % 3 = 0",
                "UPDATE klappa.hold SET state = 'expired' WHERE get_byte(uuid_send(id), 15) % 2 = 0",
                "DELETE FROM klappa.calendar WHERE get_byte(uuid_send(subject), 15) % 5 = 0",
                "DELETE FROM klappa.person_role WHERE NOT \"primary\"",
                "DELETE FROM klappa.person_local_region WHERE region = 12",
                "UPDATE klappa.region SET liaison = 'Eva' WHERE code = 'skane'",
                "UPDATE klappa.person SET municipality = NULL, travel_radius = 300, headline_sv = 'Ny' WHERE no % 3 = 0",
                "DELETE FROM klappa.person WHERE no % 13 = 0",
                "SELECT klappa.erase(id) FROM klappa.person WHERE no % 17 = 0",
                "SELECT klappa.move_crew_window('\(bench.firstDay + 366)')",
            ]
            for change in changes {
                try await bench.database.sql(change)
                try await expectEqual(bench)
            }
        }
    }

    @Test func `a transaction that is rolled back leaves nothing`() async throws {
        try await CrewBench.with { bench in
            let id = try await bench.add("Anna")
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await bench.databases.worker.transaction { transaction in
                    try await transaction.execute("UPDATE klappa.person SET name = 'Bo' WHERE id = \(id)")
                    throw Stop()
                }
            }
            try await expectEqual(bench)
            #expect(try await bench.directory.record(id.uuidString, for: .anyone)?.listing.name == "Anna")
        }
    }

    @Test func `writers of one person at once leave the projections equal`() async throws {
        try await CrewBench.with { bench in
            let id = try await bench.add(
                "Anna",
                known: DayRange(first: bench.firstDay, last: bench.firstDay + 900)
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for place in 0..<30 {
                    group.addTask {
                        let day = DayMultirange([DayRange(bench.firstDay + place * 2)])
                        if place % 3 == 0 {
                            try await bench.databases.worker.execute(
                                "UPDATE klappa.person SET headline_sv = \("Rad \(place)") WHERE id = \(id)"
                            )
                        } else {
                            try await bench.databases.worker.execute(
                                "INSERT INTO klappa.block (subject, days) VALUES (\(id), \(day))"
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await expectEqual(bench)
        }
    }

    @Test func `words that are nobody's any more are swept`() async throws {
        try await CrewBench.with { bench in
            let id = try await bench.add("Zebulon Ek")
            try await bench.add("Anna Ek")
            try await bench.databases.worker.execute(
                "UPDATE klappa.person SET name = 'Bo Ek' WHERE id = \(id)"
            )
            try await bench.upkeep.sweepWords()
            let words = try await bench.database.sql("SELECT word FROM klappa.crew_word ORDER BY word")
            #expect(!words.contains("zebulon"))
            #expect(words.contains("anna"))
        }
    }

    @Test func `no search reads all postings or all people`() async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: 9)
            let catalogue = Catalogue(
                count: 400,
                firstDay: bench.firstDay,
                bench.vocabularies,
                using: &random
            )
            try await catalogue.write(bench.databases.worker)
            try await bench.upkeep.refreshBits()
            try await bench.database.sql("VACUUM (ANALYZE)")
            let window = CrewWindow(firstDay: bench.firstDay)
            var searches: [CrewSearch] = []
            var search = CrewSearch()
            search.roles = ["gaffer"]
            search.regions = ["skane"]
            search.dates = DayMultirange([DayRange(first: bench.firstDay + 400, last: bench.firstDay + 413)])
            searches.append(search)
            search.coverage = .partial
            searches.append(search)
            search.coverage = .any
            search.regions = ["skane", "halland"]
            search.roles = ["gaffer", "grip"]
            searches.append(search)
            search.languages = ["sv"]
            search.reach = .travel
            searches.append(search)
            for search in searches {
                for audience in [CrewAudience.anyone, .approved(account: UUID.version7().uuidString)] {
                    let plan = try CrewPlan(search, for: audience, named: [], words: [], bench.vocabularies)
                    let sql = CrewSearchQueries(plan: plan, window: window).statement(
                        limit: 21,
                        offset: 0,
                        after: nil
                    )
                    try await expectIndexes(sql, audience, bench)
                }
            }
            // Without a role the page is read in the order of an index.
            search = CrewSearch()
            search.regions = ["skane"]
            let plan = try CrewPlan(search, for: .anyone, named: [], words: [], bench.vocabularies)
            #expect(plan.isBroad)
            try await expectIndexes(
                CrewSearchQueries(plan: plan, window: window).broadStatement(
                    limit: 21,
                    offset: 0,
                    after: nil
                ),
                .anyone,
                bench
            )
        }
    }

    /// The catalogue is small, so sequential scans are made dear: what then still has one has no index to use.
    private func expectIndexes(_ sql: SQL, _ audience: CrewAudience, _ bench: CrewBench) async throws {
        let database = audience.isApproved ? bench.databases.member : bench.databases.open
        let explain: SQL = "EXPLAIN (COSTS OFF) \(sql)"
        let rows = try await database.query(
            explain,
            settings: audience.settings + [("enable_seqscan", "off"), ("enable_bitmapscan", "off")]
        )
        var plan: [String] = []
        for row in rows { plan.append(try row.decode(String.self, at: 0)) }
        for table in ["crew_post", "crew_public", "crew_doc", "crew_day"] {
            #expect(!plan.contains { $0.contains("Seq Scan on \(table)") }, "\(plan.joined(separator: "\n"))")
        }
        #expect(
            plan.contains { $0.contains("Index Only Scan using crew_post") },
            "\(plan.joined(separator: "\n"))"
        )
    }

    private func expectEqual(_ bench: CrewBench) async throws {
        for name in [
            "crew_texts_equal_listings", "crew_filters_equal_listings", "crew_days_equal_calendars",
            "crew_posts_equal_listings", "crew_marks_are_gone", "crew_words_are_complete",
        ] {
            #expect(try await bench.database.sql(try Self.check(name)).isEmpty, "\(name)")
        }
    }

    /// The text of a check, from the repository.
    private static func check(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "sql/checks/\(name).sql"), encoding: .utf8)
    }
}
