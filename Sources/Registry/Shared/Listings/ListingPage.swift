internal import Postgres

/// How one page of companies or locations and its counts are best asked for: by a statement that reads everything that
/// matches, or, where turned bits tell how many these are, by an index for the page.
struct ListingPage {
    let plan: ListingPlan
    let window: CrewWindow
    /// One more than is shown, to know whether there is more.
    let limit: Int
    let offset: Int
    let cursor: CrewCursor?
    let facets: [ListingPlan.Facet]

    typealias Answer = (found: ListingQueries.Found, facets: [String: [String: Int]])

    /// The page with its total and the counts of facets; nil when the window has moved since it was read.
    func find(_ database: PostgresClient, _ locations: KeptBits) async throws -> Answer? {
        guard plan.kind == .location else { return try await fromRows(database) }
        if plan.fitsBits, plan.isRanked || plan.beginning != nil {
            return try await ranked(database, locations)
        }
        if facets.isEmpty { return try await fromRows(database) }
        let counting = counting
        async let counted = counting.count(database, locations)
        let found = try await rows(database)
        guard found.firstDay == window.firstDay, let counts = try await counted else { return nil }
        return (found, counts.facets)
    }

    private var counting: ListingBitCounts {
        ListingBitCounts(plan: plan, window: window, facets: facets.map(\.name))
    }

    private func rows(_ database: PostgresClient) async throws -> ListingQueries.Found {
        try await ListingQueries(plan: plan, window: window)
            .find(limit: limit, offset: offset, after: cursor, database)
    }

    /// Counts from rows, too: of companies there are no turned bits.
    private func fromRows(_ database: PostgresClient) async throws -> Answer? {
        let queries = ListingQueries(plan: plan, window: window)
        async let counting = facets.isEmpty ? [:] : queries.count(facets, database)
        let found = try await rows(database)
        guard found.firstDay == window.firstDay, let counts = try await counting else { return nil }
        return (found, counts)
    }

    /// Counts first: how many there are decides how the page is read.
    private func ranked(_ database: PostgresClient, _ locations: KeptBits) async throws -> Answer? {
        guard let counts = try await counting.count(database, locations) else { return nil }
        guard counts.total > offset else {
            let none = ListingQueries.Found(firstDay: window.firstDay, total: counts.total, rows: [])
            return (none, counts.facets)
        }
        var found = try await beginning(counts, database)
        if found == nil { found = try await rows(database) }
        guard var found, found.firstDay == window.firstDay else { return nil }
        found.total = counts.total
        return (found, counts.facets)
    }

    /// The page out of what is free on all days (without days: out of everything), by the index; nil when that does not
    /// fill it, or fewer match than would have to be skipped.
    private func beginning(
        _ counts: ListingBitCounts.Counts,
        _ database: PostgresClient
    ) async throws -> ListingQueries.Found? {
        let first = plan.beginning ?? plan
        let many = plan.beginning == nil ? counts.total : counts.full
        let isPart = plan.beginning != nil
        if isPart, many < offset + limit || cursor.map({ $0.score != plan.needed }) ?? false { return nil }
        guard many * many > (offset + limit) * counts.live else { return nil }
        var found = try await ListingQueries(plan: first, window: window)
            .find(limit: limit, offset: offset, after: cursor, total: many, database)
        guard isPart else { return found }
        guard found.rows.count == limit else { return nil }
        for index in found.rows.indices { found.rows[index].score = plan.needed }
        return found
    }
}
