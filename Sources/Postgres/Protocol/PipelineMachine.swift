internal import DequeModule

/// Which answer belongs to which statement of which segment, on a connection in pipeline mode.
///
/// A segment is what travels up to one Sync: perhaps Prepare and run a prefix, perhaps Prepare, then the statement
/// itself. libpq answers each step by results and an end mark, after a failure by "aborted" for the rest, and at last
/// by one sync without an end mark (<https://www.postgresql.org/docs/15/libpq-pipeline-mode.html>). The machine does no
/// I/O: it takes events and says what to do.
struct PipelineMachine {
    /// The steps of one segment, in the order of their bits.
    struct Steps: OptionSet, Sendable {
        let rawValue: UInt8
        static let preparePrefix = Steps(rawValue: 1)
        static let prefix = Steps(rawValue: 2)
        static let prepareMain = Steps(rawValue: 4)
        static let main = Steps(rawValue: 8)

        /// The earliest of them; empty when there is none.
        var first: Steps { Steps(rawValue: rawValue & (~rawValue &+ 1)) }
    }

    /// What libpq returned.
    enum Event {
        case rows, command, empty, failure, aborted, copy, end, sync
    }

    /// What to do about it.
    enum Action: Equatable {
        case ignore
        /// Keep it as the answer of the oldest segment.
        case keep
        /// The oldest segment has failed in this step, or at its end when empty; only the first failure counts.
        case fail(Steps)
        /// The oldest segment is complete.
        case finish
        /// Something that must not come in a pipeline: give the connection up.
        case violation
    }

    private var segments = Deque<Steps>()

    var isEmpty: Bool { segments.isEmpty }
    var count: Int { segments.count }

    mutating func sent(_ steps: Steps) {
        segments.append(steps)
    }

    mutating func receive(_ event: Event) -> Action {
        guard let current = segments.first else { return event == .end ? .ignore : .violation }
        switch event {
        case .rows, .command, .empty:
            return current.first == .main ? .keep : .ignore
        case .failure:
            return .fail(current.first)
        case .aborted:
            return .ignore
        case .copy:
            return .violation
        case .end:
            segments[segments.startIndex].subtract(current.first)
            return .ignore
        case .sync:
            segments.removeFirst()
            return .finish
        }
    }
}
