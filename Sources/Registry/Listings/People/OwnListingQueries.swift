internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL that reads listings for those who own them or whose office they belong to, and looks for people of the same name.
enum OwnListingQueries {
    /// Which listing.
    enum Which: Hashable, Sendable {
        /// The reader's own.
        case own(account: UUID)
        /// By slug or id, if the reader may see it.
        case named(String)
    }

    /// A listing as JSON text with its version; nil when there is none that the reader may see.
    static func body(_ which: Which, _ transaction: Transaction) async throws(PostgresError) -> (
        body: [UInt8], version: Int64
    )? {
        let condition: SQL =
            switch which {
            case .own(let account): "p.account = \(account)"
            case .named(let slugOrID):
                if slugOrID.utf8.count == 36, let id = UUID(uuidString: slugOrID) {
                    "p.id = \(id)"
                } else {
                    "p.slug = \(slugOrID)"
                }
            }
        let rows = try await transaction.query(
            """
            SELECT p.version, (SELECT row_to_json(x) FROM (\(members)) AS x)::text AS body
            FROM klappa.person p
            JOIN klappa.region h ON h.no = p.home_region
            WHERE p.state <> 'erased' AND \(condition)
            """
        )
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// A listing; nil when there is none that the reader may see.
    static func find(_ which: Which, _ transaction: Transaction) async throws -> OwnListing? {
        guard let found = try await body(which, transaction) else { return nil }
        return try CrewJSON.decode(OwnListing.self, from: found.body)
    }

    /// The reader's own listing as its public record is or would be; nil without one.
    static func seen(_ transaction: Transaction) async throws -> CrewRecord? {
        let rows = try await transaction.query("SELECT t.version, t.body FROM klappa.own_listing_text() AS t")
        guard let row = rows.first else { return nil }
        let body = try row.bytes("body")
        return CrewRecord(
            body: body,
            version: try row.decode(Int64.self, "version"),
            listing: try CrewJSON.decode(CrewListing.self, from: body),
            details: try CrewJSON.decode(CrewRecord.Details.self, from: body)
        )
    }

    /// Whether what the reader writes into a listing needs nobody else's leave: it was never approved, or they are its office.
    static func mayWord(_ id: UUID, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query("SELECT klappa.may_word(\(id)) AS may")
        return try rows.first?.decode(Bool.self, "may") ?? false
    }

    /// Keeps what an approved listing is to say for its office, and lets what needs no leave count at once; a draft that
    /// says what stands takes back what was proposed.
    ///
    /// - Returns: whether something waits to be agreed to.
    @discardableResult
    static func propose(
        _ draft: CrewWriting.Draft,
        for listing: OwnListing,
        isSent: Bool,
        _ transaction: Transaction
    ) async throws -> Bool {
        let id = try listing.key()
        try await CrewWriting.writeAtOnce(draft, to: id, transaction)
        guard draft.keeping(listing.draft) != listing.draft else {
            if listing.proposal != nil { try await ListingProposal.drop(of: id, transaction) }
            return false
        }
        var proposed = draft
        proposed.contacts = []
        try await ListingProposal.put(try proposed.json, for: id, isSent: isSent, transaction)
        return true
    }

    /// Erases the reader's own listing for good; false when it has another version.
    static func erase(version: Int64, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query("SELECT klappa.erase_own_listing(\(version)) AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// The members of a listing, in the order of the API, of the person `p` with the home region `h`.
    private static let members: SQL = """
        SELECT p.id, p.slug, p.state, p.state_reason AS "stateReason", p.hidden_by_office AS "hiddenByOffice", p.name, p.credited_name AS "creditedName",
            p.trading_name AS "tradingName", h.code AS "homeRegion",
            array_to_json(array(
                SELECT r.code FROM klappa.person_local_region l JOIN klappa.region r ON r.no = l.region
                WHERE l.person = p.id ORDER BY r.sort_order)) AS "localRegions",
            p.municipality, p.travel_radius AS "travelRadius",
            array_to_json(array(
                SELECT row_to_json(y) FROM (
                    SELECT r.code, o.grade, o."primary"
                    FROM klappa.person_role o JOIN klappa.role r ON r.no = o.role
                    WHERE o.person = p.id ORDER BY o."primary" DESC, r.sort_order, r.no) AS y)) AS roles,
            array_to_json(array(
                SELECT row_to_json(y) FROM (
                    SELECT l.code, o.proficiency
                    FROM klappa.person_language o JOIN klappa.language l ON l.code = o.language
                    WHERE o.person = p.id ORDER BY l.sort_order, l.code) AS y)) AS languages,
            array_to_json(array(
                SELECT row_to_json(y) FROM (
                    SELECT c.code, o.expires
                    FROM klappa.person_certificate o JOIN klappa.certificate c ON c.code = o.certificate
                    WHERE o.person = p.id ORDER BY c.sort_order, c.code) AS y)) AS certificates,
            (SELECT row_to_json(y) FROM (SELECT p.headline_sv AS sv, p.headline_en AS en) AS y) AS headline,
            (SELECT row_to_json(y) FROM (SELECT p.biography_sv AS sv, p.biography_en AS en) AS y) AS biography,
            array_to_json(array(
                SELECT row_to_json(y) FROM (
                    SELECT l.kind, l.url, l.title FROM klappa.link l
                    WHERE l.subject = p.id ORDER BY l.sort_order, l.kind, l.url) AS y)) AS links,
            array_to_json(array(
                SELECT row_to_json(y) FROM (
                    SELECT c.kind, c.value, c.visibility FROM klappa.contact_field c
                    WHERE c.subject = p.id ORDER BY c.sort_order, c.kind, c.value) AS y)) AS "contactFields",
            p.availability_visibility AS "availabilityVisibility",
            (SELECT row_to_json(y) FROM (
                SELECT c.text_version AS "textVersion", c.given_on AS "givenOn"
                FROM klappa.consent c
                WHERE c.subject = p.id AND c.purpose = 'publication' AND c.withdrawn_at IS NULL) AS y) AS consent,
            p.renewed_on AS "renewedOn",
            to_char(p.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "publishedAt",
            (SELECT row_to_json(y) FROM (
                SELECT q.state, q.state_reason AS "stateReason", q.body AS listing
                FROM klappa.listing_proposal q WHERE q.subject = p.id) AS y) AS proposal,
            p.invented, p.version
        """

    // MARK: Of the same name

    /// Public listings that may be somebody of this name: first and last word are in its names, or one typing error away.
    ///
    /// - Parameter database: of `klappa_public`: nothing but what anyone may see.
    /// - Returns: by name, at most ten.
    static func alike(_ name: String, _ database: PostgresClient) async throws -> [CrewListing] {
        let typed = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
        guard let first = typed.first, let last = typed.last else { return [] }
        let read = try await CrewTextQueries.read(typed.count == 1 ? [first] : [first, last], database)
        var groups: [String] = []
        for word in read where word.folded.count >= 2 {
            var words = Set([word.folded])
            if word.folded.count >= 4 {
                words.formUnion(try await CrewTextQueries.mended(word.folded, database))
            }
            groups.append("(" + words.sorted().map { "'\($0)'" }.joined(separator: " | ") + ")")
        }
        guard !groups.isEmpty else { return [] }
        let rows = try await database.query(
            """
            SELECT d.body
            FROM klappa.crew_public c
            JOIN klappa.crew_doc d ON d.id = c.id
            WHERE c.names @@ (\(groups.joined(separator: " & ")))::tsquery
            ORDER BY c.name, c.id
            LIMIT 10
            """,
            lane: .search
        )
        return try rows.map { try CrewJSON.decode(CrewListing.self, from: $0.bytes("body")) }
    }
}
