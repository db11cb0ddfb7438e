internal import HTTPTypes
internal import Postgres
public import Web

/// The strategy and the plans of the regions as operations of the API.
public enum StrategyRoutes {
    static let tag = "Strategy"
    static let region = Parameter.path(
        "code",
        "Code of a region.",
        pattern: .slug,
        length: 1...80,
        example: "skane"
    )

    /// - Parameter databases: `open` is read for anyone, `member` for who bears a key.
    public static func operations(_ databases: Databases) -> [Operation] {
        [strategy(databases), figures(databases), plan(databases), level(databases)]
    }

    private static func strategy(_ databases: Databases) -> Operation {
        Operation(
            id: "getStrategy",
            .get,
            "/api/v1/strategy",
            tag: tag,
            summary: "The common strategy",
            description: """
                The strategy of the six regions: what it says, its four priorities, three levels and the commitments, \
                and for each region the level that it has chosen for today and the level that its approved evidence \
                reaches. A commitment marked `example` is this registry's own and not the adopted strategy's.
                """,
            response: .json(
                "The strategy.",
                StrategySchemas.strategyDocument,
                example: StrategySchemas.exampleStrategy
            )
        ) { _, _ in
            let answer = try await StrategyQueries.strategy(databases.open)
            return .json(answer.body, version: answer.version)
        }
    }

    private static func figures(_ databases: Databases) -> Operation {
        Operation(
            id: "listStrategyFigures",
            .get,
            "/api/v1/strategy/figures",
            tag: tag,
            summary: "What the registry counts",
            description: """
                How many of its own public records the registry has in each region, by the priority that they serve. \
                Counted when asked; regions without any are 0.
                """,
            response: .json(
                "The whole list.",
                StrategySchemas.figures,
                example: StrategySchemas.exampleFigures
            )
        ) { _, _ in
            let figures = try await StrategyQueries.figures(databases.open)
            let items = StrategyFigures.Measure.allCases.map { measure -> JSON in
                let regions = SiteRegion.all.map(\.code).sorted().map { code in
                    (code, JSON.integer(Int64(figures.count(measure, in: code))))
                }
                return [
                    "priority": .string(measure.priority), "measure": .string(measure.rawValue),
                    "name": ["sv": .string(measure.name.sv), "en": .string(measure.name.en)],
                    "regions": .object(JSON.Members(regions)),
                    "total": .integer(Int64(figures.total(measure))),
                ]
            }
            return .json(
                ["items": .array(items), "total": .integer(Int64(items.count)), "next": nil] as JSON
            )
        }
    }

    private static func plan(_ databases: Databases) -> Operation {
        Operation(
            id: "getRegionPlan",
            .get,
            "/api/v1/regions/{code}/plan",
            tag: tag,
            summary: "The plan of a region",
            description: """
                What a region says of itself: its levels by period, the evidence of commitments, its own goals and its \
                actions. Anyone sees approved evidence and public actions; a key of the region's office sees all. \
                The version counts every change of the plan.
                """,
            security: .optional,
            parameters: [region],
            response: .json("The plan.", StrategySchemas.planDocument, example: StrategySchemas.examplePlan),
            problems: [.notFound]
        ) { input, context in
            let plan =
                context.reader == .anyone
                ? try await StrategyQueries.plan(input[region], databases.open)
                : try await StrategyQueries.plan(
                    input[region],
                    databases.member,
                    settings: context.reader.settings
                )
            guard let plan else { throw Problem(.notFound) }
            return .json(plan.body, version: plan.version)
        }
    }

    private static func level(_ databases: Databases) -> Operation {
        Operation(
            id: "getRegionLevel",
            .get,
            "/api/v1/regions/{code}/level",
            tag: tag,
            summary: "The level of a region",
            description: """
                The level of cooperation that a region has chosen for today, the one that its approved evidence \
                reaches, what is missing for the levels above, and all periods. The version is that of the plan.
                """,
            parameters: [region],
            response: .json(
                "The level.",
                StrategySchemas.levelDocument,
                example: StrategySchemas.exampleLevel
            ),
            problems: [.notFound]
        ) { input, _ in
            guard let level = try await StrategyQueries.level(input[region], databases.open) else {
                throw Problem(.notFound)
            }
            return .json(level.body, version: level.version)
        }
    }
}
