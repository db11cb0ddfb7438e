internal import HTTPTypes
internal import Hummingbird
internal import Web

/// What a reader by link sees of somebody else's list: its name, and of what is on it what everyone may see. No notes, no owner.
struct SharedListPage: Sendable {
    let site: Site
    let databases: Databases

    func show(_ context: WebContext, _ language: Language) async throws -> Answer {
        guard let link = Secret(try context.parameters.require("link")),
            let (name, items) = try await ShortlistQueries.shared(link, databases.open)
        else { throw Problem(.notFound) }
        let words = site.words(language)
        let names = try await GrantQueries.scopeNames(as: .anyone, databases.member)
        let view: View = [
            "name": .text(name),
            "count": .text(words.count("lists.count", items.count)),
            "items": .list(items.compactMap { $0.shown.map { ShortlistPages.view($0, names, words) } }),
        ]
        let head = Site.Head(
            language: language,
            title: name,
            description: words("lists.description"),
            // The link is a secret: no address of the page is named to anybody.
            path: nil,
            isWide: true,
            isUnlisted: true
        )
        var answer = try site.answer("lists/shared", view, head)
        answer.caching = .none
        return answer
    }
}
