internal import Foundation
internal import Postgres
internal import Web

/// A location or company with everything that its owner and its office see of it: its state, what it says, what is
/// proposed to be said instead, its pictures.
///
/// The files beside this one: `OfferDraft` is what is written, `OfferQueries` the SQL, `OfferFields` with
/// `LocationFields` and `CompanyFields` the forms, `OfferPages` and its neighbours the pages. What the region's office
/// does with what is sent lies in `Listings/Review`.
struct Offer: Sendable {
    /// What is offered.
    enum Kind: String, Sendable, CaseIterable {
        case location, company

        /// `locations`, as addresses have it.
        var plural: String { self == .location ? "locations" : "companies" }

        /// Among everything that is listed.
        var listing: ListingKind { self == .location ? .location : .company }
    }

    /// What a public listing is to say once its office agrees.
    struct Proposal: Sendable {
        let draft: OfferDraft
        /// `draft`, `in_review` or `returned`.
        let state: ListingState
        let reason: String?
    }

    /// A picture with its words.
    struct Photo: Sendable, Codable, Hashable {
        let id: UUID
        let hash: String
        let width: Int
        let height: Int
        let captionSv: String?
        let captionEn: String?
        let alternativeSv: String?
        let alternativeEn: String?
        /// False for what waits for the office, or was not agreed to.
        let approved: Bool
        /// Whether the office did not agree.
        let returned: Bool

        /// Whether it waits for the office.
        var waits: Bool { !approved && !returned }
    }

    let id: UUID
    let kind: Kind
    let state: ListingState
    let reason: String?
    /// Whether somebody else than the owner hid it: then only the office shows it again.
    let hiddenByOffice: Bool
    /// Counts every edit of the listing, of its parts and of what is proposed.
    let version: Int64
    /// The last part of its public address: number or slug.
    let address: String
    /// Whether it belongs to the reader; else the reader is its office.
    let isOwn: Bool
    /// Code.
    let region: String
    let renewedOn: Day
    let wasPublished: Bool
    let invented: Bool
    /// Whether a consent to publication stands.
    let hasConsent: Bool
    let draft: OfferDraft
    let proposal: Proposal?
    let photos: [Photo]

    /// Whether an office has agreed to what it says: its words are then changed by a proposal.
    var isApproved: Bool { state == .published || state == .lapsed || state == .hidden && !hiddenByOffice }

    /// What the form begins with.
    var latest: OfferDraft { proposal?.draft ?? draft }

    /// Where its owner works on it, without the language.
    var path: String { "/offers/\(id.uuidString.lowercased())" }

    /// Where anyone sees it, without the language; nil while nobody does.
    var publicPath: String? { state == .published ? "/\(kind.plural)/\(address)" : nil }
}
