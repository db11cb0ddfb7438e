internal import Foundation
internal import Postgres

/// The SQL of searches for companies and locations: one statement text per set of filters.
///
/// `m` is what matches; the page is the best of it, with the ready texts; counts come from the same conditions.
struct ListingQueries {
    let plan: ListingPlan
    let window: CrewWindow

    /// A page, and what it is a page of.
    struct Found: Sendable {
        var firstDay: Day
        var total: Int
        var rows: [FoundRow]
    }

    /// One listing found.
    struct FoundRow: Sendable {
        var id: String
        var body: [UInt8]
        var score: Int?
        var distance: Int?
        var renewed: Day
        var name: String
        /// Free, held and busy days; nil when hidden, or when all needed days are free.
        var days: (free: BitString, held: BitString, busy: BitString)?
    }

    /// - Parameter total: how many there are, where that is known: then a ranked plan is read in the order of an index
    ///   until the page is full.
    func find(
        limit: Int,
        offset: Int,
        after cursor: CrewCursor?,
        total: Int? = nil,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Found {
        let rows = try await database.query(
            total == nil
                ? statement(limit: limit, offset: offset, after: cursor)
                : rankedStatement(limit: limit, offset: offset, after: cursor),
            lane: .search,
            settings: plan.audience.settings
        )
        guard let first = rows.first else { throw .decoding("a search answered no row") }
        let total = if let total { total } else { try first.decode(Int.self, "total") }
        var found = Found(firstDay: try first.decode(Day.self, "first_day"), total: total, rows: [])
        for row in rows where !row.isNull("id") { found.rows.append(try read(row)) }
        return found
    }

    private func read(_ row: Row) throws(PostgresError) -> FoundRow {
        var days: (free: BitString, held: BitString, busy: BitString)?
        if hasScore, !row.isNull("free") {
            days = (
                try row.decode(BitString.self, "free"), try row.decode(BitString.self, "held"),
                try row.decode(BitString.self, "busy")
            )
        }
        return FoundRow(
            id: try row.decode(UUID.self, "id").uuidString.lowercased(),
            body: try row.bytes("body"),
            score: hasScore ? Int(try row.decode(Int32.self, "score")) : nil,
            distance: plan.near == nil ? nil : Int(try row.decode(Int32.self, "distance")),
            renewed: try row.decode(Day.self, "renewed_on"),
            name: try row.decode(String.self, "name"),
            days: days
        )
    }

    /// Whether free days are counted: whenever not all of them must be free.
    private var hasScore: Bool { plan.hasDates && plan.coverage != .full }

    func statement(limit: Int, offset: Int, after cursor: CrewCursor?) -> SQL {
        let behind = cursor.map { "WHERE \(isBehind($0))" as SQL } ?? ""
        let skip: SQL = offset == 0 ? "" : " OFFSET \(Int64(offset))"
        let days: SQL = hasScore ? ", y.free, y.held, y.busy" : ""
        let joinDays: SQL = hasScore ? "LEFT JOIN \(plan.days) y ON y.id = p.id" : ""
        return """
            WITH m AS MATERIALIZED (
                \(matches)
            ), page AS (
                SELECT \(columns("m")) FROM m \(behind) ORDER BY \(order("m")) LIMIT \(Int64(limit))\(skip)
            )
            SELECT w.first_day, t.total, \(columns("p")), d.body\(days)
            FROM (SELECT count(*) AS total FROM m) AS t
            CROSS JOIN klappa.crew_window w
            LEFT JOIN page p ON true
            LEFT JOIN \(plan.kind.docs) d ON d.id = p.id
            \(joinDays)
            ORDER BY \(order("p"))
            """
    }

    /// The same in the order of an index, and not counted. The planner cannot know that many match, so the order is
    /// fixed before the conditions.
    func rankedStatement(limit: Int, offset: Int, after cursor: CrewCursor?) -> SQL {
        var conditions = plan.filters.map(\.condition)
        if plan.hasDates {
            let free: SQL = "SELECT \(free) FROM \(plan.days) y WHERE y.id = p.id"
            conditions.append("(\(free)) = \(Int64(plan.needed))")
        }
        var from: SQL = ""
        if let cursor {
            from = "WHERE m.renewed_on <= \(Day(number: cursor.renewed)) AND \(isBehind(cursor))"
        }
        let skip: SQL = offset == 0 ? "" : " OFFSET \(Int64(offset))"
        return """
            SELECT w.first_day, \(columns("p")), d.body
            FROM klappa.crew_window w
            LEFT JOIN (
                SELECT p.id, p.renewed_on, p.name
                FROM (SELECT m.* FROM \(plan.kind.table) m \(from) ORDER BY \(order("m")) OFFSET 0) AS p
                WHERE \(conditions.isEmpty ? "true" : .joined(conditions, separator: " AND "))
                ORDER BY \(order("p")) LIMIT \(Int64(limit))\(skip)
            ) AS p ON true
            LEFT JOIN \(plan.kind.docs) d ON d.id = p.id
            ORDER BY \(order("p"))
            """
    }

    /// `FROM … WHERE …` of the filters that turned bits do not know.
    var outsideBits: SQL {
        let daysAreKept = !plan.hasDates || plan.coverage == .any || plan.daysAreKept
        let days: SQL = daysAreKept ? "" : "JOIN \(plan.days) y ON y.id = p.id"
        var conditions = plan.filters.filter { $0.values == nil }.map(\.condition) + nearConditions
        if !daysAreKept { conditions += dayConditions }
        return """
            FROM \(plan.kind.table) p \(days)
            WHERE \(conditions.isEmpty ? "true" : .joined(conditions, separator: " AND "))
            """
    }

    /// Everything that matches, with what it is sorted by.
    var matches: SQL {
        var columns: [SQL] = ["p.id", "p.renewed_on", "p.name"]
        if let score { columns.append("\(score) AS score") }
        if let near = plan.near {
            columns.append("round(ST_Distance(p.point, \(Self.point(near))))::int AS distance")
        }
        return """
            SELECT \(.joined(columns, separator: ", ")) FROM \(plan.kind.table) p \(joinedDays)
            WHERE \(.joined(conditions(of: plan.filters), separator: " AND "))
            """
    }

    /// Joins the days where they decide or sort.
    private var joinedDays: SQL {
        guard plan.hasDates else { return "" }
        return "\(plan.coverage == .any ? "LEFT JOIN" as SQL : "JOIN") \(plan.days) y ON y.id = p.id"
    }

    private func conditions(of filters: [ListingPlan.Filter]) -> [SQL] {
        let conditions = filters.map(\.condition) + nearConditions + dayConditions
        return conditions.isEmpty ? ["true"] : conditions
    }

    private var nearConditions: [SQL] {
        guard let near = plan.near, let radius = near.radius else { return [] }
        return ["ST_DWithin(p.point, \(Self.point(near)), \(radius * 1000))"]
    }

    private var dayConditions: [SQL] {
        guard plan.hasDates else { return [] }
        return switch plan.coverage {
        case .full: ["\(free) = \(Int64(plan.needed))"]
        case .partial: ["\(free) > 0"]
        case .any: []
        }
    }

    private var free: SQL { "bit_count(y.free & \(window.bits(of: plan.dates)))" }

    /// Sorts as the states do: free days, else 0 when some day is unknown, −1 when all are taken, −2 when hidden.
    private var score: SQL? {
        guard hasScore else { return nil }
        if plan.coverage == .partial { return "\(free)::int" }
        return """
            CASE WHEN y.free IS NULL THEN -2
                WHEN \(free) > 0 THEN \(free)::int
                WHEN bit_count((y.held | y.busy) & \(window.bits(of: plan.dates))) < \(Int64(plan.needed)) THEN 0
                ELSE -1 END
            """
    }

    static func point(_ near: CrewSearch.Near) -> SQL {
        "ST_MakePoint(\(near.longitude), \(near.latitude))::geography"
    }

    func columns(_ alias: SQL) -> SQL {
        let score: SQL = hasScore ? ", \(alias).score" : ""
        let distance: SQL = plan.near == nil ? "" : ", \(alias).distance"
        return "\(alias).id, \(alias).renewed_on, \(alias).name\(score)\(distance)"
    }

    func order(_ alias: SQL) -> SQL {
        let rest: SQL = "\(alias).renewed_on DESC, \(alias).name, \(alias).id"
        switch plan.order {
        case .availability: return hasScore ? "\(alias).score DESC, \(rest)" : rest
        case .renewed: return rest
        case .name: return "\(alias).name, \(alias).renewed_on DESC, \(alias).id"
        case .distance: return "\(alias).distance, \(rest)"
        }
    }

    /// Whether a row of `m` comes after the cursor's key, in the order above.
    private func isBehind(_ cursor: CrewCursor) -> SQL {
        let renewed = Day(number: cursor.renewed)
        let id = UUID(uuidString: cursor.id) ?? UUID()
        let byName: SQL = "(m.name, m.id) > (\(cursor.name), \(id))"
        let rest: SQL = "(m.renewed_on < \(renewed) OR m.renewed_on = \(renewed) AND \(byName))"
        switch plan.order {
        case .availability where hasScore:
            let score = Int32(clamping: cursor.score ?? 0)
            return "(m.score < \(score) OR m.score = \(score) AND \(rest))"
        case .availability, .renewed: return rest
        case .name:
            return """
                (m.name > \(cursor.name) OR m.name = \(cursor.name) AND (m.renewed_on < \(renewed)
                    OR m.renewed_on = \(renewed) AND m.id > \(id)))
                """
        case .distance:
            let distance = Int32(clamping: cursor.distance ?? 0)
            return "(m.distance > \(distance) OR m.distance = \(distance) AND \(rest))"
        }
    }
}

// MARK: Facets

extension ListingQueries {
    /// What the total would be if a value were the only one of its facet (or, where all are required, were added),
    /// all other filters kept; values that nothing has are missing. Nil when the window has moved since it was read.
    func count(
        _ facets: [ListingPlan.Facet],
        _ database: PostgresClient
    ) async throws(PostgresError) -> [String: [String: Int]]? {
        let rows = try await database.query(
            facetStatement(facets),
            lane: .search,
            settings: plan.audience.settings
        )
        var counts: [String: [String: Int]] = [:]
        for row in rows {
            let (facet, value) = (try row.decode(String.self, at: 0), try row.decode(String.self, at: 1))
            if facet == "window" {
                guard value == window.firstDay.description else { return nil }
            } else {
                counts[facet, default: [:]][value] = try row.decode(Int.self, at: 2)
            }
        }
        return counts
    }

