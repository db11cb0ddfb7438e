internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Answer {
    /// Bodies shorter than this gain nothing from compression.
    static let compressionThreshold = 1024

    /// The answer as it goes out to this request: validator, 304, compression, `Vary`, caching.
    ///
    /// - Parameters:
    ///   - vary: the fields of the request that chose this form.
    ///   - isPublicAPI: whether scripts of other origins may read it.
    func response(
        to request: Request,
        vary: String = "Accept-Encoding",
        isPublicAPI: Bool = false
    ) -> Response {
        var headers = headers
        if isPublicAPI { CrossOrigin.share(&headers) }
        let isSafe = request.method == .get || request.method == .head
        let hasCredentials = request.headers[.authorization] != nil || request.headers[.cookie] != nil
        headers[.cacheControl] = caching.field(hasCredentials: hasCredentials || !isSafe)
        if let language { headers[.contentLanguage] = language.rawValue }
        guard let contentType else { return Self.bodiless(status, headers) }

        headers[.contentType] = contentType
        var body = body
        let isCompressible = body.readableBytes >= Self.compressionThreshold && Gzip.isWorthwhile(contentType)
        headers[.vary] = vary
        let compressed =
            isCompressible
            && request.headers[.acceptEncoding].map { Accept($0).allows(coding: "gzip") } ?? false
        if isSafe, status == .ok {
            let tag = EntityTag(version: version, body: body, compressed: compressed)
            headers[.eTag] = tag.text
            if let field = request.headers[.ifNoneMatch], tag.matches(ifNoneMatch: field) {
                headers[.contentType] = nil
                headers[.contentLanguage] = nil
                return Self.bodiless(.notModified, headers)
            }
        }
        if compressed, let smaller = Gzip.compress(body) {
            body = smaller
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }

    /// 204 and 304 carry no length of a body that they do not have.
    private static func bodiless(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> Response {
        var response = Response(status: status, headers: headers)
        if status == .noContent || status == .notModified { response.headers[.contentLength] = nil }
        return response
    }
}

extension Answer.Caching {
    /// The `Cache-Control` field. What was asked for with credentials is nobody's to keep.
    func field(hasCredentials: Bool) -> String {
        if hasCredentials, self != .immutable { return "private, no-store" }
        return switch self {
        case .revalidate: "no-cache"
        case .fresh(let seconds): "max-age=\(seconds)"
        case .immutable: "max-age=31536000, immutable"
        case .none: "no-store"
        }
    }
}
