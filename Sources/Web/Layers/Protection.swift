internal import HTTPTypes
internal import Hummingbird

/// The fields by which a browser protects readers (OWASP ASVS 5, V3.4).
struct Protection: Sendable {
    /// Of every answer.
    private let always: [HTTPField]
    /// Of pages besides.
    private let ofPages: [HTTPField]
    /// What pages may load and do.
    private let pagePolicy: HTTPField
    /// What everything else may.
    private let policy = HTTPField(
        name: .contentSecurityPolicy,
        value: "default-src 'none'; frame-ancestors 'none'"
    )
    private let sharedResource: HTTPField
    private let ownResource: HTTPField

    /// - Parameters:
    ///   - isSecure: whether readers come by https: then they shall never come otherwise.
    ///   - imageSources: origins of pictures besides our own (map tiles).
    init(isSecure: Bool, imageSources: [String] = []) {
        let images = (["'self'", "data:"] + imageSources).joined(separator: " ")
        let rules =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); font-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        pagePolicy = HTTPField(name: .contentSecurityPolicy, value: rules)
        let resource = HTTPField.Name.known("Cross-Origin-Resource-Policy")
        sharedResource = HTTPField(name: resource, value: "cross-origin")
        ownResource = HTTPField(name: resource, value: "same-origin")
        var always = [
            HTTPField(name: .xContentTypeOptions, value: "nosniff"),
            HTTPField(name: .known("Referrer-Policy"), value: "strict-origin-when-cross-origin"),
        ]
        if isSecure {
            always.append(
                HTTPField(name: .strictTransportSecurity, value: "max-age=63072000; includeSubDomains")
            )
        }
        self.always = always
        ofPages = [
            HTTPField(name: .known("X-Frame-Options"), value: "DENY"),
            HTTPField(name: .known("Cross-Origin-Opener-Policy"), value: "same-origin"),
            HTTPField(
                name: .known("Permissions-Policy"),
                value: "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
            ),
        ]
    }

    /// Adds the fields; a content policy that the answer has already stays.
    func apply(to response: inout Response, at path: String) {
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") ?? false
        let isShared = path.hasPrefix("/api/") || path == "/openapi.json"
        // A 304 has no content of its own: a policy in it would take the place of the stored page's (RFC 9111, 3.2).
        if response.headers[.contentSecurityPolicy] == nil, response.status != .notModified {
            response.headers.append(isPage ? pagePolicy : policy)
        }
        for field in always { response.headers.append(field) }
        response.headers.append(isShared ? sharedResource : ownResource)
        if isPage { for field in ofPages { response.headers.append(field) } }
    }
}
