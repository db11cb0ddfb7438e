/// A language in which the service speaks to its readers.
///
/// Swedish is the default wherever a reader has not said otherwise. The raw value is the BCP 47 tag that stands
/// in `Accept-Language`, `Content-Language`, `html lang` and the first segment of a page's address.
public enum Language: String, CaseIterable, Codable, Hashable, Sendable {
    case sv
    case en

    /// The other language, for the link that switches.
    public var other: Language { self == .sv ? .en : .sv }

    /// The language that fits an `Accept-Language` field best (RFC 9110 section 12.5.4, basic filtering of
    /// RFC 4647: `en-GB` is served by `en`). Swedish when the field is absent, empty, malformed or names neither.
    ///
    /// Of two languages with the same weight the one named first wins; a weight of 0 excludes.
    public init(acceptLanguage field: String?) {
        guard let field else {
            self = .sv
            return
        }
        var best: (language: Language, quality: Int)?
        var refused: Set<Language> = []
        var wildcard = 0
        for item in WeightedList(field).items {
            if item.value == "*" {
                wildcard = item.quality
                continue
            }
            let primary = item.value.prefix { $0 != "-" }.lowercased()
            guard let language = Language(rawValue: primary) else { continue }
            if item.quality == 0 {
                refused.insert(language)
            } else if item.quality > (best?.quality ?? 0) {
                best = (language, item.quality)
            }
        }
        if let best, best.quality >= wildcard || refused.contains(best.language.other) {
            self = best.language
        } else if wildcard > 0 {
            self = refused.contains(.sv) ? .en : .sv
        } else {
            self = best?.language ?? .sv
        }
    }

    /// The language that a page's address names in its first segment (`/sv/crew`), nil for any other address.
    public init?(path: String) {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        let segment = path.utf8.drop { $0 == UInt8(ascii: "/") }.prefix { $0 != UInt8(ascii: "/") }
        guard let language = Language(rawValue: String(Substring(segment))) else { return nil }
        self = language
    }
}
