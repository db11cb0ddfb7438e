public import FoundationEssentials
public import Postgres

/// Every SQL statement on API keys.
///
/// Nothing in here can read a key's hash back: the look-up goes through `klappa.key_holder`, making and revoking
/// through functions that only the worker may call.
public enum KeyQueries {
    /// Who bears a key; nil when it is unknown, expired, revoked or has lost its right.
    ///
    /// - Parameter database: of any role; a request's key is looked up as `klappa_public`, before its reader is known.
    public static func holder(
        of key: BearerKey,
        _ database: PostgresClient
    ) async throws -> KeyHolder? {
        let rows = try await database.query(
            """
            SELECT h.key, h.account, h."right", h.expires_at, h.grants
            FROM klappa.key_holder(\(key.hash)) AS h
            """
        )
        guard let row = rows.first else { return nil }
        let word = try row.decode(String.self, "right")
        // A right that this version does not know gives none.
        guard let right = Right(rawValue: word) else { return nil }
        return KeyHolder(
            key: try row.decode(UUID.self, "key"),
            account: try row.decode(UUID.self, "account"),
            right: right,
            expiresAt: try row.decode(Instant?.self, "expires_at"),
            grants: try Grant.read(try row.decode(String.self, "grants"))
        )
    }

    /// Notes that a key was used just now; the database keeps one note a minute.
    ///
    /// - Parameter database: of `klappa_member` or `klappa_worker`.
    public static func noteUse(of key: UUID, _ database: PostgresClient) async throws(PostgresError) {
        try await database.execute("SELECT klappa.key_used(\(key))")
    }

    /// Makes a machine's account with one grant, and its key.
    ///
    /// - Parameters:
    ///   - region: code of the region to which the right is limited; nil for everywhere.
    ///   - database: of `klappa_worker`.
    /// - Returns: the key's id; nil when there is no such region, and then nothing was made.
    public static func issue(
        _ key: BearerKey,
        for right: Right,
        name: String,
        region: String?,
        expiresAt: Instant?,
        _ database: PostgresClient
    ) async throws(PostgresError) -> UUID? {
        let rows = try await database.query(
            """
            SELECT klappa.issue_key(\(UUID.version7()), \(UUID.version7()), \(name), \(right.rawValue), r.no,
                \(key.hash), \(expiresAt as Instant?)) AS id
            FROM (SELECT NULL::smallint AS no WHERE \(region as String?)::text IS NULL
                UNION ALL
                SELECT no FROM klappa.region WHERE code = \(region as String?)) AS r
            """
        )
        return try rows.first?.decode(UUID.self, "id")
    }

    /// Every key ever made that may be seen, newest first.
    ///
    /// - Parameters:
    ///   - reader: a member, who sees their own and those of their scope; nil for the worker, who sees all.
    ///   - database: of `klappa_member` or `klappa_worker`.
    public static func list(
        as reader: Reader? = nil,
        most: Int = 1000,
        _ database: PostgresClient
    ) async throws(PostgresError) -> [APIKey] {
        let rows = try await database.query(
            """
            SELECT k.id, k.account, k.name, k."right", s.regions, s.organisation, k.created_at, k.expires_at,
                k.last_used_at, k.revoked_at, k.made_by IS NOT DISTINCT FROM \(reader?.account as UUID?) AS is_own,
                m.name AS maker
            FROM klappa.api_key k
            LEFT JOIN LATERAL klappa.account_names(ARRAY[k.made_by]) AS m ON true
            LEFT JOIN LATERAL (
                SELECT coalesce(array_agg(r.code ORDER BY r.sort_order) FILTER (WHERE r.code IS NOT NULL), '{}') AS regions,
                    (array_agg(g.organisation) FILTER (WHERE g.organisation IS NOT NULL))[1] AS organisation
                FROM klappa.grants g
                LEFT JOIN klappa.region r ON r.no = g.region
                WHERE g.account = k.account AND g."right" = k."right") AS s ON true
            ORDER BY k.created_at DESC, k.id DESC
            LIMIT \(Int64(most))
            """,
            settings: reader?.settings ?? []
        )
        var keys: [APIKey] = []
        for row in rows {
            guard let right = Right(rawValue: try row.decode(String.self, "right")) else { continue }
            keys.append(
                APIKey(
                    id: try row.decode(UUID.self, "id"),
                    account: try row.decode(UUID.self, "account"),
                    name: try row.decode(String.self, "name"),
                    right: right,
                    regions: try row.decode([String].self, "regions"),
                    organisation: try row.decode(UUID?.self, "organisation"),
                    maker: try row.decode(String?.self, "maker"),
                    isOwn: try row.decode(Bool.self, "is_own"),
                    createdAt: try row.decode(Instant.self, "created_at"),
                    expiresAt: try row.decode(Instant?.self, "expires_at"),
                    lastUsedAt: try row.decode(Instant?.self, "last_used_at"),
                    revokedAt: try row.decode(Instant?.self, "revoked_at")
                )
            )
        }
        return keys
    }

    /// What a member wants a key for.
    struct Wish: Sendable {
        var name: String
        var right: Right
        /// Codes; empty is everywhere, or the organisation.
        var regions: [String]
        var organisation: UUID?
        var days: Int
    }

    /// Makes a key of a member's own. The database refuses one that may do more than they may (42501).
    ///
    /// - Parameter database: of `klappa_member`.
    static func make(
        _ key: BearerKey,
        _ wish: Wish,
        as reader: Reader,
        _ database: PostgresClient
    ) async throws(PostgresError) {
        try await database.execute(
            """
            SELECT klappa.make_key(\(UUID.version7()), \(UUID.version7()), \(wish.name), \(wish.right.rawValue),
                \(wish.regions), \(wish.organisation as UUID?), \(key.hash), \(Int32(wish.days)))
            """,
            settings: reader.settings
        )
    }

    /// Ends a key at once, for who may.
    ///
    /// - Returns: false when there is no living one that the reader may end.
    static func end(_ key: UUID, as reader: Reader, _ database: PostgresClient) async throws(PostgresError)
        -> Bool
    {
        let rows = try await database.query(
            "SELECT klappa.end_key(\(key)) AS ended",
            settings: reader.settings
        )
        return try rows.first?.decode(Bool.self, "ended") ?? false
    }

    /// Ends a key at once.
    ///
    /// - Parameter database: of `klappa_worker`.
    /// - Returns: false when there is no such key or it was already revoked.
    public static func revoke(_ key: UUID, _ database: PostgresClient) async throws(PostgresError) -> Bool {
        let rows = try await database.query("SELECT klappa.revoke_key(\(key)) AS revoked")
        return try rows.first?.decode(Bool.self, "revoked") ?? false
    }
}
