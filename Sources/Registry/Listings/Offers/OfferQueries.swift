internal import Foundation
internal import Postgres
internal import Web

/// The SQL of what owners and offices see and change of locations and companies; row security decides which.
enum OfferQueries {
    /// One line of ``own(_:_:)``.
    struct Row: Sendable {
        let id: UUID
        let kind: Offer.Kind
        let name: String
        let state: ListingState
        let municipality: String
        /// State of what is proposed; nil when nothing is.
        let proposal: ListingState?
        let renewedOn: Day
    }

    /// The reader's own, latest first.
    static func own(_ account: UUID, _ database: PostgresClient, _ reader: Reader) async throws -> [Row] {
        let rows = try await database.query(
            """
            SELECT x.id, x.kind, x.name, x.state, x.municipality, x.renewed_on, p.state AS proposal
            FROM (
                SELECT l.id, l.kind, l.name, l.state, l.municipality, l.renewed_on FROM klappa.location l
                WHERE l.account = \(account)
                UNION ALL
                SELECT c.id, c.kind, c.name, c.state, c.municipality, c.renewed_on FROM klappa.company c
                WHERE c.account = \(account)) AS x
            LEFT JOIN klappa.listing_proposal p ON p.subject = x.id
            WHERE x.state <> 'erased'
            ORDER BY x.id DESC
            """,
            settings: reader.settings
        )
        return try rows.map { row in
            Row(
                id: try row.decode(UUID.self, "id"),
                kind: Offer.Kind(rawValue: try row.decode(String.self, "kind")) ?? .location,
                name: try row.decode(String.self, "name"),
                state: ListingState(rawValue: try row.decode(String.self, "state")) ?? .draft,
                municipality: try row.decode(String.self, "municipality"),
                proposal: try row.decode(String?.self, "proposal").flatMap(ListingState.init),
                renewedOn: try row.decode(Day.self, "renewed_on")
            )
        }
    }

    /// One that the reader may see the whole of; nil for any other.
    static func find(_ id: UUID, _ transaction: Transaction) async throws -> Offer? {
        let rows = try await transaction.query(
            """
            SELECT x.*, h.code AS region, p.state AS proposal_state, p.state_reason AS proposal_reason,
                p.body::text AS proposal,
                EXISTS (
                    SELECT FROM klappa.consent s
                    WHERE s.subject = x.id AND s.purpose = 'publication' AND s.withdrawn_at IS NULL) AS has_consent,
                (SELECT coalesce(json_agg(json_build_object('id', f.id, 'hash', f.hash, 'width', f.width,
                    'height', f.height, 'captionSv', f.caption_sv, 'captionEn', f.caption_en,
                    'alternativeSv', f.alternative_sv, 'alternativeEn', f.alternative_en, 'approved', f.approved,
                    'returned', f.returned)
                    ORDER BY f.sort_order, f.id), '[]') FROM klappa.photo f WHERE f.subject = x.id)::text AS photos
            FROM (
                SELECT l.id, l.kind, l.state, l.state_reason, l.hidden_by_office, l.version, l.no::text AS address, l.region AS region_no,
                    coalesce(l.account = klappa.reader(), false) AS is_own, l.renewed_on,
                    l.published_at IS NOT NULL AS was_published, l.invented, \(LocationWriting.document) AS document
                FROM klappa.location l WHERE l.id = \(id) AND l.state <> 'erased'
                UNION ALL
                SELECT c.id, c.kind, c.state, c.state_reason, c.hidden_by_office, c.version, c.slug, c.region,
                    coalesce(c.account = klappa.reader(), false), c.renewed_on, c.published_at IS NOT NULL, c.invented,
                    \(CompanyWriting.document)
                FROM klappa.company c WHERE c.id = \(id) AND c.state <> 'erased') AS x
            JOIN klappa.region h ON h.no = x.region_no
            LEFT JOIN klappa.listing_proposal p ON p.subject = x.id
            """
        )
        return try rows.first.map(offer)
    }

