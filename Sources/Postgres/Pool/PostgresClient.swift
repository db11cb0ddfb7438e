internal import CoreMetrics
public import Logging

/// A pool of connections to one database, with a shared and a lent side.
///
/// ```swift
/// let database = try PostgresClient(PostgresConfiguration("host=/run/postgresql dbname=app"), logger: logger)
/// let rows = try await database.query("SELECT name FROM crew WHERE region = \(region)")
/// for row in rows { print(try row.decode(String.self, "name")) }
/// ```
///
/// Nothing is connected before it is needed. ``query(_:lane:settings:deadline:)`` and
/// ``execute(_:lane:settings:deadline:)`` travel in pipelines that many callers share;
/// ``transaction(_:settings:deadline:_:)`` and ``withConnection(deadline:_:)`` lend a connection for the time of a
/// closure.
public final class PostgresClient: Sendable {
    /// What the client was made with.
    public let configuration: PostgresConfiguration
    let connector: Connector
    let pool: LendingPool
    let logger: Logger
    private let short: SharedLane
    private let search: SharedLane
    private let closing = Ticket<Void>()
    private let listeners = Guarded<[Task<Void, Never>]>([])

    /// Prepares a client; connections are made when they are needed.
    /// - Throws: kind `configuration`, when lists of hosts and ports do not match.
    public init(_ configuration: PostgresConfiguration, logger: Logger) throws(PostgresError) {
        _ = try configuration.targets()
        self.configuration = configuration
        self.logger = logger
        connector = Connector(configuration, counters: Counters.Client(name: configuration.applicationName))
        pool = LendingPool(connector, logger: logger)
        let limits = configuration.limits
        short = SharedLane(
            connector,
            shape: SharedLane.Shape(
                connections: limits.shortLane,
                depth: 64,
                timeout: configuration.deadlines.short,
                maxWaiting: limits.waitingInLane
            ),
            logger: logger
        )
        search = SharedLane(
            connector,
            shape: SharedLane.Shape(
                connections: limits.searchLane,
                depth: 1,
                timeout: configuration.deadlines.search,
                maxWaiting: limits.waitingInLane
            ),
            logger: logger
        )
    }

    /// Waits until the client is closed or the task is cancelled, then closes it: for a service group.
    public func run() async {
        do throws(PostgresError) {
            try await closing.value()
        } catch {
            // Cancelled: that is how a service group ends its services.
        }
        await close()
    }

    /// Closes every connection. Callers that wait get an error of kind `closed`; lent connections are closed when
    /// their closures end. May be called more than once.
    public func close() async {
        closing.succeed(())
        let listeners = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in listeners { listener.cancel() }
        await short.close()
        await search.close()
        await pool.close()
    }

    /// Keeps a listener's task, to end it with the client; at once when that has been closed.
    func keep(_ task: Task<Void, Never>) {
        listeners.withLock { listeners in
            listeners.removeAll(where: \.isCancelled)
            listeners.append(task)
        }
        if closing.isSettled { task.cancel() }
    }

    // MARK: The shared side

    /// Runs one statement on the shared side, by itself in a transaction.
    /// - Parameters:
    ///   - sql: the statement with its values.
    ///   - lane: `.search` for statements that may take more than a few milliseconds.
    ///   - settings: `set_config` for this statement alone, in the same round trip.
    ///   - deadline: how long to wait, connecting included; the server stops the statement after the same time. Nil
    ///     for the lane's own.
    ///   - onlyReads: a promise that the statement changes nothing, by no function either. Such statements of several
    ///     callers share a transaction when they come at the same time, which costs about half; when one of them fails,
    ///     those behind it are run again. Meant for records by key: all of them wait for the slowest.
    /// - Returns: the rows, all of them in memory.
    /// - Throws: kinds `server`, `timeout`, `cancelled`, `pool` (refused at once), `connect`, `connectionLost`
    ///   (`retry` tells whether it may have happened), `closed`, `usage`.
    public func query(
        _ sql: SQL,
        lane: Lane = .short,
        settings: [(String, String)] = [],
        deadline: Duration? = nil,
        onlyReads: Bool = false
    ) async throws(PostgresError) -> Rows {
        try sql.checkShared()
        let lane = lane == .short ? short : self.search
        let timeout = deadline ?? lane.shape.timeout
        var all = settings
        if deadline != nil || configuration.transactionPooling {
            all.append(("statement_timeout", Connector.milliseconds(timeout)))
        }
        if configuration.transactionPooling {
            all.append(contentsOf: configuration.sessionSettings.map { ($0.key, $0.value) })
        }
        let segment = Segment(
            sql,
            prefix: all.isEmpty ? nil : .localSettings(all),
            timeout: timeout,
            mayRepeat: true,
            onlyReads: onlyReads
        )
        connector.counters.queries.increment()
        do throws(PostgresError) {
            return try await lane.run(segment)
        } catch {
            connector.counters.queryFailures.increment()
            throw error
        }
    }

