internal import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOCore

/// Turns every error of the layers and handlers below into a problem: a document for the API, a page for readers.
///
/// What it does not know becomes a 500 that says nothing; the log has the error under the same request id.
/// It also gives the context its language and trace, so that it stands outside everything that may fail.
public struct ErrorBoundary: RouterMiddleware {
    /// The layer's context.
    public typealias Context = WebContext
    /// Turns an error of the product into a problem, nil when it does not know it.
    public typealias Translation = @Sendable (any Error) -> Problem?
    /// Renders a problem as a page in the context's language.
    public typealias Page = @Sendable (Problem, Request, WebContext) -> Answer?

    private let translate: Translation
    private let page: Page

    /// - Parameters:
    ///   - translate: knows the errors of the product.
    ///   - page: asked for addresses outside the API when the client prefers HTML; nil falls back to the document.
    public init(translate: @escaping Translation = { _ in nil }, page: @escaping Page = { _, _, _ in nil }) {
        self.translate = translate
        self.page = page
    }

    /// Serves the request or explains why not.
    public func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language =
            Language(path: context.path) ?? Language(acceptLanguage: request.headers[.acceptLanguage])
        do {
            guard HTTPRequest.Method.known.contains(request.method) else { throw Problem(.notImplemented) }
            return try await next(request, context)
        } catch {
            let problem = problem(for: error, request, context)
            return response(problem, to: request, context)
        }
    }

    private func problem(for error: any Error, _ request: Request, _ context: WebContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError where error.status == .notFound: return Problem(.notFound)
        case is NIOTooManyBytesError: return Problem(.contentTooLarge)
        case is CancellationError: return .unavailable()
        default: break
        }
        if let problem = translate(error) {
            if problem.code.status >= 500 {
                context.requestLogger.warning(
                    "request failed",
                    metadata: [
                        "error": .string(String(describing: error)), "code": .string(problem.code.code),
                    ]
                )
            }
            return problem
        }
        if let error = error as? any HTTPResponseError, let problem = Problem(status: error.status.code) {
            return problem
        }
        context.requestLogger.error(
            "unexpected error",
            metadata: ["error": .string(String(reflecting: error))]
        )
        return Problem(.unexpected)
    }

    func response(_ problem: Problem, to request: Request, _ context: WebContext) -> Response {
        var problem = problem
        if problem.code.status == 401, problem.headers[.wwwAuthenticate] == nil {
            problem.headers[.wwwAuthenticate] = "Bearer realm=\"klappa\""
        }
        var answer = Answer(
            status: .init(code: problem.code.status),
            body: problem.document(language: context.language, request: context.requestID).bytes,
            contentType: "application/problem+json",
            language: context.language
        )
        let path = context.path
        let isAPI = path.hasPrefix("/api/") || path.hasPrefix("/health/") || path == "/openapi.json"
        let types = ["text/html", "application/problem+json", "application/json"]
        if !isAPI, Accept(request.headers[.accept]).preferred(of: types) ?? "text/html" == "text/html",
            let page = page(problem, request, context)
        {
            answer = page
            answer.status = .init(code: problem.code.status)
        }
        answer.caching = .none
        for field in problem.headers { answer.headers[field.name] = field.value }
        return answer.response(
            to: request,
            vary: "Accept, Accept-Language, Accept-Encoding",
            isPublicAPI: isAPI
        )
    }
}

extension Problem {
    /// The plain problem of a status that another layer chose; nil for one without a code of ours.
    init?(status: Int) {
        let codes: [ProblemCode] = [
            .malformed, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .notAcceptable,
            .requestTimeout,
            .conflict, .lengthRequired, .contentTooLarge, .uriTooLong, .unsupportedMediaType,
            .expectationFailed,
            .misdirected, .headersTooLarge, .notImplemented, .unavailable, .deadlineExceeded,
            .versionNotSupported,
        ]
        guard let code = codes.first(where: { $0.status == status }) else { return nil }
        self.init(code)
    }
}
