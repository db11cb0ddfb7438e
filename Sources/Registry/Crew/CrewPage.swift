internal import Postgres

/// What is counted beside a page, and from what.
struct CrewCounting {
    let bits: KeptBits
    let vocabularies: Vocabularies
    let facets: [CrewFacet]
    /// Whether the number under each coverage is wanted.
    let hasTotals: Bool

    /// Whether anything is wanted beside the total.
    var isAsked: Bool { hasTotals || !facets.isEmpty }
}

/// How one page and its counts are best asked for: in one statement that reads everybody who matches, or, where
/// these may be a large part of the catalogue, by an index for the page and by bits for the number.
struct CrewPage {
    let plan: CrewPlan
    let window: CrewWindow
    /// One more than is shown, to know whether there is more.
    let limit: Int
    let offset: Int
    let cursor: CrewCursor?

    /// The page with its total, and what else was counted; nil when the window has moved since it was read.
    func find(
        _ database: PostgresClient,
        _ counting: CrewCounting
    ) async throws -> (CrewSearchQueries.Found, CrewFacetQueries.Counts)? {
        let isCounted = plan.isBroad || plan.broadBeginning != nil
        guard isCounted || counting.isAsked else {
            let found = try await rows(database)
            return found.firstDay == window.firstDay ? (found, .init()) : nil
        }
        let queries = CrewFacetQueries(plan: plan, window: window, facets: counting.facets)
        async let counted = queries.count(database, counting.bits, counting.vocabularies)
        var found = try await rows(database)
        guard found.firstDay == window.firstDay, let counts = try await counted else { return nil }
        if isCounted { found.total = counts.totals[plan.hasDates ? plan.coverage : .any] }
        return (found, counts)
    }

    private func rows(_ database: PostgresClient) async throws -> CrewSearchQueries.Found {
        // Whoever is free on all days comes first; if they fill the page nobody else is read.
        let isAmongFull = cursor.map { $0.score == plan.needed } ?? true
        if let beginning = plan.broadBeginning, isAmongFull {
            var found = try await CrewSearchQueries(plan: beginning, window: window)
                .find(limit: limit, offset: offset, after: cursor, database)
            if found.rows.count == limit {
                for index in found.rows.indices { found.rows[index].score = plan.needed }
                return found
            }
        }
        return try await CrewSearchQueries(plan: plan, window: window)
            .find(limit: limit, offset: offset, after: cursor, database)
    }
}
