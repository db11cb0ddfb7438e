/// The identity of one request: 128 random bits written as a UUID. It stands in the answer (`X-Request-Id`), in the
/// access log and in the `instance` of a problem, and is never taken from the client.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let description: String

    /// Drawn at random.
    public init() {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        var source = SystemRandomNumberGenerator()
        let bits: UInt128 = source.next()
        var words = (UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits))
        // Version 4, variant 1 (RFC 9562 section 5.4).
        words.0 = words.0 & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        words.1 = words.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 {
                bytes.append(UInt8(ascii: "-"))
            }
            let word = position < 16 ? words.0 : words.1
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - position % 16 * 4)) & 0xF
            bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
        }
        description = String(decoding: bytes, as: UTF8.self)
    }
}
