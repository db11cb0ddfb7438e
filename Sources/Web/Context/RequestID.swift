/// The identity of one request: 64 bits drawn when the process starts and 64 drawn for the request, written as a UUID. It
/// stands in the answer (`X-Request-Id`), in the access log and in the `instance` of a problem, and is never taken from
/// the client.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let description: String

    private static let process = UInt64.random(in: .min ... .max)

    /// Drawn at random.
    public init() {
        // Version 4, variant 1 (RFC 9562 section 5.4).
        let words = (
            Self.process & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
            UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
        description = String(unsafeUninitializedCapacity: 36) { text in
            var end = 0
            for position in 0..<32 {
                if position == 8 || position == 12 || position == 16 || position == 20 {
                    text[end] = UInt8(ascii: "-")
                    end += 1
                }
                let word = position < 16 ? words.0 : words.1
                let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - position % 16 * 4)) & 0xF
                text[end] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
                end += 1
            }
            return end
        }
    }
}
