internal import HTTPTypes
internal import Hummingbird

/// Cross-origin use of the public API from other people's pages (Fetch standard, CORS): anyone may read, without
/// credentials. Pages are never shared.
enum CrossOrigin {
    private static let allowOrigin = HTTPField(name: name("Access-Control-Allow-Origin"), value: "*")
    private static let allowMethods = name("Access-Control-Allow-Methods")
    private static let allowHeaders = name("Access-Control-Allow-Headers")
    private static let exposeHeaders = HTTPField(
        name: name("Access-Control-Expose-Headers"),
        value: "ETag, Retry-After, X-Request-Id"
    )
    private static let maxAge = name("Access-Control-Max-Age")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }

    /// 204 with `Allow`, and for the API what a preflight asks for.
    static func options(_ request: Request, allow: String, isPublicAPI: Bool) -> Response {
        var headers: HTTPFields = [.allow: allow]
        if isPublicAPI {
            share(&headers)
            headers[allowMethods] = allow
            headers[allowHeaders] = "Accept-Language, Content-Type, If-None-Match"
            headers[maxAge] = "3600"
        }
        var response = Response(status: .noContent, headers: headers)
        response.headers[.contentLength] = nil
        return response
    }

    /// Lets any origin read an answer of the API.
    static func share(_ headers: inout HTTPFields) {
        headers.append(allowOrigin)
        headers.append(exposeHeaders)
    }
}
