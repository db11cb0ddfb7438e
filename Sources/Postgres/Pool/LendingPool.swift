internal import CoreMetrics
internal import Logging

/// The lent side: gives one caller a connection for itself, for transactions, COPY and scripts.
actor LendingPool: Session.Owner {
    private typealias Machine = PoolMachine<ObjectIdentifier, UInt64>

    nonisolated let reactor = Reactor.shared
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let connector: Connector
    private let logger: Logger
    private let gauges: Counters.PoolGauges
    private var machine: Machine
    private var sessions: [ObjectIdentifier: Session] = [:]
    private var tickets: [UInt64: Ticket<Session>] = [:]
    private var nextWaiter: UInt64 = 0
    private var backOff = BackOff()
    private var lastError: PostgresError?
    private var tasks: [UInt64: Task<Void, Never>] = [:]
    private var nextTask: UInt64 = 0
    private var sweep: Reactor.TimerID?
    private var lastReadOnly: Deadline?

    init(_ connector: Connector, logger: Logger) {
        self.connector = connector
        self.logger = logger
        let configuration = connector.configuration
        gauges = Counters.PoolGauges(pool: configuration.applicationName)
        machine = Machine(
            maxConnections: configuration.limits.lent,
            maxWaiting: configuration.limits.waitingForLent
        )
    }

    /// Lends a connection that is known to work.
    /// - Throws: kinds `pool` (refused at once), `timeout`, `connect`, `cancelled`, `closed`.
    func lend(until deadline: Deadline) async throws(PostgresError) -> Session {
        while true {
            let session = try await wait(until: deadline)
            if await isHealthy(session) { return session }
            connector.counters.retired("ping")
            await session.close(reason: "it did not answer")
            perform(machine.returned(ObjectIdentifier(session), usable: false))
        }
    }

    private func wait(until deadline: Deadline) async throws(PostgresError) -> Session {
        if machine.isClosed { throw .closed }
        let ticket = Ticket<Session>()
        nextWaiter += 1
        let waiter = nextWaiter
        tickets[waiter] = ticket
        guard let actions = machine.request(waiter) else {
            tickets[waiter] = nil
            connector.counters.refusals.increment()
            throw PostgresError(
                .pool,
                "\(machine.waiting) callers are waiting for a connection already",
                retry: .connection
            )
        }
        perform(actions)
        let timer = reactor.schedule(at: deadline) { [weak self] in
            self?.assumeIsolated { _ = ticket.fail($0.acquireTimeout()) }
        }
        defer {
            reactor.cancel(timer)
            tickets[waiter] = nil
        }
        do throws(PostgresError) {
            return try await ticket.value()
        } catch {
            machine.withdraw(waiter)
            report()
            throw error
        }
    }

    private func acquireTimeout() -> PostgresError {
        guard let lastError else {
            return PostgresError(.timeout, "no connection was free in time", retry: .connection)
        }
        return PostgresError(.connect, lastError.message, retry: .connection, sqlState: lastError.sqlState)
    }

    /// Asks a connection that has been idle for a second whether it still lives.
    private func isHealthy(_ session: Session) async -> Bool {
        guard await session.isReady else { return false }
        let rested = await session.idleSince + .seconds(1)
        if !rested.hasPassed { return true }
        let ping = Segment(internal: "", timeout: .seconds(5))
        session.submit(ping)
        // The session would first ask the server to cancel; here silence means that the connection is no good.
        let timer = reactor.schedule(at: Deadline(after: .seconds(1))) {
            ping.ticket.fail(Session.timeout(ping))
        }
        defer { reactor.cancel(timer) }
        do throws(PostgresError) {
            _ = try await ping.ticket.value {}
            return true
        } catch {
            return false
        }
    }

    /// Takes a connection back. One that is not at rest is rolled back first, one in doubt is closed.
    func takeBack(_ session: Session, reusable: Bool) async {
        let isAtRest = await session.isAtRest
        let isOutside = await session.isOutsideTransaction
        var usable = reusable && isAtRest
        if usable, !isOutside {
            let rollback = Segment(internal: "ROLLBACK", timeout: .seconds(5))
            session.submit(rollback)
            usable = (try? await rollback.ticket.value {}) != nil
        }
        let isReady = await session.isReady
        let isClean = await session.isOutsideTransaction
        usable = usable && isReady && isClean
        if usable { usable = !isTooOld(session) }
        if let reason = await session.retirement { suspect(reason) }
        perform(machine.returned(ObjectIdentifier(session), usable: usable))
    }

    private func isTooOld(_ session: Session) -> Bool {
        // A tenth of spread, from the object's address: connections made together do not all go together.
        let spread = Double(UInt(bitPattern: ObjectIdentifier(session).hashValue) % 200) / 1000 - 0.1
        let life = connector.configuration.deadlines.lifetime * (1 + spread)
        return (session.assumeIsolated { $0.born } + life).hasPassed
    }

    /// Two refusals to write within five seconds: the server has been demoted, so idle connections go too.
    private func suspect(_ reason: String) {
        connector.counters.retired(reason)
        guard reason == SQLState.readOnlySQLTransaction.rawValue else { return }
        if let last = lastReadOnly, !(last + .seconds(5)).hasPassed {
            for connection in machine.idle { perform(machine.retire(connection)) }
        }
        lastReadOnly = .now
    }

    // MARK: Doing what the machine says

    private func perform(_ actions: [Machine.Action]) {
        for action in actions {
            switch action {
            case .lend(let id, let waiter): hand(id, to: waiter)
            case .connect: connect()
            case .close(let id):
                sessions.removeValue(forKey: id)?.assumeIsolated { $0.close(reason: "the pool let it go") }
            case .fail(let waiter):
                tickets[waiter]?.fail(machine.isClosed ? .closed : lastError ?? .closed)
            }
        }
        report()
    }

    private func hand(_ id: ObjectIdentifier, to waiter: UInt64) {
        guard let session = sessions[id], let ticket = tickets[waiter], ticket.succeed(session) else {
            // The caller has gone in the same moment.
            return perform(machine.returned(id, usable: sessions[id]?.assumeIsolated { $0.isReady } ?? false))
        }
    }

    private func connect() {
        nextTask += 1
        let id = nextTask
        tasks[id] = Task {
            do throws(PostgresError) {
                let session = try await connector.open(isShared: false)
                finishConnect(id, session)
            } catch {
                failConnect(id, error)
            }
        }
    }

    private func finishConnect(_ task: UInt64, _ session: Session) {
        tasks[task] = nil
        lastError = nil
        backOff.succeeded()
        session.assumeIsolated { $0.adopt(by: self) }
        sessions[ObjectIdentifier(session)] = session
        perform(machine.connected(ObjectIdentifier(session)))
        if sweep == nil { scheduleSweep() }
    }

    private func failConnect(_ task: UInt64, _ error: PostgresError) {
        tasks[task] = nil
        lastError = error
        logger.debug("connecting failed", metadata: ["error": "\(error)"])
        perform(machine.connectFailed(permanently: error.retry == .never))
        let pause = backOff.failed()
        _ = reactor.schedule(at: Deadline(after: pause)) { [weak self] in
            self?.assumeIsolated { $0.perform($0.machine.resume()) }
        }
    }

    private func scheduleSweep() {
        sweep = reactor.schedule(at: Deadline(after: .seconds(30))) { [weak self] in
            self?.assumeIsolated { $0.sweepIdle() }
        }
    }

    /// Lets go what has been idle for long or has lived long.
    private func sweepIdle() {
        sweep = nil
        let idleLimit = connector.configuration.deadlines.idle
        for id in machine.idle {
            guard let session = sessions[id] else { continue }
            let idleSince = session.assumeIsolated { $0.idleSince }
            if (idleSince + idleLimit).hasPassed || isTooOld(session) {
                connector.counters.retired("age")
                perform(machine.retire(id))
            }
        }
        if !sessions.isEmpty { scheduleSweep() }
    }

    private func report() {
        gauges.idle.record(machine.idle.count)
        gauges.busy.record(machine.busy.count)
        gauges.waiting.record(machine.waiting)
    }

    /// No more lending; idle connections are closed at once, lent ones when they come back.
    func close() {
        perform(machine.close())
        for task in tasks.values { task.cancel() }
        tasks = [:]
        if let sweep { reactor.cancel(sweep) }
        sweep = nil
    }

    // MARK: Session.Owner

    nonisolated func sessionAdvanced(_ session: Session) {}

    nonisolated func sessionEnded(_ session: Session, error: PostgresError, unsent: [Segment]) {
        for segment in unsent { segment.ticket.fail(error.with(retry: .connection)) }
        assumeIsolated { pool in
            let id = ObjectIdentifier(session)
            guard pool.sessions[id] != nil, error.kind != .closed else { return }
            pool.connector.counters.retired(error.sqlState?.rawValue ?? error.kind.description)
            if !pool.machine.busy.contains(id) { pool.sessions[id] = nil }
            pool.perform(pool.machine.ended(id))
        }
    }
}
