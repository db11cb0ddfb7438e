internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// The own calendar: the months as others see them, days marked as taken or free from one day to another, and how far it
/// is known. Everything works without scripts.
struct OwnCalendarPages: Sendable {
    let pages: PeoplePages

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let path = "/\(language)\(PeoplePages.home)/calendar"
            table.member(path) { _, _, member in
                guard let (listing, calendar) = try await read(member) else {
                    return .redirect(to: "/\(language)\(PeoplePages.home)")
                }
                let form = OwnCalendarPage.form(calendar, pages.site.words(language))
                return try await page(form, listing, calendar, language)
            }
            table.member(path + "/days", .post) { request, context, member in
                try await take(request, context, member, language, Self.days)
            }
            table.member(path + "/known", .post) { request, context, member in
                try await take(request, context, member, language, Self.known)
            }
        }
    }

    private func read(_ member: SignedIn) async throws -> (OwnListing, OwnCalendar)? {
        try await pages.databases.member.transaction(settings: member.reader.settings) { transaction in
            guard
                let listing = try await OwnListingQueries.find(.own(account: member.account), transaction)
            else { return nil }
            return (listing, try await OwnCalendarQueries.find(listing.key(), transaction))
        }
    }

    private func page(
        _ form: Form,
        _ listing: OwnListing,
        _ calendar: OwnCalendar,
        _ language: Language,
        clash: FormClash? = nil
    ) async throws -> Answer {
        let text = try await pages.text(language)
        let page = OwnCalendarPage(listing: listing, calendar: calendar, text: text, today: pages.today())
        var view = page.view(form)
        view["tabs"] = pages.tabs("calendar", language)
        view["clash"] = .optional(clash?.view(text.words))
        let status = clash == nil ? form.status : 412
        let head = pages.head("calendar", language, path: "/calendar", status: status)
        return try pages.site.answer("people/calendar", view, head)
    }

    // MARK: Changing

    /// What a form asks for.
    enum Change: Hashable, Sendable {
        case block(DayMultirange)
        case free(DayMultirange)
        case known(DayRange?)

        /// The sentence that says that it was done.
        var notice: String {
            switch self {
            case .block: "listing.daysTaken"
            case .free: "listing.daysFree"
            case .known: "listing.knownSaved"
            }
        }
    }

    private func take(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language,
        _ reading: (inout Form) -> Change?
    ) async throws -> Answer {
        var form = try await pages.site.form(request, context, limit: 16 << 10)
        guard let (listing, calendar) = try await read(member) else {
            return pages.done("listing.none", language)
        }
        let change = reading(&form)
        guard form.isValid, let change else {
            let filled = OwnCalendarPage.fill(form, from: calendar)
            return try await page(filled, listing, calendar, language)
        }
        let id = try listing.key()
        let version = form.version ?? -1
        let done = try await Writes.transaction(pages.databases, as: member.reader) { transaction in
            try await Self.perform(change, on: id, version: version, transaction)
        }
        if done { return pages.done(change.notice, language, "/calendar") }
        guard let (now, theirs) = try await read(member) else {
            return pages.done("listing.none", language)
        }
        let clash = OwnCalendarPage.clash(change, theirs, form.words)
        form.set("version", String(theirs.version))
        let filled = OwnCalendarPage.fill(form, from: theirs)
        return try await page(filled, now, theirs, language, clash: clash)
    }

    /// Changes a calendar; false when it has another version.
    static func perform(
        _ change: Change,
        on subject: UUID,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let begun = try await OwnCalendarQueries.begin(subject, version: version, transaction)
        guard begun != nil else { return false }
        switch change {
        case .block(let days): try await OwnCalendarQueries.block(days, of: subject, transaction)
        case .free(let days): try await OwnCalendarQueries.free(days, of: subject, transaction)
        case .known(let known): try await OwnCalendarQueries.setKnown(known, of: subject, transaction)
        }
        return true
    }

    private static func days(_ form: inout Form) -> Change? {
        let from = form.day("from")
        let to = form["to"].isEmpty ? from : form.day("to")
        guard let from, let to else { return nil }
        guard from <= to else {
            form.refuse("to", form.words("listing.endBeforeStart"))
            return nil
        }
        let days = DayMultirange([DayRange(first: from, last: to)])
        return form.has("free") ? .free(days) : .block(days)
    }

    private static func known(_ form: inout Form) -> Change? {
        let from = form.day("knownFrom", isOptional: true)
        let to = form.day("knownTo", isOptional: true)
        guard form.isValid else { return nil }
        switch (from, to) {
        case (nil, nil): return .known(nil)
        case (let from?, let to?):
            if from <= to { return .known(DayRange(first: from, last: to)) }
            form.refuse("knownTo", form.words("listing.endBeforeStart"))
        case (nil, _): form.refuse("knownFrom", form.words("listing.bothEnds"))
        case (_, nil): form.refuse("knownTo", form.words("listing.bothEnds"))
        }
        return nil
    }
}
