internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on requests to become a searcher. Row security says who sees which.
enum SearcherQueries {
    /// What became of a decision.
    enum Outcome: Equatable {
        case decided(until: Instant?)
        /// Decided or changed meanwhile.
        case stale
        case gone
    }

    /// What a request says.
    struct Wish: Sendable {
        var company: String
        var number: OrganisationNumber
        var message: String
        var region: String?
    }

    private static let columns: SQL = """
        r.id, r.account, r.name, r.email, r.language, r.company, r.organisation_number, r.message, g.code AS region,
            r.state, r.reason, n.name AS decided_by, r.decided_at, r.granted_until, r.created_at, r.version
        FROM klappa.searcher_request r
        LEFT JOIN klappa.region g ON g.no = r.region
        LEFT JOIN LATERAL klappa.account_names(ARRAY[r.decided_by]) AS n ON true
        """

    /// The latest request of the one who asks; nil when there was none.
    static func latest(of member: SignedIn, _ database: PostgresClient) async throws(PostgresError)
        -> SearcherRequest?
    {
        let rows = try await database.query(
            """
            SELECT \(columns)
            WHERE r.account = \(member.account)
            ORDER BY r.created_at DESC, r.id DESC
            LIMIT 1
            """,
            settings: member.reader.settings
        )
        return try rows.first.map(read)
    }

    /// One request, as far as the reader sees it.
    static func find(_ id: UUID, as reader: Reader, _ database: PostgresClient) async throws(PostgresError)
        -> SearcherRequest?
    {
        let rows = try await database.query(
            "SELECT \(columns) WHERE r.id = \(id)",
            settings: reader.settings
        )
        return try rows.first.map(read)
    }

    /// Those that wait, longest first, then those that were decided, latest first.
    static func list(as reader: Reader, most: Int = 200, _ database: PostgresClient)
        async throws(PostgresError)
        -> [SearcherRequest]
    {
        let rows = try await database.query(
            """
            SELECT \(columns)
            WHERE r.state <> 'withdrawn'
            ORDER BY (r.state = 'waiting') DESC, CASE WHEN r.state = 'waiting' THEN r.created_at END,
                r.decided_at DESC, r.id
            LIMIT \(Int64(most))
            """,
            settings: reader.settings
        )
        var requests: [SearcherRequest] = []
        for row in rows { requests.append(try read(row)) }
        return requests
    }

    /// How many wait for an office.
    static func waiting(as reader: Reader, _ database: PostgresClient) async throws(PostgresError) -> Int {
        let rows = try await database.query(
            "SELECT count(*) AS n FROM klappa.searcher_request WHERE state = 'waiting'",
            settings: reader.settings
        )
        return Int(try rows.first?.decode(Int64.self, "n") ?? 0)
    }

    private static func read(_ row: Row) throws(PostgresError) -> SearcherRequest {
        guard let number = OrganisationNumber(try row.decode(String.self, "organisation_number")),
            let state = SearcherRequest.State(rawValue: try row.decode(String.self, "state"))
        else { preconditionFailure("the constraints of searcher_request keep numbers and states") }
        return SearcherRequest(
            id: try row.decode(UUID.self, "id"),
            account: try row.decode(UUID.self, "account"),
            name: try row.decode(String.self, "name"),
            email: try row.decode(String.self, "email"),
            language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv,
            company: try row.decode(String.self, "company"),
            number: number,
            message: try row.decode(String.self, "message"),
            region: try row.decode(String?.self, "region"),
            state: state,
            reason: try row.decode(String?.self, "reason"),
            decidedBy: try row.decode(String?.self, "decided_by"),
            decidedAt: try row.decode(Instant?.self, "decided_at"),
            grantedUntil: try row.decode(Instant?.self, "granted_until"),
            askedAt: try row.decode(Instant.self, "created_at"),
            version: try row.decode(Int64.self, "version")
        )
    }

    /// Keeps a request and writes to the office, or to all.
    ///
    /// - Parameter transaction: of `klappa_member`, with the reader set.
    static func ask(
        _ wish: Wish,
        _ member: SignedIn,
        email: String,
        origin: String,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let id = UUID.version7()
        try await transaction.execute(
            """
            INSERT INTO klappa.searcher_request (id, account, name, email, language, company, organisation_number, message,
                region)
            VALUES (\(id), \(member.account), \(member.name), \(email), \(member.language.rawValue), \(wish.company),
                \(wish.number.digits), \(wish.message),
                (SELECT g.no FROM klappa.region g WHERE g.code = \(wish.region as String?)))
            """
        )
        try await transaction.execute("SELECT klappa.tell_offices_of_searcher(\(id), \(origin))")
    }

    /// Takes one's own request back.
    static func withdraw(_ id: UUID, _ member: SignedIn, _ database: PostgresClient)
        async throws(PostgresError) -> Bool
    {
        let rows = try await database.query(
            "SELECT klappa.withdraw_searcher_request(\(id)) AS done",
            settings: member.reader.settings
        )
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// Says yes or no.
    ///
    /// - Parameter transaction: of `klappa_member`, with the reader set.
    static func decide(
        _ id: UUID,
        version: Int64,
        isApproved: Bool,
        reason: String?,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Outcome {
        let rows = try await transaction.query(
            """
            SELECT d.outcome, d.granted_until
            FROM klappa.decide_searcher_request(\(id), \(version), \(isApproved ? "approved" : "refused"),
                \(reason as String?)) AS d
            """
        )
        guard let row = rows.first else { return .gone }
        switch try row.decode(String.self, "outcome") {
        case "decided": return .decided(until: try row.decode(Instant?.self, "granted_until"))
        case "stale": return .stale
        default: return .gone
        }
    }
}
