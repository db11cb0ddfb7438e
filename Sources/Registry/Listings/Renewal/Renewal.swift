internal import FoundationEssentials
internal import Postgres
internal import Web

/// A letter that asks whether a public listing is still right, as its link finds it (CD-13, BX-11).
///
/// The files beside this one: `RenewalUpkeep` writes the letters and lets lapse what nobody confirms, `RenewalPages` is
/// where the link leads. Confirming needs the link only; anything else on the listing needs signing in.
struct Renewal: Hashable, Sendable {
    /// When letters go, and when a listing lapses, in days after it was last confirmed.
    enum Age {
        /// The first letter: a month before the end.
        static let first = 335
        /// The second: a week before, and never sooner than a week after the first.
        static let second = 358
        /// The end, and never sooner than a week after the second letter.
        static let lapses = 365
        /// Between two letters, and between the second and the end.
        static let patience = 7
    }

    let kind: ListingKind
    let name: String
    let state: ListingState
    let renewedOn: Day
    /// Whether it was confirmed after the letter.
    let isDone: Bool
    /// Whether the link confirms it.
    let isOpen: Bool
    /// Its public page, without the language.
    let address: String

    /// Where its owner takes care of it, without the language.
    static func home(_ kind: ListingKind, _ id: UUID) -> String {
        kind == .person ? PeoplePages.home : "/offers/\(id.uuidString.lowercased())"
    }

    /// - Returns: nil for an unknown link.
    static func find(_ link: Secret, _ transaction: Transaction) async throws -> Renewal? {
        let rows = try await transaction.query(
            """
            SELECT r.kind, r.name, r.state, r.renewed_on, r.is_done, r.is_open, r.address
            FROM klappa.asked_renewal(\(link.hash)) AS r
            """
        )
        return try rows.first.map { row in
            Renewal(
                kind: ListingKind(rawValue: try row.decode(String.self, "kind")) ?? .person,
                name: try row.decode(String.self, "name"),
                state: ListingState(rawValue: try row.decode(String.self, "state")) ?? .hidden,
                renewedOn: try row.decode(Day.self, "renewed_on"),
                isDone: try row.decode(Bool.self, "is_done"),
                isOpen: try row.decode(Bool.self, "is_open"),
                address: try row.decode(String.self, "address")
            )
        }
    }

    /// Confirms it; false when the link does not.
    static func renew(_ link: Secret, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query("SELECT klappa.renew_by_link(\(link.hash)) AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }
}
