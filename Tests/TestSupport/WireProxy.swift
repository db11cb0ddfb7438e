import Dispatch
import Glibc
import Synchronization

/// A wire on loopback between a client and a server, which a test can cut and block.
///
/// ```swift
/// let wire = try WireProxy(to: server.running.port)
/// defer { wire.close() }
/// wire.cut(afterAnswering: 100_000)       // in the middle of the next large answer
/// ```
public final class WireProxy: Sendable {
    /// Where the client connects to.
    public let port: Int
    private let target: Int
    private let listener: Int32
    private let isBlocked = Atomic<Bool>(false)
    /// How many more bytes of answers, and of questions, pass before everything is cut.
    private let answers = Atomic<Int>(.max)
    private let questions = Atomic<Int>(.max)
    private let wires = Mutex<[Wire]>([])
    /// Shows the thread sanitizer the order that the mutex keeps.
    private let edge = Atomic<UInt8>(0)

    /// Two sockets; closed when the last of the two directions has ended.
    private final class Wire: Sendable {
        let client: Int32
        let server: Int32

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        deinit {
            Glibc.close(client)
            Glibc.close(server)
        }

        /// Both sides see the end at once.
        func cut() {
            for socket in [client, server] { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// Starts to carry connections to a port of 127.0.0.1.
    public init(to target: Int) throws {
        self.target = target
        port = TestServer.freePort()
        listener = Self.socket()
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let bound = Self.withAddress(port) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else { throw WireError(reason: errno) }
        DispatchQueue(label: "wire").async { self.serve() }
    }

    /// Cuts every wire and lets nobody connect any more.
    public func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
    }

    /// Cuts the wires that there are; new ones may be made at once.
    public func cut() {
        for wire in withWires({ $0 }) { wire.cut() }
    }

    /// Cuts the wires when so many more bytes have come from the server.
    public func cut(afterAnswering bytes: Int) { answers.store(bytes, ordering: .releasing) }

    /// Cuts the wires when so many more bytes have come from the client.
    public func cut(afterAsking bytes: Int) { questions.store(bytes, ordering: .releasing) }

    /// Lets nothing pass any more, and tells nobody: as when a cable is pulled out.
    public func block() { isBlocked.store(true, ordering: .releasing) }

    /// Lets pass what waits and what comes.
    public func unblock() { isBlocked.store(false, ordering: .releasing) }

    private func withWires<Result: Sendable>(_ body: (inout [Wire]) -> Result) -> Result {
        wires.withLock { wires in
            _ = edge.load(ordering: .acquiring)
            defer { edge.store(0, ordering: .releasing) }
            return body(&wires)
        }
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 {
                if errno == EINTR { continue }
                Glibc.close(listener)
                return
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let server = Self.socket()
            guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
                Glibc.close(server)
                Glibc.close(client)
                continue
            }
            let wire = Wire(client: client, server: server)
            withWires { $0.append(wire) }
            DispatchQueue(label: "questions").async { self.carry(wire, client, server, self.questions) }
            DispatchQueue(label: "answers").async { self.carry(wire, server, client, self.answers) }
        }
    }

    private func carry(_ wire: Wire, _ from: Int32, _ to: Int32, _ budget: borrowing Atomic<Int>) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        defer {
            wire.cut()
            withWires { $0.removeAll { $0 === wire } }
        }
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            while isBlocked.load(ordering: .acquiring) { usleep(2_000) }
            var left = budget.load(ordering: .acquiring)
            if left < .max { left = budget.subtract(count, ordering: .acquiringAndReleasing).newValue }
            let passing = left < 0 ? max(0, count + left) : count
            var sent = 0
            while sent < passing {
                let taken = buffer.withUnsafeBytes { bytes in
                    send(to, bytes.baseAddress.map { $0 + sent }, passing - sent, Int32(MSG_NOSIGNAL))
                }
                if taken < 0, errno == EINTR { continue }
                guard taken > 0 else { return }
                sent += taken
            }
            if left <= 0 {
                budget.store(.max, ordering: .releasing)
                return cut()
            }
        }
    }

    private static func socket() -> Int32 {
        Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func withAddress(
        _ port: Int,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A wire cannot be laid.
public struct WireError: Error {
    /// The kernel's reason.
    public let reason: Int32
}
