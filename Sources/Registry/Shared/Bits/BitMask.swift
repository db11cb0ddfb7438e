/// Members of a chunk, one bit for each, sixty-four to a word.
///
/// A `bit` string of the database has its first bit at the top of its first byte; words are loaded from those bytes as
/// they come, so a member's bit lies at its place with the lowest three digits turned around.
struct BitMask: Hashable, Sendable {
    private(set) var words: [UInt64]

    /// Nobody of so many; a multiple of 64.
    init(none size: Int) { words = [UInt64](repeating: 0, count: size / 64) }

    /// The packed bits of a `bit` string; what lies behind `size` is left out.
    init(size: Int, packed: UnsafeRawBufferPointer) {
        self.init(none: size)
        words.withUnsafeMutableBytes { $0.copyMemory(from: .init(rebasing: packed.prefix($0.count))) }
    }

    /// Where a member's bit lies: the word is this divided by 64.
    static func bit(_ place: Int) -> Int { place ^ 7 }

    /// How many there are.
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether there is nobody.
    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The bits of all members, lowest first; see ``bit(_:)``.
    var bits: [UInt16] {
        var bits: [UInt16] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                bits.append(UInt16(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return bits
    }

    func contains(_ place: Int) -> Bool {
        let bit = Self.bit(place)
        return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }

    mutating func insert(_ place: Int) { insert(bit: Self.bit(place)) }

    mutating func insert(bit: Int) { words[bit >> 6] |= 1 << UInt64(bit & 63) }

    mutating func formUnion(_ other: BitMask) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    mutating func formUnion(_ other: Slice<UnsafeBufferPointer<UInt64>>) {
        for (index, word) in other.enumerated() { words[index] |= word }
    }

    mutating func formIntersection(_ other: BitMask) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: BitMask) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    func intersection(_ other: BitMask) -> BitMask {
        var mask = self
        mask.formIntersection(other)
        return mask
    }
}
