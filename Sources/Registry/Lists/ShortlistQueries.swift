internal import FoundationEssentials
internal import NIOCore
internal import Postgres
internal import Web

/// Every SQL statement on shortlists. Row security says whose they are; what they show comes from the projections for everyone.
enum ShortlistQueries {
    private static let columns: SQL = """
        s.id, s.name, s.version, CASE WHEN s.link_expires_at > now() THEN s.link_expires_at END AS shared_until,
            (SELECT count(*) FROM klappa.shortlist_item i WHERE i.shortlist = s.id) AS n
        FROM klappa.shortlist s
        """

    /// What is public of a subject `x.subject`: its kind and the JSON of lists.
    private static let shown: SQL = """
        CASE WHEN c.id IS NOT NULL THEN 'person' WHEN l.id IS NOT NULL THEN 'location' WHEN m.id IS NOT NULL THEN 'company' END
            AS kind, coalesce(c.body, l.body, m.body) AS body
        """
    private static let docs: SQL = """
        LEFT JOIN klappa.crew_doc c ON c.id = x.subject
        LEFT JOIN klappa.location_doc l ON l.id = x.subject
        LEFT JOIN klappa.company_doc m ON m.id = x.subject
        """

    /// One's own lists, by name.
    static func all(of member: SignedIn, _ database: PostgresClient) async throws(PostgresError)
        -> [Shortlist]
    {
        let rows = try await database.query(
            "SELECT \(columns) WHERE s.account = \(member.account) ORDER BY s.name COLLATE \"sv-x-icu\", s.id LIMIT 200",
            settings: member.reader.settings
        )
        var lists: [Shortlist] = []
        for row in rows { lists.append(try read(row)) }
        return lists
    }

    /// One of one's own lists.
    static func find(_ id: UUID, of member: SignedIn, _ database: PostgresClient) async throws(PostgresError)
        -> Shortlist?
    {
        let rows = try await database.query(
            "SELECT \(columns) WHERE s.id = \(id) AND s.account = \(member.account)",
            settings: member.reader.settings
        )
        return try rows.first.map(read)
    }

    private static func read(_ row: Row) throws(PostgresError) -> Shortlist {
        Shortlist(
            id: try row.decode(UUID.self, "id"),
            name: try row.decode(String.self, "name"),
            count: Int(try row.decode(Int64.self, "n")),
            sharedUntil: try row.decode(Instant?.self, "shared_until"),
            version: try row.decode(Int64.self, "version")
        )
    }

    /// What is on one of one's own lists, in the order in which it came there.
    static func items(of list: UUID, _ member: SignedIn, _ database: PostgresClient) async throws
        -> [Shortlist.Item]
    {
        let rows = try await database.query(
            """
            SELECT x.id, x.subject, x.note, \(shown)
            FROM klappa.shortlist_item x
            \(docs)
            WHERE x.shortlist = \(list)
            ORDER BY x.created_at, x.id
            """,
            settings: member.reader.settings
        )
        return try rows.map { row in
            Shortlist.Item(
                id: try row.decode(UUID.self, "id"),
                subject: try row.decode(UUID.self, "subject"),
                shown: try seen(row),
                note: try row.decode(String?.self, "note")
            )
        }
    }

    /// What everyone may see of some subjects, in their order; what is not public is left out.
    static func shown(_ subjects: [UUID], _ database: PostgresClient) async throws -> [Shortlist.Item] {
        let rows = try await database.query(
            """
            SELECT x.subject, \(shown)
            FROM unnest(\(subjects)::uuid[]) WITH ORDINALITY AS x (subject, place)
            \(docs)
            ORDER BY x.place
            """
        )
        return try rows.compactMap { row in
            guard let shown = try seen(row) else { return nil }
            return Shortlist.Item(
                id: nil,
                subject: try row.decode(UUID.self, "subject"),
                shown: shown,
                note: nil
            )
        }
    }

    /// What a link shows: the name of the list and what is public of what is on it; nil when it does not hold.
    ///
    /// - Parameter database: of `klappa_public`.
    static func shared(_ link: Secret, _ database: PostgresClient) async throws -> (
        name: String, [Shortlist.Item]
    )? {
        let rows = try await database.query(
            """
            SELECT x.name, x.subject, \(shown)
            FROM klappa.shared_shortlist(\(link.hash)) AS x
            \(docs)
            ORDER BY x.place
            """
        )
        guard let first = rows.first else { return nil }
        let items = try rows.compactMap { row -> Shortlist.Item? in
            guard let subject = try row.decode(UUID?.self, "subject"), let shown = try seen(row) else {
                return nil
            }
            return Shortlist.Item(id: nil, subject: subject, shown: shown, note: nil)
        }
        return (try first.decode(String.self, "name"), items)
    }

