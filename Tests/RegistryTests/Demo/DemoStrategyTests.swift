import Postgres
import TestSupport
import Testing

@testable import Registry

struct DemoStrategyTests {
    private static let tables = ["region_level", "region_evidence", "region_goal", "region_action"]

    private static func rows(_ bench: CrewBench) async throws -> String {
        var text = ""
        for table in tables {
            text += try await bench.database.sql(
                """
                SELECT string_agg((to_jsonb(t) - '{created_at,changed_at,approved_at,judged_at}'::text[])::text, chr(10)
                    ORDER BY t.region, t.id) FROM klappa.\(table) t
                """
            )
        }
        return text
    }

    @Test func `the same seed and day give the same plans, keys included, and loading twice changes nothing`()
        async throws
    {
        func made(_ seed: UInt64) async throws -> String {
            try await CrewBench.with { bench in
                let demo = DemoStrategy(seed: seed, from: try #require(Day("2027-03-01")))
                #expect(try await demo.load(into: bench.databases.worker) == 6)
                let rows = try await Self.rows(bench)
                #expect(try await demo.load(into: bench.databases.worker) == 0)
                #expect(try await Self.rows(bench) == rows)
                return rows
            }
        }
        let first = try await made(3)
        #expect(first.count > 20_000)
        #expect(try await made(3) == first)
        #expect(try await made(4) != first)
    }

    @Test func `six regions stand at different levels, and every row says that it is invented`() async throws
    {
        try await CrewBench.with { bench in
            try await DemoStrategy(seed: 1, from: .todayInStockholm).load(into: bench.databases.worker)
            let strategy = try await PublicStrategy(bench.databases).strategy()
            let standings = Dictionary(
                uniqueKeysWithValues: strategy.regions.map {
                    ($0.region, [$0.reached, $0.chosen?.level ?? 0])
                }
            )
            #expect(
                standings == [
                    "halland": [1, 2], "skane": [3, 3], "kronoberg": [2, 2], "jonkoping": [1, 2],
                    "blekinge": [2, 3], "kalmar": [2, 3],
                ]
            )
            let plans = try await PublicStrategy(bench.databases).plans()
            #expect(plans.count == 6)
            for plan in plans {
                #expect(plan.goals.count >= 4 && plan.actions.count >= 4, "\(plan.region)")
                #expect(plan.evidence.allSatisfy { $0.state == .approved })
                #expect(plan.hasInvented)
            }
            for table in Self.tables {
                let real = try await bench.database.sql(
                    "SELECT count(*) FROM klappa.\(table) WHERE NOT invented"
                )
                #expect(real == "0", "\(table)")
            }
        }
    }

    @Test func `plans are not invented beside another strategy or beside a real plan`() async throws {
        try await CrewBench.with { bench in
            try await bench.database.sql(
                "INSERT INTO klappa.region_goal (region, priority, title_sv) VALUES (12, 'market', 'På riktigt')"
            )
            let demo = DemoStrategy(seed: 1, from: .todayInStockholm)
            #expect(try await demo.load(into: bench.databases.worker) == 0)
            try await bench.database.sql(
                "DELETE FROM klappa.region_goal; UPDATE klappa.strategy_commitment SET level = 2 WHERE code = 'talent_1_shared_calls'"
            )
            #expect(try await demo.load(into: bench.databases.worker) == 0)
        }
    }
}
