import Postgres
import Testing

@testable import Registry

/// Turned bits against sets of places.
struct BitChunkTests {
    private let size = 640

    private func mask(_ places: Set<Int>) -> BitMask {
        var mask = BitMask(none: size)
        for place in places { mask.insert(place) }
        return mask
    }

    @Test(arguments: [0, 0.004, 0.02, 0.3, 1] as [Double])
    func `a value is counted and united like a set of places, rare or common`(share: Double) {
        var random = SeededNumbers(seed: 7)
        func some(_ share: Double) -> Set<Int> {
            Set((0..<size).filter { _ in Double.random(in: 0..<1, using: &random) < share })
        }
        let (barns, castles, asked) = (some(share), some(0.1), some(0.5))
        let chunk = BitChunk(
            size: size,
            [
                .init(kind: "type", value: "barn"): mask(barns),
                .init(kind: "type", value: "castle", part: "a"): mask(castles),
                .init(kind: "type", value: "castle", part: "b"): mask(asked),
            ]
        )
        #expect(chunk.rows("type").map(\.value) == ["barn", "castle", "castle"])
        #expect(chunk.rows("type", "castle").map(\.part) == ["a", "b"])
        #expect(chunk.rows("type", "villa").isEmpty && chunk.rows("look").isEmpty)
        for row in chunk.rows("type", "barn") {
            #expect(chunk.count(row, in: mask(asked)) == barns.intersection(asked).count)
        }
        #expect(chunk.union(chunk.rows("type")) == mask(barns.union(castles).union(asked)))
        #expect(mask(barns).count == barns.count && mask(barns).isEmpty == barns.isEmpty)
        #expect(barns.allSatisfy(mask(barns).contains))
    }

    @Test func `bits of the database keep their places`() {
        var bits = BitString(zeros: size)
        for place in [0, 1, 9, 63, 64, 639] { bits[place] = true }
        let read = bits.bytes.withUnsafeBytes { BitMask(size: size, packed: $0) }
        #expect(read == mask([0, 1, 9, 63, 64, 639]))
    }

    @Test func `free days are found like sets of days`() {
        var random = SeededNumbers(seed: 11)
        var rows = DayRows(size: 64)
        var free: [Int: Set<Int>] = [:]
        for place in 0..<64 where place % 5 > 0 {
            let days = Set((0..<CrewWindow.length).filter { _ in Bool.random(using: &random) })
            free[place] = place % 7 == 0 ? Set(0..<CrewWindow.length) : days
            var bits = BitString(zeros: CrewWindow.length)
            for day in free[place] ?? [] { bits[day] = true }
            rows.set(bits.bytes, at: place)
        }
        for needed in [Set([3]), [0, 1], [62, 63, 64, 65], [1095], [5, 600, 1000]] {
            var bits = BitString(zeros: CrewWindow.length)
            for day in needed { bits[day] = true }
            let found = rows.free(on: bits)
            for place in 0..<64 {
                #expect(found.all.contains(place) == free[place]?.isSuperset(of: needed) ?? false)
                #expect(found.some.contains(place) == !(free[place]?.isDisjoint(with: needed) ?? true))
            }
        }
    }
}
