/// The pairs of a query string, `application/x-www-form-urlencoded`, decoded strictly.
struct Query {
    struct Pair: Equatable {
        var name: String
        /// Nil when the text is no UTF-8 after decoding or holds a control character.
        var value: String?
    }

    /// In the order of the query; at most 200, the rest being cut into one nameless pair.
    var pairs: [Pair] = []

    init(_ query: Substring) {
        for part in query.split(separator: "&", maxSplits: 200) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count == 2 ? Self.decode(sides[1]) : .some("")
            pairs.append(Pair(name: Self.decode(sides[0]) ?? "", value: value))
        }
    }

    /// Percent-decoded text with `+` for space; nil for a cut or wrong escape, bytes that are not UTF-8, and
    /// control characters.
    static func decode(_ text: Substring, plusIsSpace: Bool = true) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hex), let low = rest.next().flatMap(hex) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
