public import FoundationEssentials

extension UUID {
    /// A new key: a UUID version 7 ([RFC 9562, section 5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)),
    /// 48 bits of Unix time in milliseconds and 74 random bits.
    ///
    /// Keys of later milliseconds sort after earlier ones, which keeps the database's indexes compact. The database
    /// refuses keys of other versions.
    ///
    /// - Parameters:
    ///   - date: the moment in the key; a test or a deterministic seed gives its own.
    ///   - generator: where the random bits come from.
    public static func version7(at date: Date = Date(), using generator: inout some RandomNumberGenerator)
        -> UUID
    {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | generator.next() & 0x3FFF_FFFF_FFFF_FFFF
        func byte(_ word: UInt64, _ place: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * place))
        }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            )
        )
    }

    /// A new key of this moment, from the system's random numbers.
    public static func version7() -> UUID {
        var generator = SystemRandomNumberGenerator()
        return version7(using: &generator)
    }
}
