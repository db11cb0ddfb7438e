internal import Foundation
public import Postgres

/// Every SQL statement that reads the strategy and the plans of the regions.
public enum StrategyQueries {
    /// A body as it is sent, and its version.
    public typealias Document = (body: [UInt8], version: Int64)

    /// The period of today among those of a plan in `p.body`, as JSON; null when there is none.
    private static let chosen: SQL = """
        (SELECT l FROM jsonb_array_elements(p.body -> 'levels') AS l
            WHERE klappa.today() BETWEEN (l ->> 'from')::date AND (l ->> 'to')::date)
        """

    /// The whole strategy, as ``Strategy`` reads it.
    ///
    /// - Parameter database: of any role.
    public static func strategy(_ database: PostgresClient) async throws(PostgresError) -> Document {
        let rows = try await database.query(
            """
            SELECT json_build_object(
                    'title', json_build_object('sv', s.title_sv, 'en', s.title_en),
                    'owner', s.owner,
                    'adoptedOn', s.adopted_on,
                    'adoptedBy', json_build_object('sv', s.adopted_by_sv, 'en', s.adopted_by_en),
                    'firstYear', s.first_year,
                    'lastYear', s.last_year,
                    'statements', (
                        SELECT coalesce(json_agg(json_build_object(
                            'code', t.code, 'kind', t.kind, 'text', json_build_object('sv', t.text_sv, 'en', t.text_en),
                            'year', t.year, 'paraphrase', t.paraphrase) ORDER BY t.sort_order, t.code), '[]')
                        FROM klappa.strategy_statement t
                        WHERE NOT t.retired),
                    'priorities', (
                        SELECT coalesce(json_agg(json_build_object(
                            'code', p.code, 'no', p.no, 'name', json_build_object('sv', p.name_sv, 'en', p.name_en))
                            ORDER BY p.no), '[]')
                        FROM klappa.strategy_priority p),
                    'levels', (
                        SELECT coalesce(json_agg(json_build_object(
                            'level', l.no, 'name', json_build_object('sv', l.name_sv, 'en', l.name_en)) ORDER BY l.no), '[]')
                        FROM klappa.strategy_level l),
                    'commitments', (
                        SELECT coalesce(json_agg(json_build_object(
                            'code', c.code, 'priority', c.priority, 'level', c.level,
                            'name', json_build_object('sv', c.name_sv, 'en', c.name_en),
                            'indicator', CASE WHEN i.code IS NOT NULL THEN json_build_object(
                                'code', i.code, 'unit', i.unit,
                                'name', json_build_object('sv', i.name_sv, 'en', i.name_en)) END,
                            'example', c.example, 'version', c.version)
                            ORDER BY p.no, c.level, c.sort_order, c.code), '[]')
                        FROM klappa.strategy_commitment c
                        JOIN klappa.strategy_priority p ON p.code = c.priority
                        LEFT JOIN klappa.strategy_indicator i ON i.code = c.indicator
                        WHERE NOT c.retired),
                    'regions', (
                        SELECT coalesce(json_agg(json_build_object(
                            'region', r.code, 'chosen', \(chosen), 'reached', p.reached,
                            'missing', (
                                SELECT coalesce(sum(jsonb_array_length(m -> 'commitments')), 0)
                                FROM jsonb_array_elements(p.body -> 'missing') AS m))
                            ORDER BY r.sort_order, r.code), '[]')
                        FROM klappa.region r
                        JOIN klappa.region_plan_public p ON p.region = r.no),
                    'version', v.version)::text AS body,
                v.version
            FROM klappa.strategy s
            CROSS JOIN (
                SELECT sum(x.version)::bigint AS version
                FROM (
                    SELECT version FROM klappa.strategy
                    UNION ALL SELECT version FROM klappa.strategy_statement
                    UNION ALL SELECT version FROM klappa.strategy_priority
                    UNION ALL SELECT version FROM klappa.strategy_level
                    UNION ALL SELECT version FROM klappa.strategy_indicator
                    UNION ALL SELECT version FROM klappa.strategy_commitment
                    UNION ALL SELECT version FROM klappa.region_plan_public) AS x) AS v
            """
        )
        guard let row = rows.first else { throw .decoding("the strategy has not been loaded") }
        return try document(row)
    }