    private func facetStatement(_ facets: [ListingPlan.Facet]) -> SQL {
        let kept = plan.filters.filter { $0.facet == nil }
        let own = plan.filters.filter { $0.facet != nil }
        var columns: [SQL] = facets.enumerated().map { place, facet in
            "\(facet.values) AS \(SQL(unsafe: "v\(place)"))"
        }
        columns += own.enumerated().map { place, filter in
            "(\(filter.condition)) AS \(SQL(unsafe: "is\(place)"))"
        }
        var selects: [SQL] = facets.enumerated().map { place, facet in
            var conditions: [SQL] = own.enumerated().compactMap { number, filter in
                filter.facet == facet.name ? nil : "b.\(SQL(unsafe: "is\(number)"))"
            }
            if conditions.isEmpty { conditions = ["true"] }
            return """
                SELECT \(SQL(unsafe: "'" + facet.name + "'")) AS facet, v.value, count(*)
                FROM b CROSS JOIN LATERAL unnest(b.\(SQL(unsafe: "v\(place)"))) AS v (value)
                WHERE \(.joined(conditions, separator: " AND ")) GROUP BY v.value
                """
        }
        selects.append("SELECT 'window', w.first_day::text, 0::bigint FROM klappa.crew_window w")
        return """
            WITH b AS MATERIALIZED (
                SELECT \(.joined(columns, separator: ", ")) FROM \(plan.kind.table) p \(joinedDays)
                WHERE \(.joined(conditions(of: kept), separator: " AND ")))
            \(.joined(selects, separator: "\nUNION ALL\n"))
            """
    }
}
