public import Foundation
public import Postgres
internal import Web

/// What members write of locations: the functions that forms and operations call, each within a transaction that
/// carries the reader's account.
///
/// ```swift
/// try await databases.member.transaction(settings: member.reader.settings) { transaction in
///     try await LocationWriting.create(draft, id: id, for: member.account, transaction)
///     try await ListingSteps.set(.inReview, of: id, .location, version: 1, transaction)
/// }
/// ```
/// The database decides what a member may: drafts are their own, only an office publishes, a public location rests on a
/// standing consent. Pictures are added with ``PhotoQueries/add(_:to:_:id:for:)``.
public enum LocationWriting {
    /// What a listing says. A location can be saved with name, municipality and one type (LO-01).
    public struct Draft: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Code of the municipality, proposed from the point and confirmed by a person.
        public var municipality: String
        /// Codes of kinds, the main one first.
        public var types: [String]
        /// What it is also called.
        public var alias: String?
        /// Where it is; shown to the office only, unless ``isPlaceReleased``.
        public var address: String?
        /// The exact point; shown rounded, unless ``isPlaceReleased``.
        public var point: Point?
        /// Whether anyone may see the exact place.
        public var isPlaceReleased = false
        /// Who owns it; never shown.
        public var ownerName: String?
        /// A line in Swedish.
        public var headlineSv: String?
        /// A line in English.
        public var headlineEn: String?
        /// Some paragraphs in Swedish.
        public var descriptionSv: String?
        /// Some paragraphs in English.
        public var descriptionEn: String?
        /// `anyone`, `approved` or `nobody`.
        public var availabilityVisibility = "approved"
        /// Stated facts, looks among them (feature `period_look`).
        public var facts: [Fact] = []
        /// How the owner is reached.
        public var contacts: [ListingContact] = []

        /// A location with the three facts that it needs.
        public init(name: String, municipality: String, types: [String]) {
            self.name = name
            self.municipality = municipality
            self.types = types
        }
    }

    /// A point in degrees (WGS 84).
    public struct Point: Hashable, Sendable, Codable {
        /// North.
        public var latitude: Double
        /// East.
        public var longitude: Double

        /// See the properties of the same names.
        public init(latitude: Double, longitude: Double) {
            self.latitude = latitude
            self.longitude = longitude
        }
    }

    /// A stated fact.
    public struct Fact: Hashable, Sendable {
        /// Code of the feature.
        public var feature: String
        /// What is stated.
        public var value: Value

        /// What can be stated, by the type of the feature.
        public enum Value: Hashable, Sendable {
            case yes(Bool)
            case number(Double)
            case choice(String)
        }

        /// See the properties of the same names.
        public init(_ feature: String, _ value: Value) {
            self.feature = feature
            self.value = value
        }
    }

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
            INSERT INTO klappa.location (id, account, name, alias, municipality, address, exact_point, place_released,
                owner_name, headline_sv, headline_en, description_sv, description_en, availability_visibility)
            VALUES (\(id), \(account), \(draft.name), \(draft.alias), \(draft.municipality), \(draft.address),
                ST_MakePoint(\(draft.point?.longitude), \(draft.point?.latitude))::geography, \(draft.isPlaceReleased),
                \(draft.ownerName), \(draft.headlineSv), \(draft.headlineEn), \(draft.descriptionSv),
                \(draft.descriptionEn), \(draft.availabilityVisibility))
            """
        )
        try await writeParts(draft, of: id, transaction)
    }

    /// Lets a location say what the draft says, if it still has a version.
    ///
    /// - Returns: the new version; nil when no location that the reader may change has this id and version.
    /// - Throws: `PostgresError` naming the constraint that is broken.
    public static func change(
        _ id: UUID,
        to draft: Draft,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE klappa.location SET name = \(draft.name), alias = \(draft.alias),
                municipality = \(draft.municipality), address = \(draft.address),
                exact_point = ST_MakePoint(\(draft.point?.longitude), \(draft.point?.latitude))::geography,
                place_released = \(draft.isPlaceReleased), owner_name = \(draft.ownerName),
                headline_sv = \(draft.headlineSv), headline_en = \(draft.headlineEn),
                description_sv = \(draft.descriptionSv), description_en = \(draft.descriptionEn),
                availability_visibility = \(draft.availabilityVisibility)
            WHERE id = \(id) AND version = \(version)
            RETURNING version
            """
        )
        guard let row = rows.first else { return nil }
        try await writeParts(draft, of: id, transaction)
        return try row.decode(Int64.self, "version")
    }

    /// Kinds, facts and contacts, whole: what the draft does not have goes.
    private static func writeParts(
        _ draft: Draft,
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await write(draft.facts, of: id, transaction)
        // Never without a kind in between: the rule is judged at commit, but the main kind moves first.
        try await transaction.execute(
            """
            UPDATE klappa.location_kind SET "primary" = false
            WHERE location = \(id) AND "primary" AND type IS DISTINCT FROM \(draft.types.first)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.location_kind AS k (location, type, "primary")
            SELECT \(id), t.type, t.place = 1 FROM unnest(\(draft.types)) WITH ORDINALITY AS t (type, place)
            ON CONFLICT (location, type) DO UPDATE SET "primary" = excluded."primary"
            WHERE k."primary" <> excluded."primary"
            """
        )
        try await transaction.execute(
            "DELETE FROM klappa.location_kind WHERE location = \(id) AND type <> ALL (\(draft.types))"
        )
        try await ListingParts.write(draft.contacts, of: id, transaction)
    }

    /// Stated facts, whole; what stays the same is not touched, so that the history tells what changed.
    private static func write(
        _ facts: [Fact],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let kept = facts.map { "\($0.feature) \($0.choice ?? "")" }
        try await transaction.execute(
            "DELETE FROM klappa.location_fact WHERE location = \(id) AND feature || ' ' || value <> ALL (\(kept))"
        )
        for fact in facts {
            try await transaction.execute(
                """
                INSERT INTO klappa.location_fact AS f (location, feature, yes, number, choice)
                VALUES (\(id), \(fact.feature), \(fact.yes), \(fact.number)::float8::numeric, \(fact.choice))
                ON CONFLICT (location, feature, value) DO UPDATE SET yes = excluded.yes, number = excluded.number
                WHERE (f.yes, f.number) IS DISTINCT FROM (excluded.yes, excluded.number)
                """
            )
        }
    }
}

extension LocationWriting.Fact {
    fileprivate var yes: Bool? { if case .yes(let yes) = value { yes } else { nil } }
    fileprivate var number: Double? { if case .number(let number) = value { number } else { nil } }
    fileprivate var choice: String? { if case .choice(let choice) = value { choice } else { nil } }
}
