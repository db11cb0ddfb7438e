import Glibc
import TestSupport

@testable import Postgres

/// A server that says exactly what a test tells it to, for moments that a real one reaches once in ten thousand runs:
/// an end between two system calls, a cancel request that never arrives, silence.
///
/// It lets everybody in, then hears what is sent and answers nothing by itself.
final class ScriptedServer: Sendable {
    private let directory: String
    private let listener: Int32
    private let holdsCancelRequests: Bool
    private let isDeafAfterScripts: Bool
    private let peers = Guarded<[Peer]>([])
    private let cancelRequests = Guarded<[Int32]>([])

    /// - Parameters:
    ///   - holdsCancelRequests: whether who brings a cancel request is kept waiting for ever.
    ///   - isDeafAfterScripts: whether a connection is not read any more once a script or COPY has come.
    init(holdsCancelRequests: Bool = false, isDeafAfterScripts: Bool = false) throws {
        self.holdsCancelRequests = holdsCancelRequests
        self.isDeafAfterScripts = isDeafAfterScripts
        directory = TestServer.temporaryDirectory()
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array((directory + "/.s.PGSQL.5432").utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(bound == 0 && listen(listener, 16) == 0, "the socket can be listened on")
        BlockingThread.start(name: "scripted") { self.serve() }
    }

    /// Ends everything; to be called when the test is over.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        for peer in peers.withLock({ $0 }) { peer.hangUp() }
        for descriptor in cancelRequests.withLock({ $0 }) { Glibc.close(descriptor) }
        unlink(directory + "/.s.PGSQL.5432")
        rmdir(directory)
    }

    var conninfo: String { "host=\(directory) port=5432 user=nobody dbname=nothing" }

    /// How many cancel requests have come.
    var cancelCount: Int { cancelRequests.withLock { $0.count } }

    /// Connects a session, without an owner.
    func connect(isShared: Bool, statementCapacity: Int = 0) async throws -> (Session, Peer) {
        let configuration = try PostgresConfiguration(conninfo)
        let target = try configuration.targets()[0]
        let session = Session(
            parameters: configuration.parameters(for: target, sessionAttributes: nil),
            isShared: isShared,
            statementCapacity: statementCapacity
        )
        try await session.connect(until: Deadline(after: .seconds(20)))
        return (session, try await peer(0))
    }

    /// The connection that came as the n-th, counted from 0.
    func peer(_ number: Int) async throws -> Peer {
        try await eventually("connection \(number) comes") { peers.withLock { $0.count > number } }
        return peers.withLock { $0[number] }
    }

    private func serve() {
        while true {
            let descriptor = accept(listener, nil, nil)
            if descriptor < 0 {
                if errno == EINTR { continue }
                Glibc.close(listener)
                return
            }
            var head = [UInt8](repeating: 0, count: 8)
            guard Peer.read(descriptor, &head) else {
                Glibc.close(descriptor)
                continue
            }
            let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
            let code = head[4...].reduce(0) { $0 << 8 | Int($1) }
            var rest = [UInt8](repeating: 0, count: length - 8)
            _ = Peer.read(descriptor, &rest)
            // https://www.postgresql.org/docs/15/protocol-message-formats.html, CancelRequest
            if code == 80_877_102 {
                cancelRequests.withLock { $0.append(descriptor) }
                if !holdsCancelRequests { shutdown(descriptor, Int32(SHUT_RDWR)) }
                continue
            }
            let peer = Peer(descriptor)
            peer.welcome()
            peers.withLock { $0.append(peer) }
            let end: UInt8? = isDeafAfterScripts ? UInt8(ascii: "Q") : nil
            BlockingThread.start(name: "scripted-peer") { peer.listen(until: end) }
        }
    }

    /// The server's side of one connection.
    final class Peer: Sendable {
        private let descriptor: Int32
        private let heard = Guarded<[UInt8]>([])

        init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { Glibc.close(descriptor) }

        /// Ends the connection: from the next moment on the client can neither send nor, after what was said before,
        /// read.
        func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

        /// How many messages of a type have come: `S` for the end of a segment, `Q` for a script, `d` for COPY data.
        func count(of type: Character) -> Int {
            heard.withLock { heard in heard.count { $0 == type.asciiValue } }
        }

        /// Waits until so many segments have come.
        func segments(_ count: Int) async throws {
            try await eventually("\(count) segments have come") { self.count(of: "S") >= count }
        }

        /// Answers an unprepared statement without rows.
        func answer() {
            say("1")
            say("2")
            say("n")
            say("C", Array("SELECT 0\0".utf8))
            say("Z", [UInt8(ascii: "I")])
        }

        /// Refuses a statement.
        func refuse(_ sqlState: String) {
            say("E", Array("SERROR\0C\(sqlState)\0Mscripted\0\0".utf8))
            say("Z", [UInt8(ascii: "I")])
        }

        func say(_ type: Character, _ payload: [UInt8] = []) {
            let length = UInt32(payload.count + 4).bigEndian
            let bytes = [type.asciiValue ?? 0] + withUnsafeBytes(of: length) { Array($0) } + payload
            _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        fileprivate func welcome() {
            say("R", [0, 0, 0, 0])
            for (name, value) in [("server_version", "15.0"), ("client_encoding", "UTF8")] {
                say("S", Array("\(name)\0\(value)\0".utf8))
            }
            say("K", [0, 0, 0, 1, 0, 0, 0, 2])
            say("Z", [UInt8(ascii: "I")])
        }

        /// Takes in what comes until the connection ends or a message of the given type has come.
        fileprivate func listen(until end: UInt8?) {
            while true {
                var head = [UInt8](repeating: 0, count: 5)
                guard Self.read(descriptor, &head) else { return }
                var payload = [UInt8](repeating: 0, count: head[1...].reduce(0) { $0 << 8 | Int($1) } - 4)
                guard Self.read(descriptor, &payload) else { return }
                heard.withLock { $0.append(head[0]) }
                if head[0] == end { return }
            }
        }

        fileprivate static func read(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
            var start = 0
            while start < bytes.count {
                let count = bytes.count - start
                let taken = bytes.withUnsafeMutableBytes { buffer in
                    recv(descriptor, buffer.baseAddress.map { $0 + start }, count, 0)
                }
                if taken < 0, errno == EINTR { continue }
                if taken <= 0 { return false }
                start += taken
            }
            return true
        }
    }
}

/// Runs something within one turn of the reactor: no socket is looked at meanwhile.
final class ReactorTurn: Wakeable {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func woken() { body() }

    static func run(_ body: @escaping @Sendable () -> Void) { Reactor.shared.wake(ReactorTurn(body)) }
}