    private static func seen(_ row: Row) throws -> Shortlist.Item.Shown? {
        guard let kind = try row.decode(String?.self, "kind").flatMap({ Shortlist.Item.Kind(rawValue: $0) }),
            let text = try row.decode(String?.self, "body")
        else { return nil }
        let body = try JSON(stored: text)
        let slug = body["slug"]?.string ?? ""
        let path =
            switch kind {
            case .person: "/crew/\(slug)"
            case .company: "/companies/\(slug)"
            case .location: "/locations/\(body["number"]?.integer ?? 0)"
            }
        let headline = body["headline"]
        let region = body["homeRegion"]?.string ?? body["region"]?.string ?? ""
        var said: Localized?
        if let sv = headline?["sv"]?.string ?? headline?["en"]?.string {
            said = Localized(sv: sv, en: headline?["en"]?.string ?? sv)
        }
        return .init(kind: kind, name: body["name"]?.string ?? "", path: path, region: region, headline: said)
    }

    // MARK: Writing

    /// Opens a list.
    static func create(_ name: String, _ member: SignedIn, _ transaction: Transaction)
        async throws(PostgresError) -> UUID
    {
        let id = UUID.version7()
        try await transaction.execute(
            "INSERT INTO klappa.shortlist (id, account, name) VALUES (\(id), \(member.account), \(name))"
        )
        return id
    }

    /// Puts subjects on a list; what is on it already stays.
    ///
    /// - Returns: false when the list would become too long, and then nothing was put on it.
    static func add(_ subjects: [UUID], to list: UUID, _ transaction: Transaction) async throws(PostgresError)
        -> Bool
    {
        // The lock makes two that add at a time count one after the other.
        try await transaction.execute("SELECT FROM klappa.shortlist WHERE id = \(list) FOR UPDATE")
        try await transaction.execute(
            """
            INSERT INTO klappa.shortlist_item (id, shortlist, account, subject)
            SELECT klappa.uuid7(), \(list), klappa.reader(), x.subject
            FROM unnest(\(subjects)::uuid[]) WITH ORDINALITY AS x (subject, place)
            WHERE EXISTS (SELECT FROM klappa.crew_doc c WHERE c.id = x.subject)
                OR EXISTS (SELECT FROM klappa.location_doc l WHERE l.id = x.subject)
                OR EXISTS (SELECT FROM klappa.company_doc m WHERE m.id = x.subject)
            ORDER BY x.place
            ON CONFLICT ON CONSTRAINT shortlist_item_once DO NOTHING
            """
        )
        let rows = try await transaction.query(
            "SELECT count(*) AS n FROM klappa.shortlist_item WHERE shortlist = \(list)"
        )
        return try rows.first?.decode(Int64.self, "n") ?? 0 <= Shortlist.most
    }

    static func rename(
        _ list: UUID,
        _ name: String,
        version: Int64,
        _ member: SignedIn,
        _ database: PostgresClient
    )
        async throws(PostgresError) -> Bool
    {
        try await database.execute(
            "UPDATE klappa.shortlist SET name = \(name) WHERE id = \(list) AND version = \(version)",
            settings: member.reader.settings
        ) == 1
    }

    static func delete(_ list: UUID, _ member: SignedIn, _ database: PostgresClient)
        async throws(PostgresError) -> Bool
    {
        try await database.execute(
            "DELETE FROM klappa.shortlist WHERE id = \(list)",
            settings: member.reader.settings
        ) == 1
    }

    /// Shares a list by a new link, which takes the place of an older one; nil ends sharing.
    static func share(
        _ list: UUID,
        by link: Secret?,
        days: Int,
        _ member: SignedIn,
        _ database: PostgresClient
    )
        async throws(PostgresError) -> Bool
    {
        try await database.execute(
            """
            UPDATE klappa.shortlist
            SET link_hash = \(link?.hash as [UInt8]?),
                link_expires_at = CASE WHEN \(link != nil) THEN now() + \(Int32(days)) * interval '1 day' END
            WHERE id = \(list)
            """,
            settings: member.reader.settings
        ) == 1
    }

    static func note(
        _ item: UUID,
        on list: UUID,
        _ note: String?,
        _ member: SignedIn,
        _ database: PostgresClient
    )
        async throws(PostgresError) -> Bool
    {
        try await database.execute(
            "UPDATE klappa.shortlist_item SET note = \(note as String?) WHERE id = \(item) AND shortlist = \(list)",
            settings: member.reader.settings
        ) == 1
    }

    static func remove(_ items: [UUID], from list: UUID, _ member: SignedIn, _ database: PostgresClient)
        async throws(PostgresError) -> Int
    {
        try await database.execute(
            "DELETE FROM klappa.shortlist_item WHERE shortlist = \(list) AND id = ANY (\(items)::uuid[])",
            settings: member.reader.settings
        )
    }
}
