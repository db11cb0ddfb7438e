internal import Hummingbird
internal import Postgres
internal import Web

/// Where the link of a letter leads that asks whether a listing is still right: opening it shows a page with one button, so
/// that no program that follows links confirms anything; pressing it confirms.
struct RenewalPages: Sendable {
    let site: Site
    let databases: Databases

    /// `/sv/renew/{link}`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/renew/{link}") { _, context in
                try await show(try link(context), language)
            }
            table.page("/\(language)/renew/{link}", .post) { request, context in
                _ = try await site.form(request, context, limit: 8 << 10)
                let link = try link(context)
                // What it did the page says: confirmed now, before, or not at all.
                _ = try await Writes.transaction(databases, as: .anyone) { transaction in
                    try await Renewal.renew(link, transaction)
                }
                return .redirect(to: "/\(language)/renew/\(link.text)")
            }
        }
    }

    /// - Throws: 404 for a text that is no link.
    private func link(_ context: WebContext) throws -> Secret {
        guard let link = Secret(try context.parameters.require("link")) else { throw Problem(.notFound) }
        return link
    }

    private func show(_ link: Secret, _ language: Language) async throws -> Answer {
        let found = try await databases.member.transaction(settings: Reader.anyone.settings) { transaction in
            try await Renewal.find(link, transaction)
        }
        guard let found else { throw Problem(.notFound) }
        let words = site.words(language)
        let day = ["day": words.day(found.renewedOn)]
        let sentence =
            found.isDone
            ? words("renewal.done", day)
            : found.isOpen
                ? words(found.state == .lapsed ? "renewal.askLapsed" : "renewal.ask", day)
                : words("renewal.closed")
        let title = words(found.isDone ? "renewal.doneTitle" : "renewal.title", ["name": found.name])
        let view: View = [
            "title": .text(title), "sentence": .text(sentence),
            "action": found.isOpen && !found.isDone
                ? .text("/\(language)/renew/\(link.text)") : .absent,
            "address": found.state == .published ? .text("/\(language)\(found.address)") : .absent,
            "home": .text("/\(language)\(found.kind == .person ? PeoplePages.home : "/offers")"),
        ]
        let head = Site.Head(
            language: language,
            title: title,
            description: words("renewal.description"),
            path: "/renew/\(link.text)",
            isUnlisted: true
        )
        return try site.answer("renewal/show", view, head)
    }
}
