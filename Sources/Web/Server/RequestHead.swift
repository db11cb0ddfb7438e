internal import NIOHTTP1

/// The judgement on the head of a request, before anything else sees it: what HTTP/1.1 calls ambiguous or broken is
/// refused here, so that nobody behind can read it in two ways (request smuggling, RFC 9112 section 11.2).
struct RequestHead: Equatable {
    /// How the body ends.
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// Target in origin form, `/path?query`.
    var target: String
    var framing: Framing
    /// Whether the client waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool
    /// Whether the connection may serve another request after this one.
    var keepsAlive: Bool
    var isVersion10: Bool

    /// - Throws: the problem to refuse it with.
    static func judge(
        _ head: HTTPRequestHead,
        limits: ServerLimits,
        hosts: Set<String>
    ) throws(Problem) -> RequestHead {
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw Problem(.versionNotSupported)
        }
        guard head.uri.utf8.count <= limits.target else { throw Problem(.uriTooLong) }
        let isVersion10 = head.version == .http1_0
        let (target, authority) = try target(of: head)
        try checkHost(head.headers["Host"], authority: authority, isVersion10: isVersion10, hosts: hosts)
        let framing = try framing(of: head.headers, isVersion10: isVersion10)
        if case .length(let length) = framing, length > limits.body { throw Problem(.contentTooLarge) }
        return RequestHead(
            target: target,
            framing: framing,
            expectsContinue: try expectsContinue(head.headers, isVersion10: isVersion10)
                && framing != .length(0)
                && framing != .none,
            keepsAlive: keepsAlive(head.headers, isVersion10: isVersion10),
            isVersion10: isVersion10
        )
    }

    /// The target in origin form, and the authority of one in absolute form (RFC 9112 section 3.2).
    private static func target(of head: HTTPRequestHead) throws(Problem) -> (String, String?) {
        let uri = head.uri
        guard uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw Problem(.malformed)
        }
        if uri.hasPrefix("/") { return (uri, nil) }
        if uri == "*" {
            guard head.method == .OPTIONS else { throw Problem(.malformed) }
            return ("/", nil)
        }
        if head.method == .CONNECT { throw Problem(.notImplemented) }
        let lower = uri.prefix(8).lowercased()
        guard lower.hasPrefix("http://") || lower == "https://" else { throw Problem(.malformed) }
        let rest = uri.dropFirst(lower == "https://" ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        return (path.hasPrefix("/") ? String(path) : "/" + path, String(authority))
    }

    private static func checkHost(
        _ fields: [String],
        authority: String?,
        isVersion10: Bool,
        hosts: Set<String>
    ) throws(Problem) {
        guard fields.count == 1 || fields.isEmpty && isVersion10 else {
            throw Problem(
                .malformed,
                detail: Localized(
                    sv: "Fältet Host måste stå precis en gång.",
                    en: "The field Host must stand exactly once."
                )
            )
        }
        for value in fields + (authority.map { [$0] } ?? []) {
            guard let host = HostField(String(value[...].trimmingSpaces())) else {
                throw Problem(
                    .malformed,
                    detail: Localized(sv: "Fältet Host är trasigt.", en: "The field Host is malformed.")
                )
            }
            guard hosts.contains("*") || hosts.contains(host.name) else { throw Problem(.misdirected) }
        }
    }

    private static func framing(of headers: HTTPHeaders, isVersion10: Bool) throws(Problem) -> Framing {
        let codings = headers["Transfer-Encoding"].map { $0[...].trimmingSpaces().lowercased() }
        let lengths = headers["Content-Length"].map { String($0[...].trimmingSpaces()) }
        if !codings.isEmpty {
            guard !isVersion10, lengths.isEmpty else { throw Problem(.malformed) }
            guard codings.count == 1 else { throw Problem(.malformed) }
            guard codings[0] == "chunked" else {
                let last = codings[0].split(separator: ",").last?.trimmingSpaces()
                throw Problem(last == "chunked" ? .notImplemented : .malformed)
            }
            return .chunked
        }
        guard let first = lengths.first else { return .none }
        guard lengths.count == 1, first.utf8.count <= 18, !first.isEmpty,
            first.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let length = Int(first)
        else { throw Problem(.malformed) }
        return .length(length)
    }

    private static func expectsContinue(_ headers: HTTPHeaders, isVersion10: Bool) throws(Problem) -> Bool {
        let fields = headers["Expect"]
        guard !fields.isEmpty, !isVersion10 else { return false }
        guard fields.count == 1, fields[0][...].trimmingSpaces().lowercased() == "100-continue" else {
            throw Problem(.expectationFailed)
        }
        return true
    }

    private static func keepsAlive(_ headers: HTTPHeaders, isVersion10: Bool) -> Bool {
        let options = headers[canonicalForm: "Connection"].map { $0.lowercased() }
        return isVersion10 ? options.contains("keep-alive") : !options.contains("close")
    }
}

extension Problem {
    /// The refusal that fits an error of the parser.
    init(_ error: HTTPParserError, isFirstLine: Bool, namesVersion: Bool) {
        switch error {
        case .headerOverflow: self.init(isFirstLine ? .uriTooLong : .headersTooLarge)
        case .invalidMethod: self.init(.notImplemented)
        // A line without a version, or ended in another way, is no request of HTTP/1 at all.
        case .invalidVersion: self.init(namesVersion ? .versionNotSupported : .malformed)
        default: self.init(.malformed)
        }
    }
}
