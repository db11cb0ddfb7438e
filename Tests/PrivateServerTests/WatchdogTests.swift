import Glibc
import Testing

@testable import TestSupport

@Suite struct WatchdogTests {
    /// A program that another test starts between two system calls may inherit the pipe that the watchdog listens to.
    @Test func `a watchdog ends though somebody else holds its pipe`() async throws {
        let root = TestServer.temporaryDirectory()
        let watchdog = Watchdog(directory: root, state: root + "/state")
        let copy = dup(watchdog.writeEnd)
        defer { close(copy) }
        let end = Task { await watchdog.finish() }
        try await eventually("the directory is gone", within: .seconds(10)) { access(root, F_OK) != 0 }
        await end.value
    }
}
