internal import FoundationEssentials
internal import Postgres
internal import Web

/// Everything that was sent with one entry of the queue, in words.
struct ReviewCase: Sendable {
    let entry: ReviewEntry
    let owner: ReviewQueries.Owner?
    /// What it says, or will say once the changes are published.
    let said: [OfferFields.Said]
    /// What changes of the published one, field by field; empty for what was never public.
    let changes: [(label: String, before: String, after: String)]
    let photos: [Offer.Photo]
    let hasConsent: Bool
    let isInvented: Bool

    /// Reads it; nil when it does not wait for an office of the reader's.
    static func find(_ id: UUID, _ text: CrewWords, _ transaction: Transaction) async throws -> ReviewCase? {
        guard let entry = try await ReviewQueries.find(id, transaction) else { return nil }
        let owner = try await ReviewQueries.owner(of: id, transaction)
        if entry.kind == .person {
            return try await person(entry, owner, text, transaction)
        }
        guard let offer = try await OfferQueries.find(id, transaction) else { return nil }
        let fields = OfferFields(text: text)
        var after = offer.draft
        if entry.isChange, let proposal = offer.proposal, proposal.state == .inReview {
            after = proposal.draft.keeping(offer.draft)
        }
        return ReviewCase(
            entry: entry,
            owner: owner,
            said: fields.said(after),
            changes: fields.differences(offer.draft, after),
            photos: offer.photos,
            hasConsent: offer.hasConsent,
            isInvented: offer.invented
        )
    }

    private static func person(
        _ entry: ReviewEntry,
        _ owner: ReviewQueries.Owner?,
        _ text: CrewWords,
        _ transaction: Transaction
    ) async throws -> ReviewCase? {
        let id = entry.id.uuidString
        guard let listing = try await OwnListingQueries.find(.named(id), transaction) else { return nil }
        let credits = try await ReviewPerson.credits(of: entry.id, transaction)
        var after = listing.draft
        if entry.isChange, listing.proposal?.state == .inReview { after = listing.latest }
        let said = ReviewPerson.said(after, credits: credits, text)
        return ReviewCase(
            entry: entry,
            owner: owner,
            said: said,
            changes: OfferFields.differences(ReviewPerson.said(listing.draft, credits: credits, text), said),
            photos: [],
            hasConsent: listing.consent != nil,
            isInvented: listing.invented
        )
    }
}
