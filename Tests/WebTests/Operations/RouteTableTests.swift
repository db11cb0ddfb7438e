import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct RouteTableTests {
    private func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await Application(router: Sample.server().router).test(.router) { client in try await body(client)
        }
    }

    @Test(arguments: ["/api/v1/echo", "/sv/large", "/health/live", "/api/v1/names/nobody", "/nowhere"])
    func `HEAD equals GET but for the body`(path: String) async throws {
        try await run { client in
            let get = try await client.execute(uri: path, method: .get)
            let head = try await client.execute(uri: path, method: .head)
            #expect(head.status == get.status)
            #expect(head.headers[.contentType] == get.headers[.contentType])
            #expect(head.headers[.eTag] == get.headers[.eTag])
            if get.status == .ok { #expect(head.headers[.contentLength] == String(get.body.readableBytes)) }
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test func `an address says which methods it has`() async throws {
        try await run { client in
            let options = try await client.execute(uri: "/api/v1/echo", method: .options)
            #expect(options.status == .noContent)
            #expect(options.headers[.allow] == "GET, HEAD, OPTIONS")
            for method in [HTTPRequest.Method.post, .put, .patch, .delete, .trace] {
                let response = try await client.execute(uri: "/api/v1/echo", method: method)
                #expect(response.status == .methodNotAllowed)
                #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
                #expect(try JSONParser.parse(response.body)["code"] == "method-not-allowed")
            }
            let post = try await client.execute(uri: "/api/v1/greetings", method: .get)
            #expect(post.headers[.allow] == "OPTIONS, POST")
        }
    }

    @Test func `a method that nobody knows is not implemented`() async throws {
        try await run { client in
            let method = try #require(HTTPRequest.Method("BREW"))
            #expect(try await client.execute(uri: "/api/v1/echo", method: method).status == .notImplemented)
        }
    }

    @Test func `an address has one spelling`() async throws {
        try await run { client in
            for path in ["/api/v1/echo/", "/api//v1/echo", "//api/v1/echo", "/api/v1/names/"] {
                #expect(try await client.execute(uri: path, method: .get).status == .notFound)
            }
            let page = try await client.execute(uri: "/sv/large/?a=b", method: .get)
            #expect(page.status == .permanentRedirect)
            #expect(page.headers[.location] == "/sv/large?a=b")
        }
    }

    @Test func `scripts of other origins may read the API and nothing else`() async throws {
        try await run { client in
            let origin = HTTPField.Name.known("Access-Control-Allow-Origin")
            #expect(try await client.execute(uri: "/api/v1/echo", method: .get).headers[origin] == "*")
            #expect(try await client.execute(uri: "/api/v1/echo?x=1", method: .get).headers[origin] == "*")
            #expect(try await client.execute(uri: "/sv/large", method: .get).headers[origin] == nil)
            let preflight = try await client.execute(uri: "/api/v1/greetings", method: .options)
            #expect(preflight.headers[origin] == "*")
            #expect(preflight.headers[.known("Access-Control-Allow-Methods")] == "OPTIONS, POST")
        }
    }
}
