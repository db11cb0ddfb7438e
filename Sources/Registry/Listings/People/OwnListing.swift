internal import FoundationEssentials
internal import Postgres
internal import Web

/// A listing as its owner, or the office of its region, has it before them: everything that is stored of it but the days.
///
/// The files of the feature: `OwnListingQueries` has the SQL, `CrewWriting` what changes; `RegisterPages` begins,
/// `OwnListingPages` shows and decides, `OwnListingEditPages` with `OwnListingForm` edits, `OwnCalendar…` is the calendar,
/// `SeenPages` shows what others see, `Claim…` asks for a listing that nobody owns, and `OwnListingRoutes` is the API.
struct OwnListing: Codable, Hashable, Sendable {
    /// A contact field with who sees it.
    struct ContactField: Codable, Hashable, Sendable {
        /// `email`, `phone` or `address`.
        let kind: String
        let value: String
        /// `anyone`, `approved`, `request` or `office`.
        let visibility: String
    }

    /// A consent that stands.
    struct Consent: Codable, Hashable, Sendable {
        /// Which wording was agreed to.
        let textVersion: String
        let givenOn: Day
    }

    /// What the public listing is to say once the office agrees.
    struct Proposal: Codable, Hashable, Sendable {
        /// `draft`, `in_review` or `returned`.
        let state: ListingState
        /// Why the office returned it.
        let stateReason: String?
        let listing: CrewWriting.Draft
    }

    let id: String
    let slug: String
    let state: ListingState
    /// Why the office returned or hid it.
    let stateReason: String?
    /// Whether somebody else than the owner hid it: then only the office shows it again.
    let hiddenByOffice: Bool
    let name: String
    let creditedName: String?
    let tradingName: String?
    let homeRegion: String
    let localRegions: [String]
    let municipality: String?
    let travelRadius: Int?
    let roles: [CrewListing.Role]
    let languages: [CrewListing.Language]
    let certificates: [CrewListing.Certificate]
    let headline: CrewListing.Text
    let biography: CrewListing.Text
    let links: [CrewRecord.Link]
    let contactFields: [ContactField]
    let availabilityVisibility: String
    /// To publication.
    let consent: Consent?
    let renewedOn: Day
    let publishedAt: String?
    let proposal: Proposal?
    let invented: Bool
    let version: Int64

    /// The wording of the consent that is asked for now, in `Texts/listing.json` under `listing.consent.`.
    static let consentText = "2026-11"

    /// Where a consent that is given on these pages can be found.
    static let consentSource = "/me/listing"

    /// The id as the database has it.
    func key() throws(PostgresError) -> UUID {
        guard let key = UUID(uuidString: id) else { throw PostgresError.decoding("the id is no UUID") }
        return key
    }

    /// Whether an office has agreed to what it says; what its owner then changes waits for the office.
    var isApproved: Bool { state == .published || state == .lapsed || state == .hidden && !hiddenByOffice }

    /// What the form begins with.
    var latest: CrewWriting.Draft { proposal?.listing.keeping(draft) ?? draft }

    /// As something to be written.
    var draft: CrewWriting.Draft {
        CrewWriting.Draft(
            name: name,
            creditedName: creditedName,
            tradingName: tradingName,
            region: homeRegion,
            municipality: municipality,
            localRegions: localRegions,
            travelRadius: travelRadius,
            headlineSv: headline.sv,
            headlineEn: headline.en,
            biographySv: biography.sv,
            biographyEn: biography.en,
            availabilityVisibility: availabilityVisibility,
            roles: roles.map { .init(code: $0.code, grade: $0.grade.rawValue) },
            languages: languages,
            certificates: certificates,
            links: links.map { .init(kind: $0.kind, url: $0.url, title: $0.title) },
            contacts: contactFields.map {
                .init(kind: $0.kind, value: $0.value, visibility: $0.visibility)
            }
        )
    }
}
