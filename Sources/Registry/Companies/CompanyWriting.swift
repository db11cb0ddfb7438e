public import Foundation
public import Postgres

/// What members write of companies: the functions that forms and operations call, each within a transaction that carries
/// the reader's account.
///
/// ```swift
/// try await databases.member.transaction(settings: member.reader.settings) { transaction in
///     try await CompanyWriting.create(draft, id: id, for: member.account, transaction)
///     try await ListingSteps.set(.inReview, of: id, .company, version: 1, transaction)
/// }
/// ```
/// The database decides what a member may, as with ``LocationWriting``.
public enum CompanyWriting {
    /// What a listing says.
    public struct Draft: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Code of the municipality in which it sits.
        public var municipality: String
        /// Codes of what it offers, the main one first.
        public var categories: [String]
        /// What it is also called.
        public var alias: String?
        /// A line in Swedish.
        public var headlineSv: String?
        /// A line in English.
        public var headlineEn: String?
        /// Some paragraphs in Swedish.
        public var descriptionSv: String?
        /// Some paragraphs in English.
        public var descriptionEn: String?
        /// How it is reached.
        public var contacts: [ListingContact] = []
        /// Its own pages elsewhere.
        public var links: [ListingLink] = []

        /// A company with the three facts that it needs.
        public init(name: String, municipality: String, categories: [String]) {
            self.name = name
            self.municipality = municipality
            self.categories = categories
        }
    }

    /// SQL of what a company `c` of the base table says, as the JSON text of a ``Draft``.
    static let document: SQL = """
        json_build_object('name', c.name, 'municipality', c.municipality,
            'categories', array(
                SELECT s.category FROM klappa.company_service s JOIN klappa.company_category g ON g.code = s.category
                WHERE s.company = c.id ORDER BY s."primary" DESC, g.sort_order, g.code),
            'alias', c.alias, 'headlineSv', c.headline_sv, 'headlineEn', c.headline_en,
            'descriptionSv', c.description_sv, 'descriptionEn', c.description_en,
            'contacts', (
                SELECT coalesce(json_agg(json_build_object('kind', f.kind, 'value', f.value, 'visibility', f.visibility)
                    ORDER BY f.sort_order, f.kind, f.value), '[]')
                FROM klappa.contact_field f WHERE f.subject = c.id),
            'links', (
                SELECT coalesce(json_agg(json_build_object('kind', k.kind, 'url', k.url, 'title', k.title)
                    ORDER BY k.sort_order, k.kind, k.url), '[]')
                FROM klappa.link k WHERE k.subject = c.id))::text
        """

    /// Makes a draft that belongs to an account.
    ///
    /// - Throws: `PostgresError` naming the constraint that is broken.
    public static func create(
        _ draft: Draft,
        id: UUID,
        for account: UUID?,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.company (id, account, name, alias, municipality, headline_sv, headline_en, description_sv,
                description_en)
            VALUES (\(id), \(account), \(draft.name), \(draft.alias), \(draft.municipality), \(draft.headlineSv),
                \(draft.headlineEn), \(draft.descriptionSv), \(draft.descriptionEn))
            """
        )
        try await writeParts(draft, of: id, transaction)
    }

    /// Lets a company say what the draft says, if it still has a version.
    ///
    /// - Returns: the new version; nil when no company that the reader may change has this id and version.
    /// - Throws: `PostgresError` naming the constraint that is broken.
    public static func change(
        _ id: UUID,
        to draft: Draft,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE klappa.company SET name = \(draft.name), alias = \(draft.alias),
                municipality = \(draft.municipality), headline_sv = \(draft.headlineSv),
                headline_en = \(draft.headlineEn), description_sv = \(draft.descriptionSv),
                description_en = \(draft.descriptionEn)
            WHERE id = \(id) AND version = \(version)
            RETURNING version
            """
        )
        guard let row = rows.first else { return nil }
        try await writeParts(draft, of: id, transaction)
        return try row.decode(Int64.self, "version")
    }

    /// Services, links and contacts, whole: what the draft does not have goes.
    private static func writeParts(
        _ draft: Draft,
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.company_service SET "primary" = false
            WHERE company = \(id) AND "primary" AND category IS DISTINCT FROM \(draft.categories.first)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.company_service AS s (company, category, "primary")
            SELECT \(id), t.category, t.place = 1
            FROM unnest(\(draft.categories)) WITH ORDINALITY AS t (category, place)
            ON CONFLICT (company, category) DO UPDATE SET "primary" = excluded."primary"
            WHERE s."primary" <> excluded."primary"
            """
        )
        try await transaction.execute(
            "DELETE FROM klappa.company_service WHERE company = \(id) AND category <> ALL (\(draft.categories))"
        )
        try await ListingParts.write(draft.links, of: id, transaction)
        try await ListingParts.write(draft.contacts, of: id, transaction)
    }
}
