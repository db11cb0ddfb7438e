internal import Synchronization

/// What can be done with a lent connection, in or outside a transaction, as long as it is lent.
final class Verbs: Sendable {
    let session: Session
    private let statementTimeout: Duration
    let scriptTimeout: Duration
    private let deadline: Deadline?
    private let isReadOnly: Bool
    private let finished = Atomic<Bool>(false)

    init(
        session: Session,
        deadlines: PostgresConfiguration.Deadlines,
        deadline: Deadline?,
        isReadOnly: Bool = false
    ) {
        self.isReadOnly = isReadOnly
        self.session = session
        self.statementTimeout = deadlines.statement
        self.deadline = deadline
        self.scriptTimeout = deadlines.script
    }

    /// From now on every verb throws.
    func finish() {
        finished.store(true, ordering: .releasing)
    }

    func check() throws(PostgresError) {
        if finished.load(ordering: .acquiring) {
            throw PostgresError(.closed, "the connection was lent for the time of its closure only")
        }
    }

    /// The caller's wish, within what is left of the whole.
    func limit(_ wish: Duration?, else standard: Duration) -> Duration {
        guard let deadline else { return wish ?? standard }
        return wish.map { min($0, deadline.remaining) } ?? deadline.remaining
    }

    func query(_ sql: SQL, deadline: Duration?, mayRepeat: Bool) async throws(PostgresError) -> Rows {
        try check()
        try sql.checkLent()
        return try await run(
            Segment(
                sql,
                timeout: limit(deadline, else: statementTimeout),
                mayRepeat: mayRepeat,
                isReadOnly: isReadOnly
            )
        )
    }

    /// Submits a segment; a cancelled caller still waits for the server's answer to the cancel request, so that the
    /// connection is at rest when the caller goes on.
    func run(_ segment: Segment) async throws(PostgresError) -> Rows {
        if Task.isCancelled { throw .cancelled }
        let session = session
        session.submit(segment)
        return try await segment.ticket.value { session.cancel(segment, because: .cancelled) }
    }

    func script(_ text: String, deadline: Duration?) async throws(PostgresError) {
        try check()
        try await session.script(text, timeout: limit(deadline, else: scriptTimeout))
    }
}
