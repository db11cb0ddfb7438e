internal import Foundation
public import Logging
public import Postgres
internal import Web

/// Sends what waits in the outbox, at least once: takes it for two minutes, sends, marks it done.
///
/// A process that dies between sending and marking loses what it took after two minutes, and the letter goes again, with the
/// same `Message-ID`. What is refused is tried again after 1, 2, 4 … minutes, at most every six hours, and given up
/// after 16 attempts (some two days). Any number of processes may carry. The worker also deletes what the time of
/// sign-ins, sessions and kept answers has passed.
public struct LetterCarrier: Sendable {
    /// How letters leave.
    public enum Way: Sendable {
        /// By a command.
        case command(MailCommand)
        /// Kept as files.
        case kept(KeptLetters)
    }

    private let worker: PostgresClient
    private let texts: LetterTexts
    private let way: Way
    private let logger: Logger
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - worker: of `klappa_worker`.
    ///   - texts: of the letters.
    public init(_ worker: PostgresClient, texts: LetterTexts, way: Way, logger: Logger) {
        self.init(worker, texts: texts, way: way, logger: logger, now: { Date() })
    }

    init(
        _ worker: PostgresClient,
        texts: LetterTexts,
        way: Way,
        logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.worker = worker
        self.texts = texts
        self.way = way
        self.logger = logger
        self.now = now
    }

    /// How often a letter is tried.
    static let mostAttempts = 16

    /// Works until the task is cancelled. Errors are logged and tried again later.
    ///
    /// - Parameter pause: between looking.
    public func run(pause: Duration = .seconds(1)) async {
        var forgotAt: ContinuousClock.Instant?
        while !Task.isCancelled {
            do {
                while try await carry() > 0 {}
                if forgotAt.map({ .now - $0 > .seconds(3600) }) ?? true {
                    try await SessionQueries.forget(worker)
                    try await OutboxQueries.forget(worker)
                    forgotAt = .now
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("letters wait", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Sends what is due now.
    ///
    /// - Returns: how many were taken.
    @discardableResult
    func carry() async throws -> Int {
        let taken = try await OutboxQueries.take(worker)
        for one in taken { try await send(one) }
        return taken.count
    }

    private func send(_ taken: OutboxQueries.Taken) async throws {
        do {
            guard let letter = taken.letter else {
                throw MailCommand.Refusal(description: "this version cannot read it")
            }
            try await send(letter, number: taken.id, created: taken.createdAt)
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            let isLast = taken.attempts >= Self.mostAttempts
            logger.warning(
                "letter refused",
                metadata: [
                    "number": "\(taken.id)", "attempt": "\(taken.attempts)", "error": "\(error)",
                    "given up": "\(isLast)",
                ]
            )
            try await OutboxQueries.failed(
                taken.id,
                because: String("\(error)".prefix(500)),
                again: isLast ? nil : Self.pause(after: taken.attempts),
                worker
            )
            return
        }
        try await OutboxQueries.done(taken.id, worker)
    }

    private func send(_ letter: Letter, number: Int64, created: Instant) async throws {
        let (subject, body) = try texts.text(of: letter)
        let sender: String
        switch way {
        case .command(let command): sender = command.sender
        case .kept: sender = "klappa@localhost"
        }
        let host = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        let message = MailMessage(
            from: sender,
            to: letter.to,
            subject: subject,
            body: body,
            id: "\(number).\(created.microseconds)@\(host)",
            date: now()
        )
        switch way {
        case .command(let command): try await command.deliver(message)
        case .kept(let letters): try letters.keep(message, number: number, about: letter.subject)
        }
    }

    /// 1, 2, 4 … minutes, at most six hours.
    static func pause(after attempts: Int) -> Duration {
        .seconds(min(6 * 3600, 60 << min(max(attempts - 1, 0), 20)))
    }
}

/// What an operator should know of the outbox.
public enum Outbox {
    /// How many letters wait, how many of them were refused before, how many were given up lately, and why the last.
    public struct State: Sendable {
        /// Not sent yet.
        public let waiting: Int
        /// Of these, refused at least once.
        public let tried: Int
        /// Given up in the last month.
        public let givenUp: Int
        /// The last reason.
        public let lastError: String?
    }

    /// - Parameter database: of `klappa_worker`.
    public static func state(_ database: PostgresClient) async throws(PostgresError) -> State {
        let found = try await OutboxQueries.troubles(database)
        return State(
            waiting: found.waiting,
            tried: found.tried,
            givenUp: found.givenUp,
            lastError: found.lastError
        )
    }
}
