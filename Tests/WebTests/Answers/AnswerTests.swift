import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct AnswerTests {
    private func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await Application(router: Sample.server().router).test(.router) { client in try await body(client)
        }
    }

    @Test func `an unchanged answer is not sent again`() async throws {
        try await run { client in
            let first = try await client.execute(uri: "/api/v1/echo", method: .get)
            let tag = try #require(first.headers[.eTag])
            #expect(tag.hasPrefix("\"7-"))
            for field in [tag, "W/" + tag, "\"a\", " + tag, "*"] {
                let again = try await client.execute(
                    uri: "/api/v1/echo",
                    method: .get,
                    headers: [.ifNoneMatch: field]
                )
                #expect(again.status == .notModified)
                #expect(again.body.readableBytes == 0)
                #expect(again.headers[.eTag] == tag)
                #expect(again.headers[.contentType] == nil)
            }
            let other = try await client.execute(
                uri: "/api/v1/echo?limit=1",
                method: .get,
                headers: [.ifNoneMatch: tag]
            )
            #expect(other.status == .ok)
        }
    }

    @Test func `compression makes another representation`() async throws {
        try await run { client in
            let plain = try await client.execute(uri: "/sv/large", method: .get)
            let small = try await client.execute(
                uri: "/sv/large",
                method: .get,
                headers: [.acceptEncoding: "gzip"]
            )
            #expect(plain.headers[.contentEncoding] == nil)
            #expect(small.headers[.contentEncoding] == "gzip")
            #expect(plain.headers[.vary]?.contains("Accept-Encoding") == true)
            #expect(small.headers[.vary] == plain.headers[.vary])
            let tag = try #require(plain.headers[.eTag])
            #expect(small.headers[.eTag] == tag.dropLast() + "-gz\"")
            #expect(small.body.readableBytes < plain.body.readableBytes / 10)
            #expect(Array(small.body.readableBytesView.prefix(2)) == [0x1F, 0x8B])
            #expect(small.headers[.contentLength] == String(small.body.readableBytes))
            let crossed = try await client.execute(
                uri: "/sv/large",
                method: .get,
                headers: [.acceptEncoding: "gzip", .ifNoneMatch: tag]
            )
            #expect(crossed.status == .ok)
            let short = try await client.execute(
                uri: "/api/v1/echo",
                method: .get,
                headers: [.acceptEncoding: "gzip"]
            )
            #expect(short.headers[.contentEncoding] == nil)
            let forbidden = try await client.execute(
                uri: "/sv/large",
                method: .get,
                headers: [.acceptEncoding: "gzip;q=0, *"]
            )
            #expect(forbidden.headers[.contentEncoding] == nil)
        }
    }

    @Test func `what was asked for with a key is nobody's to keep`() async throws {
        try await run { client in
            let anonymous = try await client.execute(uri: "/api/v1/echo", method: .get)
            #expect(anonymous.headers[.cacheControl] == "no-cache")
            let known = try await client.execute(
                uri: "/api/v1/echo",
                method: .get,
                headers: [.authorization: "Bearer x"]
            )
            #expect(known.headers[.cacheControl] == "private, no-store")
            let failed = try await client.execute(uri: "/api/v1/echo?x=1", method: .get)
            #expect(failed.headers[.cacheControl] == "no-store")
        }
    }

    @Test func `every answer protects its reader`() async throws {
        try await run { client in
            let page = try await client.execute(uri: "/sv/large", method: .get)
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(page.headers[.strictTransportSecurity] == nil)
            for path in ["/sv/large", "/api/v1/echo", "/nowhere", "/health/live"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.headers[.xContentTypeOptions] == "nosniff")
                #expect(response.headers[.contentSecurityPolicy] != nil)
                #expect(response.headers[.requestID]?.count == 36)
            }
        }
    }

    @Test func `a page that is still right keeps the policy it came with`() async throws {
        try await run { client in
            let page = try await client.execute(uri: "/sv/large", method: .get)
            let tag = try #require(page.headers[.eTag])
            let same = try await client.execute(uri: "/sv/large", method: .get, headers: [.ifNoneMatch: tag])
            #expect(same.status == .notModified)
            #expect(same.headers[.contentSecurityPolicy] == nil)
        }
    }

    @Test func `readers who come by https shall never come otherwise`() async throws {
        let server = Sample.server(publicURL: "https://klappa.example")
        try await Application(router: server.router).test(.router) { client in
            let response = try await client.execute(uri: "/sv/large", method: .get)
            #expect(response.headers[.strictTransportSecurity]?.contains("max-age=63072000") == true)
        }
    }
}
