/// The values of one chunk's members, turned: for each value who has it.
///
/// Where few have a value their bits are listed, else all bits are kept, so that a rare value takes a few bytes and a
/// common one is counted a word at a time.
struct BitChunk: Sendable {
    /// A value that somebody has.
    struct Row: Sendable {
        let value: String
        /// What of the value, such as the grade in a role; empty for the whole.
        let part: String
        fileprivate let isListed: Bool
        fileprivate let start: Int
        fileprivate let end: Int
    }

    /// A value of a kind.
    struct Key: Hashable, Sendable {
        var kind: String
        var value = ""
        var part = ""
    }

    /// Members, a multiple of 64.
    let size: Int
    private var kinds: [String: (rows: [Row], places: [String: Range<Int>])] = [:]
    private var bits: [UInt16] = []
    private var words: [UInt64] = []
    /// When they are free; nil where days are kept elsewhere.
    let days: DayRows?

    /// - Parameter masks: who has each value.
    init(size: Int, _ masks: [Key: BitMask], days: DayRows? = nil) {
        self.size = size
        self.days = days
        for (kind, masks) in Dictionary(grouping: masks, by: \.key.kind) {
            let sorted = masks.sorted { ($0.key.value, $0.key.part) < ($1.key.value, $1.key.part) }
            let rows = sorted.map { add($0.key, $0.value) }
            var places: [String: Range<Int>] = [:]
            for (place, row) in rows.enumerated() {
                places[row.value] = (places[row.value]?.lowerBound ?? place)..<place + 1
            }
            kinds[kind] = (rows, places)
        }
    }

    private mutating func add(_ key: Key, _ mask: BitMask) -> Row {
        let isListed = mask.count <= mask.words.count
        let start = isListed ? bits.count : words.count
        if isListed { bits += mask.bits } else { words += mask.words }
        let end = isListed ? bits.count : words.count
        return Row(value: key.value, part: key.part, isListed: isListed, start: start, end: end)
    }

    /// All values of a kind, in order.
    func rows(_ kind: String) -> [Row] { kinds[kind]?.rows ?? [] }

    /// The rows of one value: one, or one for each part.
    func rows(_ kind: String, _ value: String) -> ArraySlice<Row> {
        guard let (rows, places) = kinds[kind], let range = places[value] else { return [] }
        return rows[range]
    }

    /// How many of a mask have a value.
    func count(_ row: Row, in mask: BitMask) -> Int {
        mask.words.withUnsafeBufferPointer { mask in
            var count = 0
            if row.isListed {
                bits.withUnsafeBufferPointer { bits in
                    for place in row.start..<row.end {
                        let bit = Int(bits[place])
                        count += Int(truncatingIfNeeded: mask[bit >> 6] >> UInt64(bit & 63) & 1)
                    }
                }
            } else {
                words.withUnsafeBufferPointer { words in
                    for index in mask.indices {
                        count += (words[row.start + index] & mask[index]).nonzeroBitCount
                    }
                }
            }
            return count
        }
    }

    /// Adds those who have a value to a mask.
    func unite(_ row: Row, into mask: inout BitMask) {
        if row.isListed {
            for bit in bits[row.start..<row.end] { mask.insert(bit: Int(bit)) }
        } else {
            words.withUnsafeBufferPointer { mask.formUnion($0[row.start..<row.end]) }
        }
    }

    /// Everybody with one of the rows.
    func union(_ rows: some Sequence<Row>) -> BitMask {
        var mask = BitMask(none: size)
        for row in rows { unite(row, into: &mask) }
        return mask
    }
}
