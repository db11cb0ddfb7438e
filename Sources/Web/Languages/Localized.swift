/// A text in both languages of the service: `{"sv": …, "en": …}` in JSON, as every label is.
public struct Localized: Codable, Hashable, Sendable {
    /// In Swedish.
    public var sv: String
    /// In English.
    public var en: String

    /// See the properties of the same names.
    public init(sv: String, en: String) {
        self.sv = sv
        self.en = en
    }

    /// The same words in both languages: names, codes, numbers.
    public init(_ both: String) {
        self.init(sv: both, en: both)
    }

    /// The text in the given language.
    public subscript(language: Language) -> String { language == .sv ? sv : en }
}
