internal import HTTPTypes
internal import Hummingbird

/// The outermost layer: gives the answer its request id and what every answer carries for the browser's safety,
/// drops the body of a HEAD, and records the request.
struct Recording: RouterMiddleware {
    typealias Context = WebContext

    let recorder: RequestRecorder
    let protection: Protection

    func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.path = request.uri.path
        context.traceParent = request.headers[.traceParent].flatMap(TraceParent.init)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID.description
        protection.apply(to: &response, at: context.path)
        if request.method == .head { response = response.createHeadResponse() }
        let method = HTTPRequest.Method.known.contains(request.method) ? request.method.rawValue : "other"
        let record: @Sendable (Int) -> Void = { [recorder, context, status = response.status.code] bytes in
            recorder.answered(
                method: method,
                route: context.endpointPath ?? "none",
                status: status,
                bytes: bytes,
                duration: .now - start,
                request: context.requestID,
                trace: context.traceParent
            )
        }
        guard response.body.contentLength == nil else {
            record(response.body.contentLength ?? 0)
            return response
        }
        let body = response.body
        response.body = ResponseBody { writer in
            // A stream is recorded when it ends, however it ends.
            defer { record(0) }
            try await body.write(writer)
        }
        return response
    }
}

extension HTTPField.Name {
    static let requestID = known("X-Request-Id")
    static let traceParent = known("traceparent")

    /// A name that is written in this code and therefore valid.
    static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}

extension ContinuousClock.Instant {
    static var now: Self { ContinuousClock.now }
}
