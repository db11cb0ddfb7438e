internal import Crypto

/// An API key as its holder keeps it: `klappa_` and 43 characters that carry 256 random bits.
///
/// It exists in clear only while it is made and while a request that bears it is read; the database knows its
/// ``hash``. Nothing here prints it by accident: the description shows the prefix alone.
///
/// ```swift
/// let key = BearerKey.random()
/// print(key.text)          // shown once
/// guard let key = BearerKey(text) else { … }   // not a key at all: no need to ask the database
/// ```
public struct BearerKey: Hashable, Sendable {
    /// The whole key. Only for showing it once and for sending it.
    public let text: String

    /// What every key begins with, so that secret scanners and people recognise one.
    public static let prefix = "klappa_"
    /// Characters after the prefix: 256 bits in base64url without padding (RFC 4648, section 5).
    static let length = 43

    /// A new key from the system's secure random numbers.
    public static func random() -> BearerKey {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return BearerKey(bytes: bytes)
    }

    /// A text that has the form of a key; nil for any other. The form says nothing about whether it is known.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), text.utf8.count == Self.prefix.utf8.count + Self.length,
            text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy(Self.alphabet.contains)
        else { return nil }
        self.text = text
    }

    init(bytes: [UInt8]) {
        var text: [UInt8] = Array(Self.prefix.utf8)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(Self.alphabet[Int(bits >> UInt32(count)) & 63])
            }
        }
        if count > 0 { text.append(Self.alphabet[Int(bits << UInt32(6 - count)) & 63]) }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// SHA-256 of the text, 32 bytes: what the database keeps. A key has 256 random bits, so it needs no salt and no
    /// slow function.
    public var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )
}

extension BearerKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `klappa_…`, never the key.
    public var description: String { Self.prefix + "…" }
    /// `klappa_…`, never the key.
    public var debugDescription: String { description }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
