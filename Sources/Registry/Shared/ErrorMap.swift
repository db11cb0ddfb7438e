internal import Postgres
public import Web

/// The one table from what PostgreSQL and its client report to what HTTP answers.
///
/// Features translate the constraints they know before it comes to this. Nothing of the database's own words
/// reaches a reader: they are in the log, under the number of the request.
public enum ErrorMap {
    /// The problem for an error; nil for one that is not of the database.
    public static func problem(for error: any Error) -> Problem? {
        guard let error = error as? PostgresError else { return nil }
        // The client's own verdict first: a database that does not answer in time is unavailable, although the client
        // lends that error the SQLSTATE of a statement that the server stopped.
        if let row = kinds.first(where: { $0.kind == error.kind }) { return row.problem() }
        return error.sqlState.flatMap(problem(for:))
    }

    /// The problem for a SQLSTATE, by the whole code or else by its class.
    static func problem(for state: SQLState) -> Problem? {
        let row = states.first { $0.code == state.rawValue } ?? states.first { $0.code == state.classCode }
        return row?.problem()
    }

    /// Codes of five characters, and classes of two.
    static let states: [(code: String, problem: @Sendable () -> Problem)] = [
        ("08", busy),  // connection exceptions
        ("22", { Problem(.invalid) }),  // data exceptions: a value that no column takes
        ("23502", { Problem(.invalid) }),  // not null
        ("23503", { Problem(.conflict) }),  // foreign key
        ("23505", { Problem(.conflict) }),  // unique
        ("23514", { Problem(.invalid) }),  // check
        ("23P01", { Problem(.conflict) }),  // exclusion
        ("25006", busy),  // read-only: a standby, or a primary that is going
        ("28", busy),  // the service's own password is refused
        ("3D000", busy),  // the service's own database is missing
        ("40001", again),  // serialization failure
        ("40P01", again),  // deadlock
        ("42501", { Problem(.forbidden) }),  // the role or row security says no
        ("53", busy),  // out of connections, memory, disk
        ("55P03", again),  // lock not to be had in time
        ("57014", { Problem(.deadlineExceeded) }),  // statement timeout
        ("57", busy),  // shutting down, starting, crashed
    ]

    /// What did not come from the server.
    static let kinds: [(kind: PostgresError.Kind, problem: @Sendable () -> Problem)] = [
        (.connect, busy),
        (.connectionLost, busy),
        (.closed, busy),
        (.pool, again),
        (.timeout, busy),
        (.cancelled, again),
        (.rolledBack, again),
    ]

    private static let busy: @Sendable () -> Problem = { .unavailable(retryAfter: 5) }
    private static let again: @Sendable () -> Problem = { .unavailable(retryAfter: 1) }
}