    private static func offer(_ row: Postgres.Row) throws -> Offer {
        let kind = Offer.Kind(rawValue: try row.decode(String.self, "kind")) ?? .location
        var proposal: Offer.Proposal?
        if let body = try row.decode(String?.self, "proposal"),
            let state = try row.decode(String?.self, "proposal_state").flatMap(ListingState.init)
        {
            proposal = Offer.Proposal(
                draft: try OfferDraft(kind, json: body),
                state: state,
                reason: try row.decode(String?.self, "proposal_reason")
            )
        }
        let photos = try row.decode(String.self, "photos")
        return Offer(
            id: try row.decode(UUID.self, "id"),
            kind: kind,
            state: ListingState(rawValue: try row.decode(String.self, "state")) ?? .draft,
            reason: try row.decode(String?.self, "state_reason"),
            hiddenByOffice: try row.decode(Bool.self, "hidden_by_office"),
            version: try row.decode(Int64.self, "version"),
            address: try row.decode(String.self, "address"),
            isOwn: try row.decode(Bool.self, "is_own"),
            region: try row.decode(String.self, "region"),
            renewedOn: try row.decode(Day.self, "renewed_on"),
            wasPublished: try row.decode(Bool.self, "was_published"),
            invented: try row.decode(Bool.self, "invented"),
            hasConsent: try row.decode(Bool.self, "has_consent"),
            draft: try OfferDraft(kind, json: try row.decode(String.self, "document")),
            proposal: proposal,
            photos: try JSONDecoder().decode([Offer.Photo].self, from: Data(photos.utf8))
        )
    }

    /// What owners change without the office: contacts, who sees the days, whose it is.
    static func writeAtOnce(_ draft: OfferDraft, to id: UUID, _ transaction: Transaction) async throws {
        try await ListingParts.write(draft.contacts, of: id, transaction)
        guard case .location(let location) = draft else { return }
        // An exact place that is not to be seen any longer is hidden at once.
        try await transaction.execute(
            """
            UPDATE klappa.location SET availability_visibility = \(location.availabilityVisibility),
                owner_name = \(location.ownerName), place_released = place_released AND \(location.isPlaceReleased)
            WHERE id = \(id)
            """
        )
    }

    /// Erases a listing of the reader's own; false when there is none of this version.
    static func erase(_ id: UUID, version: Int64, _ transaction: Transaction) async throws(PostgresError)
        -> Bool
    {
        let rows = try await transaction.query("SELECT klappa.erase_offer(\(id), \(version)) AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// The public record as it would be written now; nil unless the reader owns the listing or is its office.
    static func preview(_ id: UUID, _ database: PostgresClient, _ reader: Reader) async throws -> [UInt8]? {
        let rows = try await database.query(
            "SELECT body FROM klappa.preview_listing(\(id)) AS p (body)",
            settings: reader.settings
        )
        return try rows.first?.bytes("body")
    }

    /// Public records whose name is like one that is typed, most alike first, at most five.
    ///
    /// - Returns: name, municipality's number and the last part of the public address.
    static func alike(
        _ name: String,
        _ kind: Offer.Kind,
        _ database: PostgresClient
    ) async throws -> [(name: String, address: String)] {
        let table: SQL = kind == .location ? "klappa.location_public" : "klappa.company_public"
        let record: SQL = kind == .location ? "klappa.location_record" : "klappa.company_record"
        let address: SQL = kind == .location ? "r.no::text" : "r.slug"
        let rows = try await database.query(
            """
            SELECT p.name, \(address) AS address
            FROM \(table) p JOIN \(record) r ON r.id = p.id
            WHERE p.names @@ (
                    SELECT string_agg(quote_literal(w), ' | ')::tsquery
                    FROM unnest(tsvector_to_array(to_tsvector('simple', klappa.fold(\(name))))) AS w)
                AND similarity(klappa.fold(p.name), klappa.fold(\(name))) > 0.4
            ORDER BY similarity(klappa.fold(p.name), klappa.fold(\(name))) DESC, p.name, p.id
            LIMIT 5
            """
        )
        return try rows.map { (try $0.decode(String.self, "name"), try $0.decode(String.self, "address")) }
    }
}

extension OfferQueries {
    /// Which wording of the consent the form has.
    static let consentText = "offers.consent 2026-11"

    /// Hands a listing in, with the consent of who offers it.
    static func send(
        _ offer: Offer,
        _ language: Language,
        _ transaction: Transaction
    ) async throws {
        // Two small calls: the release compiler does not survive them as one.
        if offer.isOwn, !offer.hasConsent {
            try await agree(offer.id, source: "/\(language)\(offer.path)", transaction)
        }
        if offer.state != .inReview {
            try await handIn(offer.id, offer.kind, version: offer.version, transaction)
        }
    }

    private static func agree(
        _ id: UUID,
        source: String,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await ListingSteps.consent(
            to: id,
            textVersion: consentText,
            source: source,
            transaction
        )
    }

    private static func handIn(
        _ id: UUID,
        _ kind: Offer.Kind,
        version: Int64,
        _ transaction: Transaction
    ) async throws {
        let done = try await ListingSteps.set(
            .inReview,
            of: id,
            kind.listing,
            version: version,
            transaction
        )
        guard done != nil else { throw Problem(.conflict) }
    }
}
