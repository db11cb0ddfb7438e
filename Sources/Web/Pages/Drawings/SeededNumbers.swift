/// Numbers that look random and are the same for the same seed on every machine and in every version: SplitMix64
/// (Steele, Lea, Flood 2014). For drawings only.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The same seed for the same text: FNV-1a of its UTF-8.
    init(seed text: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        state = hash
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// In a closed range.
    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// In a half-open range, 53 bits fine.
    mutating func real(_ range: Range<Double>) -> Double {
        range.lowerBound + Double(next() >> 11) / 9_007_199_254_740_992
            * (range.upperBound - range.lowerBound)
    }
}
