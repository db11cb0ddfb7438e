/// How a transaction runs.
public struct TransactionOptions: Sendable, Hashable {
    /// What it sees of others. <https://www.postgresql.org/docs/15/transaction-iso.html>
    public enum Isolation: String, Sendable {
        /// Each statement sees what was committed before it began.
        case readCommitted = "READ COMMITTED"
        /// Every statement sees what was committed before the first one began.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other; may fail with 40001 and be run again.
        case serializable = "SERIALIZABLE"
    }

    /// Whether it may write.
    public enum Access: String, Sendable {
        /// It may.
        case readWrite = "READ WRITE"
        /// It may not, except in temporary tables.
        case readOnly = "READ ONLY"
    }

    /// Nil for the server's default.
    public var isolation: Isolation?
    /// Nil for the server's default.
    public var access: Access?
    /// For serializable, read-only transactions: wait at the start for a snapshot that can never fail.
    public var deferrable: Bool

    /// Everything left out is as the server has it.
    public init(isolation: Isolation? = nil, access: Access? = nil, deferrable: Bool = false) {
        self.isolation = isolation
        self.access = access
        self.deferrable = deferrable
    }

    /// The statement that begins it.
    var begin: String {
        var modes: [String] = []
        if let isolation { modes.append("ISOLATION LEVEL \(isolation.rawValue)") }
        if let access { modes.append(access.rawValue) }
        if deferrable { modes.append("DEFERRABLE") }
        return (["BEGIN"] + [modes.joined(separator: ", ")]).filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// A transaction under way, valid in the closure that received it.
///
/// Statements run in the order of their submission. After a failed statement only the end of the innermost
/// ``savepoint(_:)`` or of the transaction makes it usable again.
public final class Transaction: Sendable {
    let verbs: Verbs
    private let depth = Guarded(0)

    private init(_ verbs: Verbs) {
        self.verbs = verbs
    }

    /// Runs a statement. Values are bound; rows are all in memory.
    /// - Throws: `retry == .transaction` when the whole may be run again.
    public func query(_ sql: SQL, deadline: Duration? = nil) async throws(PostgresError) -> Rows {
        do throws(PostgresError) {
            return try await verbs.query(sql, deadline: deadline, mayRepeat: false)
        } catch {
            // Whatever happened, nothing of this transaction can have been kept.
            throw error.kind == .connectionLost ? error.with(retry: .transaction) : error
        }
    }

    /// Runs a statement for its effect.
    /// - Returns: the number of rows inserted, changed or deleted.
    @discardableResult
    public func execute(_ sql: SQL, deadline: Duration? = nil) async throws(PostgresError) -> Int {
        try await query(sql, deadline: deadline).affected
    }

    /// Runs a text of several statements without values. It must not end the transaction.
    public func script(_ text: String, deadline: Duration? = nil) async throws(PostgresError) {
        try await verbs.script(text, deadline: deadline)
    }

    /// Runs the closure within a savepoint: when it throws, only its own work is rolled back. May be nested.
    @discardableResult
    public func savepoint<T>(_ body: () async throws -> T) async throws -> T {
        let level = depth.withLock { depth in
            depth += 1
            return depth
        }
        defer { depth.withLock { $0 -= 1 } }
        let name = SQL(unsafe: "sp\(level)")
        _ = try await query("SAVEPOINT \(name)")
        do {
            let value = try await body()
            _ = try await query("RELEASE SAVEPOINT \(name)")
            return value
        } catch {
            // The first error is the one to tell; if this fails too, the transaction fails at its end.
            for text in ["ROLLBACK TO SAVEPOINT sp\(level)", "RELEASE SAVEPOINT sp\(level)"] {
                await Transaction.runAlways(text, on: verbs.session)
            }
            throw error
        }
    }

    /// Runs the closure between BEGIN and COMMIT.
    static func run<T>(
        _ verbs: Verbs,
        _ options: TransactionOptions,
        _ settings: [(String, String)],
        _ body: (Transaction) async throws -> T
    ) async throws -> T {
        let transaction = Transaction(verbs)
        let begin = SQL(unsafe: options.begin)
        let limit = verbs.limit(nil, else: .seconds(10))
        let first =
            settings.isEmpty
            ? Segment(begin, timeout: limit, mayRepeat: true)
            : Segment(.localSettings(settings), prefix: begin, timeout: limit, mayRepeat: false)
        do throws(PostgresError) {
            _ = try await verbs.run(first)
        } catch {
            verbs.finish()
            await abandon(verbs.session)
            throw error.kind == .connectionLost ? error.with(retry: .connection) : error
        }
        let value: T
        do {
            value = try await body(transaction)
        } catch {
            verbs.finish()
            await abandon(verbs.session)
            throw error
        }
        verbs.finish()
        try await commit(verbs)
        return value
    }

    /// COMMIT is not interrupted by cancellation: the outcome would be open.
    private static func commit(_ verbs: Verbs) async throws(PostgresError) {
        let segment = Segment(internal: "COMMIT", timeout: verbs.limit(nil, else: .seconds(60)))
        verbs.session.submit(segment)
        do throws(PostgresError) {
            let answer = try await segment.ticket.value {}
            if answer.commandTag == "ROLLBACK" {
                throw PostgresError(
                    .rolledBack,
                    "COMMIT was answered by ROLLBACK: a statement had failed before",
                    retry: .never
                )
            }
        } catch {
            // A server error means a rollback; with the connection gone nobody knows.
            if error.kind == .server || error.kind == .rolledBack { throw error }
            throw error.with(retry: .unknown)
        }
    }

    /// Rolls back, whether or not the caller is cancelled. If that fails the pool closes the connection.
    private static func abandon(_ session: Session) async {
        await runAlways("ROLLBACK", on: session)
    }

    private static func runAlways(_ text: String, on session: Session) async {
        let segment = Segment(internal: text, timeout: .seconds(5))
        session.submit(segment)
        // A failure here never hides the error that led here; it shows in the state of the connection.
        _ = try? await segment.ticket.value {}
    }
}
