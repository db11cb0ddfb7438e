internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
internal import Web

/// What is done on the page of a list: notes, taking off, asking the film commission about what is ticked, sharing.
struct ShortlistItemPages: Sendable {
    let pages: ShortlistPages

    /// For how many days a link may hold.
    static let days = [7, 30, 90]

    private var site: Site { pages.site }
    private var databases: Databases { pages.databases }

    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/lists/{id}/items/{item}", .post) { request, context, member in
                try await note(request, context, member, language)
            }
            table.member("/\(language)/lists/{id}/ticked", .post) { request, context, member in
                try await ticked(request, context, member, language)
            }
            table.member("/\(language)/lists/{id}/share", .post) { request, context, member in
                try await share(request, context, member, language)
            }
        }
    }

    private func note(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let list = try await pages.list(context, member)
        var form = try await site.form(request, context)
        let note = form.optionalText("note", upTo: 1000)
        guard form.isValid else { return try await pages.show(list, form, member, language) }
        guard let item = UUID(uuidString: try context.parameters.require("item")),
            try await ShortlistQueries.note(item, on: list.id, note, member, databases.member)
        else { throw Problem(.notFound) }
        return site.redirect(to: pages.path(list, language), notice: "lists.noted")
    }

    private func ticked(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let list = try await pages.list(context, member)
        var form = try await site.form(request, context)
        let ids = form.all("item").compactMap { UUID(uuidString: $0) }
        if ids.isEmpty { form.refuse("ticked", form.words("lists.tickSome")) }
        guard form.isValid else { return try await pages.show(list, form, member, language) }
        if form.has("remove") {
            let count = try await ShortlistQueries.remove(ids, from: list.id, member, databases.member)
            return site.redirect(
                to: pages.path(list, language),
                notice: "lists.removed",
                ["count": form.words.number(count)]
            )
        }
        let items = try await ShortlistQueries.items(of: list.id, member, databases.member)
        return .redirect(to: inquiry(items.filter { $0.id.map(ids.contains) ?? false }, form.words))
    }

    /// The form of an inquiry that names what was ticked, for the region of the first.
    private func inquiry(_ items: [Shortlist.Item], _ words: Wording) -> String {
        let shown = items.compactMap(\.shown)
        var text = words("lists.inquiry")
        for one in shown {
            let line =
                "\n– \(one.name) (\(words("lists.kind.\(one.kind.rawValue)")), /\(words.language)\(one.path))"
            // An address is 8 KiB at most.
            guard text.utf8.count + line.utf8.count < 2000 else { break }
            text += line
        }
        var query = PageQuery()
        if Set(shown.map(\.region)).count == 1 { query.add("region", shown.first?.region) }
        query.add("summary", text)
        return query.address(InquiryAddresses.form(words.language))
    }

    private func share(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let list = try await pages.list(context, member)
        var form = try await site.form(request, context)
        if form.has("end") {
            _ = try await ShortlistQueries.share(list.id, by: nil, days: 0, member, databases.member)
            return site.redirect(to: pages.path(list, language), notice: "lists.unshared")
        }
        let days = form.choice("days", of: Self.days.map { String($0) }).flatMap { Int($0) }
        guard form.isValid, let days else { return try await pages.show(list, form, member, language) }
        let link = Secret.random()
        guard try await ShortlistQueries.share(list.id, by: link, days: days, member, databases.member) else {
            throw Problem(.notFound)
        }
        let address = "\(site.origin(for: request))/\(language)/shared/\(link.text)"
        let shared = try await pages.list(context, member)
        return try await pages.show(shared, Form(form.words), member, language, link: address)
    }
}