    /// The public plan of a region by its code; nil when there is no such region.
    public static func plan(_ region: String, _ database: PostgresClient) async throws(PostgresError)
        -> Document?
    {
        let rows = try await database.query(
            """
            SELECT (p.body || jsonb_build_object('chosen', \(chosen), 'version', p.version))::text AS body, p.version
            FROM klappa.region_plan_public p
            JOIN klappa.region r ON r.no = p.region
            WHERE r.code = \(region)
            """
        )
        return try rows.first.map(document)
    }

    /// The plan of a region with everything that a reader may see of it: all for the region's office, and for everyone
    /// else what is public; nil when there is no such region.
    ///
    /// - Parameters:
    ///   - database: of `klappa_member`.
    ///   - settings: of the reader.
    public static func plan(
        _ region: String,
        _ database: PostgresClient,
        settings: [(String, String)]
    ) async throws(PostgresError) -> Document? {
        let rows = try await database.query(
            """
            SELECT (p.body || jsonb_build_object('chosen', \(chosen), 'version', p.version))::text AS body, p.version
            FROM (
                SELECT q.region, q.version, CASE
                    WHEN q.region = ANY ((SELECT klappa.my_offices())::smallint[])
                    THEN klappa.plan_document(q.region, true) ELSE q.body END AS body
                FROM klappa.region_plan_public q
                JOIN klappa.region r ON r.no = q.region
                WHERE r.code = \(region)) AS p
            """,
            settings: settings
        )
        return try rows.first.map(document)
    }

    /// What anyone may read of the level of a region; nil when there is no such region.
    public static func level(_ region: String, _ database: PostgresClient) async throws(PostgresError)
        -> Document?
    {
        let rows = try await database.query(
            """
            SELECT jsonb_build_object('region', r.code, 'chosen', \(chosen), 'reached', p.reached,
                    'missing', p.body -> 'missing', 'periods', p.body -> 'levels', 'version', p.version)::text AS body,
                p.version
            FROM klappa.region_plan_public p
            JOIN klappa.region r ON r.no = p.region
            WHERE r.code = \(region)
            """
        )
        return try rows.first.map(document)
    }

    /// The public plans of all regions, in the order of the vocabulary.
    static func plans(_ database: PostgresClient) async throws(PostgresError) -> [[UInt8]] {
        let rows = try await database.query(
            """
            SELECT (p.body || jsonb_build_object('chosen', \(chosen), 'version', p.version))::text AS body
            FROM klappa.region_plan_public p
            JOIN klappa.region r ON r.no = p.region
            ORDER BY r.sort_order, r.code
            """
        )
        var bodies: [[UInt8]] = []
        for row in rows { bodies.append(try row.bytes("body")) }
        return bodies
    }

    /// What the registry counts.
    static func figures(_ database: PostgresClient) async throws(PostgresError) -> StrategyFigures {
        let parts = StrategyFigures.Measure.allCases.map { measure -> SQL in
            "SELECT \(measure.rawValue)::text AS measure, x.region, x.n FROM (\(measure.counts)) AS x (region, n)"
        }
        let rows = try await database.query(
            """
            SELECT f.measure, r.code AS region, f.n::bigint AS n
            FROM (\(SQL.joined(parts, separator: " UNION ALL "))) AS f
            LEFT JOIN klappa.region r ON r.no = f.region
            """
        )
        var counts: [StrategyFigures.Measure: [String: Int]] = [:]
        var totals: [StrategyFigures.Measure: Int] = [:]
        for row in rows {
            guard let measure = StrategyFigures.Measure(rawValue: try row.decode(String.self, "measure"))
            else {
                continue
            }
            let n = try row.decode(Int.self, "n")
            if let region = try row.decode(String?.self, "region") {
                counts[measure, default: [:]][region] = n
            } else {
                totals[measure] = n
            }
        }
        return StrategyFigures(counts: counts, totals: totals)
    }

    private static func document(_ row: Row) throws(PostgresError) -> Document {
        (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }
}
