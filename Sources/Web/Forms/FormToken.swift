internal import Crypto

/// What a form proves to know so that no other site can send it (CSRF): something derived from a secret that only this
/// browser's cookie or session knows.
///
/// It is printed under a fresh mask each time, so that a compressed page gives nothing away by its length (BREACH).
public struct FormToken: Hashable, Sendable {
    private let bytes: [UInt8]

    /// - Parameter secret: of the session, or the cookie of a stranger's browser. It cannot be found from the token.
    public init(secret: [UInt8]) {
        let key = SymmetricKey(data: secret)
        bytes = Array(HMAC<SHA256>.authenticationCode(for: Array("klappa form".utf8), using: key))
    }

    /// The token as a form carries it: a mask and the masked token.
    public var printed: String {
        let mask = bytes.map { _ in UInt8.random(in: .min ... .max) }
        return Base64URL.encode(mask + zip(mask, bytes).map { $0 ^ $1 })
    }

    /// Whether what came with a form is this token, under whatever mask. Takes the same time for every wrong one.
    public func matches(_ printed: String) -> Bool {
        guard let both = Base64URL.decode(printed), both.count == 2 * bytes.count else { return false }
        var difference: UInt8 = 0
        for index in bytes.indices { difference |= both[index] ^ both[index + bytes.count] ^ bytes[index] }
        return difference == 0
    }
}
