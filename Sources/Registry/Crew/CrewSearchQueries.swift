internal import Foundation
internal import Postgres

/// The SQL of searches: one statement text per set of filters, so each is planned for exactly what it does.
///
/// The shape is always the same: `m`, everybody who matches, from neighbouring rows of the postings' index; `page`,
/// the best of them; the ready text of those, and their days where these are not all free.
struct CrewSearchQueries {
    let plan: CrewPlan
    let window: CrewWindow

    /// A page, and what it is a page of.
    struct Found: Sendable {
        var firstDay: Day
        /// Everybody who matches; nil when they were not counted.
        var total: Int?
        var rows: [FoundRow]
    }

    /// One person found.
    struct FoundRow: Sendable {
        var body: [UInt8]
        var score: Int?
        var distance: Int?
        /// Free, held and busy days; nil when hidden, or when all needed days are free.
        var days: (free: BitString, held: BitString, busy: BitString)?
        fileprivate var row: Row

        /// What a cursor behind this person needs.
        func cursor(of plan: CrewPlan) throws(PostgresError) -> CrewCursor {
            CrewCursor(
                search: plan.fingerprint,
                score: score,
                distance: distance,
                renewed: try row.decode(Day.self, "renewed_on"),
                name: try row.decode(String.self, "name"),
                id: try row.decode(UUID.self, "id").uuidString.lowercased()
            )
        }
    }

    /// Finds a page.
    ///
    /// - Parameters:
    ///   - limit: rows at most.
    ///   - offset: rows left out at the front.
    ///   - cursor: leaves out everything up to this key.
    func find(
        limit: Int,
        offset: Int,
        after cursor: CrewCursor?,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Found {
        let rows = try await database.query(
            plan.isBroad
                ? broadStatement(limit: limit, offset: offset, after: cursor)
                : statement(limit: limit, offset: offset, after: cursor),
            lane: .search,
            settings: plan.audience.settings
        )
        guard let first = rows.first else { throw .decoding("a search answered no row") }
        var found = Found(
            firstDay: try first.decode(Day.self, "first_day"),
            total: plan.isBroad ? nil : try first.decode(Int.self, "total"),
            rows: []
        )
        for row in rows where !row.isNull("id") { found.rows.append(try read(row)) }
        return found
    }

    private func read(_ row: Row) throws(PostgresError) -> FoundRow {
        var days: (free: BitString, held: BitString, busy: BitString)?
        if needsDays, !row.isNull("free") {
            days = (
                free: try row.decode(BitString.self, "free"), held: try row.decode(BitString.self, "held"),
                busy: try row.decode(BitString.self, "busy")
            )
        }
        return FoundRow(
            body: try row.bytes("body"),
            score: hasScore ? try row.decode(Int32.self, "score").magnitudeSigned : nil,
            distance: plan.near == nil ? nil : try row.decode(Int32.self, "distance").magnitudeSigned,
            days: days,
            row: row
        )
    }

    /// Whether free days are counted: whenever not all of them must be free.
    private var hasScore: Bool { plan.hasDates && plan.coverage != .full }
    /// Whether items carry more than "all free".
    private var needsDays: Bool { hasScore }

    func statement(limit: Int, offset: Int, after cursor: CrewCursor?) -> SQL {
        let key = columns("p")
        let behind = cursor.map { "WHERE \(isBehind($0))" as SQL } ?? ""
        let skip: SQL = offset == 0 ? "" : " OFFSET \(Int64(offset))"
        let days: SQL = needsDays ? ", y.free, y.held, y.busy" : ""
        let joinDays: SQL = needsDays ? "LEFT JOIN \(plan.audience.days) y ON y.id = p.id" : ""
        return """
            WITH m AS MATERIALIZED (
                \(CrewMatch(plan: plan, window: window).people)
            ), page AS (
                SELECT \(columns("m")) FROM m \(behind) ORDER BY \(order("m")) LIMIT \(Int64(limit))\(skip)
            )
            SELECT w.first_day, t.total, \(key), d.body\(days)
            FROM (SELECT count(*) AS total FROM m) AS t
            CROSS JOIN klappa.crew_window w
            LEFT JOIN page p ON true
            LEFT JOIN klappa.crew_doc d ON d.id = p.id
            \(joinDays)
            ORDER BY \(order("p"))
            """
    }

    /// The same for a plan that is broad: read in the order of an index until the page is full, and not counted.
    func broadStatement(limit: Int, offset: Int, after cursor: CrewCursor?) -> SQL {
        let behind = cursor.map { " AND \(isBehind($0))" as SQL } ?? ""
        let skip: SQL = offset == 0 ? "" : " OFFSET \(Int64(offset))"
        return """
            SELECT w.first_day, p.id, p.renewed_on, p.name, d.body
            FROM klappa.crew_window w
            LEFT JOIN (
                SELECT m.id, m.renewed_on, m.name FROM \(plan.audience.posts) m
                WHERE m.role = 0 AND m.home AND \(CrewMatch(plan: plan, window: window).broadCondition)\(behind)
                ORDER BY \(order("m")) LIMIT \(Int64(limit))\(skip)
            ) AS p ON true
            LEFT JOIN klappa.crew_doc d ON d.id = p.id
            ORDER BY \(order("p"))
            """
    }

    private func columns(_ alias: SQL) -> SQL {
        let score: SQL = hasScore ? ", \(alias).score" : ""
        let distance: SQL = plan.near == nil ? "" : ", \(alias).distance"
        return "\(alias).id, \(alias).renewed_on, \(alias).name\(score)\(distance)"
    }

    private func order(_ alias: SQL) -> SQL {
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

extension Int32 {
    /// The same number as `Int`.
    fileprivate var magnitudeSigned: Int { Int(self) }
}
