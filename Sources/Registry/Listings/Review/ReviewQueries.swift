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

    /// The one that has waited longest after another, or else the first of all; nil when nothing waits.
    static func next(after entry: ReviewEntry, _ transaction: Transaction) async throws -> UUID? {
        let rows = try await transaction.query(
            """
            SELECT e.subject FROM klappa.review_entry e
            WHERE e.subject <> \(entry.id)
            ORDER BY (e.since, e.subject) < (\(entry.since), \(entry.id)), e.since, e.subject
            LIMIT 1
            """
        )
        return try rows.first?.decode(UUID.self, "subject")
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
    }

    /// To whom letters about a listing go; nil when nobody owns it, or the reader is not its office.
    static func owner(of id: UUID, _ transaction: Transaction) async throws -> Owner? {
        let rows = try await transaction.query(
            "SELECT o.name, o.email, o.language FROM klappa.listing_owner(\(id)) AS o"
        )
        return try rows.first.map { row in
            Owner(
                name: try row.decode(String.self, "name"),
                email: try row.decode(String?.self, "email"),
                language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv
            )
        }
    }
}
