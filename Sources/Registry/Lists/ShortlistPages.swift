internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
internal import Web

/// The pages of one's own shortlists: all of them, one of them, putting what was ticked in a search on one.
struct ShortlistPages: Sendable {
    let site: Site
    let databases: Databases

    /// All addresses.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/lists") { _, _, member in try await all(member, language) }
            table.member("/\(language)/lists/add") { request, _, member in
                let query = PageQuery(request.uri.query ?? "")
                return try await choose(
                    Form(site.words(language), []),
                    query.items.filter { $0.name == "item" }.map(\.value),
                    member,
                    language
                )
            }
            table.member("/\(language)/lists/add", .post) { request, context, member in
                try await put(request, context, member, language)
            }
            table.member("/\(language)/lists/{id}") { _, context, member in
                try await show(try await list(context, member), Form(site.words(language)), member, language)
            }
            table.member("/\(language)/lists/{id}", .post) { request, context, member in
                try await rename(request, context, member, language)
            }
            table.member("/\(language)/lists/{id}/delete", .post) { request, context, member in
                _ = try await site.form(request, context)
                let list = try await list(context, member)
                guard try await ShortlistQueries.delete(list.id, member, databases.member) else {
                    throw Problem(.notFound)
                }
                return site.redirect(to: "/\(language)/lists", notice: "lists.deleted", ["name": list.name])
            }
            table.page("/\(language)/shared/{link}") { _, context in
                try await SharedListPage(site: site, databases: databases).show(context, language)
            }
        }
        ShortlistItemPages(pages: self).add(to: &table)
    }

    /// - Throws: 404 unless it is the member's own.
    func list(_ context: WebContext, _ member: SignedIn) async throws -> Shortlist {
        guard let id = UUID(uuidString: try context.parameters.require("id")),
            let list = try await ShortlistQueries.find(id, of: member, databases.member)
        else { throw Problem(.notFound) }
        return list
    }

    func path(_ list: Shortlist, _ language: Language) -> String {
        "/\(language)/lists/\(list.id.uuidString.lowercased())"
    }

    private func head(_ title: String, _ path: String, _ language: Language, status: Int = 200) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("lists.description"),
            path: path,
            isWide: true,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: All

    private func all(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = site.words(language)
        let lists = try await ShortlistQueries.all(of: member, databases.member)
        let rows = lists.map { list -> View in
            [
                "address": .text(path(list, language)), "name": .text(list.name),
                "count": .text(words.count("lists.count", list.count)),
                "shared": .optional(
                    list.sharedUntil.map { words("lists.sharedUntil", ["day": words.day($0.inStockholm)]) }
                ),
            ]
        }
        let view: View = [
            "rows": .list(rows), "hasRows": .flag(!rows.isEmpty),
            "mayMake": .flag(member.reader.seesWhatIsSharedWithSearchers),
        ]
        return try site.answer("lists/all", view, head(words("lists.title"), "/lists", language))
    }

    // MARK: Putting on a list

    private func choose(_ form: Form, _ items: [String], _ member: SignedIn, _ language: Language)
        async throws -> Answer
    {
        guard member.reader.seesWhatIsSharedWithSearchers else { throw Problem(.forbidden) }
        let words = form.words
        let shown = try await ShortlistQueries.shown(Self.subjects(items), databases.open)
        let lists = try await ShortlistQueries.all(of: member, databases.member)
        let options =
            lists.map { FormField.Option($0.id.uuidString.lowercased(), $0.name) }
            + [FormField.Option("new", words("lists.new"))]
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/lists/add"),
            "nothing": .flag(shown.isEmpty),
            "items": .list(
                shown.map {
                    [
                        "subject": .text($0.subject.uuidString.lowercased()),
                        "name": .text($0.shown?.name ?? ""),
                    ]
                }
            ),
            "fields": .list([
                FormField("list", words("lists.which"), .radios(options)).view(form),
                FormField("name", words("lists.newName"), isOptional: true, limit: 100).view(form),
            ]),
        ]
        let title = head(words("lists.addTitle"), "/lists/add", language, status: form.status)
        return try site.answer("lists/add", view, title)
    }

    /// Ids that can be such, each once, no more than a list holds.
    private static func subjects(_ items: [String]) -> [UUID] {
        var seen: Set<UUID> = []
        return items.compactMap { UUID(uuidString: $0) }.filter { seen.insert($0).inserted }
            .prefix(Shortlist.most).map { $0 }
    }

    private func put(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        var form = try await site.form(request, context)
        let words = form.words
        let subjects = Self.subjects(form.all("item"))
        let lists = try await ShortlistQueries.all(of: member, databases.member)
        let chosen = form.choice("list", of: lists.map { $0.id.uuidString.lowercased() } + ["new"])
        let isNew = chosen == "new"
        let name = isNew ? form.text("name", upTo: 100) : ""
        guard form.isValid, let chosen else {
            return try await choose(form, form.all("item"), member, language)
        }
        do {
            let id = try await Writes.transaction(databases, as: member.reader) { transaction -> UUID in
                let id =
                    isNew
                    ? try await ShortlistQueries.create(name, member, transaction)
                    : UUID(uuidString: chosen) ?? UUID()
                guard try await ShortlistQueries.add(subjects, to: id, transaction) else { throw TooLong() }
                return id
            }
            let to = "/\(language)/lists/\(id.uuidString.lowercased())"
            return site.redirect(to: to, notice: "lists.added")
        } catch let error as PostgresError where error.constraint == "shortlist_name_once" {
            form.refuse("name", words("lists.nameTaken"))
        } catch is TooLong {
            form.refuse("list", words("lists.tooLong", ["count": words.number(Shortlist.most)]))
        }
        return try await choose(form, form.all("item"), member, language)
    }

    private struct TooLong: Error {}

    // MARK: One

    func show(
        _ list: Shortlist,
        _ form: Form,
        _ member: SignedIn,
        _ language: Language,
        link: String? = nil,
        status: Int? = nil
    ) async throws -> Answer {
        let words = form.words
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let items = try await ShortlistQueries.items(of: list.id, member, databases.member)
        let path = path(list, language)
        let filled = form.has("version") ? form : Form(words, [("name", list.name)])
        let view: View = [
            "errorSummary": form.summary,
            "stale": .flag(status == 412),
            "name": .text(list.name),
            "action": .text(path),
            "version": .text(String(list.version)),
            "rename": .view(FormField("name", words("lists.name"), limit: 100).view(filled)),
            "count": .text(words.count("lists.count", items.count)),
            "hasItems": .flag(!items.isEmpty),
            "items": .list(items.map { row($0, path, names, words) }),
            "link": .optional(link),
            "shared": .optional(
                list.sharedUntil.map { words("lists.sharedUntil", ["day": words.day($0.inStockholm)]) }
            ),
        ]
        return try site.answer(
            "lists/show",
            view,
            head(
                list.name,
                "/lists/\(list.id.uuidString.lowercased())",
                language,
                status: status ?? form.status
            )
        )
    }

    private func row(_ item: Shortlist.Item, _ path: String, _ names: ScopeNames, _ words: Wording) -> View {
        let id = item.id?.uuidString.lowercased() ?? ""
        return [
            "id": .text(id),
            "shown": .optional(item.shown.map { Self.view($0, names, words) }),
            "tick": .text(words("lists.tick", ["name": item.shown?.name ?? words("lists.gone")])),
            "noteAction": .text("\(path)/items/\(id)"),
            "noteLabel": .text(words("lists.noteOf", ["name": item.shown?.name ?? words("lists.gone")])),
            "note": .text(item.note ?? ""),
        ]
    }

    static func view(_ shown: Shortlist.Item.Shown, _ names: ScopeNames, _ words: Wording) -> View {
        [
            "address": .text("/\(words.language)\(shown.path)"),
            "name": .text(shown.name),
            "kind": .text(words("lists.kind.\(shown.kind.rawValue)")),
            "code": .text(shown.region),
            "region": .text(names.text(of: Grant(.searcher, region: shown.region), words)),
            "headline": .optional(shown.headline?[words.language]),
        ]
    }

    private func rename(_ request: Request, _ context: WebContext, _ member: SignedIn, _ language: Language)
        async throws
        -> Answer
    {
        let list = try await list(context, member)
        var form = try await site.form(request, context)
        let name = form.text("name", upTo: 100)
        guard let version = form.version else { throw Problem(.malformed) }
        guard form.isValid else { return try await show(list, form, member, language) }
        do {
            guard try await ShortlistQueries.rename(list.id, name, version: version, member, databases.member)
            else {
                return try await show(list, Form(form.words), member, language, status: 412)
            }
        } catch let error as PostgresError where error.constraint == "shortlist_name_once" {
            form.refuse("name", form.words("lists.nameTaken"))
            return try await show(list, form, member, language)
        }
        return site.redirect(to: path(list, language), notice: "lists.renamed")
    }
}
