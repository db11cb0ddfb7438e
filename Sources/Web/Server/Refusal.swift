internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// The answer to a request that never reached a handler, ready for the wire.
struct Refusal {
    var problem: Problem
    var request = RequestID()
    var language: Language

    /// Head and body of the answer; the connection ends with it.
    var parts: (HTTPResponseHead, ByteBuffer) {
        let body = problem.document(language: language, request: request).bytes
        var headers = HTTPHeaders([
            ("Content-Type", "application/problem+json"),
            ("Content-Length", String(body.readableBytes)),
            ("Content-Language", language.rawValue),
            ("Cache-Control", "no-store"),
            ("Date", Timestamp.now.http),
            ("X-Request-Id", request.description),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Connection", "close"),
        ])
        for field in problem.headers { headers.add(name: field.name.rawName, value: field.value) }
        let status = HTTPResponseStatus(statusCode: problem.code.status)
        return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), body)
    }
}
