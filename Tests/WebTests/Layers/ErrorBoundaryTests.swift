import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Web

@Suite struct ErrorBoundaryTests {
    private let boundary = ErrorBoundary(page: { problem, _, context in
        .html("<h1>\(problem.code.title[context.language])</h1>", language: context.language)
    })

    @Test func `an unexpected error says nothing but its number`() async throws {
        let log = LogSink()
        try await Application(router: Sample.server(log: log).router).test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/broken", method: .get)
            #expect(response.status == .internalServerError)
            let text = String(buffer: response.body)
            #expect(!text.contains("SELECT") && !text.contains("Secret"))
            let document = try JSONParser.parse(response.body)
            for member in ["type", "title", "status", "detail", "instance", "code"] {
                #expect(document[member] != nil)
            }
            #expect(document["instance"]?.string == "urn:uuid:" + (response.headers[.requestID] ?? ""))
        }
        #expect(!log.lines.joined().contains("SELECT"))
    }

    @Test func `readers get a page and programs a document`() async throws {
        let server = Sample.server(boundary: boundary)
        try await Application(router: server.router).test(.router) { client in
            let page = try await client.execute(
                uri: "/en/nowhere",
                method: .get,
                headers: [.accept: "text/html,*/*;q=0.8"]
            )
            #expect(page.status == .notFound)
            #expect(String(buffer: page.body) == "<h1>Not found</h1>")
            #expect(page.headers[.contentLanguage] == "en")
            let document = try await client.execute(
                uri: "/sv/nowhere",
                method: .get,
                headers: [.accept: "application/json"]
            )
            #expect(document.headers[.contentType] == "application/problem+json")
            let api = try await client.execute(
                uri: "/api/v1/nowhere",
                method: .get,
                headers: [.accept: "text/html"]
            )
            #expect(api.headers[.contentType] == "application/problem+json")
            #expect(api.status == .notFound)
        }
    }

    @Test func `the product's own errors are translated`() async throws {
        let boundary = ErrorBoundary(translate: { $0 is Sample.Secret ? .unavailable(retryAfter: 9) : nil })
        try await Application(router: Sample.server(boundary: boundary).router).test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/broken", method: .get)
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.retryAfter] == "9")
        }
    }

    @Test func `a missing key is asked for in the standard way`() async throws {
        let routes = Sample.routes { $0.page("/api/v1/closed") { _, _ in throw Problem(.unauthorized) } }
        try await Application(router: Sample.server(routes: routes).router).test(.router) { client in
            let response = try await client.execute(uri: "/api/v1/closed", method: .get)
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate] == "Bearer realm=\"klappa\"")
        }
    }

    @Test func `extras of a problem never shadow its own members`() {
        let problem = Problem(.conflict, extras: .init([("status", 1), ("currentVersion", 4)]))
        let document = problem.document(language: .en, request: RequestID())
        #expect(document["status"] == 409)
        #expect(document["currentVersion"] == 4)
    }
}
