internal import Hummingbird
internal import Postgres
public import Web

/// The pages of the strategy: all six regions, and one region with its plan.
public struct StrategyPages: Sendable {
    private let site: Site
    private let strategy: PublicStrategy
    private let vocabularies: @Sendable () async throws -> Vocabularies

    init(
        site: Site,
        strategy: PublicStrategy,
        vocabularies: @escaping @Sendable () async throws -> Vocabularies
    ) {
        self.site = site
        self.strategy = strategy
        self.vocabularies = vocabularies
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/strategy") { _, context in
                try await all(language, for: context.reader)
            }
            table.page("/\(language)/strategy/{region}") { _, context in
                try await one(try context.parameters.require("region"), language, for: context.reader)
            }
        }
    }

    /// The strategy with the staircase of all regions.
    func all(_ language: Language, for reader: Reader = .anyone) async throws -> Answer {
        let words = site.words(language)
        async let known = strategy.strategy()
        async let plans = strategy.plans()
        async let figures = strategy.figures()
        let page = StrategyPage(
            strategy: try await known,
            plans: try await plans,
            figures: try await figures,
            text: StrategyWords(words: words),
            isAdministrator: reader.has(.administrator)
        )
        let head = Site.Head(
            language: language,
            title: words("strategy.title"),
            description: words("strategy.description"),
            path: "/strategy",
            section: .strategy,
            isDemonstration: page.plans.contains(where: \.hasInvented)
        )
        return try site.answer("strategy/overview", page.view, head)
    }

    /// A region with its plan.
    func one(_ code: String, _ language: Language, for reader: Reader = .anyone) async throws -> Answer {
        guard let plan = try await strategy.plan(code), let region = SiteRegion.named(code) else {
            throw Problem(.notFound)
        }
        let words = site.words(language)
        let page = RegionPlanPage(
            region: region,
            plan: plan,
            strategy: try await strategy.strategy(),
            contact: try await vocabularies().region(code)?.contact,
            text: StrategyWords(words: words),
            isOffice: reader.worksInOffice(of: code)
        )
        let head = Site.Head(
            language: language,
            title: words("strategy.region.title", ["region": region.name]),
            description: words("strategy.region.description", ["region": region.name]),
            path: "/strategy/\(code)",
            section: .strategy,
            isDemonstration: plan.hasInvented
        )
        return try site.answer("strategy/region", page.view, head)
    }
}
