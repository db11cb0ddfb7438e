internal import FoundationEssentials
internal import Postgres
internal import Web

/// What waits for the office of a region: a person, company or location in review, or changes proposed of a public one.
///
/// The files beside this one: `ReviewQueries` is the SQL, `ReviewCase` everything that was sent, `ReviewDecision` what an
/// office does with it, `ReviewPages` and `ReviewClaimPages` the pages, `ReviewRoutes` the API. Which entries somebody
/// sees, and what they may do with them, the database decides by office.
struct ReviewEntry: Hashable, Sendable {
    /// What is listed.
    typealias Kind = ListingKind

    /// Of the listing.
    let id: UUID
    let kind: Kind
    /// Whether a public listing is to be changed, rather than made public.
    let isChange: Bool
    /// Code.
    let region: String
    let name: String
    /// Since when it waits.
    let since: Instant
    /// Of the listing: a decision names it.
    let version: Int64
}

/// Which entries a list has.
struct ReviewFilter: Hashable, Sendable {
    var kind: ReviewEntry.Kind?
    /// Codes; all regions when empty.
    var regions: [String] = []
}
