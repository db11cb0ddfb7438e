import Logging
import PrivateServer

/// Looks after the private PostgreSQL while klappa serves: when it was killed it is started again, and the clients
/// connect anew by themselves.
struct PrivateServerKeeper: Sendable {
    let server: PrivateServer
    let lease: Lease
    let logger: Logger

    /// Looks every half second until the task is cancelled.
    func run() async {
        var said: PrivateServerError?
        while !Task.isCancelled {
            do throws(PrivateServerError) {
                if try await server.revive(lease) { logger.notice("The private PostgreSQL runs again.") }
                said = nil
            } catch {
                // Tried again until it works, said once: a full disk may stay full for a night.
                if error != said { logger.error("\(error)") }
                said = error
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
