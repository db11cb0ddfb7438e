internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Whose days a calendar tells: a person's or a location's, as their owner's pages show it.
struct CalendarSubject: Sendable {
    let id: UUID
    let name: String
    /// What the page is called.
    let title: String
    /// Where its owner takes care of it, without the language.
    let home: String
    /// Who sees the days, in words, and the field of the form of details by which that is changed.
    let audience: String
    let audienceField: String
    /// The tabs between the pages of one listing, if there are any.
    let tabs: View.Value
    let section: Site.Section
}

/// The own calendar: a month whose days are chosen by pressing the first and the last, the months as others see them, and
/// how far they are known. Everything works without scripts and by keyboard; one version keeps two windows apart.
struct OwnCalendarPages: Sendable {
    let site: Site
    let databases: Databases
    let vocabularies: @Sendable () async throws -> Vocabularies
    let today: @Sendable () -> Day
    /// Without the language; may hold a parameter.
    let home: String
    /// Whose days they are; nil leads to the home, which says what there is instead.
    let subject: @Sendable (WebContext, SignedIn, Language) async throws -> CalendarSubject?

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            let path = "/\(language)\(home)/calendar"
            table.member(path) { request, context, member in
                guard let subject = try await subject(context, member, language) else {
                    return .redirect(to: "/\(language)\(home)")
                }
                let calendar = try await read(subject, member)
                let query = PageQuery(request.uri.query ?? "")
                var form = OwnCalendarPage.form(calendar, site.words(language))
                for name in ["from", "to"] {
                    if let day = query.first(name).flatMap({ Day($0) }) { form.set(name, "\(day)") }
                }
                let month = query.first("month").flatMap { Day($0 + "-01") }
                return try await page(form, subject, calendar, language, month: month)
            }
            table.member(path + "/days", .post) { request, context, member in
                try await take(request, context, member, language, Self.days)
            }
            table.member(path + "/known", .post) { request, context, member in
                try await take(request, context, member, language, Self.known)
            }
        }
    }

    private func read(_ subject: CalendarSubject, _ member: SignedIn) async throws -> OwnCalendar {
        try await databases.member.transaction(settings: member.reader.settings) { transaction in
            try await OwnCalendarQueries.find(subject.id, transaction)
        }
    }

    private func page(
        _ form: Form,
        _ subject: CalendarSubject,
        _ calendar: OwnCalendar,
        _ language: Language,
        month: Day? = nil,
        clash: FormClash? = nil
    ) async throws -> Answer {
        let words = site.words(language)
        let text = CrewWords(words: words, vocabularies: try await vocabularies())
        let page = OwnCalendarPage(subject: subject, calendar: calendar, text: text, today: today())
        var view = page.view(form, month: month)
        view["tabs"] = subject.tabs
        view["clash"] = .optional(clash?.view(words))
        let head = Site.Head(
            language: language,
            title: subject.title,
            description: words("listing.description"),
            path: "\(subject.home)/calendar",
            section: subject.section,
            isUnlisted: true,
            status: clash == nil ? form.status : 412
        )
        return try site.answer("calendar/show", view, head)
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
        var form = try await site.form(request, context, limit: 16 << 10)
        guard let subject = try await subject(context, member, language) else {
            return site.redirect(to: "/\(language)\(home)", notice: "listing.none")
        }
        let change = reading(&form)
        guard form.isValid, let change else {
            let calendar = try await read(subject, member)
            return try await page(OwnCalendarPage.fill(form, from: calendar), subject, calendar, language)
        }
        let version = form.version ?? -1
        let done = try await Writes.transaction(databases, as: member.reader) { transaction in
            try await Self.perform(change, on: subject.id, version: version, transaction)
        }
        if done { return site.redirect(to: Self.address(subject, change, language), notice: change.notice) }
        let theirs = try await read(subject, member)
        let clash = OwnCalendarPage.clash(change, theirs, form.words)
        form.set("version", String(theirs.version))
        return try await page(
            OwnCalendarPage.fill(form, from: theirs),
            subject,
            theirs,
            language,
            clash: clash
        )
    }

    /// The calendar at the month in which something changed.
    private static func address(_ subject: CalendarSubject, _ change: Change, _ language: Language) -> String
    {
        let path = "/\(language)\(subject.home)/calendar"
        switch change {
        case .known: return path
        case .block(let days), .free(let days):
            guard let first = days.ranges.first?.firstDay else { return path }
            return "\(path)?month=\("\(first)".prefix(7))"
        }
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
