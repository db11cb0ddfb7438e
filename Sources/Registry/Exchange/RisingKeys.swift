import FoundationEssentials

/// Keys of rows that are made many at a time: UUIDs version 7 that rise from each to the next, so that rows keep the
/// order in which they were made ([RFC 9562, section 6.2](https://www.rfc-editor.org/rfc/rfc9562#section-6.2),
/// method 1: a counter of 12 bits within a millisecond, which runs ahead of the clock when it is full).
struct RisingKeys<Generator: RandomNumberGenerator> {
    private var last: UInt64
    private let clock: () -> Date
    private var generator: Generator

    /// - Parameters:
    ///   - clock: The time that the keys tell; a fixed one makes keys that depend on the generator alone.
    ///   - generator: Where the random bits come from.
    init(clock: @escaping () -> Date = { Date() }, generator: Generator) {
        self.clock = clock
        self.generator = generator
        last = 0
    }

    /// The next key as text.
    mutating func next() -> String {
        let now = UInt64(max(0, clock().timeIntervalSince1970 * 1_000)) << 12
        last = max(last + 1, now)
        let high = (last >> 12) << 16 | 0x7000 | last & 0x0FFF
        let low = 0x8000_0000_0000_0000 | generator.next() & 0x3FFF_FFFF_FFFF_FFFF
        return Self.text(high, low)
    }

    static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { text in
            var place = 0
            for word in [high, low] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    if place == 8 || place == 13 || place == 18 || place == 23 {
                        text[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    text[place] = digits[Int(word >> shift & 0xF)]
                    place += 1
                }
            }
            return 36
        }
    }
}
