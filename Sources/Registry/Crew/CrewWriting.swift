internal import FoundationEssentials
internal import Postgres
internal import Web

/// What members write of people: the statements that forms and operations call, each within a transaction that carries the
/// reader's account.
///
/// ```swift
/// try await Writes.transaction(databases, as: member.reader) { transaction in
///     try await CrewWriting.create(draft, id: id, for: member.account, transaction)
///     try await ListingSteps.consent(to: id, textVersion: "2026-11", source: "…", transaction)
///     try await ListingSteps.set(.inReview, of: id, .person, version: 1, transaction)
/// }
/// ```
/// The database decides what a member may: a listing is its owner's and its region's office's, only the office publishes, a
/// public listing rests on a standing consent. Parts that stay the same are not touched, so the log tells what changed.
enum CrewWriting {
    /// What a listing says.
    struct Draft: Hashable, Sendable {
        /// A role with the grade in which it is held.
        struct Role: Hashable, Sendable, Codable {
            var code: String
            var grade: String
        }

        var name: String
        var creditedName: String?
        var tradingName: String?
        /// Code of the home region, and of a municipality in it.
        var region: String
        var municipality: String?
        /// Codes of other regions in which the person counts as local.
        var localRegions: [String] = []
        /// In kilometres.
        var travelRadius: Int?
        var headlineSv: String?
        var headlineEn: String?
        var biographySv: String?
        var biographyEn: String?
        /// `anyone`, `approved` or `nobody`.
        var availabilityVisibility = "approved"
        /// The main one first, each once.
        var roles: [Role] = []
        var languages: [CrewListing.Language] = []
        var certificates: [CrewListing.Certificate] = []
        /// In the order in which they are shown.
        var links: [ListingLink] = []
        var contacts: [ListingContact] = []
    }

    /// Makes a draft that belongs to an account.
    static func create(
        _ draft: Draft,
        id: UUID,
        for account: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.person (id, account, name, credited_name, trading_name, home_region, municipality,
                travel_radius, headline_sv, headline_en, biography_sv, biography_en, availability_visibility)
            VALUES (\(id), \(account), \(draft.name), \(draft.creditedName), \(draft.tradingName),
                (SELECT r.no FROM klappa.region r WHERE r.code = \(draft.region)), \(draft.municipality),
                \(draft.travelRadius.map(Int32.init)), \(draft.headlineSv), \(draft.headlineEn), \(draft.biographySv),
                \(draft.biographyEn), \(draft.availabilityVisibility))
            """
        )
        try await writeParts(draft, of: id, transaction)
    }

    /// Lets a listing say what the draft says, if it still has a version.
    ///
    /// - Returns: the new version; nil when no listing that the reader may change has this id and version.
    /// - Throws: `PostgresError` naming the constraint that is broken.
    static func change(
        _ id: UUID,
        to draft: Draft,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        // Who moves leaves the old exact place behind.
        let rows = try await transaction.query(
            """
            UPDATE klappa.person p SET name = \(draft.name), credited_name = \(draft.creditedName),
                trading_name = \(draft.tradingName), home_region = r.no, municipality = \(draft.municipality),
                exact_point = CASE WHEN p.municipality IS NOT DISTINCT FROM \(draft.municipality) THEN p.exact_point END,
                travel_radius = \(draft.travelRadius.map(Int32.init)), headline_sv = \(draft.headlineSv),
                headline_en = \(draft.headlineEn), biography_sv = \(draft.biographySv),
                biography_en = \(draft.biographyEn), availability_visibility = \(draft.availabilityVisibility)
            FROM klappa.region r
            WHERE p.id = \(id) AND p.version = \(version) AND p.state <> 'erased' AND r.code = \(draft.region)
            RETURNING p.version
            """
        )
        guard let row = rows.first else { return nil }
        try await writeParts(draft, of: id, transaction)
        return try row.decode(Int64.self, "version")
    }

    /// Lets a person live in another region, as the office of the present one.
    ///
    /// - Returns: the new version; nil when the reader is not that office.
    static func move(
        _ id: UUID,
        to region: String,
        _ municipality: String?,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            "SELECT klappa.move_person(\(id), \(region), \(municipality)) AS version"
        )
        return try rows.first?.decode(Int64?.self, "version") ?? nil
    }

    /// What owners change without the office: contacts, and who sees the days.
    static func writeAtOnce(_ draft: Draft, to id: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await ListingParts.write(draft.contacts, of: id, transaction)
        try await transaction.execute(
            """
            UPDATE klappa.person SET availability_visibility = \(draft.availabilityVisibility)
            WHERE id = \(id) AND availability_visibility <> \(draft.availabilityVisibility)
            """
        )
    }
}
