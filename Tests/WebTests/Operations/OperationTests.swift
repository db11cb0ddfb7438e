import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Web

@Suite struct OperationTests {
    private func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await Application(router: Sample.server().router).test(.router) { client in try await body(client)
        }
    }

    private func json(_ response: TestResponse) throws -> JSON { try JSONParser.parse(response.body) }

    private func places(_ response: TestResponse) throws -> [String] {
        (try json(response)["errors"]?.array ?? []).map { error in
            (error["field"]?.string ?? error["pointer"]?.string ?? "?") + " " + (error["code"]?.string ?? "?")
        }
    }

    @Test func `parameters are read and have their defaults`() async throws {
        try await run { client in
            let plain = try await client.execute(uri: "/api/v1/echo", method: .get)
            #expect(plain.status == .ok)
            #expect(try json(plain) == ["limit": 20, "role": []])
            let given = try await client.execute(
                uri: "/api/v1/echo?role=gaffer,best-boy,gaffer&limit=7",
                method: .get
            )
            #expect(try json(given) == ["limit": 7, "role": ["gaffer", "best-boy"]])
        }
    }

    @Test(arguments: [
        ("limit=0", ["limit out-of-range"]), ("limit=-1", ["limit out-of-range"]),
        ("limit=101", ["limit out-of-range"]),
        ("limit=x", ["limit not-an-integer"]), ("limit=%2B5", ["limit not-an-integer"]),
        ("limit=", ["limit empty"]),
        ("limit", ["limit empty"]), ("limit=5&limit=5", ["limit repeated"]),
        ("limit=99999999999999999999", ["limit not-an-integer"]),
        ("colour=red&size=1", ["colour unknown", "size unknown"]), ("role=a,,b", ["role empty"]),
        ("role=%ff", ["role encoding"]),
        ("role=%0", ["role encoding"]), ("role=a%00", ["role encoding"]), ("role=A", ["role malformed"]),
        ("%ff=1", [" unknown"]),
        ("x=1&limit=0&role=-", ["x unknown", "limit out-of-range", "role malformed"]),
        (
            "limit=0&place=skane,narnia,oz",
            ["limit out-of-range", "place unknown-value", "place unknown-value"]
        ),
    ])
    func `every bad parameter is named`(query: String, expected: [String]) async throws {
        try await run { client in
            let response = try await client.execute(uri: "/api/v1/echo?" + query, method: .get)
            #expect(response.status == .badRequest)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(try places(response) == expected)
        }
    }

    @Test func `problems speak the reader's language`() async throws {
        try await run { client in
            let swedish = try await client.execute(uri: "/api/v1/echo?limit=0", method: .get)
            #expect(try json(swedish)["title"] == "Ogiltig förfrågan")
            #expect(swedish.headers[.contentLanguage] == "sv")
            let english = try await client.execute(
                uri: "/api/v1/echo?limit=0",
                method: .get,
                headers: [.acceptLanguage: "en-GB"]
            )
            #expect(try json(english)["title"] == "Invalid request")
            #expect(try json(english)["errors"]?.array?.first?["message"] == "Must lie between 1 and 100.")
            #expect(english.headers[.vary]?.contains("Accept-Language") == true)
        }
    }

    @Test(arguments: [
        (#"{"name":"Åsa"}"#, 201, []), (#"{"name":"Åsa","count":3}"#, 201, []),
        (
            #"{"name":"","count":0,"role":"x"}"#, 400,
            ["/name length", "/count out-of-range", "/role unknown"]
        ),
        (#"{"name":"","from":"narnia"}"#, 400, ["/name length", "/from unknown-value"]),
        (#"{"name":"","from":["skane","oz"]}"#, 400, ["/name length", "/from/1 unknown-value"]),
        ("", 400, [" syntax"]), ("{", 400, [" syntax"]), ("[]", 400, [" wrong-type"]),
        (#"{"name":"\ud800"}"#, 400, [" character"]),
        (#"{"name":"\u0000"}"#, 400, [" character"]),
        (#"{"name":"a","count":1e999999}"#, 400, [" out-of-range"]),
        (#"{"name":"a","name":"b"}"#, 400, [" repeated"]),
        (#"{"name":"# + String(repeating: "[", count: 900), 400, [" too-deep"]),
    ])
    func `a body is read strictly`(body: String, status: Int, expected: [String]) async throws {
        try await run { client in
            let response = try await client.execute(
                uri: "/api/v1/greetings",
                method: .post,
                headers: [.contentType: "application/json; charset=utf-8"],
                body: ByteBuffer(string: body)
            )
            #expect(response.status.code == status)
            #expect(try places(response) == expected)
        }
    }

    @Test(arguments: [
        nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data",
    ])
    func `a body that is not called JSON is refused`(type: String?) async throws {
        try await run { client in
            var headers = HTTPFields()
            headers[.contentType] = type
            let response = try await client.execute(
                uri: "/api/v1/greetings",
                method: .post,
                headers: headers,
                body: ByteBuffer(string: #"{"name":"a"}"#)
            )
            #expect(response.status == .unsupportedMediaType)
            #expect(response.headers[.accept] == "application/json")
        }
    }

    @Test func `a body over the operation's limit is refused, declared or not`() async throws {
        try await run { client in
            let large = ByteBuffer(string: #"{"name":""# + String(repeating: "a", count: 2000) + #""}"#)
            let response = try await client.execute(
                uri: "/api/v1/greetings",
                method: .post,
                headers: [.contentType: "application/json"],
                body: large
            )
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test func `path parameters are decoded, and what is no text is refused`() async throws {
        try await run { client in
            let decoded = try await client.execute(uri: "/api/v1/names/%C3%85sa+B", method: .get)
            #expect(try json(decoded) == ["name": "Åsa+B"])
            for bad in ["%ff", "%00", "%", String(repeating: "a", count: 201)] {
                let response = try await client.execute(uri: "/api/v1/names/" + bad, method: .get)
                #expect(response.status == .badRequest)
                #expect(try places(response).count == 1)
            }
            let missing = try await client.execute(uri: "/api/v1/names/nobody", method: .get)
            #expect(missing.status == .notFound)
        }
    }

    @Test(arguments: [
        ("application/json", 200), ("*/*", 200), ("text/html", 406), ("application/json;q=0", 406),
        ("application/json;q=0,*/*;q=0.5", 406), ("application/*", 200), ("", 200),
    ])
    func `only acceptable forms are served`(accept: String, status: Int) async throws {
        try await run { client in
            let response = try await client.execute(
                uri: "/api/v1/echo",
                method: .get,
                headers: [.accept: accept]
            )
            #expect(response.status.code == status)
            if status == 406 { #expect(response.headers[.contentType] == "application/problem+json") }
        }
    }
}
