internal import Postgres

/// The free days of a chunk's members, a row for each.
struct DayRows: Sendable {
    /// Words of a member's row.
    static let width = (CrewWindow.length + 63) / 64
    let size: Int
    private var words: [UInt64]
    /// Who has a row at all.
    private var known: BitMask

    init(size: Int) {
        self.size = size
        words = [UInt64](repeating: 0, count: size * Self.width)
        known = BitMask(none: size)
    }

    /// Sets a member's days, given as packed bits.
    mutating func set(_ packed: [UInt8], at place: Int) {
        known.insert(place)
        for (index, word) in Self.row(packed).words.enumerated() { words[place * Self.width + index] = word }
    }

    /// Who is free on all of these days, and on at least one.
    func free(on days: BitString) -> (all: BitMask, some: BitMask) {
        let needed = Self.row(days.bytes).words.enumerated().filter { $0.element != 0 }
        var (all, some) = (BitMask(none: size), BitMask(none: size))
        words.withUnsafeBufferPointer { words in
            for place in 0..<size {
                var missing: UInt64 = 0
                var found: UInt64 = 0
                for (index, wanted) in needed {
                    let free = words[place * Self.width + index]
                    missing |= wanted & ~free
                    found |= wanted & free
                }
                if missing == 0 { all.insert(place) }
                if found != 0 { some.insert(place) }
            }
        }
        all.formIntersection(known)
        return (all, some)
    }

    private static func row(_ packed: [UInt8]) -> BitMask {
        packed.withUnsafeBytes { BitMask(size: width * 64, packed: $0) }
    }
}
