public import Foundation
public import Postgres

/// How somebody or something listed is reached.
public struct ListingContact: Hashable, Sendable, Codable {
    /// `email`, `phone` or `address`.
    public var kind: String
    /// As it is written or dialled.
    public var value: String
    /// `anyone`, `approved`, `request` or `office`.
    public var visibility: String

    /// See the properties of the same names.
    public init(kind: String, value: String, visibility: String = "office") {
        self.kind = kind
        self.value = value
        self.visibility = visibility
    }
}

/// A page elsewhere.
public struct ListingLink: Hashable, Sendable, Codable {
    /// `reel`, `site` or `profile`.
    public var kind: String
    /// Its address, `http` or `https`.
    public var url: String
    /// What to call it.
    public var title: String?

    /// See the properties of the same names.
    public init(kind: String, url: String, title: String? = nil) {
        self.kind = kind
        self.url = url
        self.title = title
    }
}

/// The rows beside a listing of any kind, whole and in their order: what is not among them goes, what is new comes, and what
/// stays the same is not touched, so that the history tells what changed.
enum ListingParts {
    /// Contact fields; they need nobody's leave.
    static func write(
        _ contacts: [ListingContact],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let (kinds, values) = (contacts.map(\.kind), contacts.map(\.value))
        try await transaction.execute(
            """
            DELETE FROM klappa.contact_field o
            WHERE o.subject = \(id) AND (o.kind, o.value) NOT IN (
                SELECT w.kind, w.value FROM unnest(\(kinds), \(values)) AS w (kind, value))
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.contact_field AS o (subject, kind, value, visibility, sort_order)
            SELECT \(id), w.kind, w.value, w.visibility, w.place::integer - 1
            FROM unnest(\(kinds), \(values), \(contacts.map(\.visibility)))
                WITH ORDINALITY AS w (kind, value, visibility, place)
            ON CONFLICT (subject, kind, value) DO UPDATE SET visibility = excluded.visibility,
                sort_order = excluded.sort_order
            WHERE (o.visibility, o.sort_order) IS DISTINCT FROM (excluded.visibility, excluded.sort_order)
            """
        )
    }

    /// Links, as public as the listing.
    static func write(
        _ links: [ListingLink],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            "DELETE FROM klappa.link o WHERE o.subject = \(id) AND o.url <> ALL (\(links.map(\.url)))"
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.link AS o (subject, kind, url, title, sort_order)
            SELECT \(id), w.kind, w.url, nullif(w.title, ''), w.place::integer - 1
            FROM unnest(\(links.map(\.kind)), \(links.map(\.url)), \(links.map { $0.title ?? "" }))
                WITH ORDINALITY AS w (kind, url, title, place)
            ON CONFLICT (subject, url) DO UPDATE SET kind = excluded.kind, title = excluded.title,
                sort_order = excluded.sort_order
            WHERE (o.kind, o.title, o.sort_order) IS DISTINCT FROM (excluded.kind, excluded.title, excluded.sort_order)
            """
        )
    }
}
