import Testing

@testable import Registry

struct BearerKeyTests {
    @Test
    func `a new key carries 256 bits, has the form of a key and never comes twice`() {
        let keys = (0..<1000).map { _ in BearerKey.random() }
        #expect(Set(keys).count == 1000)
        for key in keys {
            #expect(key.text.utf8.count == 50)
            #expect(BearerKey(key.text) == key)
        }
        // Every one of the 64 digits occurs among 43,000.
        #expect(Set(keys.flatMap { $0.text.dropFirst(7) }).count == 64)
    }

    @Test
    func `a key is written as base64url`() {
        let text = BearerKey(bytes: [0xFB, 0xFF] + Array(repeating: 0, count: 30)).text
        #expect(text == "klappa_-_8" + String(repeating: "A", count: 40))
    }

    @Test
    func `what is kept is the SHA-256 of the whole text`() throws {
        let key = try #require(BearerKey("klappa_" + String(repeating: "A", count: 43)))
        // printf 'klappa_AAA…' | sha256sum
        let hex = key.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == "3fbf6d3e656680e0000ae0eb59525ef336bbec03a47e247be28ff18647eb334b")
    }

    @Test(arguments: [
        "", "klappa_", "klappa_" + String(repeating: "A", count: 42),
        "klappa_" + String(repeating: "A", count: 44),
        "Klappa_" + String(repeating: "A", count: 43), "klappa_" + String(repeating: "A", count: 42) + "=",
        "klappa_" + String(repeating: "A", count: 41) + "é",
        "klappa_" + String(repeating: "A", count: 42) + "\n",
        "sk_live_" + String(repeating: "A", count: 42),
    ])
    func `other texts are no keys`(_ text: String) {
        #expect(BearerKey(text) == nil)
    }

    @Test
    func `printing a key shows its prefix only`() {
        let key = BearerKey.random()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(key.text.dropFirst(10).prefix(8)))
        }
    }
}
