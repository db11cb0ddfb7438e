/// Why somebody could not be signed in through a provider. What it says is for the log: never a token, an address or a
/// claim.
enum OpenIDError: Error, Equatable {
    /// The provider did not answer, or not within the bounds.
    case unreachable(String)
    /// It answered what it should not.
    case malformed(String)
    /// The person or the provider said no.
    case denied
    /// The provider refused for another reason: its error code.
    case refused(String)
    /// The token does not hold.
    case token(IDToken.Fault)

    /// Names the sentence on the page: `openid.<word>Title`, `openid.<word>Lead`.
    var word: String {
        switch self {
        case .unreachable: "unreachable"
        case .malformed, .token: "untrusted"
        case .denied: "denied"
        case .refused: "refused"
        }
    }

    /// For the log.
    var reason: String {
        switch self {
        case .unreachable(let text), .malformed(let text), .refused(let text): text
        case .denied: "access_denied"
        case .token(let fault): fault.rawValue
        }
    }
}
