internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
internal import Web

/// The page on which a producer asks to become an approved searcher and sees what came of it.
struct SearcherPages: Sendable {
    let site: Site
    let databases: Databases

    /// All addresses: the producer's and the offices'.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/account/searcher") { _, _, member in
                try await page(Form(site.words(language)), member, language)
            }
            table.member("/\(language)/account/searcher", .post) { request, context, member in
                try await ask(request, context, member, language)
            }
            table.member("/\(language)/account/searcher/{id}", .post) { request, context, member in
                _ = try await site.form(request, context)
                guard let id = UUID(uuidString: try context.parameters.require("id")),
                    try await SearcherQueries.withdraw(id, member, databases.member)
                else { throw Problem(.notFound) }
                return site.redirect(to: "/\(language)/account/searcher", notice: "searchers.withdrawn")
            }
        }
        SearcherDeskPages(site: site, databases: databases).add(to: &table)
    }

    private func ask(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await site.form(request, context)
        let words = form.words
        let company = form.text("company", upTo: 200)
        let typed = form.text("number", upTo: 20)
        let number = OrganisationNumber(typed)
        if !typed.isEmpty, number == nil { form.refuse("number", words("searchers.numberWrong")) }
        let message = form.text("message", upTo: 4000)
        let regions = try await regions(words)
        let region = form.choice("region", of: regions.map(\.value))
        guard let email = member.email else { throw Problem(.forbidden) }
        guard form.isValid, let number, let region else { return try await page(form, member, language) }
        let wish = SearcherQueries.Wish(
            company: company,
            number: number,
            message: message,
            region: region == "any" ? nil : region
        )
        let origin = site.origin(for: request)
        do {
            try await Writes.transaction(databases, as: member.reader) { transaction in
                try await SearcherQueries.ask(wish, member, email: email, origin: origin, transaction)
            }
        } catch let error as PostgresError where error.constraint == "searcher_request_one_waiting" {
            return site.redirect(to: "/\(language)/account/searcher", notice: "searchers.waitsAlready")
        }
        return site.redirect(to: "/\(language)/account/searcher", notice: "searchers.asked")
    }

    private func regions(_ words: Wording) async throws -> [FormField.Option] {
        let names = try await GrantQueries.scopeNames(as: .anyone, databases.member)
        return [FormField.Option("any", words("searchers.anyRegion"))]
            + names.regions.map { FormField.Option($0.code, $0.name) }
    }

    private func page(_ form: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let words = form.words
        let request = try await SearcherQueries.latest(of: member, databases.member)
        let isSearcher = member.reader.seesWhatIsSharedWithSearchers
        let fields = try await fields(form)
        var history = History()
        if let request { history = try await History.of(request.id, as: member.reader, databases) }
        let view: View = [
            "errorSummary": form.summary,
            "action": .text("/\(language)/account/searcher"),
            "isSearcher": .flag(isSearcher),
            "request": .optional(request.map { show($0, words) }),
            "mayAsk": .flag(request?.state != .waiting && !isSearcher && member.email != nil),
            "fields": .list(fields),
            "history": history.view(words, member.reader),
        ]
        let head = Site.Head(
            language: language,
            title: words("searchers.title"),
            description: words("searchers.description"),
            path: "/account/searcher",
            isUnlisted: true,
            status: form.status
        )
        return try site.answer("searchers/ask", view, head)
    }

    private func fields(_ form: Form) async throws -> [View] {
        let words = form.words
        return [
            FormField("company", words("searchers.company"), autocomplete: "organization", limit: 200).view(
                form
            ),
            FormField(
                "number",
                words("searchers.number"),
                hint: words("searchers.numberHint"),
                limit: 20
            ).view(form),
            FormField(
                "message",
                words("searchers.message"),
                .area(rows: 5),
                hint: words("searchers.messageHint"),
                limit: 4000
            ).view(form),
            FormField("region", words("searchers.region"), .select(try await regions(words))).view(form),
        ]
    }

    private func show(_ request: SearcherRequest, _ words: Wording) -> View {
        let until = request.grantedUntil.map { words.day($0.inStockholm) } ?? ""
        return [
            "company": .text("\(request.company), \(request.number.text)"),
            "asked": .text(words.moment(request.askedAt)),
            "state": .text(words("searchers.state.\(request.state.rawValue)", ["until": until])),
            "isGood": .flag(request.state == .approved),
            "reason": .optional(request.reason),
            "withdraw": request.state == .waiting
                ? .text("/\(words.language)/account/searcher/\(request.id.uuidString.lowercased())") : .absent
                ,
        ]
    }
}
