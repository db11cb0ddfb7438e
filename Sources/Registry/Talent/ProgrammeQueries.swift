internal import Foundation
internal import Postgres
internal import Web

/// The SQL of what strangers know of programmes and calls. JSON is written by PostgreSQL.
struct ProgrammeQueries: Sendable {
    private let database: PostgresClient

    /// - Parameter database: as `klappa_public`; it reads projections only.
    init(_ database: PostgresClient) {
        self.database = database
    }

    /// Which programmes are wanted.
    struct Filter: Hashable, Sendable {
        var text: String?
        var types: [String] = []
        var regions: [String] = []
        var priorities: [String] = []
        /// Whether a listed call takes applications before its deadline; nil for any.
        var open: Bool?

        /// The same for filters that find the same, in every process: what a cursor belongs to.
        var fingerprint: UInt64 {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for part in [
                text ?? "", types.sorted().joined(separator: ","), regions.sorted().joined(separator: ","),
                priorities.sorted().joined(separator: ","), open.map { "\($0)" } ?? "",
            ] {
                for byte in Array(part.utf8) + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
            return hash
        }
    }

    // MARK: The API

    /// The whole answer of a list: its JSON text, and the key behind which the next one begins.
    func list(
        _ filter: Filter,
        after: (name: String, id: UUID)?,
        limit: Int
    ) async throws(PostgresError) -> (items: String, total: Int, last: (name: String, id: UUID)?) {
        let behind: SQL = after.map { "WHERE (f.name_sv, f.id) > (\($0.name), \($0.id))" } ?? ""
        let rows = try await database.query(
            """
            WITH found AS MATERIALIZED (
                SELECT p.id, p.name_sv FROM klappa.programme_public p WHERE \(Self.condition(filter))),
            page AS (
                SELECT f.id, f.name_sv FROM found f \(behind) ORDER BY f.name_sv, f.id LIMIT \(Int64(limit + 1)))
            SELECT (SELECT count(*) FROM found) AS total, p.id, p.name_sv, (\(Self.item))::text AS item
            FROM page JOIN klappa.programme_public p ON p.id = page.id
            ORDER BY p.name_sv, p.id
            """
        )
        guard let first = rows.first else { return ("[]", try await count(filter), nil) }
        var items: [String] = []
        for row in rows.prefix(limit) { items.append(try row.decode(String.self, "item")) }
        var last: (name: String, id: UUID)?
        if rows.count > limit {
            let row = rows[limit - 1]
            last = (name: try row.decode(String.self, "name_sv"), id: try row.decode(UUID.self, "id"))
        }
        return ("[" + items.joined(separator: ",") + "]", Int(try first.decode(Int64.self, "total")), last)
    }

    private func count(_ filter: Filter) async throws(PostgresError) -> Int {
        let rows = try await database.query(
            "SELECT count(*) AS total FROM klappa.programme_public p WHERE \(Self.condition(filter))"
        )
        return Int(try rows.first?.decode(Int64.self, "total") ?? 0)
    }

