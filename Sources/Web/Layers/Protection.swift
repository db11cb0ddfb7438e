internal import HTTPTypes
internal import Hummingbird

/// The fields by which a browser protects readers (OWASP ASVS 5, V3.4).
struct Protection: Sendable {
    private static let permissions = HTTPField.Name.known("Permissions-Policy")
    private static let referrer = HTTPField.Name.known("Referrer-Policy")
    private static let opener = HTTPField.Name.known("Cross-Origin-Opener-Policy")
    private static let resource = HTTPField.Name.known("Cross-Origin-Resource-Policy")
    private static let frames = HTTPField.Name.known("X-Frame-Options")

    /// Whether readers come by https: then they shall never come otherwise.
    let isSecure: Bool
    /// What pages may load and do.
    let pagePolicy: String

    /// - Parameter imageSources: origins of pictures besides our own (map tiles).
    init(isSecure: Bool, imageSources: [String] = []) {
        self.isSecure = isSecure
        let images = (["'self'", "data:"] + imageSources).joined(separator: " ")
        pagePolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); font-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    func apply(to response: inout Response, of request: Request) {
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") ?? false
        let isShared = request.uri.path.hasPrefix("/api/") || request.uri.path == "/openapi.json"
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] =
                isPage ? pagePolicy : "default-src 'none'; frame-ancestors 'none'"
        }
        response.headers[Self.referrer] = "strict-origin-when-cross-origin"
        response.headers[Self.resource] = isShared ? "cross-origin" : "same-origin"
        if isPage {
            response.headers[Self.frames] = "DENY"
            response.headers[Self.opener] = "same-origin"
            response.headers[Self.permissions] =
                "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
        }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=63072000; includeSubDomains" }
    }
}
