internal import DequeModule

/// How a session ends, and what stops a segment before its answer: deadlines and cancel requests.
extension Session {
    /// How long a server may be silent after a statement's own time has passed.
    static let grace: Duration = .seconds(2)
    /// How long a cancelled statement may still take.
    static let cancelLimit: Duration = .seconds(5)

    // MARK: Ending

    /// Gives a broken connection up.
    func lose(_ reason: PostgresError? = nil) {
        guard isOpen else { return }
        // The server's last words, for example "terminating connection due to administrator command", are the better
        // error and come as a result. Asking a connection for it that is not broken would wait for the server.
        var last = reason
        var tries = 0
        while last == nil, tries < 16, handle.isBroken, let result = handle.nextResult() {
            tries += 1
            if result.status == .failure { last = result.error() }
        }
        let text = last?.message ?? Self.firstLine(handle.errorMessage)
        end(PostgresError(.connectionLost, text, retry: .unknown, sqlState: last?.sqlState))
    }

    /// Gives up a connection that broke while a segment was handed to it: what the server has of the segment is not
    /// known, so it ends like those under way.
    func lose(whileSending segment: Segment) {
        if case .dead(let error) = phase {
            segment.ticket.fail(error)
            return
        }
        flights.append(Flight(segment: segment))
        lose()
    }

    /// Closes in good order.
    func close(reason: String) {
        guard isOpen else { return }
        end(PostgresError(.closed, "the connection was closed: \(reason)", retry: .unknown))
    }

    private func end(_ error: PostgresError) {
        phase = .dead(error)
        if let watch { reactor.unwatch(watch) }
        watch = nil
        if let alarm { reactor.cancel(alarm.timer) }
        alarm = nil
        handle.close()
        // Those that were not sent may go elsewhere.
        let unsent = owner == nil ? [] : Array(waiting)
        if owner != nil { waiting = [] }
        settleAll(error)
        owner?.sessionEnded(self, error: error, unsent: unsent)
    }

    /// Answers everybody who waits for something here.
    func settleAll(_ error: PostgresError) {
        for flight in flights {
            // An answer without its sync leaves open whether it was committed.
            let told = flight.result == nil ? flight.error : flight.error?.with(retry: .unknown)
            flight.segment.ticket.fail((flight.cancelled ?? told ?? error).about(flight.segment.sql.text))
        }
        flights = []
        for waiter in waiters { waiter.fail(error) }
        waiters = []
        for ticket in exclusiveQueue { ticket.fail(error.with(retry: .connection)) }
        exclusiveQueue = []
        failUnsent(error)
    }

    func failUnsent(_ error: PostgresError) {
        for segment in waiting { segment.ticket.fail(error.with(retry: .connection)) }
        waiting = []
    }

    static func firstLine(_ text: String) -> String {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return line.isEmpty ? "the connection was lost" : line
    }

    /// Whether nothing is under way.
    var isAtRest: Bool {
        isReady && !exclusive && flights.isEmpty && waiting.isEmpty && cancelsUnderWay == 0
    }

    /// Whether the server is outside a transaction; meaningful at rest.
    var isOutsideTransaction: Bool { handle.isIdle }

    // MARK: Deadlines

    /// Sees to it that a deadline is noticed. One timer serves all segments: it is set again only when an earlier
    /// moment comes up, so a segment that is answered in time costs nothing. Every segment passes here when it comes,
    /// whether it can be sent or waits for something.
    func setAlarm(before deadline: Deadline) {
        if let alarm {
            if alarm.at <= deadline { return }
            reactor.cancel(alarm.timer)
        }
        let timer = reactor.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.ring() } }
        alarm = (timer, deadline)
    }

    /// When the server has had its time for the oldest segment and stayed silent.
    private var stuckAt: Deadline? {
        guard let oldest = flights.first else { return nil }
        // The server keeps its answers back until the Sync.
        return lastProgress + (oldest.segment.timeout * machine.together + Self.grace)
    }

    private func ring() {
        alarm = nil
        guard isOpen else { return }
        let now = Deadline.now
        var next = Deadline.never
        for index in flights.indices {
            let segment = flights[index].segment
            if segment.ticket.isSettled { continue }
            if segment.deadline > now {
                next = min(next, segment.deadline)
            } else if isShared {
                segment.ticket.fail(Self.timeout(segment))
            } else if flights[index].cancelled == nil {
                startCancel(segment, because: Self.timeout(segment))
            }
        }
        for segment in waiting where !segment.ticket.isSettled {
            if segment.deadline > now {
                next = min(next, segment.deadline)
            } else {
                segment.ticket.fail(Self.timeout(segment).with(retry: .connection))
            }
        }
        waiting.removeAll { $0.ticket.isSettled }
        if isShared, let stuck = stuckAt {
            if stuck <= now {
                return lose(
                    PostgresError(.connectionLost, "the server has not answered in time", retry: .unknown)
                )
            }
            next = min(next, stuck)
        }
        if next < .never { setAlarm(before: next) }
    }

    // MARK: Cancelling what a lent session does

    /// Stops a segment: drops it when it has not been sent, else asks the server.
    func startCancel(_ segment: Segment, because error: PostgresError) {
        if segment.ticket.isSettled { return }
        if let index = waiting.firstIndex(where: { $0 === segment }) {
            waiting.remove(at: index)
            segment.ticket.fail(error)
            return
        }
        guard let index = flights.firstIndex(where: { $0.segment === segment }) else { return }
        guard flights[index].cancelled == nil else { return }
        flights[index].cancelled = error
        if isShared {
            // Its connection belongs to many: the server ends it by its own timeout.
            segment.ticket.fail(error)
            return
        }
        requestCancel()
        _ = reactor.schedule(at: Deadline(after: Self.cancelLimit)) { [weak self] in
            if segment.ticket.isSettled { return }
            self?.assumeIsolated {
                $0.lose(PostgresError(.connectionLost, "a cancelled statement did not end", retry: .unknown))
            }
        }
    }

    /// Dials the server from a thread that may block. Until it has delivered the request nothing new is sent, and
    /// the first thing sent, whose answer is waited for, is an empty statement: a late request hits that.
    func requestCancel() {
        guard let cancel = handle.cancelHandle() else { return }
        cancelsUnderWay += 1
        needsBarrier = true
        Counters.cancelRequested()
        let reactor = reactor
        let arrival = CancelArrival(self)
        BlockingThread.start(name: "pg-cancel") {
            Counters.cancelDelivered(cancel.cancel())
            reactor.wake(arrival)
        }
    }

    func cancelArrived() {
        cancelsUnderWay -= 1
        sendWaiting()
    }
}

/// Brings the end of a cancel request back to the reactor's thread.
private final class CancelArrival: Wakeable {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    func woken() {
        session.assumeIsolated { $0.cancelArrived() }
    }
}
