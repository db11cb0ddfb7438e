/// One answer that one caller waits for. Whoever settles it first decides; later answers are dropped.
///
/// Any thread may settle it. The wait ends at once when the calling task is cancelled.
final class Ticket<Value: Sendable>: Sendable {
    typealias Answer = Result<Value, PostgresError>

    private enum State {
        case open
        case waiting(UnsafeContinuation<Answer, Never>)
        case settled(Answer)
        case done
    }

    private let state = Guarded(State.open)

    init() {}

    /// Whether an answer has been given, by whomever.
    var isSettled: Bool {
        state.withLock {
            switch $0 {
            case .open, .waiting: false
            case .settled, .done: true
            }
        }
    }

    /// Gives the answer. False: somebody else was first.
    @discardableResult
    func settle(_ answer: Answer) -> Bool {
        let (first, continuation): (Bool, UnsafeContinuation<Answer, Never>?) = state.withLock { state in
            switch state {
            case .open:
                state = .settled(answer)
                return (true, nil)
            case .waiting(let continuation):
                state = .done
                return (true, continuation)
            case .settled, .done:
                return (false, nil)
            }
        }
        continuation?.resume(returning: answer)
        return first
    }

    @discardableResult
    func fail(_ error: PostgresError) -> Bool { settle(.failure(error)) }

    @discardableResult
    func succeed(_ value: Value) -> Bool { settle(.success(value)) }

    /// Waits for the answer. To be called once.
    /// - Parameter onCancel: called on any thread when the task is cancelled; it must see to it that the ticket is
    ///   settled.
    func value(onCancel: @escaping @Sendable () -> Void) async throws(PostgresError) -> Value {
        let answer = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Answer, Never>) in
                let ready: Answer? = state.withLock { state in
                    if case .settled(let answer) = state {
                        state = .done
                        return answer
                    }
                    state = .waiting(continuation)
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            onCancel()
        }
        return try answer.get()
    }

    /// Waits for the answer; cancellation settles the ticket at once.
    func value() async throws(PostgresError) -> Value {
        try await value { self.fail(.cancelled) }
    }
}
