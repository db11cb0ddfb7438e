internal import FoundationEssentials
internal import Postgres
internal import Web

/// A named list of people, locations and companies that an approved searcher keeps.
///
/// The files beside this one: `ShortlistQueries` has the SQL, `ShortlistPages` the owner's pages, `ShortlistItemPages` what is
/// done with what is on a list, `SharedListPage` what a reader by link sees.
struct Shortlist: Sendable, Identifiable {
    let id: UUID
    let name: String
    /// How much is on it.
    let count: Int
    /// Until when its link holds; nil when there is none, or none any more.
    let sharedUntil: Instant?
    let version: Int64

    /// Somebody or something on a list, as everyone may see it.
    struct Item: Sendable {
        enum Kind: String, Sendable { case person, location, company }

        /// Of the row in the list; nil for a reader by link.
        let id: UUID?
        let subject: UUID
        /// Nil when it is not public any more: then nothing is said of it.
        let shown: Shown?
        /// For the owner alone.
        let note: String?

        struct Shown: Sendable {
            let kind: Kind
            let name: String
            /// After the language in an address: `/crew/moa-skog`.
            let path: String
            let region: String
            let headline: Localized?
        }
    }

    /// Items on a list at most.
    static let most = 200
}
