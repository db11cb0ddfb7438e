import Glibc
import TestSupport
import Testing

@testable import Postgres

/// Whoever waits behind something else on a connection has a deadline, and is not hurt by what was before.
@Suite(.timeLimit(.minutes(5))) struct WaitingTests {
    private func isAnswered(_ segment: Segment) async throws {
        try await eventually("the caller is answered", within: .seconds(10)) { segment.ticket.isSettled }
    }

    /// The server has ended the statement, but whoever brings cancel requests to it is stuck: a frozen postmaster.
    @Test func `a statement behind a cancel request that never arrives keeps its deadline`() async throws {
        let server = try ScriptedServer(holdsCancelRequests: true)
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let cancelled = Segment("SELECT 1", timeout: .seconds(60), mayRepeat: false)
        session.submit(cancelled)
        try await peer.segments(1)
        session.cancel(cancelled, because: .cancelled)
        try await eventually("the request is on its way") { server.cancelCount == 1 }
        peer.refuse("57014")
        try await isAnswered(cancelled)
        let rollback = Segment(internal: "ROLLBACK", timeout: .milliseconds(200))
        session.submit(rollback)
        try await isAnswered(rollback)
        let error = await postgresError { try await rollback.ticket.value() }
        #expect(error?.kind == .timeout)
        #expect(error?.retry == .connection, "it was not sent")
        #expect(peer.count(of: "S") == 1)
    }

    @Test func `nothing is sent before the statement that takes a late cancel request is answered`()
        async throws
    {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let cancelled = Segment("SELECT 1", timeout: .seconds(60), mayRepeat: false)
        session.submit(cancelled)
        try await peer.segments(1)
        session.cancel(cancelled, because: .cancelled)
        let next = Segment("SELECT 2", timeout: .seconds(60), mayRepeat: false)
        session.submit(next)
        try await eventually("the request has come") { server.cancelCount == 1 }
        peer.refuse("57014")
        try await peer.segments(2)
        #expect(peer.count(of: "S") == 2)
        #expect(!next.ticket.isSettled)
        // A late request would hit this one.
        peer.refuse("57014")
        try await peer.segments(3)
        peer.answer()
        try await isAnswered(next)
        #expect(try await next.ticket.value().isEmpty)
    }

    @Test func `a cancelled statement is not sent again`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let segment = Segment("SELECT 1", timeout: .seconds(60), mayRepeat: true)
        session.submit(segment)
        try await peer.segments(1)
        session.cancel(segment, because: .cancelled)
        try await eventually("the request has come") { server.cancelCount == 1 }
        // Too late to stop it, but the prepared statement is gone: the caller has gone too.
        peer.refuse("26000")
        try await eventually("the caller is answered", within: .seconds(2)) { segment.ticket.isSettled }
        #expect(await postgresError { try await segment.ticket.value() }?.kind == .cancelled)
    }

    @Test func `a statement inside a COPY on the same connection fails at its deadline`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            let count = try await database.transaction { transaction in
                try await transaction.copyIn("COPY t FROM STDIN") { writer in
                    try await writer.write("1\n")
                    let error = await postgresError {
                        try await transaction.query("SELECT 1", deadline: .milliseconds(100))
                    }
                    #expect(error?.kind == .timeout)
                    try await writer.write("2\n")
                }
            }
            #expect(count == 2)
        }
    }

    @Test func `a script inside a COPY on the same connection fails at its deadline`() async throws {
        try await withDatabase { database in
            try await database.execute("CREATE TABLE t (n int)")
            let count = try await database.transaction { transaction in
                try await transaction.copyIn("COPY t FROM STDIN") { writer in
                    let error = await postgresError {
                        try await transaction.script("SELECT 1", deadline: .milliseconds(100))
                    }
                    #expect(error?.kind == .timeout)
                    try await writer.write("2\n")
                }
            }
            #expect(count == 1)
        }
    }

    @Test func `a script that fails does not hurt the one that waits behind it`() async throws {
        try await withDatabase { database in
            try await database.withConnection { connection in
                async let first = postgresError {
                    try await connection.script("SELECT pg_sleep(0.2); SELECT 1 / 0")
                }
                try await eventually("the first runs") {
                    try await database.query(
                        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                    ).count == 1
                }
                async let second: Void = connection.script("CREATE TABLE kept (n int)")
                #expect(await first?.sqlState == "22012")
                try await second
            }
            #expect(try await database.query("SELECT n FROM kept").isEmpty)
        }
    }

    @Test func `two tasks that read one COPY are both answered`() async throws {
        let server = try ScriptedServer()
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let start = Task { try await session.startCopy("COPY t TO STDOUT", .out, timeout: .seconds(60)) }
        try await eventually("the COPY has come") { peer.count(of: "Q") == 1 }
        peer.say("H", [0, 0, 0])
        try await start.value
        let answered = Ticket<Void>()
        let readers = (0..<2).map { _ in
            Task { try await session.nextCopy(timeout: .seconds(60)) }
        }
        let both = Task {
            for reader in readers { _ = await reader.result }
            answered.succeed(())
        }
        try await eventually("both wait") { await session.waiting(forSocket: 2) }
        peer.say("d", Array("row\n".utf8))
        peer.say("c")
        peer.say("C", Array("COPY 1\0".utf8))
        peer.say("Z", [UInt8(ascii: "I")])
        try await eventually("both are answered", within: .seconds(10)) { answered.isSettled }
        await both.value
        var rows: [[UInt8]?] = []
        for reader in readers { rows.append(try await reader.value) }
        #expect(rows.count { $0 == Array("row\n".utf8) } == 1)
        #expect(rows.count { $0 == nil } == 1)
        #expect(try await session.endCopyOut(timeout: .seconds(10)) == 1)
    }

    /// The pieces of two writes would be mixed up.
    @Test func `a second write into one COPY at the same time is refused`() async throws {
        let server = try ScriptedServer(isDeafAfterScripts: true)
        defer { server.close() }
        let (session, peer) = try await server.connect(isShared: false)
        let start = Task { try await session.startCopy("COPY t FROM STDIN", .into, timeout: .seconds(60)) }
        try await eventually("the COPY has come") { peer.count(of: "Q") == 1 }
        peer.say("G", [0, 0, 0])
        try await start.value
        let deadlines = PostgresConfiguration.Deadlines()
        let writer = CopyWriter(Verbs(session: session, deadlines: deadlines, deadline: nil))
        let first = Task { try await writer.write([UInt8](repeating: 65, count: 8 << 20)) }
        try await eventually("the server takes no more") { await session.waiting(forSocket: 1) }
        let second = await postgresError { try await writer.write([65]) }
        #expect(second?.kind == .usage)
        first.cancel()
        #expect(await postgresError { try await first.value }?.kind == .cancelled)
    }

    /// Nobody listens there, so all of them wait in the lane.
    @Test func `a short deadline among long ones is kept`() async throws {
        let directory = TestServer.temporaryDirectory()
        let configuration = try PostgresConfiguration("host=\(directory) user=nobody")
        let client = try PostgresClient(configuration, logger: ThrowawayDatabase.quiet)
        // The reactor sleeps for a moment, so that all of them come to it at once.
        ReactorTurn.run { usleep(200_000) }
        let before = (0..<20).map { _ in Task { try await client.query("SELECT 1", deadline: .seconds(90)) } }
        let short = Task { try await client.query("SELECT 1", deadline: .milliseconds(300)) }
        let after = (0..<20).map { _ in Task { try await client.query("SELECT 1", deadline: .seconds(90)) } }
        let start = ContinuousClock.now
        #expect(await postgresError { try await short.value }?.kind == .connect)
        #expect(ContinuousClock.now - start < .seconds(20))
        await client.close()
        for task in before + after { #expect(await postgresError { try await task.value } != nil) }
        rmdir(directory)
    }

    @Test func `listening with a closed client ends at once`() async throws {
        try await withDatabase { database in
            await database.close()
            for await _ in database.listen(to: ["c"]) {}
        }
    }
}

extension Session {
    /// Whether so many tasks wait for the socket.
    fileprivate func waiting(forSocket count: Int) -> Bool { waiters.count { !$0.isSettled } == count }
}
