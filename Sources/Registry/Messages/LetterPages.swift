internal import HTTPTypes
internal import Hummingbird
public import Web

/// The letters of a demonstration, which are not sent: shown to whoever sits at the machine that runs it, and nobody else.
///
/// A proxy in between says so in the request, and then there is no such page: a letter signs in.
public struct LetterPages: Sendable {
    private let site: Site
    private let letters: KeptLetters

    init(site: Site, letters: KeptLetters) {
        self.site = site
        self.letters = letters
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/letters") { request, context in
                guard Self.isAtThisMachine(request, context) else { throw Problem(.notFound) }
                return try page(language)
            }
        }
    }

    /// Whether a request came straight from this machine.
    static func isAtThisMachine(_ request: Request, _ context: WebContext) -> Bool {
        let forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"]
            .compactMap { HTTPField.Name($0) }
        let host = (request.head.authority ?? "").lowercased()
        let isLoopback = ["127.0.0.1", "::1"].contains(context.peer)
        let isNamedSo = ["127.0.0.1", "localhost", "[::1]"].contains {
            host == $0 || host.hasPrefix("\($0):")
        }
        return isLoopback && isNamedSo && !forwarded.contains { request.headers[$0] != nil }
    }

    func page(_ language: Language) throws -> Answer {
        let words = site.words(language)
        let latest = letters.latest()
        let view: View = [
            "isEmpty": .flag(latest.isEmpty),
            "letters": .list(
                latest.enumerated().map { index, letter in
                    [
                        "id": .text("letter-\(index + 1)"),
                        "to": .text(letter.to),
                        "subject": .text(letter.subject),
                        "date": .text(letter.date),
                        "paragraphs": .list(Self.paragraphs(letter.body)),
                    ]
                }
            ),
        ]
        let head = Site.Head(
            language: language,
            title: words("letters.title"),
            description: words("letters.description"),
            path: "/letters",
            isUnlisted: true
        )
        return try site.answer("letters/kept", view, head)
    }

    /// Paragraphs, one that is an address as a link.
    private static func paragraphs(_ body: String) -> [View] {
        body.split(separator: "\n\n").map { paragraph in
            let isLink = paragraph.wholeMatch(of: /https?:\/\/\S+/) != nil
            return [
                "link": isLink ? .text(String(paragraph)) : .absent,
                "text": isLink ? .absent : .text(String(paragraph)),
            ]
        }
    }
}
