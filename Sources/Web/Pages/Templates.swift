public import Foundation
import Mustache

/// The templates of the pages, compiled once for each language when the service starts.
///
/// Mustache with two additions that are resolved at the start, so that they cost nothing while serving and a mistake
/// in them stops the start: `{{t crew.title}}` is the text of that key, escaped, with its links made; `{{asset
/// klappa.css}}` is the address of an asset. `{{lang}}` is the language.
public struct Templates: Sendable {
    private var libraries: [Language: MustacheLibrary] = [:]
    /// The names of all templates, sorted: `crew/search`.
    public private(set) var names: [String] = []

    /// Reads every `*.mustache` of a folder and below.
    /// - Throws: ``PageError`` naming the template that cannot be compiled or names an unknown text or asset.
    public init(folder: URL, texts: Texts, assets: Assets) throws {
        let base = folder.standardizedFileURL.path(percentEncoded: false)
        var sources: [String: String] = [:]
        guard let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            throw PageError("templates: cannot read \(base)")
        }
        for case let file as URL in walk where file.pathExtension == "mustache" {
            let path = file.deletingPathExtension().standardizedFileURL.path(percentEncoded: false)
            let name = String(path.dropFirst(base.count).trimmingPrefix { $0 == "/" })
            sources[name] = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        }
        for language in Language.allCases {
            var library = MustacheLibrary()
            for (name, source) in sources {
                do {
                    let resolved = try Self.resolve(source, language, texts, assets)
                    try library.register(resolved, named: name)
                } catch let error as PageError {
                    throw PageError("template \(name): \(error)")
                } catch {
                    throw PageError("template \(name): \(error)")
                }
            }
            libraries[language] = library
        }
        names = sources.keys.sorted()
    }

    /// The page, and the names that the template wanted and the view lacks (empty for a page in order).
    public struct Rendered: Sendable {
        /// The whole page.
        public let html: String
        /// Sorted; empty for a page in order.
        public let missing: [String]
    }

    /// Prints a view with a template.
    ///
    /// - Returns: nil for an unknown template.
    public func render(_ name: String, _ view: View, in language: Language) -> Rendered? {
        let missing = MissingNames()
        let html = MissingNames.$current.withValue(missing) {
            libraries[language]?.render(RootView(view: view), withTemplate: name)
        }
        return html.map { Rendered(html: $0, missing: missing.noted) }
    }

    private static func resolve(
        _ source: String,
        _ language: Language,
        _ texts: Texts,
        _ assets: Assets
    ) throws -> String {
        var resolved = try source.replacing(/\{\{t ([A-Za-z0-9.-]+)\}\}/) { match in
            guard let text = texts.text(String(match.1), in: language) else {
                throw PageError("there is no text \(match.1)")
            }
            return linked(text)
        }
        resolved = try resolved.replacing(/\{\{asset ([A-Za-z0-9.\/-]+)\}\}/) { match in
            guard let address = assets.address(of: String(match.1)) else {
                throw PageError("there is no asset \(match.1)")
            }
            return address
        }
        resolved = resolved.replacing("{{lang}}", with: language.rawValue)
        // A blank line or an indentation says nothing to a browser; between words one space remains.
        return resolved.replacing(/\n\s+/, with: "\n")
    }

    /// A text as HTML, `[label](address)` as links; `{lang}` in an address is left to the resolver.
    private static func linked(_ text: String) -> String {
        Markup.escape(text).replacing(/\[([^\]]+)\]\(([^)\s]+)\)/) { match in
            "<a href=\"\(match.2.replacing("{lang}", with: "{{lang}}"))\">\(match.1)</a>"
        }
    }
}
