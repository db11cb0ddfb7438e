internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on signing in and on sessions.
///
/// Secrets reach the database as hashes only. Look-ups run as `klappa_public`, for the reader is not known yet; what
/// writes runs as `klappa_member` through functions, for nobody may write these tables.
public enum SessionQueries {
    /// A request to sign in.
    public struct Request: Sendable {
        /// As it was typed.
        var email: String
        /// With which name an account is opened if the address has none; nil when none shall be.
        var name: String?
        /// Of the letter.
        var language: Language
        /// Where to go afterwards: a path of this service.
        var then: String
    }

    /// What became of a link.
    enum Outcome: Equatable {
        /// The session has begun; the path where to go.
        case signedIn(then: String)
        /// Unknown, used or too old.
        case gone
        /// Another browser asked for it.
        case elsewhere
    }

    /// What a link would do.
    enum Link: Equatable {
        case ready(email: String)
        case gone
        case elsewhere
    }

    /// Keeps a request and writes its letter. Nobody learns whether the address is known.
    ///
    /// - Parameters:
    ///   - link: the address that the letter names.
    ///   - askAgain: the address of the page where one asks, for letters to addresses that have no account.
    ///   - database: of `klappa_member`.
    static func ask(
        _ request: Request,
        token: Secret,
        browser: Secret,
        link: String,
        askAgain: String,
        _ database: PostgresClient
    ) async throws(PostgresError) {
        try await database.execute(
            """
            SELECT klappa.ask_to_sign_in(\(request.email), \(request.name as String?), \(token.hash), \(browser.hash),
                \(request.then), \(request.language.rawValue), \(link), \(askAgain))
            """
        )
    }

    /// What a link would do in this browser, without using it up.
    static func link(_ token: Secret, browser: Secret?, _ database: PostgresClient)
        async throws(PostgresError) -> Link
    {
        let hash = browser?.hash ?? []
        let rows = try await database.query(
            "SELECT a.outcome, a.email FROM klappa.sign_in_address(\(token.hash), \(hash)) AS a"
        )
        guard let row = rows.first else { return .gone }
        switch try row.decode(String.self, "outcome") {
        case "ready": return .ready(email: try row.decode(String?.self, "email") ?? "")
        case "elsewhere": return .elsewhere
        default: return .gone
        }
    }

    /// Uses a link up and begins a session.
    static func signIn(
        _ token: Secret,
        browser: Secret,
        session: Secret,
        device: String?,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Outcome {
        let rows = try await database.query(
            """
            SELECT s.outcome, s.then_path
            FROM klappa.sign_in(\(token.hash), \(browser.hash), \(session.hash), \(Secret.random().bytes)) AS s
            """
        )
        guard let row = rows.first else { return .gone }
        switch try row.decode(String.self, "outcome") {
        case "signed-in":
            try await database.execute(
                "SELECT klappa.describe_session(\(session.hash), \(device as String?))"
            )
            return .signedIn(then: try row.decode(String?.self, "then_path") ?? "/")
        case "elsewhere": return .elsewhere
        default: return .gone
        }
    }

    /// Who is signed in with a cookie, and whether its use is to be noted; nil when it does not hold.
    ///
    /// - Parameter database: of `klappa_public`.
    static func holder(of session: Secret, _ database: PostgresClient) async throws -> (
        SignedIn, isDue: Bool
    )? {
        let rows = try await database.query(
            """
            SELECT s.session, s.account, s.name, s.email, s.language, s.form_key, s.grants, s.is_due
            FROM klappa.session_holder(\(session.hash)) AS s
            """
        )
        guard let row = rows.first else { return nil }
        let member = SignedIn(
            session: try row.decode(UUID.self, "session"),
            account: try row.decode(UUID.self, "account"),
            name: try row.decode(String.self, "name"),
            email: try row.decode(String?.self, "email"),
            language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv,
            grants: try Grant.read(try row.decode(String.self, "grants")),
            formKey: try row.decode([UInt8].self, "form_key")
        )
        return (member, try row.decode(Bool.self, "is_due"))
    }

    /// Notes a use.
    ///
    /// - Returns: whether the cookie was exchanged for `next`, which must then be sent.
    static func use(
        _ session: Secret,
        next: Secret,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Bool {
        let rows = try await database.query(
            "SELECT klappa.use_session(\(session.hash), \(next.hash)) AS exchanged"
        )
        return try rows.first?.decode(Bool.self, "exchanged") ?? false
    }

    /// Ends a session at once.
    static func signOut(_ session: Secret, _ database: PostgresClient) async throws(PostgresError) {
        try await database.execute("SELECT klappa.sign_out(\(session.hash))")
    }

    /// A browser in which somebody is signed in.
    struct Open: Sendable {
        let id: UUID
        let device: String?
        let createdAt: Instant
        let seenAt: Instant
    }

    /// The sessions of the one who asks that still hold, used last first.
    static func list(of member: SignedIn, _ database: PostgresClient) async throws(PostgresError) -> [Open] {
        let rows = try await database.query(
            """
            SELECT s.id, s.device, s.created_at, s.seen_at
            FROM klappa.session s
            WHERE s.account = \(member.account) AND s.expires_at > now() AND s.seen_at > now() - interval '7 days'
            ORDER BY s.seen_at DESC, s.id
            LIMIT 100
            """,
            settings: member.reader.settings
        )
        var sessions: [Open] = []
        for row in rows {
            sessions.append(
                Open(
                    id: try row.decode(UUID.self, "id"),
                    device: try row.decode(String?.self, "device"),
                    createdAt: try row.decode(Instant.self, "created_at"),
                    seenAt: try row.decode(Instant.self, "seen_at")
                )
            )
        }
        return sessions
    }

    /// Ends one other session of the one who asks.
    ///
    /// - Returns: false when there is none of theirs with that id.
    static func end(_ id: UUID, of member: SignedIn, _ database: PostgresClient) async throws(PostgresError)
        -> Bool
    {
        try await database.execute(
            "DELETE FROM klappa.session WHERE id = \(id) AND account = \(member.account) AND id <> \(member.session)",
            settings: member.reader.settings
        ) == 1
    }

    /// Ends every other session of the one who asks.
    ///
    /// - Returns: how many there were.
    static func endOthers(of member: SignedIn, _ database: PostgresClient) async throws(PostgresError) -> Int
    {
        try await database.execute(
            "DELETE FROM klappa.session WHERE account = \(member.account) AND id <> \(member.session)",
            settings: member.reader.settings
        )
    }

    /// Deletes requests, sessions and kept answers whose time is over, and takes away rights that have lapsed.
    ///
    /// - Parameter database: of `klappa_worker`.
    static func forget(_ database: PostgresClient) async throws(PostgresError) {
        try await database.execute("SELECT klappa.forget_sign_ins()")
        try await database.execute("SELECT klappa.lapse_grants()")
    }
}
