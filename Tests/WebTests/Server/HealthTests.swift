import Testing

@testable import Web

@Suite struct HealthTests {
    private func get(_ path: String, port: Int) async throws -> String {
        try await RawClient.exchange(
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            port: port
        )
    }

    @Test func `alive is not ready`() async throws {
        let ready: @Sendable () async -> Readiness = {
            Readiness([
                .init("database", works: false, reason: "no connection"), .init("migrations", works: true),
            ])
        }
        try await withServer(ready: ready) { addresses, _ async throws in
            let admin = try #require(addresses.adminPort)
            for port in [addresses.port, admin] {
                #expect(statuses(in: try await get("/health/live", port: port)) == [200])
                let text = try await get("/health/ready", port: port)
                #expect(statuses(in: text) == [503])
                #expect(text.contains("no connection"))
            }
        }
    }

    @Test func `metrics are on the admin port only`() async throws {
        try await withServer { addresses, _ async throws in
            let admin = try #require(addresses.adminPort)
            #expect(statuses(in: try await get("/health/ready", port: addresses.port)) == [200])
            let text = try await get("/metrics", port: admin)
            #expect(statuses(in: text) == [200])
            #expect(
                text.contains(
                    #"http_request_duration_seconds_count{method="GET",route="/health/ready",status="200"} 1"#
                )
            )
            #expect(statuses(in: try await get("/metrics", port: addresses.port)) == [404])
        }
    }
}
