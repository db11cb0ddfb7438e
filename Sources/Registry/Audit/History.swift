public import FoundationEssentials
internal import NIOCore
internal import Postgres
public import Web

/// What was changed on a record, when and by whom: from the log, as far as the reader may see it.
///
/// A feature puts it on its page in two lines, and `{{#history}}{{> audit/history}}{{/history}}` into its template:
///
/// ```swift
/// let history = try await History.of(inquiry.id, as: reader, databases)
/// view["history"] = history.view(words, reader)
/// ```
/// Row security decides what is in it: whoever may not see the record gets an empty one, which prints nothing. Kinds and
/// columns are named by the texts `history.kind.<table>` and `history.column.<column>`; one without a text shows under
/// its own name.
public struct History: Sendable {
    /// Everything that one transaction changed on the record.
    struct Entry: Sendable {
        let at: Instant
        let account: UUID?
        let who: String?
        let isMachine: Bool
        var changes: [Change]
    }

    /// One row that was made, changed or taken away.
    struct Change: Hashable, Sendable {
        let kind: String
        let operation: String
        let columns: [String]
    }

    /// Latest first.
    private(set) var entries: [Entry] = []

    /// Whether there is nothing that the reader may see.
    public var isEmpty: Bool { entries.isEmpty }

    /// The history of a record by the id under which the log keeps it (`klappa.record_changes`).
    ///
    /// - Parameter most: how many changes at most.
    public static func of(
        _ subject: UUID,
        as reader: Reader,
        most: Int = 100,
        _ databases: Databases
    ) async throws -> History {
        guard reader != .anyone else { return History() }
        return try await read(
            """
            SELECT t.transaction, t.at, t.account, t.writer, n.name, c.kind, c.operation, c.columns
            FROM (
                SELECT c.transaction, c.n, c.kind, c.operation, c.columns
                FROM klappa.change c
                WHERE c.subject = \(subject)
                ORDER BY c.transaction DESC, c.n
                LIMIT \(Int64(most))) AS c
            JOIN klappa.change_transaction t ON t.transaction = c.transaction
            LEFT JOIN LATERAL klappa.account_names(ARRAY[t.account]) AS n ON true
            ORDER BY c.transaction DESC, c.n
            """,
            reader,
            databases
        )
    }

    /// The history of rows that belong to no subject, such as a region's plan: by table and members of the key.
    ///
    /// - Parameter key: `{"region": 12}`; rows whose key has these members.
    public static func of(
        _ kind: String,
        key: JSON,
        as reader: Reader,
        most: Int = 100,
        _ databases: Databases
    ) async throws -> History {
        guard reader != .anyone else { return History() }
        return try await read(
            """
            SELECT t.transaction, t.at, t.account, t.writer, n.name, c.kind, c.operation, c.columns
            FROM (
                SELECT c.transaction, c.n, c.kind, c.operation, c.columns
                FROM klappa.change c
                WHERE c.subject IS NULL AND c.kind = \(kind) AND c.key @> \(JSONText(String(buffer: key.bytes)))
                ORDER BY c.transaction DESC, c.n
                LIMIT \(Int64(most))) AS c
            JOIN klappa.change_transaction t ON t.transaction = c.transaction
            LEFT JOIN LATERAL klappa.account_names(ARRAY[t.account]) AS n ON true
            ORDER BY c.transaction DESC, c.n
            """,
            reader,
            databases
        )
    }

    private static func read(_ sql: SQL, _ reader: Reader, _ databases: Databases) async throws -> History {
        var history = History()
        var last: Int64?
        for row in try await databases.member.query(sql, settings: reader.settings) {
            let transaction = try row.decode(Int64.self, "transaction")
            let change = Change(
                kind: try row.decode(String.self, "kind"),
                operation: try row.decode(String.self, "operation"),
                columns: try row.decode([String].self, "columns")
            )
            if transaction != last {
                history.entries.append(
                    Entry(
                        at: try row.decode(Instant.self, "at"),
                        account: try row.decode(UUID?.self, "account"),
                        who: try row.decode(String?.self, "name"),
                        isMachine: try row.decode(String.self, "writer") == "klappa_worker",
                        changes: []
                    )
                )
                last = transaction
            }
            let index = history.entries.count - 1
            if !history.entries[index].changes.contains(change) {
                history.entries[index].changes.append(change)
            }
        }
        return history
    }

    /// For the partial `audit/history`; absent when there is nothing to see.
    public func view(_ words: Wording, _ reader: Reader) -> View.Value {
        guard !isEmpty else { return .absent }
        return .view([
            "entries": .list(
                entries.map { entry in
                    [
                        "at": .text(words.moment(entry.at)),
                        "stamp": .text("\(entry.at)"),
                        "who": .text(who(entry, words, reader)),
                        "changes": .texts(entry.changes.map { $0.text(words) }),
                    ]
                }
            )
        ])
    }

    private func who(_ entry: Entry, _ words: Wording, _ reader: Reader) -> String {
        if let account = entry.account, account == reader.account { return words("history.you") }
        if let name = entry.who { return name }
        return words(entry.account == nil && entry.isMachine ? "history.service" : "history.somebody")
    }
}

extension History.Change {
    /// `Kontaktuppgift: e-post, synlighet`.
    func text(_ words: Wording) -> String {
        let language = words.language
        let name = words.texts.text("history.kind.\(kind)", in: language) ?? kind
        switch operation {
        case "insert": return words("history.added", ["kind": name])
        case "delete": return words("history.removed", ["kind": name])
        default:
            let columns = columns.map { words.texts.text("history.column.\($0)", in: language) ?? $0 }
            return words("history.changed", ["kind": name, "columns": words.list(columns)])
        }
    }
}
