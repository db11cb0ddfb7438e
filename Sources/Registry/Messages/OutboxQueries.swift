internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on the outbox.
enum OutboxQueries {
    /// A letter that this process has taken, for two minutes.
    struct Taken: Sendable {
        let id: Int64
        let attempts: Int
        let createdAt: Instant
        /// Nil when it is no letter, or one that this version cannot read.
        let letter: Letter?
    }

    /// Puts a letter in.
    static func add(_ letter: Letter, due: Instant?, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.outbox (kind, subject, payload, due)
            VALUES ('letter', \(letter.subject as UUID?), \(JSONText(letter.payload)), coalesce(\(due as Instant?), now()))
            """
        )
    }

    /// Takes what is due; commits at once, so that no lock is held while it is sent.
    ///
    /// - Parameter database: of `klappa_worker`.
    static func take(_ database: PostgresClient) async throws(PostgresError) -> [Taken] {
        let rows = try await database.query(
            "SELECT o.id, o.kind, o.subject, o.payload, o.attempts, o.created_at FROM klappa.lease_outbox() AS o"
        )
        var taken: [Taken] = []
        for row in rows {
            let kind = try row.decode(String.self, "kind")
            let payload = try row.decode(String.self, "payload")
            taken.append(
                Taken(
                    id: try row.decode(Int64.self, "id"),
                    attempts: Int(try row.decode(Int32.self, "attempts")),
                    createdAt: try row.decode(Instant.self, "created_at"),
                    letter: kind == "letter"
                        ? Letter(payload: payload, about: try row.decode(UUID?.self, "subject")) : nil
                )
            )
        }
        return taken
    }

    /// Notes that it was sent, and forgets to whom and what: a link that signs in must not outlive its sending.
    static func done(_ id: Int64, _ database: PostgresClient) async throws(PostgresError) {
        try await database.execute(
            """
            UPDATE klappa.outbox SET done_at = now(), lease_until = NULL, last_error = NULL,
                payload = payload - 'to' - 'values'
            WHERE id = \(id)
            """
        )
    }

    /// Notes why it was not sent, and when it is tried again; nil gives up.
    static func failed(
        _ id: Int64,
        because reason: String,
        again pause: Duration?,
        _ database: PostgresClient
    ) async throws(PostgresError) {
        let seconds = pause.map { Double($0.components.seconds) }
        try await database.execute(
            """
            UPDATE klappa.outbox SET last_error = \(reason), lease_until = NULL,
                due = now() + make_interval(secs => coalesce(\(seconds as Double?), 0)),
                done_at = CASE WHEN \(seconds as Double?)::float8 IS NULL THEN now() END,
                payload = CASE WHEN \(seconds as Double?)::float8 IS NULL THEN payload - 'to' - 'values' ELSE payload END
            WHERE id = \(id)
            """
        )
    }

    /// Deletes what was done a month ago.
    static func forget(_ database: PostgresClient) async throws(PostgresError) {
        try await database.execute("DELETE FROM klappa.outbox WHERE done_at < now() - interval '30 days'")
    }

    /// How many wait and were refused before, and how many were given up in the last month.
    static func troubles(_ database: PostgresClient) async throws(PostgresError) -> (
        waiting: Int, tried: Int, givenUp: Int, lastError: String?
    ) {
        let rows = try await database.query(
            """
            SELECT count(*) FILTER (WHERE done_at IS NULL) AS waiting,
                count(*) FILTER (WHERE done_at IS NULL AND last_error IS NOT NULL) AS tried,
                count(*) FILTER (WHERE done_at IS NOT NULL AND last_error IS NOT NULL) AS given_up,
                (array_agg(last_error ORDER BY id DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS last_error
            FROM klappa.outbox
            """
        )
        guard let row = rows.first else { return (0, 0, 0, nil) }
        return (
            Int(try row.decode(Int64.self, "waiting")), Int(try row.decode(Int64.self, "tried")),
            Int(try row.decode(Int64.self, "given_up")), try row.decode(String?.self, "last_error")
        )
    }
}

extension Letter {
    /// Reads what the outbox keeps; nil when it is no letter of this version.
    init?(payload: String, about subject: UUID?) {
        guard let json = JSON(text: payload), case .string(let to)? = json["to"],
            case .string(let template)? = json["template"]
        else { return nil }
        var language: Language?
        if case .string(let code)? = json["language"] { language = Language(rawValue: code) }
        var values: [String: String] = [:]
        if case .object(let members)? = json["values"] {
            for pair in members.pairs {
                if case .string(let text) = pair.value { values[pair.name] = text }
            }
        }
        self.init(template, to: to, in: language, values, about: subject)
    }
}
