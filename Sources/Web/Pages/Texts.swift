public import Foundation

/// Every sentence of the pages in both languages, one JSON file a feature.
///
/// `crew.json` holds `{"title": {"sv": "…", "en": "…"}, "people": {"sv": {"one": "{count} person", "other":
/// "{count} personer"}, "en": {…}}}`; the first is known as `crew.title`. A text may hold `{name}` for a value and, for
/// the texts that templates print themselves, `[label](address)` for a link.
public struct Texts: Sendable {
    private var entries: [String: [Language: Entry]] = [:]

    /// A text, or one for 1 and another for every other number (all that Swedish and English need).
    private enum Entry: Sendable, Decodable {
        case plain(String)
        case counted(one: String, other: String)

        private enum CodingKeys: CodingKey { case one, other }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                // Not a string: then it must be the pair.
                self = .plain(text)
            } else {
                let pair = try decoder.container(keyedBy: CodingKeys.self)
                self = .counted(
                    one: try pair.decode(String.self, forKey: .one),
                    other: try pair.decode(String.self, forKey: .other)
                )
            }
        }
    }

    /// Reads all `*.json` of a folder.
    /// - Throws: ``PageError`` when a file is not of the shape above or a text lacks a language.
    public init(folder: URL) throws {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "json" {
            let feature = file.deletingPathExtension().lastPathComponent
            let texts: [String: [String: Entry]]
            do {
                texts = try JSONDecoder().decode([String: [String: Entry]].self, from: Data(contentsOf: file))
            } catch {
                throw PageError("texts \(file.lastPathComponent): \(error)")
            }
            for (key, languages) in texts {
                var entry: [Language: Entry] = [:]
                for language in Language.allCases {
                    guard let text = languages[language.rawValue] else {
                        throw PageError("text \(feature).\(key) lacks \(language.rawValue)")
                    }
                    entry[language] = text
                }
                entries["\(feature).\(key)"] = entry
            }
        }
    }

    /// All keys, sorted.
    public var keys: [String] { entries.keys.sorted() }

    /// The names in braces of a text, in all its forms.
    public func names(in key: String, _ language: Language) -> Set<String> {
        let forms: [String] =
            switch entries[key]?[language] {
            case .plain(let text)?: [text]
            case .counted(let one, let other)?: [one, other]
            case nil: []
            }
        return Set(forms.flatMap { $0.matches(of: /\{(\w+)\}/).map { String($0.1) } })
    }

    /// The text under a key, nil when there is none.
    ///
    /// - Parameter count: chooses between the forms of a counted text; without it the form for many.
    public func text(_ key: String, in language: Language, count: Int? = nil) -> String? {
        switch entries[key]?[language] {
        case .plain(let text)?: text
        case .counted(let one, let other)?: count == 1 ? one : other
        case nil: nil
        }
    }
}

/// A mistake in a template, a text or an asset: found when the service starts, never while it serves.
public struct PageError: Error, CustomStringConvertible {
    /// What is wrong and where.
    public let description: String

    /// A mistake in words.
    public init(_ description: String) { self.description = description }
}
