internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL of the review queue; row security lets an office see its own region's.
enum ReviewQueries {
    private static let columns: SQL = """
        e.subject, e.kind, e.change, h.code AS region, e.name, e.since,
        coalesce(p.version, l.version, c.version, 0) AS version
        """
    private static let joins: SQL = """
        JOIN klappa.region h ON h.no = e.region
        LEFT JOIN klappa.person p ON p.id = e.subject
        LEFT JOIN klappa.location l ON l.id = e.subject
        LEFT JOIN klappa.company c ON c.id = e.subject
        """

    private static func condition(_ filter: ReviewFilter) -> SQL {
        """
        (\(filter.kind?.rawValue)::text IS NULL OR e.kind = \(filter.kind?.rawValue))
        AND (\(filter.regions.isEmpty)
            OR e.region IN (SELECT r.no FROM klappa.region r WHERE r.code = ANY (\(filter.regions))))
        """
    }

    /// Entries, what has waited longest first.
    static func list(
        _ filter: ReviewFilter,
        skipping offset: Int,
        limit: Int,
        _ transaction: Transaction
    ) async throws -> [ReviewEntry] {
        try await transaction.query(
            """
            SELECT \(columns)
            FROM (
                SELECT e.subject, e.kind, e.change, e.region, e.name, e.since FROM klappa.review_entry e
                WHERE \(condition(filter))
                ORDER BY e.since, e.subject
                LIMIT \(Int64(limit)) OFFSET \(Int64(offset))) AS e
            \(joins)
            ORDER BY e.since, e.subject
            """
        ).map(entry)
    }

    /// What waits, of whatever sort.
    enum Waiting: Hashable, Sendable {
        /// A listing, or changes of one; by its id.
        case entry(UUID)
        /// A claim of a listing that nobody owns; by its id.
        case claim(UUID)

        /// Where the office decides, without the language.
        var path: String {
            switch self {
            case .entry(let id): "/review/\(id.uuidString.lowercased())"
            case .claim(let id): "/review/claims/\(id.uuidString.lowercased())"
            }
        }
    }

    /// Entries and claims in one order, what has waited longest first.
    ///
    /// - Parameter sorts: whether entries, and whether claims are wanted.
    static func waiting(
        _ filter: ReviewFilter,
        _ sorts: (entries: Bool, claims: Bool),
        skipping offset: Int,
        limit: Int,
        _ transaction: Transaction
    ) async throws -> [Waiting] {
        try await transaction.query(
            """
            SELECT x.id, x.claim
            FROM (
                (SELECT e.subject AS id, false AS claim, e.since FROM klappa.review_entry e
                WHERE \(sorts.entries) AND \(condition(filter))
                ORDER BY e.since, e.subject
                LIMIT \(Int64(offset + limit)))
                UNION ALL
                SELECT c.id, true, c.created_at FROM klappa.claims_to_decide() AS c
                WHERE \(sorts.claims) AND (\(filter.regions.isEmpty) OR c.region = ANY (\(filter.regions)))) AS x
            ORDER BY x.since, x.id
            LIMIT \(Int64(limit)) OFFSET \(Int64(offset))
            """
        ).map(waiting)
    }

    private static func waiting(_ row: Postgres.Row) throws -> Waiting {
        let id = try row.decode(UUID.self, "id")
        return try row.decode(Bool.self, "claim") ? .claim(id) : .entry(id)
    }

    /// Entries by their ids.
    static func entries(_ ids: [UUID], _ transaction: Transaction) async throws -> [UUID: ReviewEntry] {
        let rows = try await transaction.query(
            "SELECT \(columns) FROM klappa.review_entry e \(joins) WHERE e.subject = ANY (\(ids))"
        )
        return Dictionary(uniqueKeysWithValues: try rows.map(entry).map { ($0.id, $0) })
    }

    /// How many wait, by kind.
    static func counts(
        _ filter: ReviewFilter,
        _ transaction: Transaction
    ) async throws -> [ReviewEntry.Kind: Int] {
        var everything = filter
        everything.kind = nil
        let rows = try await transaction.query(
            "SELECT e.kind, count(*) AS n FROM klappa.review_entry e WHERE \(condition(everything)) GROUP BY e.kind"
        )
        var counts: [ReviewEntry.Kind: Int] = [:]
        for row in rows {
            guard let kind = ReviewEntry.Kind(rawValue: try row.decode(String.self, "kind")) else { continue }
            counts[kind] = Int(try row.decode(Int64.self, "n"))
        }
        return counts
    }

    /// One entry; nil when it does not wait, or not for the reader.
    static func find(_ id: UUID, _ transaction: Transaction) async throws -> ReviewEntry? {
        try await transaction.query(
            "SELECT \(columns) FROM klappa.review_entry e \(joins) WHERE e.subject = \(id)"
        ).first.map(entry)
    }

    /// What has waited longest after an entry, or else the first of all; nil when nothing waits.
    static func next(after entry: ReviewEntry, _ transaction: Transaction) async throws -> Waiting? {
        try await transaction.query(
            """
            SELECT x.id, x.claim
            FROM (
                SELECT e.subject AS id, false AS claim, e.since FROM klappa.review_entry e WHERE e.subject <> \(entry.id)
                UNION ALL
                SELECT c.id, true, c.created_at FROM klappa.claims_to_decide() AS c) AS x
            ORDER BY (x.since, x.id) < (\(entry.since), \(entry.id)), x.since, x.id
            LIMIT 1
            """
        ).first.map(waiting)
    }

    private static func entry(_ row: Postgres.Row) throws -> ReviewEntry {
        ReviewEntry(
            id: try row.decode(UUID.self, "subject"),
            kind: ReviewEntry.Kind(rawValue: try row.decode(String.self, "kind")) ?? .person,
            isChange: try row.decode(Bool.self, "change"),
            region: try row.decode(String.self, "region"),
            name: try row.decode(String.self, "name"),
            since: try row.decode(Instant.self, "since"),
            version: try row.decode(Int64.self, "version")
        )
    }

    /// Whose listing it is.
    struct Owner: Sendable {
        let name: String
        let email: String?
        let language: Language
        /// Whether it is the reader: then somebody else decides.
        let isReader: Bool
    }

    /// To whom letters about a listing go; nil when nobody owns it, or the reader is not its office.
    static func owner(of id: UUID, _ transaction: Transaction) async throws -> Owner? {
        let rows = try await transaction.query(
            "SELECT o.name, o.email, o.language, o.account = klappa.reader() AS own FROM klappa.listing_owner(\(id)) AS o"
        )
        return try rows.first.map { row in
            Owner(
                name: try row.decode(String.self, "name"),
                email: try row.decode(String?.self, "email"),
                language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv,
                isReader: try row.decode(Bool.self, "own")
            )
        }
    }
}
