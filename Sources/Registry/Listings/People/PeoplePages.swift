internal import Hummingbird
internal import Postgres
public import Web

/// The pages on which people take care of their own listing, as a table of contents.
struct PeoplePages: Sendable {
    let site: Site
    let databases: Databases
    let vocabularies: @Sendable () async throws -> Vocabularies
    /// The day in Stockholm; a test gives its own.
    let today: @Sendable () -> Day

    /// All addresses.
    func add(to table: inout RouteTable) {
        RegisterPages(pages: self).add(to: &table)
        ClaimPages(pages: self).add(to: &table)
        OwnListingPages(pages: self).add(to: &table)
        OwnListingEditPages(pages: self).add(to: &table)
        OwnCalendarPages(
            site: site,
            databases: databases,
            vocabularies: vocabularies,
            today: today,
            home: Self.home,
            subject: { _, member, language in try await subject(member, language) }
        ).add(to: &table)
        SeenPages(pages: self).add(to: &table)
    }

    /// Where somebody's own listing is, without language.
    static let home = "/me/listing"

    func text(_ language: Language) async throws -> CrewWords {
        CrewWords(words: site.words(language), vocabularies: try await vocabularies())
    }

    func form(_ text: CrewWords) -> OwnListingForm { OwnListingForm(text: text) }

    /// The member's listing; nil when they have none.
    func listing(_ member: SignedIn) async throws -> OwnListing? {
        try await databases.member.transaction(settings: member.reader.settings) { transaction in
            try await OwnListingQueries.find(.own(account: member.account), transaction)
        }
    }

    private func subject(_ member: SignedIn, _ language: Language) async throws -> CalendarSubject? {
        guard let listing = try await listing(member) else { return nil }
        let words = site.words(language)
        return CalendarSubject(
            id: try listing.key(),
            name: listing.name,
            title: words("listing.title.calendar"),
            home: Self.home,
            audience: words("listing.availability.\(listing.availabilityVisibility)"),
            audienceField: "availabilityVisibility",
            tabs: tabs("calendar", language),
            section: .crew
        )
    }

    /// The heads of pages below ``home``.
    func head(_ key: String, _ language: Language, path: String = "", status: Int = 200) -> Site.Head {
        let words = site.words(language)
        return Site.Head(
            language: language,
            title: words("listing.title.\(key)"),
            description: words("listing.description"),
            path: Self.home + path,
            isUnlisted: true,
            status: status
        )
    }

    /// The tabs between the pages of one listing.
    func tabs(_ current: String, _ language: Language) -> View.Value {
        let words = site.words(language)
        return .list(
            [("own", ""), ("edit", "/edit"), ("calendar", "/calendar"), ("seen", "/seen/anyone")].map {
                key,
                path in
                [
                    "address": .text("/\(language)\(Self.home)\(path)"),
                    "label": .text(words("listing.tab.\(key)")),
                    "isCurrent": .flag(key == current),
                ]
            }
        )
    }

    /// Leads to the overview with a sentence.
    func done(_ notice: String, _ language: Language, _ path: String = "") -> Answer {
        site.redirect(to: "/\(language)\(Self.home)\(path)", notice: notice)
    }
}
