public import Postgres

/// Runs the queries of `sql/checks`: each returns the rows that break an invariant.
public struct CheckRunner: Sendable {
    /// What one check found.
    public struct Finding: Equatable, Sendable {
        /// The check's name.
        public let check: String
        /// The offending rows as JSON objects, the first hundred of them.
        public let rows: [String]
        /// How many there are in all.
        public let count: Int
    }

    /// Most rows that are shown of one check.
    static let longestList = 100

    /// Runs one check, reading only.
    ///
    /// - Returns: nil when the invariant holds.
    /// - Throws: `PostgresError` when the query cannot be run.
    public static func run(_ check: SQLFiles.Check, _ client: PostgresClient) async throws -> Finding? {
        let sql: SQL = """
            SELECT to_json(found)::text AS found, count(*) OVER () AS total
            FROM (
            \(SQL(unsafe: check.query))
            ) AS found
            LIMIT \(Int64(longestList))
            """
        let rows = try await client.transaction(.init(access: .readOnly), deadline: .seconds(300)) {
            transaction in
            try await transaction.script("SET LOCAL search_path = klappa, public")
            return try await transaction.query(sql, deadline: .seconds(300))
        }
        guard let first = rows.first else { return nil }
        var texts: [String] = []
        for row in rows { texts.append(try row.decode(String.self, "found")) }
        return Finding(check: check.name, rows: texts, count: Int(try first.decode(Int64.self, "total")))
    }
}
