internal import HTTPTypes
internal import Hummingbird

/// One address for one thing: a path with empty segments is no other name of the same thing. Pages redirect to the
/// tidy address, everything else is not found. The router itself would serve both.
struct TidyPaths: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard path.count > 1, path.hasSuffix("/") || path.contains("//") else {
            return try await next(request, context)
        }
        guard Language(path: path) != nil, request.method == .get || request.method == .head else {
            throw Problem(.notFound)
        }
        // A path that begins with two slashes would redirect to another host.
        var tidy = "/" + path.split(separator: "/").joined(separator: "/")
        if let query = request.uri.query { tidy += "?" + query }
        return Answer.redirect(to: tidy, status: .permanentRedirect).response(to: request)
    }
}
