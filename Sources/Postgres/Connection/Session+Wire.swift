internal import DequeModule

/// What owns the wire alone: connecting, scripts and COPY. Here the session waits step by step.
extension Session {
    // MARK: Waiting for the socket

    /// Waits until the socket is ready. Several tasks may wait: each of them is woken and looks again.
    /// - Throws: kinds `timeout`, `cancelled` and `connectionLost`.
    func wait(for interest: Reactor.Readiness, until deadline: Deadline) async throws(PostgresError) {
        let ticket = Ticket<Reactor.Readiness>()
        waiters.append(ticket)
        awaited.formUnion(interest)
        if let watch { reactor.rewatch(watch, for: awaited) }
        let timer = reactor.schedule(at: deadline) {
            ticket.fail(PostgresError(.timeout, "the server did not answer in time"))
        }
        defer { reactor.cancel(timer) }
        _ = try await ticket.value()
    }

    func wakeWaiters(_ readiness: Reactor.Readiness) {
        let woken = waiters
        waiters = []
        awaited = []
        if let watch { reactor.rewatch(watch, for: []) }
        for waiter in woken { waiter.succeed(readiness) }
    }

    /// Follows the socket that libpq uses at the moment: it may change while connecting.
    private func follow() {
        let handler: (Reactor.Readiness) -> Void = { [weak self] readiness in
            self?.assumeIsolated { $0.becameReady(readiness) }
        }
        if let watch, watch.fd != handle.socket { reactor.unwatch(watch) }
        watch = reactor.watch(handle.socket, for: [], handler: handler)
    }

    // MARK: Connecting

    /// Connects, then readies the session for pipelines.
    /// - Throws: kind `connect` with the server's SQLSTATE when it gave one, `timeout` and `cancelled`.
    func connect(until deadline: Deadline) async throws(PostgresError) {
        do throws(PostgresError) {
            if handle.isBroken { throw ConnectFailure.error(handle.errorMessage) }
            // As if the last poll had said "write": https://www.postgresql.org/docs/15/libpq-connect.html
            var interest = Reactor.Readiness.write
            connecting: while true {
                follow()
                try await wait(for: interest, until: deadline)
                switch handle.pollConnect() {
                case .read: interest = .read
                case .write: interest = .write
                case .done: break connecting
                case .failed: throw ConnectFailure.error(handle.errorMessage)
                }
            }
            guard handle.startWork() else { throw ConnectFailure.error(handle.errorMessage) }
            follow()
            if let watch { reactor.rewatch(watch, for: .read) }
            phase = .ready
            lastProgress = .now
        } catch {
            if let watch { reactor.unwatch(watch) }
            watch = nil
            phase = .dead(error)
            handle.close()
            throw error
        }
    }

    // MARK: Taking the wire

    /// Waits for the end of what is under way and keeps everything else waiting until ``releaseWire()``.
    func takeWire(until deadline: Deadline) async throws(PostgresError) {
        if case .dead(let error) = phase { throw error.with(retry: .connection) }
        if exclusive || !flights.isEmpty || cancelsUnderWay > 0 {
            let ticket = Ticket<Void>()
            exclusiveQueue.append(ticket)
            let timer = reactor.schedule(at: deadline) {
                ticket.fail(
                    PostgresError(.timeout, "the connection was not free in time", retry: .connection)
                )
            }
            defer { reactor.cancel(timer) }
            try await ticket.value()
        } else {
            exclusive = true
        }
        guard handle.exitPipeline() else {
            exclusive = false
            lose()
            throw PostgresError(
                .connectionLost,
                "the connection could not leave pipeline mode",
                retry: .unknown
            )
        }
    }

    /// Gives the wire to the next that waits for it, once nothing is under way.
    func offerWire() {
        while !exclusive, flights.isEmpty, cancelsUnderWay == 0, let ticket = exclusiveQueue.popFirst() {
            exclusive = true
            if ticket.succeed(()) { return }
            exclusive = false
        }
    }

    /// Back to pipelines.
    func releaseWire() {
        guard isOpen else { return }
        // Others that still wait for the socket come too late.
        for waiter in waiters { waiter.fail(PostgresError(.closed, "the COPY or script has ended")) }
        waiters = []
        awaited = []
        guard handle.enterPipeline() else { return lose() }
        exclusive = false
        if let watch { reactor.rewatch(watch, for: .read) }
        idleSince = .now
        sendWaiting()
    }

