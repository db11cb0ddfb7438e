internal import Foundation
public import HTTPTypes

/// The cookies that a request carries (RFC 6265 section 5.4); of a name sent twice the first.
public struct Cookies: Sendable {
    private var values: [String: String] = [:]

    /// Reads the `Cookie` field; what is no pair is left out.
    public init(_ headers: HTTPFields) {
        for item in (headers[.cookie] ?? "").split(separator: ";") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            let name = pair[0].trimmingCharacters(in: .whitespaces)
            if values[name] == nil { values[name] = pair[1].trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The value of a cookie; nil when it was not sent.
    public subscript(name: String) -> String? { values[name] }
}

/// How the service's own cookies are set: for this host only, unreadable to scripts, not sent along from other sites
/// except when a link is followed, and by https only where readers come by https.
public struct CookieRules: Hashable, Sendable {
    /// Whether readers come by https.
    public let isSecure: Bool

    /// - Parameter isSecure: whether readers come by https.
    public init(isSecure: Bool) { self.isSecure = isSecure }

    /// The whole name: `__Host-` before it, which a browser accepts from this very host by https only, so that no
    /// neighbouring host can plant one.
    public func name(_ word: String) -> String { isSecure ? "__Host-\(word)" : word }

    /// A `Set-Cookie` field.
    ///
    /// - Parameters:
    ///   - word: the name without its prefix.
    ///   - value: letters, digits, `-` and `_`.
    ///   - maxAge: in seconds; nil ends with the browser, 0 takes the cookie away.
    public func field(_ word: String, _ value: String, maxAge: Int?) -> HTTPField {
        var text = "\(name(word))=\(value); Path=/; HttpOnly; SameSite=Lax"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isSecure { text += "; Secure" }
        return HTTPField(name: .setCookie, value: text)
    }
}
