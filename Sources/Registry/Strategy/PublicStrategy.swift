internal import Foundation
internal import Postgres

/// What anybody may read of the strategy, as pages and operations ask for it.
public struct PublicStrategy: Sendable {
    /// The strategy with the standing of every region.
    let strategy: @Sendable () async throws -> Strategy
    /// The public plan of a region by its code; nil when there is no such region.
    let plan: @Sendable (String) async throws -> RegionPlan?
    /// The public plans of all regions.
    let plans: @Sendable () async throws -> [RegionPlan]
    /// What the registry counts.
    let figures: @Sendable () async throws -> StrategyFigures
}

extension PublicStrategy {
    /// What the database tells anyone.
    public init(_ databases: Databases) {
        let open = databases.open
        self.init(
            strategy: { try Self.read(Strategy.self, try await StrategyQueries.strategy(open).body) },
            plan: { code in
                try await StrategyQueries.plan(code, open).map { try Self.read(RegionPlan.self, $0.body) }
            },
            plans: { try await StrategyQueries.plans(open).map { try Self.read(RegionPlan.self, $0) } },
            figures: { try await StrategyQueries.figures(open) }
        )
    }

    /// - Throws: `DecodingError`.
    static func read<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}
