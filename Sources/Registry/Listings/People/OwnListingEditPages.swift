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
        let returned = listing.proposal?.state == .returned ? listing.proposal?.stateReason : nil
        view["reason"] = .optional(listing.state == .returned ? listing.stateReason : returned)
        view["note"] = .text(
            text.words("listing.editNote.\(listing.isApproved ? "approved" : listing.state.rawValue)")
        )
        let maySubmit = OwnListingPages.Step.submit.isPossible(listing)
        let submit =
            listing.isApproved
            ? "listing.sendChange" : listing.state == .draft ? "listing.submit" : "listing.submitAgain"
        view["submit"] = maySubmit || listing.isApproved ? .text(text.words(submit)) : .absent
        let isDraft = listing.state == .draft || listing.isApproved
        view["save"] = .text(text.words(isDraft ? "listing.saveDraft" : "listing.save"))
        view["consent"] = maySubmit ? .view(printed.consentField(form)) : .absent
        let status = clash == nil ? form.status : 412
        let head = pages.head("edit", text.language, path: "/edit", status: status)
        return try pages.site.answer("people/edit", view, head)
    }

    // MARK: Saving

    /// What became of a form.
    private enum Taken {
        case saved, submitted, changed, kept, clash
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
        let maySubmit = OwnListingPages.Step.submit.isPossible(listing)
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
                if listing.isApproved {
                    return try await propose(draft, listing, version, isSent: form.has("submit"), transaction)
                }
                return try await save(draft, listing, version, isSubmitting, consents, transaction)
            }
        }
        switch taken {
        case .saved: return pages.done("listing.saved", language, "/edit")
        case .kept: return pages.done("listing.changeKept", language)
        case .changed: return pages.done("listing.done.\(OwnListingPages.Step.sendChange.rawValue)", language)
        case .submitted: return pages.done("listing.done.submit", language)
        case .clash:
            guard let now = try await pages.listing(member) else {
                return pages.done("listing.none", language)
            }
            form.set("version", String(now.version))
            return try page(form, now, text, clash: pages.form(text).clash(form, with: now))
        }
    }

    /// What the public listing is to say, and at once what needs no leave.
    private func propose(
        _ draft: CrewWriting.Draft,
        _ listing: OwnListing,
        _ version: Int64,
        isSent: Bool,
        _ transaction: Transaction
    ) async throws -> Taken {
        guard try await ListingSteps.lock(listing.key(), .person, version: version, transaction) else {
            return .clash
        }
        let waits = try await OwnListingQueries.propose(draft, for: listing, isSent: isSent, transaction)
        return !waits ? .saved : isSent ? .changed : .kept
    }

    private func save(
        _ draft: CrewWriting.Draft,
        _ listing: OwnListing,
        _ version: Int64,
        _ isSubmitting: Bool,
        _ consents: Bool,
        _ transaction: Transaction
    ) async throws -> Taken {
        let id = try listing.key()
        let saved = try await CrewWriting.change(id, to: draft, version: version, transaction)
        guard let saved else { return .clash }
        if OwnListingPages.Step.submit.isPossible(listing) {
            try await consent(consents, of: listing, transaction)
        }
        guard isSubmitting else { return .saved }
        let done = try await OwnListingPages.perform(
            .submit,
            on: id,
            saved,
            consenting: false,
            transaction
        )
        return done ? .submitted : .clash
    }

    /// Keeps the tick with the draft: given now, or taken back.
    private func consent(
        _ isGiven: Bool,
        of listing: OwnListing,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        if isGiven {
            try await ListingSteps.consent(
                to: listing.key(),
                textVersion: OwnListing.consentText,
                source: OwnListing.consentSource,
                transaction
            )
        } else if listing.consent != nil {
            try await ListingSteps.withdrawConsent(of: listing.key(), transaction)
        }
    }
}