    // MARK: Steps while owning the wire

    /// Flushes everything, taking in what comes meanwhile.
    func flushAll(until deadline: Deadline) async throws(PostgresError) {
        while true {
            switch handle.flush() {
            case .done: return
            case .failed: throw broken()
            case .pending:
                try await wait(for: [.read, .write], until: deadline)
                guard handle.consumeInput() else { throw broken() }
            }
        }
    }

    /// The next result; nil at the end of the statement.
    func awaitResult(until deadline: Deadline) async throws(PostgresError) -> ResultHandle? {
        while handle.isBusy {
            try await wait(for: .read, until: deadline)
            guard handle.consumeInput() else { throw broken() }
        }
        return handle.nextResult()
    }

    /// Reads to the end of the statement. The first failure among the results is returned.
    func drain(until deadline: Deadline) async throws(PostgresError) -> (
        last: ResultHandle?, error: PostgresError?
    ) {
        var last: ResultHandle?
        var failure: PostgresError?
        while let result = try await awaitResult(until: deadline) {
            switch result.status {
            case .failure: failure = failure ?? result.error()
            case .copyIn: _ = handle.putCopyEnd(failure: "a script cannot carry COPY data")
            case .copyOut, .copyBoth: try await skipCopy(until: deadline)
            default: last = result
            }
        }
        return (last, failure)
    }

    private func skipCopy(until deadline: Deadline) async throws(PostgresError) {
        while true {
            switch handle.nextCopyChunk() {
            case .data: continue
            case .end, .failed: return
            case .wait:
                try await wait(for: .read, until: deadline)
                guard handle.consumeInput() else { throw broken() }
            }
        }
    }

    func broken() -> PostgresError {
        PostgresError(.connectionLost, Self.firstLine(handle.errorMessage), retry: .unknown)
    }

    // MARK: Scripts

    /// Runs text with several statements by the simple protocol.
    func script(_ text: String, timeout: Duration) async throws(PostgresError) {
        if text.utf8.contains(0) { throw .usage("the SQL text has a NUL byte") }
        let deadline = Deadline(after: timeout)
        try await takeWire(until: deadline)
        let failure: PostgresError?
        do throws(PostgresError) {
            guard handle.sendSimple(text) else { throw broken() }
            try await flushAll(until: deadline)
            failure = try await drain(until: deadline).error
        } catch {
            try await abandonWire(after: error)
        }
        // From here on the wire may be another's.
        releaseWire()
        if let failure { throw failure }
    }

    /// After a failure while owning the wire: a server error leaves the session usable, a deadline or cancellation
    /// stops the statement first, anything else closes the session. Always throws the first error.
    func abandonWire(after error: PostgresError) async throws(PostgresError) -> Never {
        if !exclusive || !isOpen { throw error }
        if error.kind == .timeout || error.kind == .cancelled {
            requestCancel()
            // In a task of its own: the caller's is cancelled and could not wait.
            let drained = await Task { () -> Bool in
                (try? await drain(until: Deadline(after: Self.cancelLimit))) != nil
            }.value
            if drained, isOpen {
                releaseWire()
                throw error
            }
        }
        if isOpen {
            exclusive = false
            lose(error)
        }
        throw error
    }
}

/// Reads libpq's text about a refused connection.
enum ConnectFailure {
    /// With verbose errors a server's refusal reads `… FATAL:  28P01: password authentication failed …` and further
    /// lines about its source code. libpq keeps the SQLSTATE of a refused connection nowhere else.
    static func error(_ text: String) -> PostgresError {
        var line = Session.firstLine(text)
        var state: SQLState?
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        for word in words where word.utf8.count == 6 && word.last == ":" {
            let code = word.dropLast()
            if code.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isUppercase) }),
                code.contains(where: \.isNumber)
            {
                state = SQLState(rawValue: String(code))
                if let range = line.firstRange(of: "\(code): ") { line.removeSubrange(range) }
                break
            }
        }
        let retry: PostgresError.Retry = state.map(ErrorRules.isPermanent) == true ? .never : .connection
        return PostgresError(.connect, line, retry: retry, sqlState: state)
    }
}
