import Testing

@testable import Web

/// Requests that RFC 9112 calls broken or ambiguous, sent as bytes over a socket: each is refused with a problem and
/// the end of the connection, and nothing that follows it is answered.
@Suite struct MalformedRequestTests {
    static let cases: [(name: String, request: String, status: Int)] = [
        ("no Host", "GET /health/live HTTP/1.1\r\n\r\n", 400),
        ("two Hosts", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        ("empty Host", "GET /health/live HTTP/1.1\r\nHost: \r\n\r\n", 400),
        ("malformed Host", "GET /health/live HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("user in Host", "GET /health/live HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400),
        ("foreign Host", "GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("foreign target", "GET http://evil.example/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
        ("other scheme", "GET ftp://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("relative target", "GET health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("fragment", "GET /health/live#x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("bytes beyond ASCII in target", "GET /health/å HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("space in target", "GET /health live HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("star with GET", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("space before colon", "GET /health/live HTTP/1.1\r\nHost : localhost\r\n\r\n", 400),
        ("space before name", "GET /health/live HTTP/1.1\r\n Host: localhost\r\n\r\n", 400),
        ("folded line", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400),
        ("empty name", "GET /health/live HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n", 400),
        ("line without colon", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n", 400),
        ("NUL in value", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\u{0}b\r\n\r\n", 400),
        ("bare CR in value", "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", 400),
        ("bare LF", "GET /health/live HTTP/1.1\nHost: localhost\n\n", 400),
        ("HTTP/0.9", "GET /health/live\r\n\r\n", 400),
        ("HTTP/3.7", "GET /health/live HTTP/3.7\r\nHost: localhost\r\n\r\n", 505),
        ("HTTP/1.x", "GET /health/live HTTP/1.x\r\nHost: localhost\r\n\r\n", 400),
        ("lower-case http", "GET /health/live http/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("unknown method", "BREW /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("new method", "QUERY /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("method of WebDAV", "PROPFIND /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("unknown method, unknown address", "BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("method with odd bytes", "GE\u{1}T /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("CONNECT", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("garbage", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", 501),
        ("two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "{}"), 400),
        ("the same length twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400),
        ("list of lengths", post("Content-Length: 2, 2\r\n", "{}"), 400),
        ("signed length", post("Content-Length: +2\r\n", "{}"), 400),
        ("negative length", post("Content-Length: -2\r\n", "{}"), 400),
        ("hexadecimal length", post("Content-Length: 0x2\r\n", "{}"), 400),
        ("empty length", post("Content-Length: \r\n", "{}"), 400),
        ("endless length", post("Content-Length: 99999999999999999999999\r\n", "{}"), 400),
        ("length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
        ("chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "0\r\n\r\n"), 400),
        (
            "chunks twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            400
        ),
        ("chunks not last", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400),
        ("identity", post("Transfer-Encoding: identity\r\n", "{}"), 400),
        ("odd coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400),
        (
            "chunks in HTTP/1.0",
            "POST /api/v1/greetings HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("chunk size with sign", post("Transfer-Encoding: chunked\r\n", "+2\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size in 0x", post("Transfer-Encoding: chunked\r\n", "0x2\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk size missing", post("Transfer-Encoding: chunked\r\n", "\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk longer than said", post("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n"), 400),
        ("chunk without CRLF", post("Transfer-Encoding: chunked\r\n", "2\r\n{}0\r\n\r\n"), 400),
        ("chunk with bare LF", post("Transfer-Encoding: chunked\r\n", "2\n{}\n0\n\n"), 400),
        (
            "endless chunk size",
            post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), 400
        ),
        ("unknown expectation", post("Expect: miracles\r\nContent-Length: 2\r\n", "{}"), 417),
    ]

    private static func post(_ headers: String, _ body: String) -> String {
        "POST /api/v1/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
            + "\r\n" + body
    }

    private static let smuggled = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test func `each is refused and nothing that follows is answered`() async throws {
        try await withServer { addresses, _ async throws in
            for (name, request, status) in Self.cases {
                let text = try await RawClient.exchange(request + Self.smuggled, port: addresses.port)
                #expect(statuses(in: text) == [status], "\(name): \(text.prefix(300))")
                #expect(text.contains("application/problem+json"), "\(name)")
                #expect(text.lowercased().contains("connection: close"), "\(name)")
            }
            let alive = try await RawClient.exchange(
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                port: addresses.port
            )
            #expect(statuses(in: alive) == [200])
        }
    }

    @Test func `what is unusual but right is served`() async throws {
        let cases: [(String, [Int])] = [
            ("\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [200]),
            (
                "GET http://localhost:1/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                [200]
            ),
            ("GET /health/live HTTP/1.0\r\n\r\n", [200]),
            ("GET /health/live HTTP/1.1\r\nhOsT:localhost  \r\nConnection: Close\r\n\r\n", [200]),
            ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", [404]),
            (
                Self.post(
                    "Transfer-Encoding: Chunked\r\nConnection: close\r\n",
                    "e;a=b\r\n{\"name\":\"Pia\"}\r\n0\r\nX: y\r\n\r\n"
                ),
                [201]
            ),
            (
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health/ready HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n", [200, 200]
            ),
        ]
        try await withServer { addresses, _ async throws in
            for (request, expected) in cases {
                let text = try await RawClient.exchange(request, port: addresses.port)
                #expect(statuses(in: text) == expected, "\(request)")
            }
        }
    }
}
