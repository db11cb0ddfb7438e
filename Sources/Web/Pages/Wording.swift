/// The texts in one language, with its way of writing numbers.
///
/// ```swift
/// words("crew.until", ["day": words.day(known)])
/// words.count("crew.people", 1_979)          // "1 979 personer"
/// ```
public struct Wording: Sendable {
    /// All texts.
    public let texts: Texts
    /// The language that is spoken.
    public let language: Language

    /// The texts in one language.
    public init(_ texts: Texts, in language: Language) {
        self.texts = texts
        self.language = language
    }

    /// The text with its names in braces replaced. An unknown key comes back as itself (and a test finds it).
    public func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        fill(texts.text(key, in: language) ?? key, values)
    }

    /// The text in the form for a number, which is `{count}` in it.
    public func count(_ key: String, _ number: Int, _ values: [String: String] = [:]) -> String {
        var values = values
        values["count"] = self.number(number)
        return fill(texts.text(key, in: language, count: number) ?? key, values)
    }

    /// A whole number with its thousands set apart: `1 234 567` with narrow no-break spaces in Swedish,
    /// `1,234,567` in English; the minus is U+2212.
    public func number(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var written = number < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) {
                written += language == .sv ? "\u{202f}" : ","
            }
            written.append(digit)
        }
        return written
    }

    /// A number with a fixed count of decimals (0 to 9), rounded half away from zero: `1 234,5` and `1,234.5`.
    public func number(_ number: Double, decimals: Int) -> String {
        var unit = 1
        for _ in 0..<decimals { unit *= 10 }
        let scaled = Int((number * Double(unit)).rounded())
        var written = scaled < 0 && scaled / unit == 0 ? "\u{2212}" : ""
        written += self.number(scaled / unit)
        guard decimals > 0 else { return written }
        let fraction = String(scaled.magnitude % unit.magnitude)
        written += language == .sv ? "," : "."
        return written + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// `a`, `a och b`, `a, b och c`; in English with `and`.
    public func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + (language == .sv ? " och " : " and ") + last
    }

    private func fill(_ text: String, _ values: [String: String]) -> String {
        guard !values.isEmpty, text.contains("{") else { return text }
        var filled = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            filled += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}") else { break }
            let name = String(rest[rest.index(after: open)..<close])
            filled += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }
}
