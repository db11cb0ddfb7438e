internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The form of a location or company: saved as often as wanted, sent to the region's office when it is ready.
struct OfferEditPages: Sendable {
    let pages: OfferPages

    /// What a form is about.
    enum Target: Sendable {
        case new(Offer.Kind)
        case stored(Offer)

        var kind: Offer.Kind {
            switch self {
            case .new(let kind): kind
            case .stored(let offer): offer.kind
            }
        }

        var offer: Offer? {
            if case .stored(let offer) = self { offer } else { nil }
        }
    }

    /// `/sv/offers/{id}/edit`.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)/offers/{id}/edit") { _, context, member in
                let offer = try await pages.offer(context, member)
                let text = try await pages.text(language)
                let fields = OfferFields(text: text)
                let values =
                    fields.values(offer.latest.keeping(offer.draft)) + [("version", String(offer.version))]
                return try await answer(Form(text.words, values), .stored(offer), text, status: 200)
            }
            table.member("/\(language)/offers/{id}/edit", .post) { request, context, member in
                let offer = try await pages.offer(context, member)
                return try await take(request, context, .stored(offer), member, language)
            }
        }
    }

    // MARK: Showing

    /// What stands above the form besides errors.
    struct Asides {
        var clash: FormClash?
        /// Public records of a like name.
        var alike: [(name: String, address: String)] = []
        /// Which municipality the point lies in.
        var nearest: String?
    }

    func answer(
        _ form: Form,
        _ target: Target,
        _ text: CrewWords,
        _ asides: Asides = Asides(),
        status: Int
    ) async throws -> Answer {
        let words = text.words
        let kind = target.kind
        let offer = target.offer
        let title =
            offer.map { words("offers.edit", ["name": $0.draft.name]) }
            ?? words("offers.begin.\(kind.rawValue)")
        let path = offer.map { "\($0.path)/edit" } ?? "/\(kind.plural)/offer"
        let isDirect = offer.map { $0.isApproved && !$0.isOwn } ?? false
        let leaflet = kind == .location ? Leaflet(pages.site) : nil
        let view: View = [
            "errorSummary": form.summary,
            "clash": .optional(asides.clash?.view(words)),
            "title": .text(title),
            "backAddress": .text(offer.map { "/\(text.language)\($0.path)" } ?? "/\(text.language)/offers"),
            "backLabel": .text(offer?.draft.name ?? words("offers.own")),
            "lead": .text(
                words(
                    offer.map { $0.isApproved && !isDirect } == true ? "offers.editPublic" : "offers.editLead"
                )
            ),
            "action": .text("/\(text.language)\(path)"),
            "version": .text(form["version"]),
            "sections": .list(OfferFields(text: text).sections(form, kind)),
            "nearest": .optional(asides.nearest),
            "alike": asides.alike.isEmpty ? .absent : .view(alike(asides.alike, kind, form)),
            "consent": consent(form, offer),
            "isDirect": .flag(isDirect),
            "leaflet": .optional(leaflet?.view),
        ]
        return try pages.site.answer(
            "offers/edit",
            view,
            pages.head(title, path, kind, text.language, status: status)
        )
    }

    /// The tick by which publication is agreed to; absent where a consent stands.
    private func consent(_ form: Form, _ offer: Offer?) -> View.Value {
        guard offer?.hasConsent != true, offer?.isOwn != false else { return .absent }
        let words = form.words
        return .view(
            FormField("consent", words("offers.consent"), .tick, hint: words("offers.consentHint")).view(form)
        )
    }

    private func alike(_ found: [(name: String, address: String)], _ kind: Offer.Kind, _ form: Form) -> View {
        let words = form.words
        return [
            "records": .list(
                found.map { record in
                    [
                        "name": .text(record.name),
                        "address": .text("/\(words.language)/\(kind.plural)/\(record.address)"),
                    ]
                }
            ),
            "field": .view(FormField("distinct", words("offers.distinct"), .tick).view(form)),
        ]
    }

    // MARK: Taking

    /// Reads a form, and saves it or shows what is wrong.
    func take(
        _ request: Request,
        _ context: WebContext,
        _ target: Target,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 256 << 10)
        let text = try await pages.text(language)
        let fields = OfferFields(text: text)
        var typed = form
        let draft = fields.read(&typed, target.kind, present: target.offer?.draft)
        var asides = Asides()
        let isPlaced = try await place(draft, text, &typed, &asides)
        if form.has("locate") {
            // Nothing is judged yet: the form comes back with what the point proposes.
            if let proposed = isPlaced { form.set("municipality", proposed) }
            if form.error("point") == nil, let error = typed.error("point") { form.refuse("point", error) }
            return try await answer(form, target, text, asides, status: form.status)
        }
        if form["municipality"].isEmpty, let proposed = isPlaced { typed.set("municipality", proposed) }
        let isSent = form.has("submit")
        if isSent, needsConsent(target), !form.has("consent") {
            typed.refuse("consent", text.words("offers.error.consent"))
        }
        guard typed.isValid else { return try await answer(typed, target, text, asides, status: 400) }
        if target.offer == nil, !form.has("distinct") {
            asides.alike = try await OfferQueries.alike(draft.name, target.kind, pages.databases.open)
            if !asides.alike.isEmpty { return try await answer(typed, target, text, asides, status: 409) }
        }
        return try await save(draft, typed, isSent: isSent, target, member, text)
    }

    private func needsConsent(_ target: Target) -> Bool {
        target.offer?.hasConsent != true && target.offer?.isOwn != false
    }

    /// Holds the municipality against the point: proposed from the nearest outline, confirmed by the person.
    ///
    /// - Returns: the code of the nearest municipality.
    private func place(
        _ draft: OfferDraft,
        _ text: CrewWords,
        _ form: inout Form,
        _ asides: inout Asides
    ) async throws -> String? {
        guard case .location(let location) = draft, let point = location.point else { return nil }
        let near = try await pages.directory.municipalities(near: (point.latitude, point.longitude))
        guard let first = near.first else {
            form.refuse("point", text.words("offers.error.pointOutside"))
            return nil
        }
        let fields = OfferFields(text: text)
        asides.nearest = text.words("offers.nearest", ["town": fields.town(first.code)])
        if location.municipality.isEmpty {
            form.refuse("municipality", text.words("offers.error.confirmTown"))
        } else if !near.contains(where: { $0.code == location.municipality }) {
            let values = ["chosen": fields.town(location.municipality), "nearest": fields.town(first.code)]
            form.refuse("municipality", text.words("offers.error.otherTown", values))
        }
        return first.code
    }

    // MARK: Saving

    private enum Saved {
        case done(UUID)
        case clash(Offer)
    }

    private func save(
        _ draft: OfferDraft,
        _ form: Form,
        isSent: Bool,
        _ target: Target,
        _ member: SignedIn,
        _ text: CrewWords
    ) async throws -> Answer {
        var form = form
        let saved: Saved
        do {
            let version = form.version ?? 0
            saved = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                try await write(draft, version, isSent: isSent, target, member, text.language, transaction)
            }
        } catch let error as PostgresError {
            guard OfferErrors.explain(error, &form) else { throw error }
            return try await answer(form, target, text, status: 400)
        }
        switch saved {
        case .clash(let stored):
            let fields = OfferFields(text: text)
            let clash = fields.clash(draft, stored.latest.keeping(stored.draft))
            form.set("version", String(stored.version))
            return try await answer(form, .stored(stored), text, Asides(clash: clash), status: 412)
        case .done(let id):
            return pages.site.redirect(
                to: "/\(text.language)/offers/\(id.uuidString.lowercased())",
                notice: isSent ? "offers.sent" : "offers.saved"
            )
        }
    }

    private func write(
        _ draft: OfferDraft,
        _ version: Int64,
        isSent: Bool,
        _ target: Target,
        _ member: SignedIn,
        _ language: Language,
        _ transaction: Transaction
    ) async throws -> Saved {
        guard let offer = target.offer else {
            let id = UUID.version7()
            try await draft.create(id: id, for: member.account, transaction)
            if isSent { try await send(id, target.kind, language, transaction) }
            return .done(id)
        }
        guard try await ListingSteps.lock(offer.id, offer.kind.listing, version: version, transaction)
        else {
            guard let now = try await OfferQueries.find(offer.id, transaction) else {
                throw Problem(.notFound)
            }
            return .clash(now)
        }
        if offer.isApproved, offer.isOwn {
            try await OfferQueries.writeAtOnce(draft, to: offer.id, transaction)
            if draft.keeping(offer.draft) != offer.draft || offer.proposal != nil {
                try await ListingProposal.put(try draft.json, for: offer.id, isSent: isSent, transaction)
            }
        } else {
            guard try await draft.write(to: offer.id, version: version, transaction) != nil else {
                throw Problem(.notFound)
            }
            if isSent { try await send(offer.id, offer.kind, language, transaction) }
        }
        return .done(offer.id)
    }

    /// Hands a listing in, with the consent that the tick gave.
    private func send(
        _ id: UUID,
        _ kind: Offer.Kind,
        _ language: Language,
        _ transaction: Transaction
    ) async throws {
        guard let offer = try await OfferQueries.find(id, transaction) else { throw Problem(.notFound) }
        try await OfferQueries.send(offer, language, transaction)
    }
}
