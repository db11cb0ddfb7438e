internal import Hummingbird
internal import Postgres
internal import Web

/// What others see of one's own listing, published or not: the person page itself, as anyone and as an approved searcher
/// sees it. The text comes from the view by which the public record is written, so it cannot say anything else.
struct SeenPages: Sendable {
    let pages: PeoplePages

    /// Who looks.
    enum Audience: String, CaseIterable, Sendable {
        case anyone, approved

        /// Whether contact fields of a visibility are seen.
        func sees(contact visibility: String) -> Bool {
            visibility == "anyone" || self == .approved && visibility == "approved"
        }

        /// Whether days of a visibility are seen.
        func sees(days visibility: String) -> Bool {
            visibility == "anyone" || self == .approved && visibility == "approved"
        }
    }

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            for audience in Audience.allCases {
                let path = "/\(language)\(PeoplePages.home)/seen/\(audience.rawValue)"
                table.member(path) { request, _, member in
                    let query = PageQuery(request.uri.query ?? "")
                    return try await page(audience, query, member, language)
                }
            }
        }
    }

    private func page(
        _ audience: Audience,
        _ query: PageQuery,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        let base = "/\(language)\(PeoplePages.home)"
        guard let (record, listing, days) = try await read(member) else { return .redirect(to: base) }
        let text = try await pages.text(language)
        let today = pages.today()
        let isShown = audience.sees(days: listing.availabilityVisibility)
        let calendar =
            isShown
            ? days.seen(from: today, count: 400)
            : CrewCalendar(span: DayRange(first: today, last: today + 399), days: nil)
        var page = CrewPersonPage(record: record, calendar: calendar, text: text, today: today)
        if audience == .approved {
            page.sharedContacts = listing.contactFields.filter { audience.sees(contact: $0.visibility) }
                .map { .init(kind: $0.kind, value: $0.value) }
        }
        let form = CrewSearchForm(query, text.vocabularies, text.words, today: today)
        page.asked = form.search.dates
        if let typed = form.unreadableDates, let error = form.errors.first(where: { $0.field == "dates" }) {
            page.unreadable = (typed, error.message)
        }
        var view = page.view
        view["action"] = .text("\(base)/seen/\(audience.rawValue)")
        view["history"] = .absent
        view["preview"] = .view([
            "tabs": pages.tabs("seen", language),
            "note": .text(text.words(note(listing, audience))),
            "audiences": .list(
                Audience.allCases.map { one in
                    [
                        "address": .text("\(base)/seen/\(one.rawValue)"),
                        "label": .text(text.words("listing.seen.\(one.rawValue)")),
                        "isCurrent": .flag(one == audience),
                    ]
                }
            ),
        ])
        let status = page.unreadable == nil ? 200 : 400
        let head = pages.head("seen", language, path: "/seen/\(audience.rawValue)", status: status)
        return try pages.site.answer("crew/person", view, head)
    }

    private func note(_ listing: OwnListing, _ audience: Audience) -> String {
        listing.state == .published
            ? "listing.seenNote.\(audience.rawValue)" : "listing.seenNote.later"
    }

    private func read(_ member: SignedIn) async throws -> (CrewRecord, OwnListing, OwnCalendar)? {
        try await pages.databases.member.transaction(settings: member.reader.settings) { transaction in
            guard
                let listing = try await OwnListingQueries.find(.own(account: member.account), transaction),
                let record = try await OwnListingQueries.seen(transaction)
            else { return nil }
            return (record, listing, try await OwnCalendarQueries.find(listing.key(), transaction))
        }
    }
}
