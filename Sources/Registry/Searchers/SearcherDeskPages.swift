internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
internal import Web

/// Requests to become a searcher as the offices of the regions see and decide them.
struct SearcherDeskPages: Sendable {
    let site: Site
    let databases: Databases

    /// `/sv/searchers`, `/sv/searchers/{id}`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/searchers") { _, _, member in try await list(member, language) }
            table.member("/\(language)/searchers/{id}") { _, context, member in
                try await show(try await find(context, member), Form(site.words(language)), member, language)
            }
            table.member("/\(language)/searchers/{id}", .post) { request, context, member in
                try await decide(request, context, member, language)
            }
        }
    }

    /// Whether somebody decides such requests.
    static func isFor(_ reader: Reader) -> Bool {
        reader.has(.commissioner, .regionAdministrator, .administrator)
    }

    private func find(_ context: WebContext, _ member: SignedIn) async throws -> SearcherRequest {
        guard Self.isFor(member.reader) else { throw Problem(.forbidden) }
        guard let id = UUID(uuidString: try context.parameters.require("id")),
            let request = try await SearcherQueries.find(id, as: member.reader, databases.member)
        else { throw Problem(.notFound) }
        return request
    }

    private func list(_ member: SignedIn, _ language: Language) async throws -> Answer {
        guard Self.isFor(member.reader) else { throw Problem(.forbidden) }
        let words = site.words(language)
        let requests = try await SearcherQueries.list(as: member.reader, databases.member)
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let rows = requests.map { request -> View in
            [
                "address": .text("/\(language)/searchers/\(request.id.uuidString.lowercased())"),
                "company": .text(request.company), "number": .text(request.number.text),
                "name": .text(request.name),
                "region": .text(region(request, names, words)),
                "state": .text(words("searchers.desk.\(request.state.rawValue)")),
                "waits": .flag(request.state == .waiting),
                "since": .text(words.moment(request.decidedAt ?? request.askedAt)),
            ]
        }
        let waiting = requests.count { $0.state == .waiting }
        let view: View = [
            "lead": .text(words.count("searchers.waiting", waiting)),
            "rows": .list(rows), "hasRows": .flag(!rows.isEmpty),
        ]
        return try site.answer(
            "searchers/list",
            view,
            head(words("searchers.deskTitle"), "/searchers", language)
        )
    }

    private func region(_ request: SearcherRequest, _ names: ScopeNames, _ words: Wording) -> String {
        guard let region = request.region else { return words("searchers.anyRegion") }
        return names.text(of: Grant(.commissioner, region: region), words)
    }

    private func head(_ title: String, _ path: String, _ language: Language, status: Int = 200) -> Site.Head {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("searchers.deskDescription"),
            path: path,
            isWide: true,
            isUnlisted: true,
            status: status
        )
    }

    private func show(
        _ request: SearcherRequest,
        _ form: Form,
        _ member: SignedIn,
        _ language: Language,
        status: Int? = nil
    ) async throws -> Answer {
        let words = form.words
        let names = try await GrantQueries.scopeNames(as: member.reader, databases.member)
        let history = try await History.of(request.id, as: member.reader, databases)
        let path = "/searchers/\(request.id.uuidString.lowercased())"
        let until = request.grantedUntil.map { words.day($0.inStockholm) } ?? ""
        let reason = FormField(
            "reason",
            words("searchers.reason"),
            .area(rows: 4),
            hint: words("searchers.reasonHint"),
            isOptional: true,
            limit: 2000
        )
        let view: View = [
            "errorSummary": form.summary,
            "stale": .flag(status == 412),
            "company": .text(request.company), "number": .text(request.number.text),
            "name": .text(request.name), "email": .text(request.email),
            "message": .text(request.message),
            "region": .text(region(request, names, words)),
            "asked": .text(words.moment(request.askedAt)),
            "state": .text(words("searchers.state.\(request.state.rawValue)", ["until": until])),
            "said": .optional(request.reason),
            "decidedBy": .optional(request.decidedBy),
            "decide": request.state == .waiting && request.account != member.account
                ? .view([
                    "action": .text("/\(language)\(path)"), "version": .text(String(request.version)),
                    "reason": .view(reason.view(form)),
                ]) : .absent,
            "history": history.view(words, member.reader),
        ]
        let head = head(request.company, path, language, status: status ?? form.status)
        return try site.answer("searchers/show", view, head)
    }

    // MARK: Deciding

    private func decide(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let asked = try await find(context, member)
        var form = try await site.form(request, context)
        let reason = form.optionalText("reason", upTo: 2000)
        guard ["approved", "refused"].contains(form["verdict"]), let version = form.version else {
            throw Problem(.malformed)
        }
        let isApproved = form["verdict"] == "approved"
        if !isApproved, reason == nil, form.isValid {
            form.refuse("reason", form.words("searchers.reasonNeeded"))
        }
        guard form.isValid else { return try await show(asked, form, member, language) }
        let origin = site.origin(for: request)
        let outcome = try await Writes.transaction(databases, as: member.reader) { transaction in
            let outcome = try await SearcherQueries.decide(
                asked.id,
                version: version,
                isApproved: isApproved,
                reason: reason,
                transaction
            )
            if case .decided(let until) = outcome {
                let letter = letter(asked, until: until, reason: reason, origin: origin)
                try await site.letters.write(letter, in: transaction)
            }
            return outcome
        }
        switch outcome {
        case .gone: throw Problem(.notFound)
        case .stale:
            let current = try await find(context, member)
            return try await show(current, form, member, language, status: 412)
        case .decided:
            return site.redirect(
                to: "/\(language)/searchers",
                notice: isApproved ? "searchers.done.approved" : "searchers.done.refused"
            )
        }
    }

    private func letter(_ request: SearcherRequest, until: Instant?, reason: String?, origin: String)
        -> Letter
    {
        let words = site.words(request.language)
        var values = [
            "company": request.company, "reason": reason ?? "–",
            "link": "\(origin)/\(request.language)/account/searcher",
        ]
        if let until { values["until"] = words.day(until.inStockholm) }
        return Letter(
            until == nil ? "searcher-refused" : "searcher-approved",
            to: request.email,
            in: request.language,
            values
        )
    }
}
