internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on who holds which right. Row security says who may see, give and take what.
enum GrantQueries {
    /// A right that somebody holds.
    struct Held: Sendable {
        let id: UUID
        let account: UUID
        let name: String
        let email: String?
        let isMachine: Bool
        let grant: Grant
        let givenBy: String?
        let givenAt: Instant
    }

    /// Who is invited, to what.
    struct Invitation: Sendable {
        var email: String
        var name: String?
        var grant: Grant
        /// Of the letter, for who has no account yet.
        var language: Language
    }

    /// What came of an invitation.
    enum Outcome: Equatable {
        case given
        /// The right was held before.
        case held
        /// The account is closed, or one's own.
        case refused
    }

    /// The rights that the reader may see but their own, by name.
    ///
    /// - Parameter most: how many at most.
    static func list(
        as reader: Reader,
        most: Int = 500,
        _ database: PostgresClient
    ) async throws(PostgresError) -> [Held] {
        let rows = try await database.query(
            """
            SELECT g.id, g.account, a.name, a.email, a.kind, g."right", r.code AS region, g.organisation, g.created_at,
                n.name AS given_by
            FROM klappa.grants g
            JOIN klappa.account a ON a.id = g.account
            LEFT JOIN klappa.region r ON r.no = g.region
            LEFT JOIN LATERAL klappa.account_names(ARRAY[g.given_by]) AS n ON true
            ORDER BY a.name COLLATE "sv-x-icu", a.id, g."right", r.sort_order
            LIMIT \(Int64(most))
            """,
            settings: reader.settings
        )
        var held: [Held] = []
        for row in rows {
            guard let right = Right(rawValue: try row.decode(String.self, "right")) else { continue }
            held.append(
                Held(
                    id: try row.decode(UUID.self, "id"),
                    account: try row.decode(UUID.self, "account"),
                    name: try row.decode(String.self, "name"),
                    email: try row.decode(String?.self, "email"),
                    isMachine: try row.decode(String.self, "kind") == "machine",
                    grant: Grant(
                        right,
                        region: try row.decode(String?.self, "region"),
                        organisation: try row.decode(UUID?.self, "organisation")
                    ),
                    givenBy: try row.decode(String?.self, "given_by"),
                    givenAt: try row.decode(Instant.self, "created_at")
                )
            )
        }
        return held
    }

    /// Gives a right to whoever has an address, opening an account where there is none.
    ///
    /// - Parameter transaction: of `klappa_member`, with the reader set.
    /// - Returns: what came of it, and in which language to write.
    static func give(
        _ invitation: Invitation,
        by giver: UUID,
        _ transaction: Transaction
    ) async throws -> (Outcome, Language) {
        guard let (account, language) = try await open(invitation, "invite_account", transaction),
            account != giver
        else {
            return (.refused, invitation.language)
        }
        let grant = invitation.grant
        // The statement fails when row security says no; a conflict alone adds nothing.
        let added = try await transaction.execute(
            """
            INSERT INTO klappa.grants (account, "right", region, organisation, given_by)
            SELECT \(account), \(grant.right.rawValue), (SELECT r.no FROM klappa.region r WHERE r.code = \(grant.region as String?)),
                \(grant.organisation as UUID?), \(giver)
            WHERE NOT EXISTS (
                SELECT FROM klappa.grants g
                WHERE g.account = \(account) AND g."right" = \(grant.right.rawValue)
                    AND g.region IS NOT DISTINCT FROM (SELECT r.no FROM klappa.region r WHERE r.code = \(grant.region as String?))
                    AND g.organisation IS NOT DISTINCT FROM \(grant.organisation as UUID?))
            """
        )
        return (added == 1 ? .given : .held, language)
    }

    /// The same for the command line, which may give everything.
    ///
    /// - Parameter transaction: of `klappa_worker`.
    static func give(_ invitation: Invitation, _ transaction: Transaction) async throws -> (Outcome, Language)
    {
        guard let (account, language) = try await open(invitation, "open_account", transaction) else {
            return (.refused, invitation.language)
        }
        let grant = invitation.grant
        let rows = try await transaction.query(
            """
            SELECT klappa.grant_right(\(account), \(grant.right.rawValue),
                (SELECT r.no FROM klappa.region r WHERE r.code = \(grant.region as String?)),
                \(grant.organisation as UUID?)) AS given
            """
        )
        return (try rows.first?.decode(Bool.self, "given") == true ? .given : .held, language)
    }

    private static func open(
        _ invitation: Invitation,
        _ function: String,
        _ transaction: Transaction
    ) async throws(PostgresError) -> (UUID, Language)? {
        let rows = try await transaction.query(
            """
            SELECT o.account, o.letters_in
            FROM klappa.\(identifier: function)(\(invitation.email), \(invitation.name as String?),
                \(invitation.language.rawValue)) AS o
            """
        )
        guard let row = rows.first, let account = try row.decode(UUID?.self, "account") else { return nil }
        let language = try row.decode(String?.self, "letters_in").flatMap { Language(rawValue: $0) }
        return (account, language ?? invitation.language)
    }

    /// Takes a right away at once.
    ///
    /// - Returns: false when there is none that the reader may take.
    static func take(_ id: UUID, as reader: Reader, _ database: PostgresClient) async throws(PostgresError)
        -> Bool
    {
        try await database.execute("DELETE FROM klappa.grants WHERE id = \(id)", settings: reader.settings)
            == 1
    }

    /// Regions by code and organisations by id, with their names.
    static func scopeNames(as reader: Reader, _ database: PostgresClient) async throws(PostgresError)
        -> ScopeNames
    {
        var names = ScopeNames()
        for row in try await database.query("SELECT code, name FROM klappa.region ORDER BY sort_order") {
            names.regions.append((try row.decode(String.self, "code"), try row.decode(String.self, "name")))
        }
        let organisations = try await database.query(
            "SELECT id, name FROM klappa.organisation ORDER BY name LIMIT 1000",
            settings: reader.settings
        )
        for row in organisations {
            names.organisations.append((try row.decode(UUID.self, "id"), try row.decode(String.self, "name")))
        }
        return names
    }
}
