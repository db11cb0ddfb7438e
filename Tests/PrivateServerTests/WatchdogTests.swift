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

    /// A connection that the watchdog held as well would stay open when this process closes it.
    @Test func `a watchdog holds no file of the process that started it`() async throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        defer { close(ends[0]) }
        let root = TestServer.temporaryDirectory()
        let watchdog = Watchdog(directory: root, state: root + "/state")
        close(ends[1])
        var byte: UInt8 = 0
        #expect(recv(ends[0], &byte, 1, 0) == 0, "the other end is closed for good")
        await watchdog.finish()
    }
}
