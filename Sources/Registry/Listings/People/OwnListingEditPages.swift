internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Editing the own listing: saved as often as wanted, and sent in from the same form.
struct OwnListingEditPages: Sendable {
    let pages: PeoplePages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let path = "/\(language)\(PeoplePages.home)/edit"
            table.member(path) { _, _, member in
                guard let listing = try await pages.listing(member) else {
                    return .redirect(to: "/\(language)\(PeoplePages.home)")
                }
                let text = try await pages.text(language)
                return try page(pages.form(text).form(listing), listing, text)
            }
            table.member(path, .post) { request, context, member in
                try await take(request, context, member, language)
            }
        }
    }

    private func page(
        _ form: Form,
        _ listing: OwnListing,
        _ text: CrewWords,
        clash: FormClash? = nil
    ) throws -> Answer {
        let printed = pages.form(text)
        var view = printed.view(form)
        view["tabs"] = pages.tabs("edit", text.language)
        view["name"] = .text(listing.name)
        view["action"] = .text("/\(text.language)\(PeoplePages.home)/edit")
        view["clash"] = .optional(clash?.view(text.words))
        view["reason"] = listing.state == .returned ? .optional(listing.stateReason) : .absent
        view["note"] = .text(text.words("listing.editNote.\(listing.state.rawValue)"))
        let maySubmit = OwnListingPages.Step.submit.states.contains(listing.state)
        view["submit"] =
            maySubmit
            ? .text(text.words(listing.state == .draft ? "listing.submit" : "listing.submitAgain")) : .absent
        view["save"] = .text(
            text.words(listing.state == .draft ? "listing.saveDraft" : "listing.save")
        )
        view["consent"] = maySubmit ? .view(printed.consentField(form)) : .absent
        let status = clash == nil ? form.status : 412
        let head = pages.head("edit", text.language, path: "/edit", status: status)
        return try pages.site.answer("people/edit", view, head)
    }

    // MARK: Saving

    /// What became of a form.
    private enum Taken {
        case saved, submitted, clash
    }

    private func take(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 256 << 10)
        guard let listing = try await pages.listing(member) else {
            return pages.done("listing.none", language)
        }
        let text = try await pages.text(language)
        let maySubmit = OwnListingPages.Step.submit.states.contains(listing.state)
        let isSubmitting = maySubmit && form.has("submit")
        let draft = pages.form(text).read(&form, mustBeWhole: isSubmitting || listing.state != .draft)
        if isSubmitting, !form.has("consent") {
            form.refuse("consent", text.words("listing.consentNeeded"))
        }
        guard form.isValid else { return try page(form, listing, text) }
        let consents = form.has("consent")
        let version = form.version ?? 0
        let taken: Taken = try await OwnListingPages.refusing {
            try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                guard
                    let saved = try await CrewWriting.change(
                        listing.key(),
                        to: draft,
                        version: version,
                        transaction
                    )
                else { return .clash }
                if maySubmit { try await consent(consents, of: listing, transaction) }
                guard isSubmitting else { return .saved }
                let done = try await OwnListingPages.perform(
                    .submit,
                    on: listing.key(),
                    saved,
                    consenting: false,
                    transaction
                )
                return done ? .submitted : .clash
            }
        }
        switch taken {
        case .saved:
            let isShown = listing.state == .published
            return pages.done(isShown ? "listing.savedPublic" : "listing.saved", language, "/edit")
        case .submitted: return pages.done("listing.done.submit", language)
        case .clash:
            guard let now = try await pages.listing(member) else {
                return pages.done("listing.none", language)
            }
            form.set("version", String(now.version))
            return try page(form, now, text, clash: pages.form(text).clash(form, with: now))
        }
    }

    /// Keeps the tick with the draft: given now, or taken back.
    private func consent(
        _ isGiven: Bool,
        of listing: OwnListing,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        if isGiven {
            try await CrewWriting.consent(
                to: listing.key(),
                textVersion: OwnListing.consentText,
                source: OwnListing.consentSource,
                transaction
            )
        } else if listing.consent != nil {
            try await CrewWriting.withdrawConsent(of: listing.key(), transaction)
        }
    }
}
