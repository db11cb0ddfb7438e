internal import Logging

/// What a listener hears.
public enum Notice: Sendable, Hashable {
    /// Somebody called `NOTIFY`.
    case notification(channel: String, payload: String)
    /// Notifications may have been missed: read again what they are about. Comes first when the listening has
    /// begun, after every reconnection, and when the reader was too slow.
    case gap
}

/// Keeps one connection listening: connects, listens, proves by a heartbeat that notifications arrive, and starts over
/// when the connection is lost.
actor Listener: Session.Owner {
    nonisolated let reactor = Reactor.shared
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let connector: Connector
    private let channels: [String]
    private let logger: Logger
    private let output: AsyncStream<Notice>.Continuation
    private let heartbeatChannel = "heartbeat_\(UInt64.random(in: 0 ... .max))"
    private var hasDropped = false
    private var heardHeartbeat = true
    private var ended: Ticket<Void>?

    init(_ connector: Connector, channels: [String], logger: Logger, output: AsyncStream<Notice>.Continuation)
    {
        self.connector = connector
        self.channels = channels
        self.logger = logger
        self.output = output
    }

    /// Listens until the task is cancelled.
    func run() async {
        var backOff = BackOff()
        while !Task.isCancelled {
            do throws(PostgresError) {
                let session = try await connector.open(isShared: false)
                do throws(PostgresError) {
                    try await start(on: session)
                    backOff.succeeded()
                    emit(.gap)
                    try await stay(on: session)
                } catch {
                    await session.close(reason: "the listener starts over")
                    throw error
                }
            } catch {
                if Task.isCancelled { break }
                logger.debug("listening was interrupted", metadata: ["error": "\(error)"])
                try? await pause(backOff.failed())
            }
        }
        output.finish()
    }

    private func start(on session: Session) async throws(PostgresError) {
        let ended = Ticket<Void>()
        self.ended = ended
        heardHeartbeat = true
        await session.attend(by: self) { [weak self] channel, payload in
            self?.assumeIsolated { $0.hear(channel, payload) }
        }
        for channel in channels + [heartbeatChannel] {
            try await run("LISTEN \(SQL.quoted(identifier: channel))", on: session)
        }
    }

    /// Sends a heartbeat now and then; returns, by throwing, when the connection is lost or the heartbeat is not heard.
    private func stay(on session: Session) async throws(PostgresError) {
        while let ended {
            let timer = reactor.schedule(at: Deadline(after: connector.configuration.deadlines.heartbeat)) {
                ended.succeed(())
            }
            defer { reactor.cancel(timer) }
            // Ends by the timer, or by the error of a lost connection.
            try await ended.value()
            guard heardHeartbeat else {
                throw PostgresError(.connectionLost, "the heartbeat was not heard", retry: .connection)
            }
            heardHeartbeat = false
            self.ended = Ticket<Void>()
            try await run("NOTIFY \(SQL.quoted(identifier: heartbeatChannel))", on: session)
        }
    }

    private func run(_ text: String, on session: Session) async throws(PostgresError) {
        let segment = Segment(internal: text, timeout: connector.configuration.deadlines.connect)
        session.submit(segment)
        let ticket = segment.ticket
        // The session would first ask the server to cancel; here silence means that the connection is no good.
        let timer = reactor.schedule(at: segment.deadline) { ticket.fail(Session.timeout(segment)) }
        defer { reactor.cancel(timer) }
        _ = try await ticket.value()
    }

    private func pause(_ duration: Duration) async throws(PostgresError) {
        let ticket = Ticket<Void>()
        let timer = reactor.schedule(at: Deadline(after: duration)) { ticket.succeed(()) }
        defer { reactor.cancel(timer) }
        try await ticket.value()
    }

    func hear(_ channel: String, _ payload: String) {
        if channel == heartbeatChannel {
            heardHeartbeat = true
        } else {
            emit(.notification(channel: channel, payload: payload))
        }
    }

    /// A reader that is too slow loses notifications, and is told so as soon as there is room again.
    private func emit(_ notice: Notice) {
        if hasDropped, notice != .gap {
            if case .enqueued = output.yield(.gap) { hasDropped = false }
        }
        if case .dropped = output.yield(notice) { hasDropped = true }
    }

    // MARK: Session.Owner

    nonisolated func sessionAdvanced(_ session: Session) {}

    nonisolated func sessionEnded(_ session: Session, error: PostgresError, unsent: [Segment]) {
        for segment in unsent { segment.ticket.fail(error.with(retry: .connection)) }
        assumeIsolated { _ = $0.ended?.fail(error) }
    }
}

extension Session {
    /// Binds the session to a listener.
    func attend(by owner: any Owner, _ handler: @escaping @Sendable (String, String) -> Void) {
        adopt(by: owner)
        onNotification = handler
    }
}

extension PostgresClient {
    /// Listens for notifications on a connection of its own, until the stream is dropped or the client closed.
    ///
    /// ```swift
    /// for await notice in database.listen(to: ["crew_changed"]) {
    ///     switch notice {
    ///     case .gap: await reread()
    ///     case .notification(_, let payload): await reread(payload)
    ///     }
    /// }
    /// ```
    /// The first element is ``Notice/gap``: from then on nothing is missed that is not announced by another one.
    /// - Parameter channels: names, taken exactly as they are.
    /// - Returns: a stream that keeps up to 1,024 notices for a slow reader, then drops some and says so.
    public func listen(to channels: [String]) -> AsyncStream<Notice> {
        let (stream, output) = AsyncStream.makeStream(
            of: Notice.self,
            bufferingPolicy: .bufferingOldest(1024)
        )
        let listener = Listener(connector, channels: channels, logger: logger, output: output)
        let task = Task { await listener.run() }
        output.onTermination = { _ in task.cancel() }
        keep(task)
        return stream
    }
}
