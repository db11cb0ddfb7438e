internal import Foundation
internal import Hummingbird
internal import Postgres
internal import Web

/// Every page on which people offer locations and companies and look after them, as a table of contents.
struct OfferPages: Sendable {
    let site: Site
    let databases: Databases
    let vocabularies: @Sendable () async throws -> Vocabularies
    let directory: LocationDirectory
    let outlines: RegionOutlines
    /// Nil where the installation keeps no pictures.
    let store: PhotoStore?
    let today: @Sendable () -> Day

    /// All addresses.
    func add(to table: inout RouteTable) {
        OfferBeginPages(pages: self).add(to: &table)
        OwnOfferPages(pages: self).add(to: &table)
        OfferEditPages(pages: self).add(to: &table)
        OfferPhotoPages(pages: self).add(to: &table)
        OwnCalendarPages(
            site: site,
            databases: databases,
            vocabularies: vocabularies,
            today: today,
            home: "/offers/{id}",
            subject: { context, member, language in
                try subject(try await offer(context, member), language)
            }
        ).add(to: &table)
        OfferPreviewPages(pages: self).add(to: &table)
    }

    func text(_ language: Language) async throws -> CrewWords {
        CrewWords(words: site.words(language), vocabularies: try await vocabularies())
    }

    /// The listing that an address names.
    /// - Throws: 404 unless the reader owns it or is its office.
    func offer(_ context: WebContext, _ member: SignedIn) async throws -> Offer {
        guard let id = UUID(uuidString: try context.parameters.require("id")) else {
            throw Problem(.notFound)
        }
        let found = try await databases.member.transaction(settings: member.reader.settings) { transaction in
            try await OfferQueries.find(id, transaction)
        }
        guard let found else { throw Problem(.notFound) }
        return found
    }

    /// - Throws: 404 for a company, which has no days.
    private func subject(_ offer: Offer, _ language: Language) throws(Problem) -> CalendarSubject {
        guard case .location(let draft) = offer.draft else { throw Problem(.notFound) }
        let words = site.words(language)
        return CalendarSubject(
            id: offer.id,
            name: draft.name,
            title: words("offers.calendarOf", ["name": draft.name]),
            home: offer.path,
            audience: words("offers.days.\(draft.availabilityVisibility)"),
            audienceField: "daysVisibility",
            tabs: .absent,
            section: .locations
        )
    }

    func head(_ title: String, _ path: String, _ kind: Offer.Kind?, _ language: Language, status: Int = 200)
        -> Site.Head
    {
        Site.Head(
            language: language,
            title: title,
            description: site.words(language)("offers.description"),
            path: path,
            section: kind == .company ? .companies : .locations,
            isUnlisted: true,
            status: status
        )
    }

    /// State in a word and in a sentence, and why it was returned.
    func state(_ offer: Offer, _ words: Wording) -> View {
        let isChange = offer.isApproved && offer.state != .hidden && offer.proposal != nil
        let isByOffice = offer.state == .hidden && offer.hiddenByOffice
        let state =
            isChange
            ? "change_\(offer.proposal?.state.rawValue ?? "draft")"
            : isByOffice ? "hiddenByOffice" : offer.state.rawValue
        return [
            "word": .text(words("offers.state.\(offer.state.rawValue)")),
            "tone": .text(Self.tone(offer.state)),
            "sentence": .text(words("offers.state.\(state).sentence")),
            "reason": .optional(isChange ? offer.proposal?.reason : offer.reason),
        ]
    }

    static func tone(_ state: ListingState) -> String {
        switch state {
        case .published: "free"
        case .inReview: "sea"
        case .returned: "held"
        case .lapsed: "bad"
        case .draft, .hidden, .erased: "line"
        }
    }
}

/// What the database refuses of an offer, as sentences at the field or problems.
enum OfferErrors {
    /// Puts what the database refused at its field; false when it is something else.
    static func explain(_ error: PostgresError, _ form: inout Form) -> Bool {
        let words = form.words
        switch error.constraint {
        case "contact_field_phone_form": form.refuse("phone", words("offers.error.phone"))
        case "contact_field_email_form": form.refuse("email", words("form.email"))
        case "location_point_near": form.refuse("point", words("offers.error.point"))
        case "link_url_http": form.refuse("site", words("form.link"))
        case "location_fact_number_range":
            form.refuse("name", words("offers.error.number"))
        case "location_described", "company_described":
            form.refuse(error.constraint == "company_described" ? "category" : "type", words("form.choose"))
        default: return false
        }
        return true
    }
}
