import Postgres
import TestSupport
import Testing

@Suite struct ListenTests {
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
            var gaps = 0
            for await notice in database.listen(to: ["c"]) {
                guard notice == .gap else { continue }
                gaps += 1
                if gaps == 2 { break }
                let processes = try await server.sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                )
                #expect(processes.hasPrefix("0") || processes.hasPrefix("1"))
                server.suspend()
                // Long enough for a heartbeat to be missed: a connection attempt fails in the meantime.
                let other = await postgresError {
                    try await database.query("SELECT 1", deadline: .milliseconds(800))
                }
                #expect(other?.kind == .connect || other?.kind == .timeout)
                server.resume()
            }
            #expect(gaps == 2)
        }
    }

    @Test func `a slow reader is told that it missed some`() async throws {
        try await withDatabase { database in
            var heard: [Notice] = []
            var gaps = 0
            for await notice in database.listen(to: ["c"]) {
                heard.append(notice)
                if notice == .gap { gaps += 1 }
                if gaps == 2 { break }
                if heard.count == 1 {
                    // More than the stream keeps, while nobody reads.
                    try await database.execute(
                        "SELECT pg_notify('c', g::text) FROM generate_series(1, 3000) g"
                    )
                    try await database.execute("SELECT pg_notify('c', 'more')")
                }
                // The gap is told with the next notification for which there is room.
                if heard.count > 1_000 { try await database.execute("SELECT pg_notify('c', 'after')") }
            }
            #expect(gaps == 2)
            #expect(heard.count < 3_000)
        }
    }

    @Test func `the stream ends with the client`() async throws {
        try await withDatabase { database in
            for await notice in database.listen(to: ["c"]) where notice == .gap { await database.close() }
        }
    }
}
