/// The comma-separated list with weights that `Accept`, `Accept-Language` and `Accept-Encoding` share
/// (RFC 9110 section 12.4.2).
///
/// Items keep their order; a malformed weight makes the item count for nothing (as `q=0` would). At most 64 items
/// are read: more serve no reader.
struct WeightedList {
    struct Item: Equatable {
        /// The value before any `;`, with its other parameters dropped, trimmed, in its own case.
        var value: String
        /// Thousandths, 0 to 1000.
        var quality: Int
    }

    var items: [Item] = []

    init(_ field: String) {
        for element in field.split(separator: ",", maxSplits: 64).prefix(64) {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            let value = parts[0].trimmingSpaces()
            guard !value.isEmpty else { continue }
            var quality = 1000
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces() }
                if pair.first?.lowercased() == "q" {
                    quality = pair.count == 2 ? Self.thousandths(pair[1]) ?? 0 : 0
                }
            }
            items.append(Item(value: String(value), quality: quality))
        }
    }

    /// `qvalue`: `0`, `1`, `0.8`, `1.000`; nil for anything else.
    private static func thousandths(_ text: Substring) -> Int? {
        let digits = Array(text.utf8)
        guard let first = digits.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1"),
            digits.count <= 5
        else { return nil }
        guard digits.count == 1 || digits[1] == UInt8(ascii: ".") else { return nil }
        var value = Int(first - UInt8(ascii: "0")) * 1000
        var unit = 100
        for digit in digits.dropFirst(2) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value += Int(digit - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return value <= 1000 ? value : nil
    }
}

extension Substring {
    /// Without the optional white space of RFC 9110 (space and tab) at both ends.
    func trimmingSpaces() -> Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
