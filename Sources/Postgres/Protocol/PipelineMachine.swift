internal import DequeModule

/// Which answer belongs to which statement of which segment, on a connection in pipeline mode.
///
/// A segment is what one caller waits for: perhaps Prepare and run a prefix, perhaps Prepare, then the statement
/// itself. Each segment has a Sync of its own, or several that only read have one together. libpq answers each step by
/// results and an end mark, after a failure by "aborted" for everything up to the Sync, and at last by one sync without
/// an end mark (<https://www.postgresql.org/docs/15/libpq-pipeline-mode.html>). The machine does no I/O: it takes
/// events and says what to do.
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
        /// The statement of the oldest segment was not run, because of a failure before it.
        case skip
        /// The oldest segment is complete.
        case finish
        /// Something that must not come in a pipeline: give the connection up.
        case violation
    }

    private struct Sent {
        var steps: Steps
        var endsWithSync: Bool
    }

    private var segments = Deque<Sent>()

    var isEmpty: Bool { segments.isEmpty }
    var count: Int { segments.count }

    /// How many segments the server answers at the same time as the oldest.
    var together: Int { segments.prefix { !$0.endsWithSync }.count + 1 }

    /// - Parameter endsWithSync: false for one whose Sync comes with a later one.
    mutating func sent(_ steps: Steps, endsWithSync: Bool = true) {
        segments.append(Sent(steps: steps, endsWithSync: endsWithSync))
    }

    /// A Sync was sent after the newest segment.
    mutating func sentSync() {
        guard !segments.isEmpty else { return }
        segments[segments.endIndex - 1].endsWithSync = true
    }

    mutating func receive(_ event: Event) -> Action {
        guard let current = segments.first else { return event == .end ? .ignore : .violation }
        switch event {
        case .rows, .command, .empty:
            return current.steps.first == .main ? .keep : .ignore
        case .failure:
            return .fail(current.steps.first)
        case .aborted:
            return current.steps.first == .main ? .skip : .ignore
        case .copy:
            return .violation
        case .end:
            segments[segments.startIndex].steps.subtract(current.steps.first)
            guard !current.endsWithSync, current.steps.first == current.steps else { return .ignore }
            segments.removeFirst()
            return .finish
        case .sync:
            guard current.endsWithSync else { return .violation }
            segments.removeFirst()
            return .finish
        }
    }
}