    /// Runs one statement as ``query(_:lane:settings:deadline:)`` does, for its effect.
    /// - Returns: the number of rows inserted, changed or deleted.
    @discardableResult
    public func execute(
        _ sql: SQL,
        lane: Lane = .short,
        settings: [(String, String)] = [],
        deadline: Duration? = nil
    ) async throws(PostgresError) -> Int {
        try await query(sql, lane: lane, settings: settings, deadline: deadline).affected
    }

    // MARK: The lent side

    /// Lends a connection for a transaction: committed when the closure returns, rolled back when it throws.
    ///
    /// ```swift
    /// try await database.transaction(.init(isolation: .serializable)) { transaction in
    ///     try await transaction.execute("UPDATE account SET sum = sum - \(amount) WHERE id = \(from)")
    ///     try await transaction.execute("UPDATE account SET sum = sum + \(amount) WHERE id = \(to)")
    /// }
    /// ```
    /// - Parameters:
    ///   - options: isolation, access and deferrability.
    ///   - settings: `set_config` for this transaction alone.
    ///   - deadline: how long the whole may take. Nil: each statement has the configured time.
    ///   - body: what to do; the transaction is valid in it only.
    /// - Throws: what the closure throws; kind `rolledBack` when the server answered COMMIT by ROLLBACK;
    ///   `retry == .unknown` when the connection was lost during COMMIT.
    @discardableResult
    public func transaction<T>(
        _ options: TransactionOptions = TransactionOptions(),
        settings: [(String, String)] = [],
        deadline: Duration? = nil,
        _ body: (Transaction) async throws -> T
    ) async throws -> T {
        let end = deadline.map { Deadline(after: $0) }
        return try await lend(until: end) { session in
            var settings = settings
            if configuration.transactionPooling {
                settings += configuration.sessionSettings.map { ($0.key, $0.value) }
            }
            let verbs = Verbs(
                session: session,
                deadlines: configuration.deadlines,
                deadline: end,
                isReadOnly: options.access == .readOnly
            )
            return try await Transaction.run(verbs, options, settings, body)
        }
    }

    /// Lends a connection without a transaction, for statements that refuse to run in one. It is closed afterwards,
    /// so that nothing set on it can reach the next caller.
    /// - Parameters:
    ///   - deadline: how long the whole may take. Nil: each statement has the configured time.
    ///   - body: what to do; the connection is valid in it only.
    @discardableResult
    public func withConnection<T>(
        deadline: Duration? = nil,
        _ body: (PostgresConnection) async throws -> T
    ) async throws -> T {
        let end = deadline.map { Deadline(after: $0) }
        return try await lend(until: end, reusable: false) { session in
            let verbs = Verbs(session: session, deadlines: configuration.deadlines, deadline: end)
            let connection = PostgresConnection(verbs)
            defer { verbs.finish() }
            return try await body(connection)
        }
    }

    private func lend<T>(
        until end: Deadline?,
        reusable: Bool = true,
        _ body: (Session) async throws -> T
    ) async throws -> T {
        let acquired = Deadline(after: configuration.deadlines.acquire)
        let session = try await pool.lend(until: min(acquired, end ?? .never))
        do {
            let value = try await body(session)
            await pool.takeBack(session, reusable: reusable)
            return value
        } catch {
            await pool.takeBack(session, reusable: reusable)
            throw error
        }
    }
}
