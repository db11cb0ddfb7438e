internal import NIOConcurrencyHelpers

/// Collects the ports of the listeners as they start.
final class RunningPorts: Sendable {
    private struct State {
        var port: Int?
        var adminPort: Int?
        var missing: Int
    }

    private let state: NIOLockedValueBox<State>

    init(expected: Int) { state = NIOLockedValueBox(State(missing: expected)) }

    /// The addresses when the last listener has started, nil before.
    func add(port: Int? = nil, adminPort: Int? = nil) -> WebServer.Addresses? {
        state.withLockedValue { state in
            state.port = port ?? state.port
            state.adminPort = adminPort ?? state.adminPort
            state.missing -= 1
            guard state.missing == 0, let port = state.port else { return nil }
            return .init(port: port, adminPort: state.adminPort)
        }
    }
}
