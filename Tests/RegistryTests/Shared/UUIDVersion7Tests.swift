import FoundationEssentials
import Testing

@testable import Registry

struct UUIDVersion7Tests {
    @Test
    func `a key says version 7, variant 10 and its millisecond`() {
        var zeros = Fixed(word: 0)
        let key = UUID.version7(at: Date(timeIntervalSince1970: 1_645_557_742), using: &zeros).uuidString
            .lowercased()
        // The time of the example in RFC 9562, appendix A.6.
        #expect(key == "017f22e2-79b0-7000-8000-000000000000")
    }

    @Test
    func `random bits fill what is left and nothing else`() {
        var ones = Fixed(word: .max)
        let key = UUID.version7(at: Date(timeIntervalSince1970: 1_645_557_742), using: &ones).uuidString
            .lowercased()
        #expect(key == "017f22e2-79b0-7fff-bfff-ffffffffffff")
    }

    @Test
    func `keys of later milliseconds sort later, and none comes twice`() {
        let keys = (0..<1000).map { number in
            var generator = SystemRandomNumberGenerator()
            return UUID.version7(
                at: Date(timeIntervalSince1970: 1_800_000_000 + Double(number)),
                using: &generator
            )
        }
        #expect(keys.map(\.uuidString) == keys.map(\.uuidString).sorted())
        #expect(Set((0..<10_000).map { _ in UUID.version7() }).count == 10_000)
    }

    private struct Fixed: RandomNumberGenerator {
        let word: UInt64
        mutating func next() -> UInt64 { word }
    }
}
