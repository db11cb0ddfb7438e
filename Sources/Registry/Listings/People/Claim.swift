internal import FoundationEssentials
internal import Postgres
internal import Web

/// What somebody says of a public listing that nobody owns: that it is theirs.
///
/// The office of the listing's region decides (``ClaimQueries``); until then nothing changes hands.
struct Claim: Hashable, Sendable {
    /// What became of it.
    enum State: String, CaseIterable, Hashable, Sendable {
        case pending, accepted, refused, withdrawn
    }

    /// What the claimant sees of it.
    let id: UUID
    let state: State
    /// Why the office refused.
    let reason: String?
    /// The listing, as long as it is public.
    let listing: CrewListing?
    let madeAt: Instant
}

/// A claim that waits for an office, as the office sees it.
struct WaitingClaim: Hashable, Sendable {
    let id: UUID
    let version: Int64
    /// The listing: id, slug, name and code of its region.
    let person: UUID
    let slug: String
    let name: String
    let region: String
    /// Who claims, by name and confirmed address, and the language of their letters.
    let claimant: String
    let email: String?
    let language: Language
    /// How the office can tell that it is them.
    let message: String?
    let madeAt: Instant
}

extension ProblemCode {
    /// 409: the listing has an owner.
    static let listingOwned = ProblemCode(
        "listing-owned",
        status: 409,
        title: Localized(sv: "Profilen har redan en ägare", en: "The listing has an owner already"),
        detail: Localized(
            sv: "Någon sköter redan den här profilen. Är det fel, skriv till regionens filmkommission.",
            en:
                "Somebody takes care of this listing already. If that is wrong, write to the region's film commission."
        )
    )
    /// 409: one listing for each account.
    static let oneListing = ProblemCode(
        "one-listing",
        status: 409,
        title: Localized(sv: "En profil per person", en: "One listing for each person"),
        detail: Localized(
            sv: "Kontot har redan en profil. Ta bort den först, om den andra är rätt.",
            en: "The account has a listing already. Delete it first, if the other one is right."
        )
    )
    /// 409: three claims wait.
    static let claimsWait = ProblemCode(
        "claims-wait",
        status: 409,
        title: Localized(sv: "Tre förfrågningar väntar redan", en: "Three requests wait already"),
        detail: Localized(
            sv: "Du har frågat om tre profiler. Ta tillbaka en förfrågan, eller vänta på svar.",
            en: "You have asked for three listings. Take a request back, or wait for an answer."
        )
    )
}
