/// One statement on its way, and who waits for the answer.
final class Segment: Sendable {
    /// The statement.
    let sql: SQL
    /// Runs before it in the same implicit transaction, for settings or BEGIN.
    let prefix: SQL?
    /// How long the server may work on it.
    let timeout: Duration
    /// When the caller stops waiting.
    let deadline: Deadline
    /// Whether it may be sent again when the server no longer knows the prepared statement: not inside transactions.
    let mayRepeat: Bool
    /// Whether it is one of the client's own, which is never prepared.
    let isInternal: Bool
    /// Whether it runs in a transaction that was asked to be read-only: its refusal to write says nothing about the
    /// server.
    let isReadOnly: Bool
    /// Whether it may share a transaction with other callers' statements, because it changes nothing.
    let onlyReads: Bool
    /// Where the answer goes.
    let ticket = Ticket<Rows>()

    init(
        _ sql: SQL,
        prefix: SQL? = nil,
        timeout: Duration,
        deadline: Deadline? = nil,
        mayRepeat: Bool,
        isReadOnly: Bool = false,
        onlyReads: Bool = false
    ) {
        isInternal = false
        self.isReadOnly = isReadOnly
        self.onlyReads = onlyReads
        self.sql = sql
        self.prefix = prefix
        self.timeout = timeout
        self.deadline = deadline ?? Deadline(after: timeout)
        self.mayRepeat = mayRepeat
    }

    /// One of the client's own: an empty statement, a rollback, DEALLOCATE.
    init(internal text: String, timeout: Duration) {
        isInternal = true
        isReadOnly = false
        onlyReads = false
        sql = SQL(unsafe: text)
        prefix = nil
        self.timeout = timeout
        deadline = Deadline(after: timeout)
        mayRepeat = false
    }
}
