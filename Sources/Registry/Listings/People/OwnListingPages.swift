internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The overview of the own listing: its state and what follows from it, and everything that is decided with one button.
struct OwnListingPages: Sendable {
    let pages: PeoplePages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let base = "/\(language)\(PeoplePages.home)"
            table.member(base) { _, _, member in
                guard let listing = try await pages.listing(member) else {
                    return try await RegisterPages(pages: pages).start(nil, member, language)
                }
                return try await overview(listing, member, language)
            }
            for step in Step.allCases {
                table.member("\(base)/\(step.rawValue)", .post) { request, context, member in
                    try await take(step, request, context, member, language)
                }
            }
            table.member(base + "/delete") { _, _, member in
                guard let listing = try await pages.listing(member) else { return .redirect(to: base) }
                return try await question(listing, Form(pages.site.words(language)), language)
            }
            table.member(base + "/delete", .post) { request, context, member in
                try await delete(request, context, member, language)
            }
        }
    }

    // MARK: Showing

    /// - Parameter isStale: whether a button was pressed on an older state, which did nothing.
    func overview(
        _ listing: OwnListing,
        _ member: SignedIn,
        _ language: Language,
        isStale: Bool = false,
        errors form: Form? = nil
    ) async throws -> Answer {
        let text = try await pages.text(language)
        let days = try await pages.databases.member.transaction(settings: member.reader.settings) {
            try await OwnCalendarQueries.find(listing.key(), $0)
        }
        let page = OwnListingPage(listing: listing, calendar: days, text: text, today: pages.today())
        var view = page.view
        view["tabs"] = pages.tabs("own", language)
        view["isStale"] = .flag(isStale)
        view["errorSummary"] = form?.summary ?? .absent
        view["consent"] =
            listing.consent?.textVersion == OwnListing.consentText
            ? .absent : .view(pages.form(text).consentField(form ?? Form(text.words)))
        view["claims"] = try await ClaimPages(pages: pages).view(of: member, text)
        let history = try await History.of(listing.key(), as: member.reader, pages.databases)
        view["history"] = history.view(text.words, member.reader)
        let status = isStale ? 412 : form?.status ?? 200
        return try pages.site.answer("people/own", view, pages.head("own", language, status: status))
    }

    // MARK: One button

    /// What is done with one button.
    enum Step: String, CaseIterable {
        /// Into the office's queue.
        case submit
        /// Out of it again.
        case takeBack = "take-back"
        /// It is right as of today.
        case renew
        /// Out of the public's sight, and the consent back.
        case hide
        /// Back into the public's sight: its owner had hidden it.
        case show
        /// Changes of what is public: into the office's queue, out of it, away.
        case sendChange = "send-change"
        case takeBackChange = "take-back-change"
        case discardChange = "discard-change"

        /// Whether it can be taken now; the database holds members to the same.
        func isPossible(_ listing: OwnListing) -> Bool {
            switch self {
            case .submit:
                [.draft, .returned].contains(listing.state) || listing.state == .hidden && !listing.isApproved
            case .takeBack: listing.state == .inReview
            case .renew, .hide: listing.state == .published || listing.state == .lapsed
            case .show: listing.state == .hidden && listing.isApproved
            case .sendChange: proposal(listing).map { $0 != .inReview } ?? false
            case .takeBackChange: proposal(listing) == .inReview
            case .discardChange: proposal(listing) != nil
            }
        }

        private func proposal(_ listing: OwnListing) -> ListingState? {
            listing.isApproved ? listing.proposal?.state : nil
        }

        /// Whether it needs the consent to publication.
        var needsConsent: Bool { self == .submit || self == .show }
    }

    private func take(
        _ step: Step,
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 16 << 10)
        guard let listing = try await pages.listing(member) else {
            return pages.done("listing.none", language)
        }
        guard let version = form.version, version == listing.version else {
            return try await overview(listing, member, language, isStale: true)
        }
        guard step.isPossible(listing) else { throw Problem(.conflict) }
        if step.needsConsent {
            if listing.roles.isEmpty { return pages.done("listing.roleFirst", language, "/edit") }
            let stands = listing.consent?.textVersion == OwnListing.consentText
            if !stands, !form.has("consent") {
                form.refuse("consent", form.words("listing.consentNeeded"))
                return try await overview(listing, member, language, errors: form)
            }
        }
        let gives = form.has("consent")
        let done = try await Self.refusing {
            try await Writes.transaction(pages.databases, as: member.reader) { transaction in
                try await Self.perform(step, on: listing.key(), version, consenting: gives, transaction)
            }
        }
        guard done else {
            guard let now = try await pages.listing(member) else {
                return pages.done("listing.none", language)
            }
            return try await overview(now, member, language, isStale: true)
        }
        return pages.done("listing.done.\(step.rawValue)", language)
    }

    /// Takes a step; false when the listing has another version meanwhile.
    static func perform(
        _ step: Step,
        on id: UUID,
        _ version: Int64,
        consenting: Bool,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        switch step {
        case .submit:
            let done = try await ListingSteps.set(.inReview, of: id, .person, version: version, transaction)
            return try await agree(done, consenting, id, transaction)
        case .takeBack:
            return try await ListingSteps.set(.draft, of: id, .person, version: version, transaction) != nil
        case .renew:
            return try await ListingSteps.renew(id, .person, version: version, transaction) != nil
        case .show:
            let done = try await ListingSteps.renew(id, .person, version: version, transaction)
            return try await agree(done, consenting, id, transaction)
        case .hide:
            let done = try await ListingSteps.set(.hidden, of: id, .person, version: version, transaction)
            guard done != nil else { return false }
            try await ListingSteps.withdrawConsent(of: id, transaction)
            return true
        case .sendChange, .takeBackChange, .discardChange:
            guard try await ListingSteps.lock(id, .person, version: version, transaction) else {
                return false
            }
            try await change(step, id, transaction)
            return true
        }
    }

    private static func change(_ step: Step, _ id: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        switch step {
        case .sendChange: try await ListingProposal.set(.inReview, of: id, transaction)
        case .takeBackChange: try await ListingProposal.set(.draft, of: id, transaction)
        default: try await ListingProposal.drop(of: id, transaction)
        }
    }

    /// Notes the consent that came with a step; false when the step was not taken.
    private static func agree(
        _ done: Int64?,
        _ isConsenting: Bool,
        _ id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        guard done != nil else { return false }
        guard isConsenting else { return true }
        try await ListingSteps.consent(
            to: id,
            textVersion: OwnListing.consentText,
            source: OwnListing.consentSource,
            transaction
        )
        return true
    }

    /// A step that the state does not have is a conflict, not a missing right.
    static func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError where error.constraint == "person_state_step" {
            throw Problem(.conflict)
        }
    }

    // MARK: Deleting

    private func question(_ listing: OwnListing, _ form: Form, _ language: Language) async throws -> Answer {
        let words = form.words
        let view: View = [
            "errorSummary": form.summary,
            "name": .text(listing.name),
            "version": .text(String(listing.version)),
            "back": .text("/\(language)\(PeoplePages.home)"),
            "action": .text("/\(language)\(PeoplePages.home)/delete"),
            "sure": .view(FormField("sure", words("listing.deleteSure"), .tick).view(form)),
        ]
        let head = pages.head("delete", language, path: "/delete", status: form.status)
        return try pages.site.answer("people/delete", view, head)
    }

    private func delete(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 8 << 10)
        guard let listing = try await pages.listing(member) else {
            return pages.done("listing.none", language)
        }
        if !form.has("sure") { form.refuse("sure", form.words("listing.deleteSureNeeded")) }
        guard form.isValid else { return try await question(listing, form, language) }
        let version = form.version ?? 0
        let done = try await Writes.transaction(pages.databases, as: member.reader) {
            try await OwnListingQueries.erase(version: version, $0)
        }
        guard done else {
            guard let now = try await pages.listing(member) else {
                return pages.done("listing.none", language)
            }
            return try await overview(now, member, language, isStale: true)
        }
        return pages.site.redirect(to: "/\(language)/account", notice: "listing.deleted")
    }
}
