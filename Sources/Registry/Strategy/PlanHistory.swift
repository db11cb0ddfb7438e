internal import NIOCore
internal import Postgres
internal import Web

/// One change in the history of a plan: when, by whom, what.
struct PlanHistory: Sendable {
    let day: Day
    /// `14:05`, in Stockholm.
    let time: String
    /// The account's name; nil for what the service itself wrote.
    let who: String?
    /// The table.
    let kind: String
    /// `insert`, `update` or `delete`.
    let operation: String
    let columns: [String]
    let title: String?
    /// Code of the commitment.
    let commitment: String?
    let before: JSON?
    let after: JSON?

    /// The latest changes of a region's plan, latest first; none for who does not work in its office.
    ///
    /// - Parameter database: of `klappa_member`.
    static func read(
        _ region: String,
        _ database: PostgresClient,
        settings: [(String, String)],
        most: Int32 = 200
    ) async throws -> [PlanHistory] {
        let rows = try await database.query(
            """
            SELECT (h.at AT TIME ZONE 'Europe/Stockholm')::date AS day,
                to_char(h.at AT TIME ZONE 'Europe/Stockholm', 'HH24:MI') AS time, h.who, h.kind, h.operation, h.columns, h.title, h.commitment, h.before::text AS before,
                h.after::text AS after
            FROM klappa.region r, klappa.plan_history(r.no, \(most)) AS h
            WHERE r.code = \(region)
            """,
            settings: settings
        )
        return try rows.map { row in
            PlanHistory(
                day: try row.decode(Day.self, "day"),
                time: try row.decode(String.self, "time"),
                who: try row.decode(String?.self, "who"),
                kind: try row.decode(String.self, "kind"),
                operation: try row.decode(String.self, "operation"),
                columns: try row.decode([String].self, "columns"),
                title: try row.decode(String?.self, "title"),
                commitment: try row.decode(String?.self, "commitment"),
                before: try row.decode(String?.self, "before").flatMap { JSON(ByteBuffer(string: $0)) },
                after: try row.decode(String?.self, "after").flatMap { JSON(ByteBuffer(string: $0)) }
            )
        }
    }

    /// As the template prints it.
    func view(_ text: StrategyWords, _ strategy: Strategy) -> View {
        let words = text.words
        let named = commitment.flatMap { strategy.commitment($0)?.name[text.language] } ?? title
        return [
            "day": .text(words.day(day)),
            "time": .text(time),
            "who": .text(who ?? words("strategy.history.service")),
            "what": .text(words("strategy.history.\(kind).\(operation)")),
            "title": .optional(named),
            "detail": .optional(detail(words)),
        ]
    }

    /// A level or a state from what to what, or the fields that were changed.
    private func detail(_ words: Wording) -> String? {
        if let level = step("level") {
            return words("strategy.history.step", ["from": level.0, "to": level.1])
        }
        if let state = step("state") {
            let prefix = kind == "region_evidence" ? "strategy.evidence.state." : "strategy.action."
            return words(
                "strategy.history.step",
                ["from": words(prefix + state.0), "to": words(prefix + state.1)]
            )
        }
        return nil
    }

    private func step(_ column: String) -> (String, String)? {
        guard operation == "update", let old = before?[column], let new = after?[column] else { return nil }
        return (Self.text(old), Self.text(new))
    }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        default: ""
        }
    }
}
