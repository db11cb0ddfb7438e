internal import Postgres

/// How one page and its counts are best asked for: in one statement that reads everybody who matches, or, where
/// these may be a large part of the catalogue, by an index for the page and by bits for the number.
struct CrewPage {
    let plan: CrewPlan
    let window: CrewWindow
    /// One more than is shown, to know whether there is more.
    let limit: Int
    let offset: Int
    let cursor: CrewCursor?

    /// The page with its total, and the counts of facets; nil when the window has moved since it was read.
    func find(
        facets: [CrewFacet],
        _ database: PostgresClient
    ) async throws -> (CrewSearchQueries.Found, [CrewFacet: [String: Int]])? {
        let isCounted = plan.isBroad || plan.broadBeginning != nil
        if facets.isEmpty, !isCounted {
            let found = try await rows(database)
            return found.firstDay == window.firstDay ? (found, [:]) : nil
        }
        let queries = CrewFacetQueries(plan: plan, window: window, facets: facets, hasTotal: isCounted)
        async let counting = queries.count(database)
        var found = try await rows(database)
        guard found.firstDay == window.firstDay, let counts = try await counting else { return nil }
        if isCounted { found.total = counts.total }
        return (found, counts.facets)
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
