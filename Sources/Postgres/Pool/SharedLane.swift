internal import CoreMetrics
internal import DequeModule
internal import Logging
internal import Synchronization

/// The shared side: a few connections that carry the short statements of many callers in pipelines.
///
/// A segment goes to the connection with the fewest under way; when all are full it waits here, so that one slow
/// statement holds up as few others as possible.
actor SharedLane: Session.Owner, Wakeable {
    /// What distinguishes one lane from another.
    struct Shape: Sendable {
        /// How many connections it may have.
        let connections: Int
        /// How many segments may be under way on one connection.
        let depth: Int
        /// How long a statement may take, unless the caller says otherwise.
        let timeout: Duration
        /// How many callers may wait here at once.
        let maxWaiting: Int
    }

    nonisolated let reactor = Reactor.shared
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
    nonisolated let shape: Shape
    private nonisolated let inbox = Guarded<[Segment]>([])
    private nonisolated let outstanding = Atomic<Int>(0)

    private let connector: Connector
    private let logger: Logger
    private var pending = Deque<Segment>()
    private var sessions: [Session] = []
    private var connecting = 0
    private var isPaused = false
    private var isClosed = false
    private var backOff = BackOff()
    private var lastError: PostgresError?
    private var alarm: (timer: Reactor.TimerID, at: Deadline)?
    /// Not later than the earliest deadline of what waits here.
    private var earliest = Deadline.never
    private var tasks: [UInt64: Task<Void, Never>] = [:]
    private var nextTask: UInt64 = 0

    init(_ connector: Connector, shape: Shape, logger: Logger) {
        self.connector = connector
        self.shape = shape
        self.logger = logger
    }

    /// Sends one segment and waits for its answer. When the caller is cancelled it returns at once; the statement
    /// ends on the server by itself or by its timeout and disturbs nobody.
    nonisolated func run(_ segment: Segment) async throws(PostgresError) -> Rows {
        let callers = outstanding.add(1, ordering: .relaxed).newValue
        defer { outstanding.subtract(1, ordering: .relaxed) }
        guard callers <= shape.maxWaiting else {
            connector.counters.refusals.increment()
            throw PostgresError(.pool, "\(callers - 1) callers are waiting already", retry: .connection)
        }
        let mustWake = inbox.withLock { inbox in
            inbox.append(segment)
            return inbox.count == 1
        }
        if mustWake { reactor.wake(self) }
        return try await segment.ticket.value()
    }

    nonisolated func woken() {
        assumeIsolated { $0.takeIn() }
    }

    private func takeIn() {
        inbox.withLock { inbox in
            for segment in inbox {
                pending.append(segment)
                earliest = min(earliest, segment.deadline)
            }
            inbox.removeAll(keepingCapacity: true)
        }
        if isClosed { return failPending(.closed) }
        dispatch()
    }

    /// Gives waiting segments to connections.
    private func dispatch() {
        var used: [Session] = []
        var contended = false
        var reading: Session?
        while let segment = pending.first {
            if segment.ticket.isSettled {
                pending.removeFirst()
                continue
            }
            guard let (session, load) = joined(reading, segment) ?? leastLoaded(), load < shape.depth
            else { break }
            contended = contended || load > 0
            pending.removeFirst()
            session.assumeIsolated { $0.accept(segment) }
            reading = session.assumeIsolated { $0.openReads } > 0 ? session : nil
            if !used.contains(where: { $0 === session }) { used.append(session) }
        }
        for session in used { session.assumeIsolated { $0.flush() } }
        if !pending.isEmpty {
            setAlarm()
            contended = true
        }
        if contended || (sessions.isEmpty && !pending.isEmpty) { grow() }
    }

    /// The connection whose statements a further one that only reads can join.
    private func joined(_ session: Session?, _ segment: Segment) -> (Session, Int)? {
        guard let session, segment.onlyReads else { return nil }
        return session.assumeIsolated { $0.isReady && !$0.waitsForWrite ? (session, $0.load) : nil }
    }

    private func leastLoaded() -> (Session, Int)? {
        var best: (Session, Int)?
        for session in sessions {
            let load = session.assumeIsolated { $0.isReady && !$0.waitsForWrite ? $0.load : .max }
            if load < best?.1 ?? .max { best = (session, load) }
        }
        return best
    }

    // MARK: Connections

    private func grow() {
        guard !isPaused, !isClosed, connecting == 0, sessions.count < shape.connections else { return }
        connecting += 1
        nextTask += 1
        let id = nextTask
        tasks[id] = Task {
            do throws(PostgresError) {
                let session = try await connector.open(isShared: true, statementTimeout: shape.timeout)
                finishConnect(id, session)
            } catch {
                failConnect(id, error)
            }
        }
    }

    private func finishConnect(_ task: UInt64, _ session: Session) {
        tasks[task] = nil
        connecting -= 1
        lastError = nil
        backOff.succeeded()
        if isClosed { return session.assumeIsolated { $0.close(reason: "the client was closed") } }
        session.assumeIsolated { $0.adopt(by: self) }
        // It may have been lost between its last answer and this moment.
        if session.assumeIsolated({ $0.isReady }) { sessions.append(session) }
        dispatch()
    }

    private func failConnect(_ task: UInt64, _ error: PostgresError) {
        tasks[task] = nil
        connecting -= 1
        lastError = error
        logger.debug("connecting failed", metadata: ["error": "\(error)"])
        if sessions.isEmpty, error.retry == .never { failPending(error) }
        isPaused = true
        _ = reactor.schedule(at: Deadline(after: backOff.failed())) { [weak self] in
            self?.assumeIsolated {
                $0.isPaused = false
                $0.dispatch()
            }
        }
    }

    private func failPending(_ error: PostgresError) {
        for segment in pending { segment.ticket.fail(error) }
        pending = []
    }

    // MARK: Deadlines of what waits here

    private func setAlarm() {
        if pending.isEmpty { return }
        if let alarm {
            if alarm.at <= earliest { return }
            reactor.cancel(alarm.timer)
        }
        let timer = reactor.schedule(at: earliest) { [weak self] in self?.assumeIsolated { $0.ring() } }
        alarm = (timer, earliest)
    }

    private func ring() {
        alarm = nil
        let now = Deadline.now
        for segment in pending where segment.deadline <= now {
            if let lastError, sessions.isEmpty {
                segment.ticket.fail(
                    PostgresError(
                        .connect,
                        lastError.message,
                        retry: .connection,
                        sqlState: lastError.sqlState
                    )
                )
            } else {
                segment.ticket.fail(Session.timeout(segment).with(retry: .connection))
            }
        }
        pending.removeAll { $0.ticket.isSettled }
        earliest = pending.reduce(.never) { min($0, $1.deadline) }
        setAlarm()
    }

    /// Fails what waits, closes every connection.
    func close() {
        isClosed = true
        failPending(.closed)
        for task in tasks.values { task.cancel() }
        tasks = [:]
        let closing = sessions + retiring
        sessions = []
        retiring = []
        for session in closing { session.assumeIsolated { $0.close(reason: "the client was closed") } }
        if let alarm { reactor.cancel(alarm.timer) }
        alarm = nil
    }

    // MARK: Session.Owner

    nonisolated func sessionAdvanced(_ session: Session) {
        assumeIsolated { lane in
            if session.assumeIsolated({ $0.retirement != nil }) { lane.retire(session) }
            if !lane.pending.isEmpty { lane.dispatch() }
        }
    }

    /// Takes a connection out whose answers say that it must not be used again; what is under way ends first.
    private func retire(_ session: Session) {
        guard let index = sessions.firstIndex(where: { $0 === session }) else { return }
        connector.counters.retired(session.assumeIsolated { $0.retirement } ?? "")
        sessions.remove(at: index)
        if session.assumeIsolated({ $0.load }) == 0 {
            session.assumeIsolated { $0.close(reason: "retired") }
        } else {
            retiring.append(session)
        }
    }

    /// Connections that finish their work and are then closed.
    private var retiring: [Session] = []

    nonisolated func sessionEnded(_ session: Session, error: PostgresError, unsent: [Segment]) {
        assumeIsolated { lane in
            lane.retiring.removeAll { $0 === session }
            if let index = lane.sessions.firstIndex(where: { $0 === session }) {
                lane.sessions.remove(at: index)
                lane.connector.counters.retired(error.sqlState?.rawValue ?? error.kind.description)
            }
            if lane.isClosed {
                for segment in unsent { segment.ticket.fail(.closed) }
                return
            }
            for segment in unsent.reversed() where !segment.isInternal {
                lane.pending.prepend(segment)
                lane.earliest = min(lane.earliest, segment.deadline)
            }
            if !lane.pending.isEmpty { lane.dispatch() }
        }
    }
}
