/// The number of a Swedish legal person: ten digits of which the third is at least 2, the last the check digit (SKV 709).
///
/// Its form says nothing about whether the organisation exists. A sole trader's is a personal identity number, which has a
/// third digit of 0 or 1: it is no such number and is not kept.
struct OrganisationNumber: Hashable, Sendable {
    /// Ten digits.
    let digits: String

    /// Reads `5560360793`, `556036-0793` and `16556036-0793`; nil for anything else.
    init?(_ text: String) {
        var digits = text.filter { !$0.isWhitespace }
        if digits.utf8.count == 13 || digits.utf8.count == 12, digits.hasPrefix("16") {
            digits.removeFirst(2)
        }
        if digits.utf8.count == 11, digits.dropFirst(6).first == "-" {
            digits = digits.replacing("-", with: "")
        }
        let values = digits.utf8.map { Int($0) - 48 }
        guard values.count == 10, values.allSatisfy({ (0...9).contains($0) }), values[2] >= 2,
            Self.sum(values) % 10 == 0
        else { return nil }
        self.digits = digits
    }

    private static func sum(_ values: [Int]) -> Int {
        values.enumerated().reduce(0) { sum, digit in
            let product = digit.offset % 2 == 0 ? digit.element * 2 : digit.element
            return sum + product / 10 + product % 10
        }
    }

    /// `556036-0793`.
    var text: String { "\(digits.prefix(6))-\(digits.suffix(4))" }
}
