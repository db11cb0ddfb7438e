internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// What somebody offers: the list, and each with its state and the steps that may be taken.
struct OwnOfferPages: Sendable {
    let pages: OfferPages

    /// `/sv/offers` and what lies under one of them.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/offers") { _, _, member in try await list(member, language) }
            table.member("/\(language)/offers/{id}") { _, context, member in
                try await show(try await pages.offer(context, member), member, language)
            }
            table.member("/\(language)/offers/{id}/state", .post) { request, context, member in
                let form = try await pages.site.form(request, context)
                return try await step(form, try await pages.offer(context, member), member, language)
            }
            table.member("/\(language)/offers/{id}/delete") { _, context, member in
                try ask(try await pages.offer(context, member), language)
            }
            table.member("/\(language)/offers/{id}/delete", .post) { request, context, member in
                let form = try await pages.site.form(request, context)
                return try await delete(form, try await pages.offer(context, member), member, language)
            }
        }
    }

    // MARK: The list

    private func list(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let text = try await pages.text(language)
        let words = text.words
        let fields = OfferFields(text: text)
        let rows = try await OfferQueries.own(member.account, pages.databases.member, member.reader)
        let view: View = [
            "rows": .list(
                rows.map { row in
                    [
                        "address": .text("/\(language)/offers/\(row.id.uuidString.lowercased())"),
                        "name": .text(row.name),
                        "kind": .text(words("offers.kind.\(row.kind.rawValue)")),
                        "town": .text(fields.town(row.municipality)),
                        "state": .text(words("offers.state.\(row.state.rawValue)")),
                        "tone": .text(OfferPages.tone(row.state)),
                        "proposal": .optional(row.proposal.map { words("offers.proposal.\($0.rawValue)") }),
                        "renewed": .text(words("crew.renewedOn", ["day": words.day(row.renewedOn)])),
                    ]
                }
            ),
            "isEmpty": .flag(rows.isEmpty),
        ]
        return try pages.site.answer(
            "offers/list",
            view,
            pages.head(words("offers.own"), "/offers", nil, language)
        )
    }

    // MARK: One

    private func show(_ offer: Offer, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let text = try await pages.text(language)
        let words = text.words
        let fields = OfferFields(text: text)
        let own = "/\(language)\(offer.path)"
        let history = try await History.of(offer.id, as: member.reader, pages.databases)
        let differences = offer.proposal.map {
            fields.differences(offer.draft, $0.draft.keeping(offer.draft))
        }
        let view: View = [
            "name": .text(offer.draft.name),
            "kind": .text(words("offers.kind.\(offer.kind.rawValue)")),
            "town": .text(fields.town(offer.draft.municipality)),
            "isOwn": .flag(offer.isOwn),
            "state": .view(pages.state(offer, words)),
            "renewed": offer.publicPath != nil || offer.state == .lapsed
                ? .text(words("crew.renewedOn", ["day": words.day(offer.renewedOn)])) : .absent,
            "publicAddress": .optional(offer.publicPath.map { "/\(language)\($0)" }),
            "action": .text("\(own)/state"),
            "version": .text(String(offer.version)),
            "steps": .list(steps(offer).map { step(named: $0, offer, words) }),
            "consent": steps(offer).contains("submit") && needsConsent(offer)
                ? .view(
                    FormField("consent", words("offers.consent"), .tick, hint: words("offers.consentHint"))
                        .view(Form(words))
                ) : .absent,
            "edit": .text("\(own)/edit"),
            "photosAddress": .text("\(own)/photos"),
            "photos": .text(words.count("offers.photosCount", offer.photos.count)),
            "waiting": .optional(
                offer.photos.contains(where: \.waits) ? words("offers.photosWaiting") : nil
            ),
            "calendar": offer.kind == .location ? .text("\(own)/calendar") : .absent,
            "preview": .text("\(own)/preview"),
            "delete": offer.isOwn ? .text("\(own)/delete") : .absent,
            "changes": differences.map { Self.changes($0) } ?? .absent,
            "said": .list(
                fields.said(offer.draft).map { ["label": .text($0.label), "value": .text($0.value)] }
            ),
            "history": history.view(words, member.reader),
        ]
        return try pages.site.answer(
            "offers/show",
            view,
            pages.head(offer.draft.name, offer.path, offer.kind, language)
        )
    }

    static func changes(_ differences: [(label: String, before: String, after: String)]) -> View.Value {
        guard !differences.isEmpty else { return .absent }
        return .view([
            "rows": .list(
                differences.map { row in
                    [
                        "label": .text(row.label), "before": .text(row.before.isEmpty ? "–" : row.before),
                        "after": .text(row.after.isEmpty ? "–" : row.after),
                    ]
                }
            )
        ])
    }

    private func needsConsent(_ offer: Offer) -> Bool { offer.isOwn && !offer.hasConsent }

    /// What may be done with it now, by its owner.
    private func steps(_ offer: Offer) -> [String] {
        guard offer.isOwn else { return [] }
        var steps: [String] =
            switch offer.state {
            case .draft, .returned: ["submit"]
            case .inReview: ["withdraw"]
            case .published: ["renew", "hide"]
            case .lapsed: ["renew", "hide"]
            case .hidden: offer.isApproved ? ["show"] : ["submit"]
            case .erased: []
            }
        if offer.isApproved, let proposal = offer.proposal {
            steps.insert(proposal.state == .inReview ? "withdrawProposal" : "sendProposal", at: 0)
            steps.append("discardProposal")
        }
        return steps
    }

    private func step(named name: String, _ offer: Offer, _ words: Wording) -> View {
        let isMain =
            ["submit", "show", "sendProposal"].contains(name) || name == "renew" && offer.state == .lapsed
        return [
            "value": .text(name), "label": .text(words("offers.step.\(name)")), "isMain": .flag(isMain),
            "takesConsent": .flag(name == "submit" && needsConsent(offer)),
        ]
    }

    // MARK: Steps

    private func step(_ form: Form, _ offer: Offer, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        let own = "/\(language)\(offer.path)"
        let name = form["step"]
        guard let version = form.version, steps(offer).contains(name) else {
            return pages.site.redirect(to: own, notice: "offers.stale")
        }
        if name == "submit", needsConsent(offer), !form.has("consent") {
            return pages.site.redirect(to: own, notice: "offers.consentNeeded")
        }
        let done = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            guard try await ListingSteps.lock(offer.id, offer.kind.listing, version: version, transaction)
            else {
                return false
            }
            if name.hasSuffix("Proposal") {
                try await stepProposal(name, offer, transaction)
                return true
            }
            return try await stepListing(name, offer, language, transaction)
        }
        return pages.site.redirect(to: own, notice: done ? "offers.done.\(name)" : "offers.stale")
    }

    private func stepProposal(_ name: String, _ offer: Offer, _ transaction: Transaction) async throws {
        switch name {
        case "discardProposal": try await ListingProposal.drop(of: offer.id, transaction)
        case "sendProposal": try await ListingProposal.set(.inReview, of: offer.id, transaction)
        default: try await ListingProposal.set(.draft, of: offer.id, transaction)
        }
    }

    // The compiler of Swift 6.3 crashes on it when it optimizes for release.
    @_optimize(none)
    private func stepListing(
        _ name: String,
        _ offer: Offer,
        _ language: Language,
        _ transaction: Transaction
    ) async throws -> Bool {
        switch name {
        case "submit":
            try await OfferQueries.send(offer, language, transaction)
            return true
        case "renew", "show":
            return try await ListingSteps.renew(
                offer.id,
                offer.kind.listing,
                version: offer.version,
                transaction
            ) != nil
        default:
            return try await ListingSteps.set(
                name == "hide" ? .hidden : .draft,
                of: offer.id,
                offer.kind.listing,
                version: offer.version,
                transaction
            ) != nil
        }
    }

    // MARK: Taking away

    private func ask(_ offer: Offer, _ language: Language) throws -> Answer {
        guard offer.isOwn else { throw Problem(.forbidden) }
        let words = pages.site.words(language)
        let title = words("offers.deleteTitle", ["name": offer.draft.name])
        let view: View = [
            "title": .text(title), "backAddress": .text("/\(language)\(offer.path)"),
            "backLabel": .text(offer.draft.name),
            "action": .text("/\(language)\(offer.path)/delete"), "version": .text(String(offer.version)),
        ]
        return try pages.site.answer(
            "offers/delete",
            view,
            pages.head(title, "\(offer.path)/delete", offer.kind, language)
        )
    }

    private func delete(_ form: Form, _ offer: Offer, _ member: SignedIn, _ language: Language) async throws
        -> Answer
    {
        let version = form.version ?? 0
        let done = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            try await OfferQueries.erase(offer.id, version: version, transaction)
        }
        guard done else {
            return pages.site.redirect(to: "/\(language)\(offer.path)", notice: "offers.stale")
        }
        return pages.site.redirect(
            to: "/\(language)/offers",
            notice: "offers.deleted",
            ["name": offer.draft.name]
        )
    }
}
