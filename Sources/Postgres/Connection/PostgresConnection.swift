/// A connection lent for the time of a closure, outside a transaction: each statement commits by itself.
public final class PostgresConnection: Sendable {
    let verbs: Verbs

    init(_ verbs: Verbs) {
        self.verbs = verbs
    }

    /// Runs a statement. Parameters and errors as for ``PostgresClient/query(_:lane:settings:deadline:)``.
    public func query(_ sql: SQL, deadline: Duration? = nil) async throws(PostgresError) -> Rows {
        try await verbs.query(sql, deadline: deadline, mayRepeat: true)
    }

    /// Runs a statement for its effect.
    /// - Returns: the number of rows inserted, changed or deleted.
    @discardableResult
    public func execute(_ sql: SQL, deadline: Duration? = nil) async throws(PostgresError) -> Int {
        try await query(sql, deadline: deadline).affected
    }

    /// Runs a text of several statements without values, together in one transaction unless it says otherwise.
    /// - Throws: the first failure; what came before it in the text is rolled back.
    public func script(_ text: String, deadline: Duration? = nil) async throws(PostgresError) {
        try await verbs.script(text, deadline: deadline)
    }
}
