internal import FoundationEssentials
internal import Postgres
internal import Web

/// A producer's request to become an approved searcher, who sees the days and contacts that people share with such.
///
/// The files beside this one: `OrganisationNumber` reads the number, `SearcherQueries` has the SQL, `SearcherPages` the page
/// of who asks, `SearcherDeskPages` those of the offices.
struct SearcherRequest: Sendable, Identifiable {
    enum State: String, Sendable {
        case waiting, approved, refused, withdrawn
    }

    let id: UUID
    let account: UUID
    let name: String
    let email: String
    /// Of letters to who asks.
    let language: Language
    let company: String
    let number: OrganisationNumber
    let message: String
    /// Code of the region in whose office they hope for an answer; nil for any.
    let region: String?
    let state: State
    /// Why not; or what was said with a yes.
    let reason: String?
    let decidedBy: String?
    let decidedAt: Instant?
    let grantedUntil: Instant?
    let askedAt: Instant
    let version: Int64
}
