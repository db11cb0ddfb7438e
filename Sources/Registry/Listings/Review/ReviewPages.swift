internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The review queue of an office: what waits, what was sent, and the three things that can be done with it.
struct ReviewPages: Sendable {
    let site: Site
    let databases: Databases
    let vocabularies: @Sendable () async throws -> Vocabularies
    /// The links above every page of the desk.
    let desk: InquiryDesk

    /// Entries on a page.
    static let pageSize = 30

    /// All addresses.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/review") { request, context, member in
                try await list(PageQuery(request.uri.query ?? ""), member, language)
            }
            table.member("/\(language)/review/{id}") { _, context, member in
                try await show(try id(context), Form(site.words(language)), member, language)
            }
            table.member("/\(language)/review/{id}", .post) { request, context, member in
                try await decide(request, context, try id(context), member, language)
            }
        }
        ReviewClaimPages(pages: self).add(to: &table)
    }

    private func id(_ context: WebContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        return id
    }

    func text(_ language: Language) async throws -> CrewWords {
        CrewWords(words: site.words(language), vocabularies: try await vocabularies())
    }

    func head(
        _ title: String,
        _ path: String,
        _ language: Language,
        isInvented: Bool = false,
        status: Int = 200
    )
        -> Site.Head
    {
        desk.head(title, path, language, isInvented: isInvented, status: status)
    }

    // MARK: The list

    private func list(_ query: PageQuery, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let offices = try desk.offices(of: member)
        let text = try await text(language)
        let words = text.words
        var filter = ReviewFilter()
        filter.regions = query.list("region").filter(offices.contains)
        let isClaims = query.first("kind") == "claim"
        filter.kind = query.first("kind").flatMap(ReviewEntry.Kind.init)
        let page = max(1, min(query.first("page").flatMap { Int($0) } ?? 1, 10_000))
        let asked = filter
        let sorts = (entries: !isClaims, claims: isClaims || filter.kind == nil)
        let (waiting, entries, counts, claims) = try await databases.member.transaction(
            settings: member.reader.settings
        ) { transaction in
            let waiting = try await ReviewQueries.waiting(
                asked,
                sorts,
                skipping: (page - 1) * Self.pageSize,
                limit: Self.pageSize + 1,
                transaction
            )
            let ids = waiting.compactMap { if case .entry(let id) = $0 { id } else { nil } }
            return (
                waiting, try await ReviewQueries.entries(ids, transaction),
                try await ReviewQueries.counts(asked, transaction),
                try await ClaimQueries.waiting(transaction)
            )
        }
        let shownClaims = claims.filter { asked.regions.isEmpty || asked.regions.contains($0.region) }
        let rows = waiting.prefix(Self.pageSize).compactMap { one -> View? in
            switch one {
            case .entry(let id): entries[id].map { row($0, text) }
            case .claim(let id): claims.first { $0.id == id }.map { row($0, text) }
            }
        }
        let total = counts.values.reduce(0, +) + shownClaims.count
        let view: View = [
            "desk": desk.links(words, at: .review),
            "lead": .text(words.count("review.waiting", total)),
            "tabs": .list(tabs(query, counts, shownClaims.count, words)),
            "regions": .list(offices.count > 1 ? regions(query, offices, text) : []),
            "hasRegions": .flag(offices.count > 1),
            "rows": .list(rows),
            "hasRows": .flag(!rows.isEmpty),
            "previous": page > 1
                ? .text(address(query, language) { $0.add("page", page > 2 ? String(page - 1) : nil) })
                : .absent,
            "next": waiting.count > Self.pageSize
                ? .text(address(query, language) { $0.add("page", String(page + 1)) }) : .absent,
        ]
        return try site.answer("review/list", view, head(words("review.title"), "/review", language))
    }

    private func address(_ query: PageQuery, _ language: Language, _ change: (inout PageQuery) -> Void)
        -> String
    {
        var new = PageQuery()
        new.add("kind", query.first("kind"))
        new.add("region", query.first("region"))
        change(&new)
        return new.address("/\(language)/review")
    }

    private func tabs(
        _ query: PageQuery,
        _ counts: [ReviewEntry.Kind: Int],
        _ claims: Int,
        _ words: Wording
    ) -> [View] {
        let all = counts.values.reduce(0, +) + claims
        let kinds: [(String?, String, Int)] =
            [(nil, "all", all)]
            + ReviewEntry.Kind.allCases.map { ($0.rawValue, $0.rawValue, counts[$0] ?? 0) }
            + [("claim", "claim", claims)]
        return kinds.map { kind, name, count in
            var address = PageQuery()
            address.add("kind", kind)
            address.add("region", query.first("region"))
            return [
                "address": .text(address.address("/\(words.language)/review")),
                "label": .text(words("review.tab.\(name)")), "count": .text(words.number(count)),
                "isCurrent": .flag(query.first("kind") == kind),
            ]
        }
    }

    private func regions(_ query: PageQuery, _ offices: [String], _ text: CrewWords) -> [View] {
        ([nil] + offices.map(Optional.some)).map { region in
            var address = PageQuery()
            address.add("kind", query.first("kind"))
            address.add("region", region)
            return [
                "address": .text(address.address("/\(text.language)/review")),
                "label": .text(region.map(text.region) ?? text.words("review.everyRegion")),
                "isCurrent": .flag(query.first("region") == region),
            ]
        }
    }

    private func row(_ entry: ReviewEntry, _ text: CrewWords) -> View {
        [
            "address": .text("/\(text.language)/review/\(entry.id.uuidString.lowercased())"),
            "name": .text(entry.name),
            "kind": .text(text.words("review.kind.\(entry.kind.rawValue)")),
            "what": .text(text.words(entry.isChange ? "review.isChange" : "review.isNew")),
            "code": .text(entry.region), "region": .text(text.region(entry.region)),
            "since": .text(text.words.moment(entry.since)),
        ]
    }

    private func row(_ claim: WaitingClaim, _ text: CrewWords) -> View {
        [
            "address": .text("/\(text.language)/review/claims/\(claim.id.uuidString.lowercased())"),
            "name": .text(claim.name),
            "kind": .text(text.words("review.kind.person")),
            "what": .text(text.words("review.isClaim")),
            "code": .text(claim.region), "region": .text(text.region(claim.region)),
            "since": .text(text.words.moment(claim.madeAt)),
        ]
    }

    // MARK: One

    private func show(
        _ id: UUID,
        _ form: Form,
        _ member: SignedIn,
        _ language: Language,
        status: Int? = nil
    ) async throws -> Answer {
        _ = try desk.offices(of: member)
        let text = try await text(language)
        let words = text.words
        let found = try await databases.member.transaction(settings: member.reader.settings) { transaction in
            try await ReviewCase.find(id, text, transaction)
        }
        guard let found else { throw Problem(.notFound) }
        let entry = found.entry
        let history = try await History.of(id, as: member.reader, databases)
        let path = "/review/\(id.uuidString.lowercased())"
        let isOffer = entry.kind != .person
        let offer = "/\(language)/offers/\(id.uuidString.lowercased())"
        let view: View = [
            "desk": desk.links(words, at: .review),
            "errorSummary": form.summary,
            "stale": .flag(status == 412),
            "name": .text(entry.name),
            "kind": .text(words("review.kind.\(entry.kind.rawValue)")),
            "what": .text(words(entry.isChange ? "review.isChangeLong" : "review.isNewLong")),
            "code": .text(entry.region), "region": .text(text.region(entry.region)),
            "since": .text(words("review.since", ["when": words.moment(entry.since)])),
            "mayDecide": .flag(found.owner?.isReader != true),
            "owner": .optional(
                found.owner.map { owner in
                    ["name": .text(owner.name), "email": .optional(owner.email)] as View
                }
            ),
            "consent": .text(
                words(
                    found.hasConsent
                        ? "review.consentGiven"
                        : found.isInvented ? "review.consentInvented" : "review.consentMissing"
                )
            ),
            "isInvented": .flag(found.isInvented),
            "changes": OwnOfferPages.changes(found.changes),
            "said": .list(
                found.said.map { said in
                    ["label": .text(said.label), "value": .text(said.value), "isInner": .flag(said.isInner)]
                }
            ),
            "photos": .list(found.photos.map { photo($0, entry, words) }),
            "hasPhotos": .flag(!found.photos.isEmpty),
            "edit": isOffer && !entry.isChange ? .text("\(offer)/edit") : .absent,
            "preview": isOffer ? .text("\(offer)/preview") : .absent,
            "action": .text("/\(language)\(path)"),
            "version": .text(String(entry.version)),
            "reason": .view(
                FormField(
                    "reason",
                    words("review.reason"),
                    .area(rows: 4),
                    hint: words("review.reasonHint"),
                    isOptional: true,
                    limit: 2000
                ).view(form)
            ),
            "publish": .text(words(entry.isChange ? "review.publishChange" : "review.publish")),
            "hide": .text(words(entry.isChange ? "review.hidePublic" : "review.hide")),
            "history": history.view(words, member.reader),
        ]
        let head = head(
            entry.name,
            path,
            language,
            isInvented: found.isInvented,
            status: status ?? form.status
        )
        return try site.answer("review/show", view, head)
    }

    private func photo(_ photo: Offer.Photo, _ entry: ReviewEntry, _ words: Wording) -> View {
        let alternatives = [photo.alternativeSv, photo.alternativeEn].compactMap { $0 }
        let captions = [photo.captionSv, photo.captionEn].compactMap { $0 }
        return [
            "address": .text("/photos/\(photo.hash).jpg"), "width": .text(String(photo.width)),
            "height": .text(String(photo.height)),
            "alternative": .text(
                (words.language == .sv ? photo.alternativeSv : photo.alternativeEn) ?? alternatives.first
                    ?? ""
            ),
            "says": .text((captions + alternatives).joined(separator: " / ")),
            "waits": .flag(entry.isChange && photo.waits),
        ]
    }

    // MARK: Deciding

    private enum Decided {
        case done(next: ReviewQueries.Waiting?)
        case stale
        case gone
    }

    private func decide(
        _ request: Request,
        _ context: WebContext,
        _ id: UUID,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        _ = try desk.offices(of: member)
        var form = try await site.form(request, context)
        let reason = form.optionalText("reason", upTo: 2000)
        guard let verdict = ReviewDecision.Verdict(rawValue: form["verdict"]), let version = form.version
        else {
            throw Problem(.malformed)
        }
        if verdict == .returned, reason == nil, form.isValid {
            form.refuse("reason", form.words("review.reasonNeeded"))
        }
        guard form.isValid else { return try await show(id, form, member, language) }
        let decision = ReviewDecision(
            verdict: verdict,
            reason: verdict == .published ? nil : reason,
            letters: site.letters,
            origin: site.origin(for: request)
        )
        let decided: Decided
        do {
            decided = try await Writes.transaction(databases, as: member.reader) { transaction in
                try await take(decision, id, version, transaction)
            }
        } catch let error as PostgresError {
            guard let sentence = ReviewErrors.sentence(for: error) else { throw error }
            form.refuse("reason", sentence[language])
            return try await show(id, form, member, language)
        }
        switch decided {
        case .gone: throw Problem(.notFound)
        case .stale: return try await show(id, form, member, language, status: 412)
        case .done(let next):
            return site.redirect(
                to: "/\(language)\(next?.path ?? "/review")",
                notice: "review.done.\(verdict.rawValue)"
            )
        }
    }

    private func take(
        _ decision: ReviewDecision,
        _ id: UUID,
        _ version: Int64,
        _ transaction: Transaction
    ) async throws -> Decided {
        guard let entry = try await ReviewQueries.find(id, transaction) else { return .gone }
        guard try await decision.take(entry, version: version, transaction) != nil else { return .stale }
        return .done(next: try await ReviewQueries.next(after: entry, transaction))
    }
}
