internal import CLibpq
internal import DequeModule

/// One connection to the server, in pipeline mode for its whole life but for COPY and scripts.
///
/// All work on it happens on the reactor's thread, which is this actor's executor. Callers hand segments to
/// ``submit(_:)`` from any thread and wait on the segment's ticket; they do not hop here and back.
actor Session: Wakeable {
    /// What the session reports to, always on the reactor's thread.
    protocol Owner: AnyObject, Sendable {
        /// Some segment has been answered.
        func sessionAdvanced(_ session: Session)
        /// The session is closed. The segments were not sent and may go elsewhere.
        func sessionEnded(_ session: Session, error: PostgresError, unsent: [Segment])
    }

    enum Phase {
        case connecting
        case ready
        case dead(PostgresError)
    }

    /// A segment under way, in the order of the syncs.
    struct Flight {
        let segment: Segment
        var result: ResultHandle?
        var error: PostgresError?
        var failedStep: PipelineMachine.Steps = []
        /// Why the server was asked to cancel it.
        var cancelled: PostgresError?
        var repeated = false
        /// Another caller's statement, up to the same Sync, has failed before it.
        var skipped = false
    }

    enum Request {
        case segment(Segment)
        case cancel(Segment, PostgresError)
    }

    nonisolated let reactor = Reactor.shared
    nonisolated let isShared: Bool
    nonisolated let inbox = Guarded<[Request]>([])
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    var handle: ConnectionHandle
    var phase = Phase.connecting
    var watch: Reactor.WatchID?
    var waitsForWrite = false
    var machine = PipelineMachine()
    var flights = Deque<Flight>()
    var waiting = Deque<Segment>()
    /// How many statements that only read have been sent since the last Sync; see ``join(_:)``.
    private(set) var openReads = 0
    var statements: StatementCache
    weak var owner: (any Owner)?
    /// Why no new segment should come here, while those under way end.
    var retirement: String?
    /// When an answer last came, or the first of the segments under way was sent.
    var lastProgress = Deadline.now
    var alarm: (timer: Reactor.TimerID, at: Deadline)?
    /// Cancel requests on their way: nothing may be sent until they have arrived.
    var cancelsUnderWay = 0
    /// Whether a cancel request has gone out since the last barrier: one that comes late must hit nobody.
    var needsBarrier = false
    /// An empty statement that takes a late cancel request upon itself: nothing is sent until it has been answered.
    var barrier: Segment?
    /// Set while COPY, a script or connecting owns the wire.
    var exclusive = false
    var exclusiveQueue = Deque<Ticket<Void>>()
    /// Whether every row of a COPY TO has been taken.
    var copyAtEnd = false
    /// Who waits for the socket, while the wire is owned, and for what.
    var waiters: [Ticket<Reactor.Readiness>] = []
    var awaited: Reactor.Readiness = []
    let born = Deadline.now
    var idleSince = Deadline.now
    var host = ""
    var onNotification: ((String, String) -> Void)?

    init(parameters: [(String, String)], isShared: Bool, statementCapacity: Int) {
        self.isShared = isShared
        handle = ConnectionHandle(parameters: parameters)
        statements = StatementCache(capacity: statementCapacity)
    }

    isolated deinit {
        if let watch { reactor.unwatch(watch) }
        if let alarm { reactor.cancel(alarm.timer) }
        // Whoever waits for an answer holds the session as a rule; nobody may wait for ever if not.
        settleAll(PostgresError.closed.with(retry: .unknown))
    }

    var isReady: Bool {
        if case .ready = phase { return retirement == nil }
        return false
    }

    var load: Int { flights.count + waiting.count }

    func adopt(by owner: any Owner) {
        self.owner = owner
    }

    // MARK: Handing in work, from any thread

    /// Hands over a segment; its ticket is settled whatever happens.
    nonisolated func submit(_ segment: Segment) {
        post(.segment(segment))
    }

    /// Asks the server to stop a segment; its ticket is settled when the server has answered.
    nonisolated func cancel(_ segment: Segment, because error: PostgresError) {
        post(.cancel(segment, error))
    }

    private nonisolated func post(_ request: Request) {
        let mustWake = inbox.withLock { inbox in
            inbox.append(request)
            return inbox.count == 1
        }
        if mustWake { reactor.wake(self) }
    }

    nonisolated func woken() {
        assumeIsolated { $0.takeRequests() }
    }

    private func takeRequests() {
        let requests = inbox.withLock { inbox in
            let requests = inbox
            inbox.removeAll(keepingCapacity: true)
            return requests
        }
        for request in requests {
            switch request {
            case .segment(let segment):
                waiting.append(segment)
                setAlarm(before: segment.deadline)
            case .cancel(let segment, let error): startCancel(segment, because: error)
            }
        }
        if case .dead(let error) = phase {
            failUnsent(error)
            return
        }
        sendWaiting()
    }

    /// Sends a segment at once. For owners on the reactor's thread; ``flush()`` must follow.
    func accept(_ segment: Segment) {
        waiting.append(segment)
        setAlarm(before: segment.deadline)
        sendWaiting(flushing: false)
    }

    // MARK: Sending

    func sendWaiting(flushing: Bool = true) {
        guard case .ready = phase, !exclusive, cancelsUnderWay == 0, barrier == nil else { return }
        if needsBarrier { return sendBarrier() }
        var sent = false
        while !waitsForWrite, flights.count < 256, exclusiveQueue.isEmpty, let segment = waiting.popFirst() {
            if segment.ticket.isSettled { continue }
            guard segment.onlyReads ? join(segment) : send(segment, repeated: false) else {
                return lose(whileSending: segment)
            }
            sent = true
        }
        if sent, flushing { flush() }
        offerWire()
    }

    /// How many statements that only read share a Sync at most: all of them wait for the slowest.
    static let mostReads = 8

    /// Sends a statement that only reads together with others: the Sync follows with ``flush()`` or when they are
    /// enough, which spares server and client a message each way and the server a transaction for each. What has to be
    /// prepared first goes by itself.
    private func join(_ segment: Segment) -> Bool {
        guard segment.prefix == nil, case .prepared(let name) = statements.plan(for: segment.sql) else {
            return send(segment, repeated: false)
        }
        guard handle.sendPrepared(name: name, segment.sql) else { return false }
        if flights.isEmpty { lastProgress = .now }
        machine.sent(.main, endsWithSync: false)
        flights.append(Flight(segment: segment))
        openReads += 1
        return openReads < Self.mostReads || endReads()
    }

    /// Sends the Sync that is due after statements that only read.
    private func endReads() -> Bool {
        guard openReads > 0 else { return true }
        openReads = 0
        machine.sentSync()
        return handle.sendSync()
    }

    func send(_ segment: Segment, repeated: Bool) -> Bool {
        guard endReads() else { return false }
        var steps: PipelineMachine.Steps = [.main]
        if let prefix = segment.prefix {
            steps.insert(.prefix)
            guard send(prefix, preparing: .preparePrefix, &steps) else { return false }
        }
        if segment.isInternal {
            guard handle.sendUnnamed(segment.sql) else { return false }
        } else {
            guard send(segment.sql, preparing: .prepareMain, &steps) else { return false }
        }
        for name in statements.takeEvicted() { deallocate(name) }
        guard handle.sendSync() else { return false }
        if flights.isEmpty { lastProgress = .now }
        machine.sent(steps)
        flights.append(Flight(segment: segment, repeated: repeated))
        return true
    }

    private func send(
        _ sql: SQL,
        preparing step: PipelineMachine.Steps,
        _ steps: inout PipelineMachine.Steps
    ) -> Bool {
        switch statements.plan(for: sql) {
        case .unnamed:
            return handle.sendUnnamed(sql)
        case .prepared(let name):
            return handle.sendPrepared(name: name, sql)
        case .prepare(let name):
            steps.insert(step)
            return handle.sendPrepare(name: name, sql) && handle.sendPrepared(name: name, sql)
        }
    }

    /// Lets the server forget a statement, in a segment of its own after those that wait.
    private func deallocate(_ name: String) {
        let segment = Segment(
            internal: "DEALLOCATE \(SQL.quoted(identifier: name))",
            timeout: .seconds(10)
        )
        waiting.append(segment)
        setAlarm(before: segment.deadline)
    }

    /// Sends the empty statement that a late cancel request hits instead of the next caller's.
    private func sendBarrier() {
        let segment = Segment(internal: "", timeout: .seconds(5))
        needsBarrier = false
        barrier = segment
        setAlarm(before: segment.deadline)
        guard send(segment, repeated: false) else { return lose(whileSending: segment) }
        flush()
    }

    /// Pushes out what has been sent. While something is left the socket is watched for both directions: a server
    /// whose answers nobody takes stops reading.
    func flush() {
        guard endReads() else { return lose() }
        switch handle.flush() {
        case .done: setWaitsForWrite(false)
        case .pending: setWaitsForWrite(true)
        case .failed: lose()
        }
    }

    private func setWaitsForWrite(_ value: Bool) {
        guard value != waitsForWrite, let watch else { return }
        waitsForWrite = value
        reactor.rewatch(watch, for: value ? [.read, .write] : .read)
    }

    // MARK: Receiving

    func becameReady(_ readiness: Reactor.Readiness) {
        if exclusive || !isOpen { return wakeWaiters(readiness) }
        if readiness.contains(.read) {
            guard handle.consumeInput() else { return lose() }
            guard receive() else { return }
        }
        if waitsForWrite { flush() }
        if isOpen { sendWaiting() }
    }

    var isOpen: Bool {
        if case .ready = phase { return true }
        return false
    }

    /// Takes every answer that has arrived. False when the connection has been given up.
    private func receive() -> Bool {
        var finished = false
        var received = false
        while !flights.isEmpty, !handle.isBusy {
            let result = handle.nextResult()
            received = true
            switch machine.receive(Self.event(result)) {
            case .ignore: break
            case .keep: flights[flights.startIndex].result = result
            case .fail(let step): failOldest(result, in: step)
            case .skip: flights[flights.startIndex].skipped = true
            case .violation:
                lose(PostgresError(.usage, "COPY needs copyIn or copyOut"))
                return false
            case .finish:
                finished = true
                finishOldest()
                guard isOpen else { return false }
            }
        }
        while let notification = handle.nextNotification() {
            onNotification?(notification.channel, notification.payload)
        }
        if handle.isBroken {
            lose()
            return false
        }
        if received { lastProgress = .now }
        if finished {
            if retirement != nil, flights.isEmpty, waiting.isEmpty, isShared {
                close(reason: retirement ?? "")
                return false
            }
            owner?.sessionAdvanced(self)
        }
        return isOpen
    }

    private static func event(_ result: ResultHandle?) -> PipelineMachine.Event {
        guard let result else { return .end }
        return switch result.status {
        case .rows: .rows
        case .command: .command
        case .empty: .empty
        case .failure: .failure
        case .aborted: .aborted
        case .sync: .sync
        case .copyIn, .copyOut, .copyBoth: .copy
        }
    }

    private func failOldest(_ result: ResultHandle?, in step: PipelineMachine.Steps) {
        let index = flights.startIndex
        guard flights[index].error == nil, let result else { return }
        let segment = flights[index].segment
        let failed = step == .prefix || step == .preparePrefix ? segment.prefix ?? segment.sql : segment.sql
        let error = result.error().about(failed.text)
        flights[index].error = error
        flights[index].failedStep = step
        if step == .prepareMain || step == .preparePrefix { statements.forget(failed.text, gone: true) }
        let isExpected = segment.isReadOnly && error.sqlState == .readOnlySQLTransaction
        if let state = error.sqlState, ErrorRules.retires(state), !isExpected, retirement == nil {
            retirement = state.rawValue
        }
    }

    private func finishOldest() {
        let flight = flights.removeFirst()
        if flight.segment === barrier { barrier = nil }
        if flights.isEmpty, waiting.isEmpty { idleSince = .now }
        guard var error = flight.error else {
            if flight.skipped { return sendAgain(flight, repeated: flight.repeated) }
            flight.segment.ticket.succeed(Rows(flight.result))
            return
        }
        if ErrorRules.isStaleStatement(error) {
            statements.forget(flight.segment.sql.text, gone: error.sqlState == .invalidSQLStatementName)
            if let prefix = flight.segment.prefix {
                statements.forget(prefix.text, gone: error.sqlState == .invalidSQLStatementName)
            }
            if let reason = flight.cancelled { return abandon(flight, because: reason) }
            if flight.segment.mayRepeat, !flight.repeated { return sendAgain(flight, repeated: true) }
            error = error.with(retry: .transaction)
        }
        if error.sqlState == .queryCanceled {
            if let reason = flight.cancelled {
                return abandon(flight, because: reason)
            } else if isShared {
                error = Session.timeout(flight.segment)
            }
        }
        flight.segment.ticket.fail(error)
    }

    /// Sends by itself what the server has not run.
    private func sendAgain(_ flight: Flight, repeated: Bool) {
        if flight.segment.ticket.isSettled { return }
        guard send(flight.segment, repeated: repeated) else { return lose(whileSending: flight.segment) }
        flush()
    }

    /// Answers a caller by the reason for which its statement was to be cancelled.
    private func abandon(_ flight: Flight, because reason: PostgresError) {
        flight.segment.ticket.fail(reason.about(flight.segment.sql.text))
    }

    static func timeout(_ segment: Segment) -> PostgresError {
        PostgresError(
            .timeout,
            "the statement was not done within \(segment.timeout)",
            sqlState: .queryCanceled,
            sql: segment.sql.text
        )
    }
}
