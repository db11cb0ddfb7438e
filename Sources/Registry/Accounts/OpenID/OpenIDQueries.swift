internal import Foundation
internal import NIOCore
internal import Postgres
internal import Web

/// Every SQL statement on signing in through a provider.
enum OpenIDQueries {
    /// A sign-in that has been begun and come back.
    struct Claimed: Sendable {
        let id: UUID
        let then: String
        let language: Language
    }

    /// What became of the way back.
    enum Return: Sendable {
        case claimed(Claimed)
        /// Unknown, used or too old.
        case gone
        /// Another browser began.
        case elsewhere
    }

    /// What became of the sign-in.
    enum Outcome: String {
        case signedIn = "signed-in"
        /// The provider vouches for no address, and nobody is tied to who came.
        case unverified
        /// No account has the address.
        case unknown
        /// The account is closed.
        case closed
        /// The account of the address is tied to somebody else there.
        case taken
        case gone
    }

    /// Keeps that a browser sets out.
    ///
    /// - Parameter database: of `klappa_member`.
    static func begin(
        _ attempt: OpenIDAttempt,
        at issuer: String,
        then: String,
        _ language: Language,
        _ database: PostgresClient
    ) async throws(PostgresError) {
        try await database.execute(
            """
            SELECT klappa.begin_openid(\(issuer), \(attempt.state.hash), \(attempt.browser.hash), \(then),
                \(language.rawValue))
            """
        )
    }

    /// Uses the way back up, once.
    static func claim(
        _ state: Secret,
        browser: Secret?,
        at issuer: String,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Return {
        let rows = try await database.query(
            """
            SELECT c.outcome, c.attempt, c.then_path, c.language
            FROM klappa.claim_openid(\(issuer), \(state.hash), \(browser?.hash ?? [])) AS c
            """
        )
        guard let row = rows.first else { return .gone }
        switch try row.decode(String.self, "outcome") {
        case "claimed":
            return .claimed(
                Claimed(
                    id: try row.decode(UUID.self, "attempt"),
                    then: try row.decode(String.self, "then_path"),
                    language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv
                )
            )
        case "elsewhere": return .elsewhere
        default: return .gone
        }
    }

    /// Finds or opens the account, gives and takes the rights of the claims, and begins a session.
    ///
    /// - Parameters:
    ///   - roles: nil when the provider gives no rights.
    ///   - database: of `klappa_worker`, for it acts on the provider's word alone.
    /// - Returns: what came of it, and scopes of roles that do not exist.
    static func finish(
        _ claimed: Claimed,
        _ person: OpenIDPerson,
        roles: [ClaimedRole]?,
        at issuer: String,
        session: Secret,
        device: String?,
        _ database: PostgresClient
    ) async throws -> (Outcome, unknownScopes: [String]) {
        let wanted = roles.map { roles in
            JSON.array(
                roles.map { role in
                    ["right": .string(role.right.rawValue), "scope": role.scope.map { .string($0) } ?? .null]
                }
            )
        }
        let rows = try await database.query(
            """
            SELECT f.outcome, f.unknown_scopes
            FROM klappa.finish_openid(\(claimed.id), \(issuer), \(person.subjectHash), \(person.email as String?),
                \(person.name as String?), \(wanted.map { String(buffer: $0.bytes) } as String?)::jsonb,
                \(session.hash), \(Secret.random().bytes), \(device as String?)) AS f
            """
        )
        guard let row = rows.first else { return (.gone, []) }
        let outcome = Outcome(rawValue: try row.decode(String.self, "outcome")) ?? .gone
        return (outcome, try row.decode([String].self, "unknown_scopes"))
    }

    /// The providers to which an account is tied, with when it last came from there.
    static func ties(of member: SignedIn, _ database: PostgresClient) async throws(PostgresError) -> [(
        id: UUID, issuer: String, seenAt: Instant
    )] {
        let rows = try await database.query(
            "SELECT id, issuer, seen_at FROM klappa.openid_identity ORDER BY issuer",
            settings: member.reader.settings
        )
        var ties: [(id: UUID, issuer: String, seenAt: Instant)] = []
        for row in rows {
            ties.append(
                (
                    try row.decode(UUID.self, "id"), try row.decode(String.self, "issuer"),
                    try row.decode(Instant.self, "seen_at")
                )
            )
        }
        return ties
    }

    /// Unties one's own account from a provider.
    static func untie(_ id: UUID, of member: SignedIn, _ database: PostgresClient) async throws(PostgresError)
        -> Bool
    {
        try await database.execute(
            "DELETE FROM klappa.openid_identity WHERE id = \(id)",
            settings: member.reader.settings
        ) == 1
    }
}
