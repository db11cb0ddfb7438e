internal import Crypto
internal import Web

/// 256 random bits that only their holder shall have: of a session's cookie, a mailed link, a browser that asked.
///
/// The database knows their ``hash``. Nothing here prints them by accident.
public struct Secret: Hashable, Sendable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// A new one from the system's secure random numbers.
    public static func random() -> Secret {
        var generator = SystemRandomNumberGenerator()
        return Secret(bytes: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// A text that has the form of one; nil for any other.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 43, let bytes = Base64URL.decode(String(text)), bytes.count == 32 else {
            return nil
        }
        self.bytes = bytes
    }

    /// 43 characters, only for sending it.
    public var text: String { Base64URL.encode(bytes) }

    /// SHA-256, 32 bytes: what the database keeps. 256 random bits need no salt and no slow function.
    public var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    public var description: String { "(secret)" }
    /// Never the secret.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
