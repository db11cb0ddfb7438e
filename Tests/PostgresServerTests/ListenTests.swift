import Synchronization
import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(5))) struct ListenTests {
    @Test func `notifications arrive in order after the first gap`() async throws {
        try await withDatabase { database in
            var heard: [Notice] = []
            for await notice in database.listen(to: ["plain", "We\"ird Näme"]) {
                heard.append(notice)
                if heard.count == 1 {
                    try await database.withConnection { connection in
                        try await connection.script(
                            "NOTIFY plain, 'a'; NOTIFY \"We\"\"ird Näme\", 'å'; NOTIFY other, 'x'"
                        )
                        try await connection.execute("NOTIFY plain")
                    }
                }
                if heard.count == 4 { break }
            }
            #expect(
                heard == [
                    .gap, .notification(channel: "plain", payload: "a"),
                    .notification(channel: "We\"ird Näme", payload: "å"),
                    .notification(channel: "plain", payload: ""),
                ]
            )
        }
    }

    @Test func `after a restart the listener comes back and says that something may be missing`() async throws
    {
        try await withServer { server, database in
            var gaps = 0
            for await notice in database.listen(to: ["c"]) {
                switch notice {
                case .gap:
                    gaps += 1
                    if gaps == 1 { try await server.restart() }
                    if gaps == 2 {
                        server.kill()
                        try await server.start()
                    }
                    if gaps == 3 { try await server.sql("NOTIFY c, 'back'") }
                case .notification(_, let payload):
                    #expect(payload == "back")
                    #expect(gaps == 3)
                    return
                }
            }
            Issue.record("the stream ended")
        }
    }

    @Test func `a frozen server is noticed by the heartbeat`() async throws {
        try await withServer(configure: { configuration in
            configuration.deadlines.heartbeat = .milliseconds(100)
            configuration.deadlines.connect = .milliseconds(300)
        }) { server, database in
            let gaps = Atomic<Int>(0)
            let listening = Task {
                for await notice in database.listen(to: ["c"]) where notice == .gap {
                    if gaps.add(1, ordering: .acquiringAndReleasing).newValue == 2 { break }
                }
            }
            try await eventually("it listens") { gaps.load(ordering: .acquiring) > 0 }
            // A freeze is long enough for a heartbeat to be missed, unless this machine was as good as frozen too.
            repeat {
                server.suspend()
                let other = await postgresError {
                    try await database.query("SELECT 1", deadline: .milliseconds(800))
                }
                #expect(other?.kind == .connect || other?.kind == .timeout)
                server.resume()
                try await eventually("the server answers") {
                    (try? await database.query("SELECT 1", deadline: .milliseconds(800))) != nil
                }
                for _ in 0..<100 where gaps.load(ordering: .acquiring) < 2 {
                    try await Task.sleep(for: .milliseconds(10))
                }
            } while gaps.load(ordering: .acquiring) < 2
            await listening.value
        }
    }

    @Test func `a slow reader is told that it missed some`() async throws {
        let configuration = try PostgresConfiguration("host=/nowhere")
        let connector = Connector(configuration, counters: Counters.Client(name: "test"))
        let (stream, output) = AsyncStream.makeStream(of: Notice.self, bufferingPolicy: .bufferingOldest(3))
        let quiet = ThrowawayDatabase.quiet
        let listener = Listener(connector, channels: [], logger: quiet, output: output)
        func read(_ count: Int) async -> [String] {
            var heard: [String] = []
            var reader = stream.makeAsyncIterator()
            for _ in 0..<count {
                switch await reader.next() {
                case .notification(_, let payload): heard.append(payload)
                case .gap: heard.append("gap")
                case nil: heard.append("end")
                }
            }
            return heard
        }
        for payload in ["a", "b", "c", "lost", "lost"] { await listener.hear("c", payload) }
        #expect(await read(1) == ["a"])
        // Room for one: the news that some were lost.
        await listener.hear("c", "lost")
        #expect(await read(3) == ["b", "c", "gap"])
        await listener.hear("c", "d")
        await listener.hear("c", "e")
        #expect(await read(3) == ["gap", "d", "e"])
        await listener.hear("c", "f")
        output.finish()
        #expect(await read(2) == ["f", "end"])
    }

    @Test func `the stream ends with the client`() async throws {
        try await withDatabase { database in
            for await notice in database.listen(to: ["c"]) where notice == .gap { await database.close() }
        }
    }
}
