internal import FoundationEssentials
internal import Hummingbird
internal import Postgres
public import Web

/// The pages of crew: the search, a person, a whole crew.
///
/// `CrewSearchForm` and `StaffingForm` read addresses, `CrewSearchPage`, `CrewFilterView`, `CrewPersonPage` and
/// `StaffingPage` are what the templates print, `CrewWords` says what is known of somebody's days, and `CrewRelaxation`
/// looks for a way on where little was found.
public struct CrewPages: Sendable {
    private let site: Site
    private let crew: PublicCrew
    private let vocabularies: @Sendable () async throws -> Vocabularies
    private let today: @Sendable () -> Day
    private let history: Histories
    private let shared: Sharing

    /// Tells what was changed on a person, as far as the reader may see it.
    typealias Histories = @Sendable (UUID, Reader) async throws -> History

    /// What a person shares with approved searchers; nil for a reader who is none.
    typealias Sharing = @Sendable (_ person: String, Reader) async throws -> SharedWithSearchers?

    /// Contact fields and days.
    struct SharedWithSearchers: Sendable {
        let contacts: [CrewListing.Contact.Field]
        let calendar: CrewCalendar?
    }

    /// - Parameters:
    ///   - today: the day in Stockholm; a test gives its own.
    ///   - history: of a person, for the office and the person.
    ///   - shared: what approved searchers see besides.
    init(
        site: Site,
        crew: PublicCrew,
        vocabularies: @escaping @Sendable () async throws -> Vocabularies,
        today: @escaping @Sendable () -> Day,
        history: @escaping Histories = { _, _ in History() },
        shared: @escaping Sharing = { _, _ in nil }
    ) {
        self.shared = shared
        self.history = history
        self.site = site
        self.crew = crew
        self.vocabularies = vocabularies
        self.today = today
    }

    /// All addresses of these pages.
    public func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/crew") { request, _ in
                try await search(PageQuery(request.uri.query ?? ""), language)
            }
            table.page("/\(language)/crew/staffing") { request, _ in
                try await staffing(PageQuery(request.uri.query ?? ""), language)
            }
            table.page("/\(language)/crew/{slug}") { request, context in
                let slug = try context.parameters.require("slug")
                return try await person(slug, PageQuery(request.uri.query ?? ""), language)
            }
        }
    }

    // MARK: Search

    func search(_ query: PageQuery, _ language: Language) async throws -> Answer {
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = CrewSearchForm(query, text.vocabularies, text.words, today: today())
        let canonical = form.canonical
        if form.errors.isEmpty, canonical != query {
            return .redirect(to: canonical.address("/\(language)/crew"))
        }

        let found = form.errors.isEmpty ? try await find(form, text) : nil
        if let total = found?.results.total, total > 0, CrewSearchForm.pages(of: total) < form.page {
            // An address kept from when there were more: the last page tells more than an empty one.
            let last = form.changed { $0.page = CrewSearchForm.pages(of: total) }
            return .redirect(to: last.canonical.address("/\(language)/crew"))
        }
        let page = CrewSearchPage(form: form, found: found, text: text, today: today())
        let head = Site.Head(
            language: language,
            title: page.heading,
            description: text.words("crew.description"),
            path: "/crew",
            query: canonical,
            section: .crew,
            isWide: true,
            isDemonstration: found?.listings.contains(where: \.invented) ?? false,
            isUnlisted: !canonical.items.isEmpty,
            status: form.errors.isEmpty ? 200 : 400
        )
        return try site.answer("crew/search", page.view, head)
    }

    private func find(_ form: CrewSearchForm, _ text: CrewWords) async throws -> CrewSearchPage.Found {
        var search = form.search
        search.facets = Set(CrewFacet.allCases)
        if search.regions.isEmpty, !form.shown.contains("municipality") {
            search.facets.remove(.municipality)
        }
        search.countsCoverages = !search.dates.isEmpty
        let results = try await crew.find(search)
        var found = CrewSearchPage.Found(
            results: results,
            listings: try results.items.map { try $0.listing() }
        )
        found.totals = results.totals
        if results.total <= CrewRelaxation.fewest {
            found.relaxations = try await CrewRelaxation(form: form, text: text, crew: crew).find(found)
        }
        return found
    }

    // MARK: A person

    func person(_ slug: String, _ query: PageQuery, _ language: Language) async throws -> Answer {
        guard let record = try await crew.record(slug) else { throw Problem(.notFound) }
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = CrewSearchForm(query, text.vocabularies, text.words, today: today())
        var canonical = PageQuery()
        canonical.add("dates", CrewSearchForm.written(form.search.dates))
        let path = "/crew/\(record.listing.slug)"
        if form.unreadableDates == nil, canonical != query || slug != record.listing.slug {
            return .redirect(to: canonical.address("/\(language)\(path)"))
        }
        guard let open = try await crew.calendar(record.listing.id) else { throw Problem(.notFound) }
        let reader = Visit.current?.reader ?? .anyone
        let shared = try await shared(record.listing.id, reader)
        var page = CrewPersonPage(
            record: record,
            calendar: shared?.calendar ?? open,
            text: text,
            today: today()
        )
        page.sharedContacts = shared?.contacts
        page.asked = form.search.dates
        if let typed = form.unreadableDates, let error = form.errors.first(where: { $0.field == "dates" }) {
            page.unreadable = (typed, error.message)
        }
        let roles = text.words.list(record.listing.roles.prefix(3).map { text.role($0.code) })
        let values = ["roles": roles, "region": text.region(record.listing.homeRegion)]
        let head = Site.Head(
            language: language,
            title: page.title,
            description: text.words("crew.personDescription", values),
            path: path,
            query: canonical,
            section: .crew,
            isDemonstration: record.listing.invented,
            isUnlisted: record.listing.invented || !canonical.items.isEmpty,
            status: page.unreadable == nil ? 200 : 400
        )
        var view = page.view
        view["preview"] = .absent
        view["history"] = .absent
        if let id = UUID(uuidString: record.listing.id) {
            view["history"] = try await history(id, reader).view(text.words, reader)
        }
        return try site.answer("crew/person", view, head)
    }

    // MARK: A whole crew

    func staffing(_ query: PageQuery, _ language: Language) async throws -> Answer {
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = StaffingForm(query, text.vocabularies, text.words, today: today())
        let canonical = form.canonical
        if form.isSent, form.errors.isEmpty, canonical != query {
            return .redirect(to: canonical.address("/\(language)/crew/staffing"))
        }
        var page = StaffingPage(form: form, text: text)
        if form.isSent, form.errors.isEmpty {
            let request = StaffingRequest(dates: form.dates, regions: form.regions, posts: form.posts)
            page.result = try await crew.staff(request)
        }
        let head = Site.Head(
            language: language,
            title: text.words("staffing.title"),
            description: text.words("staffing.description"),
            path: "/crew/staffing",
            query: form.isSent ? canonical : PageQuery(),
            section: .staffing,
            isWide: true,
            isUnlisted: form.isSent,
            status: form.errors.isEmpty ? 200 : 400
        )
        return try site.answer("crew/staffing", page.view, head)
    }
}
