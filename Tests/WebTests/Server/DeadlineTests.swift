import NIOCore
import Testing

@testable import Web

/// Clients that are too slow are cut; the deadlines are short here so that the tests are not.
@Suite struct DeadlineTests {
    private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits()
        limits.linger = .milliseconds(100)
        change(&limits)
        return limits
    }

    @Test func `a header that drips is cut`() async throws {
        try await withServer(limits: limits { $0.headerDeadline = .milliseconds(200) }) {
            addresses,
            _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ")
            while await client.send("a") { await Task.yield() }
            let text = await client.readAll()
            #expect([[408], [431], []].contains(statuses(in: text)))
        }
    }

    @Test func `a header that stops gets 408`() async throws {
        try await withServer(limits: limits { $0.headerDeadline = .milliseconds(200) }) {
            addresses,
            _ async throws in
            let text = try await RawClient.exchange(
                "GET /health/live HTTP/1.1\r\nHost:",
                port: addresses.port
            )
            #expect(statuses(in: text) == [408])
        }
    }

    @Test func `a connection that says nothing is closed`() async throws {
        try await withServer(limits: limits { $0.headerDeadline = .milliseconds(200) }) {
            addresses,
            _ async throws in
            #expect(try await RawClient.exchange("", port: addresses.port) == "")
        }
    }

    @Test func `a body that stops gets 408 and its handler learns that it is not whole`() async throws {
        let log = LogSink()
        try await withServer(limits: limits { $0.bodyDeadline = .milliseconds(200) }, log: log) {
            addresses,
            _ in
            let text = try await RawClient.exchange(
                "POST /api/v1/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 20\r\n\r\n{\"name\":\"Pia\"}",
                port: addresses.port
            )
            #expect(statuses(in: text) == [408])
        }
        #expect(!log.lines.contains { $0.contains("\"status\":201") })
    }

    @Test func `a connection that asks nothing more is closed`() async throws {
        try await withServer(limits: limits { $0.idleDeadline = .milliseconds(200) }) {
            addresses,
            _ async throws in
            let text = try await RawClient.exchange(
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
                port: addresses.port
            )
            #expect(statuses(in: text) == [200])
        }
    }

    @Test func `a client that does not read is cut`() async throws {
        let size = 50_000_000
        let routes = Sample.routes { routes in
            routes.page("/huge") { _, _ in
                Answer(
                    body: ByteBuffer(repeating: 0x61, count: size),
                    contentType: "application/octet-stream"
                )
            }
        }
        let metrics = Prometheus()
        let limits = limits { $0.writeDeadline = .milliseconds(300) }
        try await withServer(limits: limits, routes: routes, metrics: metrics) { addresses, _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send("GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await eventually { metrics.gauge("http_connections").now == 1 })
            #expect(await eventually { metrics.gauge("http_connections").now == 0 })
            #expect(await client.countAll() < size)
        }
    }

    @Test func `a handler whose client has gone is cancelled`() async throws {
        let gate = Gate()
        let routes = Sample.routes { routes in
            routes.page("/api/v1/slow") { _, _ in
                await gate.wait()
                return .json(["slow": true])
            }
        }
        try await withServer(limits: limits { $0.abandonment = .milliseconds(50) }, routes: routes) {
            addresses,
            _ in
            do {
                let client = try RawClient(port: addresses.port)
                await client.send("GET /api/v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await eventually { gate.waiting == 1 })
            }
            #expect(await eventually { gate.cancelled == 1 })
        }
    }

    @Test func `a client that only stops sending still gets its answer`() async throws {
        try await withServer { addresses, _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send("GET /sv/large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.finishSending()
            let text = await client.readAll()
            #expect(statuses(in: text) == [200])
            #expect(text.hasSuffix("Österlen. "))
        }
    }

    @Test func `stopping finishes the requests that run and takes no new ones`() async throws {
        let gate = Gate()
        let routes = Sample.routes { routes in
            routes.page("/api/v1/slow") { _, _ in
                await gate.wait()
                return .json(["slow": true])
            }
        }
        try await withServer(routes: routes) { addresses, stop async throws in
            let client = try RawClient(port: addresses.port)
            await client.send("GET /api/v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await eventually { gate.waiting == 1 })
            await stop()
            #expect(await eventually { (try? RawClient(port: addresses.port)) == nil })
            #expect(gate.cancelled == 0)
            gate.open()
            // Reading ends because the service ends the connection.
            #expect(statuses(in: await client.readAll()) == [200])
        }
    }
}
