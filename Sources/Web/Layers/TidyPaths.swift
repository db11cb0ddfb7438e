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
        let path = context.path
        guard Self.isUntidy(path.utf8) else {
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

    /// Whether a path has an empty segment, at its end too.
    private static func isUntidy(_ path: String.UTF8View) -> Bool {
        var last: UInt8 = 0
        var length = 0
        for byte in path {
            if byte == UInt8(ascii: "/"), last == byte { return true }
            last = byte
            length += 1
        }
        return length > 1 && last == UInt8(ascii: "/")
    }
}
