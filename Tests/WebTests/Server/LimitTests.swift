import Testing

@testable import Web

@Suite struct LimitTests {
    private static let head = "Host: localhost\r\nConnection: close\r\n"

    @Test func `a target or header that is too long is refused and the service lives on`() async throws {
        try await withServer { addresses, _ async throws in
            let long = "GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\n\(Self.head)\r\n"
            #expect(statuses(in: try await RawClient.exchange(long, port: addresses.port)) == [414])
            let many = (0..<20_000).map { "X-\($0): a\r\n" }.joined()
            let fields = "GET /health/live HTTP/1.1\r\n\(Self.head)\(many)\r\n"
            #expect(statuses(in: try await RawClient.exchange(fields, port: addresses.port)) == [431])
            let large =
                "GET /health/live HTTP/1.1\r\n\(Self.head)X: \(String(repeating: "a", count: 50_000))\r\n\r\n"
            #expect(statuses(in: try await RawClient.exchange(large, port: addresses.port)) == [431])
            let few = (0..<101).map { "X-\($0): a\r\n" }.joined()
            let counted = "GET /health/live HTTP/1.1\r\n\(Self.head)\(few)\r\n"
            #expect(statuses(in: try await RawClient.exchange(counted, port: addresses.port)) == [431])
            let alive = "GET /health/live HTTP/1.1\r\n\(Self.head)\r\n"
            #expect(statuses(in: try await RawClient.exchange(alive, port: addresses.port)) == [200])
        }
    }

    @Test func `a declared terabyte is refused before a byte of it is read`() async throws {
        try await withServer { addresses, _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send(
                "POST /api/v1/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1099511627776\r\n\r\n"
            )
            #expect(statuses(in: await client.readAll()) == [413])
        }
    }

    @Test func `chunks that never end are refused at the limit`() async throws {
        var limits = ServerLimits()
        limits.body = 10_000
        try await withServer(limits: limits) { addresses, _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send(
                "POST /api/v1/nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "400\r\n" + String(repeating: "a", count: 1024) + "\r\n"
            for _ in 0..<100 where await client.send(chunk) {}
            // The 404 may have been on its way already; then the connection just ends.
            #expect([[404], [413]].contains(statuses(in: await client.readAll())))
        }
    }

    @Test func `permission to send a body comes before the body`() async throws {
        try await withServer { addresses, _ async throws in
            let client = try RawClient(port: addresses.port)
            await client.send(
                "POST /api/v1/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 14\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send(#"{"name":"Pia"}"#)
            #expect(statuses(in: await client.readAll()) == [201])
        }
    }

    @Test func `no permission is given for a body that would be refused`() async throws {
        try await withServer { addresses, _ async throws in
            let text = try await RawClient.exchange(
                "POST /api/v1/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n"
                    + "Expect: 100-continue\r\n\r\n",
                port: addresses.port
            )
            #expect(statuses(in: text) == [413])
        }
    }

    @Test func `more requests than the cap are refused at once, health is not`() async throws {
        var limits = ServerLimits()
        limits.requests = 1
        let gate = Gate()
        let routes = Sample.routes { routes in
            routes.page("/api/v1/slow") { _, _ in
                await gate.wait()
                return .json(["slow": true])
            }
        }
        try await withServer(limits: limits, routes: routes) { addresses, _ async throws in
            let slow = try RawClient(port: addresses.port)
            await slow.send("GET /api/v1/slow HTTP/1.1\r\n\(Self.head)\r\n")
            #expect(await eventually { gate.waiting == 1 })
            let refused = try await RawClient.exchange(
                "GET /api/v1/echo HTTP/1.1\r\n\(Self.head)\r\n",
                port: addresses.port
            )
            #expect(statuses(in: refused) == [503])
            #expect(refused.lowercased().contains("retry-after: 1"))
            let health = try await RawClient.exchange(
                "GET /health/live HTTP/1.1\r\n\(Self.head)\r\n",
                port: addresses.port
            )
            #expect(statuses(in: health) == [200])
            gate.open()
            #expect(statuses(in: await slow.readAll()) == [200])
        }
    }
}