    /// A record's JSON text and version, by slug or id.
    func record(_ slugOrID: String) async throws(PostgresError) -> (body: [UInt8], version: Int64)? {
        let rows = try await database.query(
            """
            SELECT p.version, json_build_object('id', p.id, 'slug', p.slug, 'name', \(Self.pair("p.name")),
                'summary', \(Self.pair("p.summary")), 'organisation', p.organisation, 'programmeType', p.programme_type,
                'priority', p.priority, 'regions', p.regions, 'startsOn', p.starts_on, 'endsOn', p.ends_on,
                'openCalls', \(Self.openCalls), 'invented', p.invented, 'version', p.version,
                'description', \(Self.pair("p.description")), 'url', p.url, 'organisationEmail', p.organisation_email,
                'organisationUrl', p.organisation_url,
                'calls', coalesce((SELECT json_agg(\(Self.call) ORDER BY c.opens_at DESC, c.id)
                    FROM klappa.call_public c WHERE c.programme = p.id AND NOT c.unlisted), '[]'))::text AS body
            FROM klappa.programme_public p
            WHERE \(Self.named(slugOrID))
            """
        )
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// The calls of a programme as a whole list, newest first; nil without such a programme.
    func calls(_ slugOrID: String) async throws(PostgresError) -> [UInt8]? {
        let rows = try await database.query(
            """
            SELECT json_build_object('items', coalesce(json_agg(\(Self.fullCall) ORDER BY c.opens_at DESC, c.id)
                FILTER (WHERE c.id IS NOT NULL), '[]'), 'total', count(c.id), 'next', NULL)::text AS body
            FROM klappa.programme_public p
            LEFT JOIN klappa.call_public c ON c.programme = p.id AND NOT c.unlisted
            WHERE \(Self.named(slugOrID))
            GROUP BY p.id
            """
        )
        return try rows.first?.bytes("body")
    }

    /// One call of a programme, listed or not.
    func call(_ slugOrID: String, _ id: UUID) async throws(PostgresError) -> (body: [UInt8], version: Int64)?
    {
        let rows = try await database.query(
            """
            SELECT c.version, (\(Self.fullCall))::text AS body
            FROM klappa.call_public c JOIN klappa.programme_public p ON p.id = c.programme
            WHERE c.id = \(id) AND \(Self.named(slugOrID))
            """
        )
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    // MARK: Pages

    /// Programmes in the order of their names.
    func programmes(_ filter: Filter, _ language: Language) async throws(PostgresError) -> [Programme] {
        let order: SQL = language == .sv ? "p.name_sv" : "p.name_en COLLATE \"sv-x-icu\""
        let rows = try await database.query(
            "\(Self.programme) WHERE \(Self.condition(filter)) ORDER BY \(order), p.id"
        )
        return try rows.map { row throws(PostgresError) in try Programme(row) }
    }

    /// One programme by slug.
    func programme(_ slug: String) async throws(PostgresError) -> Programme? {
        try await database.query("\(Self.programme) WHERE p.slug = \(slug)").first
            .map { row throws(PostgresError) in try Programme(row) }
    }

    /// The listed calls of some programmes: those that can be applied to first, then by deadline.
    func calls(of programmes: [UUID]) async throws -> [Call] {
        try await database.query(
            """
            \(Self.callRow) WHERE c.programme = ANY (\(programmes)) AND NOT c.unlisted
            ORDER BY c.closes_at < now(), abs(extract(epoch FROM c.closes_at - now())), c.id
            """
        ).map(Call.init)
    }

    /// A call with its programme, by the call's id; listed or not.
    func call(_ id: UUID) async throws -> (call: Call, programme: Programme)? {
        guard let call = try await database.query("\(Self.callRow) WHERE c.id = \(id)").first.map(Call.init),
            let row = try await database.query("\(Self.programme) WHERE p.id = \(call.programme)").first
        else { return nil }
        return (call, try Programme(row))
    }

    /// The types that published programmes have, and the priorities, with names: what can be filtered by.
    func terms() async throws(PostgresError) -> (
        types: [(String, Localized)], priorities: [(String, Localized)]
    ) {
        let types = try await database.query(
            """
            SELECT t.code, t.name_sv, t.name_en FROM klappa.programme_type t
            WHERE NOT t.retired OR EXISTS (SELECT FROM klappa.programme_public p WHERE p.programme_type = t.code)
            ORDER BY t.sort_order
            """
        )
        let priorities = try await database.query(
            "SELECT s.code, s.name_sv, s.name_en FROM klappa.strategy_priority s ORDER BY s.no"
        )
        func pairs(_ rows: Rows) throws(PostgresError) -> [(String, Localized)] {
            try rows.map { row throws(PostgresError) in
                (try row.decode(String.self, "code"), try row.localized("name"))
            }
        }
        return (try pairs(types), try pairs(priorities))
    }

    // MARK: Parts

    private static func condition(_ filter: Filter) -> SQL {
        var parts: [SQL] = ["true"]
        if let text = filter.text { parts.append("strpos(p.typed, klappa.fold(\(text))) > 0") }
        if !filter.types.isEmpty { parts.append("p.programme_type = ANY (\(filter.types))") }
        if !filter.regions.isEmpty { parts.append("p.regions && \(filter.regions)") }
        if !filter.priorities.isEmpty { parts.append("p.priority = ANY (\(filter.priorities))") }
        if let open = filter.open { parts.append("(\(openCalls) > 0) = \(open)") }
        return SQL.joined(parts, separator: " AND ")
    }

    /// No slug has the form of an id.
    private static func named(_ slugOrID: String) -> SQL {
        if slugOrID.utf8.count == 36, let id = UUID(uuidString: slugOrID) { return "p.id = \(id)" }
        return "p.slug = \(slugOrID)"
    }

    private static func pair(_ column: String) -> SQL {
        SQL(unsafe: "json_build_object('sv', \(column)_sv, 'en', \(column)_en)")
    }

    private static let openCalls: SQL = """
        (SELECT count(*) FROM klappa.call_public c WHERE c.programme = p.id AND NOT c.unlisted
            AND c.state = 'published' AND now() BETWEEN c.opens_at AND c.closes_at)
        """

    private static let item: SQL = """
        json_build_object('id', p.id, 'slug', p.slug, 'name', \(pair("p.name")), 'summary', \(pair("p.summary")),
            'organisation', p.organisation, 'programmeType', p.programme_type, 'priority', p.priority,
            'regions', p.regions, 'startsOn', p.starts_on, 'endsOn', p.ends_on, 'openCalls', \(openCalls),
            'invented', p.invented, 'version', p.version)
        """

    private static let status: SQL = """
        CASE WHEN c.state = 'closed' THEN 'closed' WHEN now() < c.opens_at THEN 'upcoming'
            WHEN now() > c.closes_at THEN 'late' ELSE 'open' END
        """

    private static let call: SQL = """
        json_build_object('id', c.id, 'title', \(pair("c.title")), 'status', \(status),
            'opensAt', \(instant("c.opens_at")), 'closesAt', \(instant("c.closes_at")), 'places', c.places,
            'invented', c.invented, 'version', c.version)
        """

    private static let fullCall: SQL = """
        json_build_object('id', c.id, 'title', \(pair("c.title")), 'status', \(status),
            'opensAt', \(instant("c.opens_at")), 'closesAt', \(instant("c.closes_at")), 'places', c.places,
            'invented', c.invented, 'version', c.version, 'guidelines', \(pair("c.guidelines")),
            'questions', c.questions)
        """

    private static func instant(_ column: String) -> SQL {
        SQL(unsafe: "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    }

    private static let programme: SQL = """
        SELECT p.id, p.slug, p.organisation, p.organisation_email, p.organisation_url, t.name_sv AS type_sv,
            t.name_en AS type_en, s.name_sv AS priority_sv, s.name_en AS priority_en, p.regions, p.name_sv, p.name_en,
            p.summary_sv, p.summary_en, p.description_sv, p.description_en, p.url, p.starts_on, p.ends_on, p.invented
        FROM klappa.programme_public p
        JOIN klappa.programme_type t ON t.code = p.programme_type
        JOIN klappa.strategy_priority s ON s.code = p.priority
        """

    private static let callRow: SQL = """
        SELECT c.id, c.programme, \(status) AS status, c.unlisted, c.title_sv, c.title_en, c.guidelines_sv,
            c.guidelines_en, c.opens_at, c.closes_at, c.places, c.questions::text AS questions, c.invented
        FROM klappa.call_public c
        """
}
