import TestSupport
import Testing

@testable import Postgres

/// The connection ends at the worst moment: whoever has handed something in is answered.
@Suite(.timeLimit(.minutes(5))) struct LossTests {
    private func segment(_ timeout: Duration = .seconds(60), mayRepeat: Bool = false) -> Segment {
        Segment("SELECT 1", timeout: timeout, mayRepeat: mayRepeat)
    }

    private func isAnswered(_ segment: Segment) async throws {
        try await eventually("the caller is answered", within: .seconds(10)) { segment.ticket.isSettled }
    }

    /// The server is gone, the reactor has not heard of it yet, and libpq refuses to take the statement.
    @Test(arguments: [true, false]) func `a statement that meets the end while it is sent is answered`(
        isShared: Bool
    ) async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: isShared)
        let segments = [segment(), segment()]
        ReactorTurn.run {
            peer.hangUp()
            for segment in segments { session.assumeIsolated { $0.accept(segment) } }
        }
        for segment in segments { try await isAnswered(segment) }
        let first = await postgresError { try await segments[0].ticket.value() }
        #expect(first?.kind == .connectionLost)
        #expect(first?.retry == .unknown, "what the server has of it is not known")
    }

    /// The answer says that the prepared statement is gone, so it is sent again, on a connection that has ended.
    @Test func `a statement that meets the end while it is sent again is answered`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: true)
        // Longer than libpq's buffer: its first write claims to have succeeded, only the second one learns the truth.
        let text = "SELECT 1 -- " + String(repeating: "x", count: 30_000)
        let segment = Segment(SQL(unsafe: text), timeout: .seconds(60), mayRepeat: true)
        session.submit(segment)
        try await peer.segments(1)
        ReactorTurn.run {
            peer.refuse("26000")
            peer.hangUp()
        }
        try await isAnswered(segment)
        #expect(await postgresError { try await segment.ticket.value() }?.kind == .connectionLost)
    }

    /// `PQgetResult` waits for the server when the connection is not broken, and the whole client with it.
    @Test func `giving up a connection that still lives does not wait for it`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: true)
        let segment = segment()
        session.submit(segment)
        try await peer.segments(1)
        let took = Guarded<Duration?>(nil)
        // Ends what would otherwise be a wait for ever.
        let rescue = Task {
            try await Task.sleep(for: .seconds(3))
            peer.hangUp()
        }
        ReactorTurn.run {
            let start = ContinuousClock.now
            session.assumeIsolated { $0.lose() }
            took.withLock { $0 = ContinuousClock.now - start }
        }
        try await eventually("it is given up") { took.withLock { $0 } != nil }
        rescue.cancel()
        #expect(took.withLock { $0 } ?? .seconds(9) < .seconds(1))
        #expect(segment.ticket.isSettled)
    }

    @Test func `a session that nobody holds any more answers whom it leaves`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let segment = segment()
        do {
            let (session, peer) = try await server.connect(isShared: false)
            session.submit(segment)
            try await peer.segments(1)
        }
        try await isAnswered(segment)
    }

    /// The socket of an ended connection stays ready for ever; the reactor must not turn round and round meanwhile.
    @Test func `a connection that ends while its COPY waits for data costs nothing`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let start = Task { try await session.startCopy("COPY t FROM STDIN", .into, timeout: .seconds(60)) }
        try await eventually("the COPY has come") { peer.count(of: "Q") == 1 }
        peer.say("G", [0, 0, 0])
        try await start.value
        peer.hangUp()
        let before = Reactor.shared.deliveries
        try await Task.sleep(for: .milliseconds(300))
        // Other tests use the same reactor; a socket that is always ready would bring hundreds of thousands.
        #expect(Reactor.shared.deliveries - before < 50_000)
        await #expect(throws: PostgresError.self) {
            try await session.putCopy([UInt8](repeating: 65, count: 1 << 20), timeout: .seconds(60))
        }
    }
}
