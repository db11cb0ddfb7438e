internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL that reads cases. Everything runs as `klappa_member` with the reader's account set; row security decides.
struct InquiryQueries: Sendable {
    let database: PostgresClient

    /// A page of a list.
    struct Page: Sendable {
        /// In order, each as the API shows it.
        var items: [JSON]
        var total: Int
        var next: InquiryCursor?
    }

    /// The cases that match, from a place on.
    ///
    /// - Parameters:
    ///   - cursor: behind which to begin; nil begins with the first.
    ///   - skipping: how many to leave out after that.
    func list(
        _ filter: InquiryFilter,
        after cursor: InquiryCursor? = nil,
        skipping: Int = 0,
        limit: Int,
        as reader: Reader
    ) async throws -> Page {
        let condition = filter.condition
        let order: SQL = filter.order == .due ? "i.due, i.number" : "i.received_at DESC, i.number DESC"
        let key: SQL = filter.order == .due ? "i.due" : "i.received_at"
        let place = cursor.map { $0.condition(filter.order) } ?? "true"
        let rows = try await database.query(
            """
            -- What is skipped is not written out.
            WITH page AS MATERIALIZED (
                SELECT i.number
                FROM klappa.inquiry i
                WHERE \(condition)
                    AND \(place)
                ORDER BY \(order)
                LIMIT \(Int64(limit + 1)) OFFSET \(Int64(skipping)))
            SELECT i.number, \(key) AS key, json_build_object(\(Self.item))::text AS body
            FROM page p
            JOIN klappa.inquiry i ON i.number = p.number
            ORDER BY \(order)
            """,
            lane: .search,
            settings: reader.settings
        )
        let items = try rows.prefix(limit).map { row in
            (
                key: InquiryCursor(
                    at: try row.decode(Instant?.self, "key"),
                    number: try row.decode(String.self, "number")
                ), body: try JSON(stored: row.decode(String.self, "body"))
            )
        }
        let counted = try await database.query(
            "SELECT count(*) AS total FROM klappa.inquiry i WHERE \(condition)",
            lane: .search,
            settings: reader.settings
        )
        let next = rows.count > limit ? items.last?.key : nil
        return Page(
            items: items.map(\.body),
            total: Int(try counted.first?.decode(Int64.self, "total") ?? 0),
            next: next
        )
    }

    /// A case as the API shows it, by its number.
    func find(_ number: String, as reader: Reader) async throws -> (version: Int64, record: JSON)? {
        let rows = try await database.query(Self.record(number), settings: reader.settings)
        return try Self.read(rows)
    }

    /// The same within a transaction.
    static func find(_ number: String, _ transaction: Transaction) async throws -> (
        version: Int64, record: JSON
    )? {
        try read(try await transaction.query(record(number)))
    }

    private static func read(_ rows: Rows) throws -> (version: Int64, record: JSON)? {
        guard let row = rows.first else { return nil }
        return (try row.decode(Int64.self, "version"), try JSON(stored: row.decode(String.self, "body")))
    }

    /// How many cases wait: what the top of the inbox says.
    struct Waiting: Sendable {
        var active = 0
        var overdue = 0
        var offered = 0
        var mine = 0
    }

    func waiting(_ account: UUID, as reader: Reader) async throws -> Waiting {
        let rows = try await database.query(
            """
            SELECT count(*) AS active, count(*) FILTER (WHERE i.due < now()) AS overdue,
                count(*) FILTER (WHERE i.officer = \(account)) AS mine,
                (SELECT count(*) FROM klappa.inquiry_handover h
                    WHERE h.state = 'offered' AND h.to_region = ANY ((SELECT klappa.my_offices())::smallint[])) AS offered
            FROM klappa.inquiry i
            WHERE NOT i.final
            """,
            lane: .search,
            settings: reader.settings
        )
        guard let row = rows.first else { return Waiting() }
        return Waiting(
            active: Int(try row.decode(Int64.self, "active")),
            overdue: Int(try row.decode(Int64.self, "overdue")),
            offered: Int(try row.decode(Int64.self, "offered")),
            mine: Int(try row.decode(Int64.self, "mine"))
        )
    }

    /// Who may be responsible for the cases of a region.
    func officers(of region: String, as reader: Reader) async throws -> [(id: UUID, name: String)] {
        let rows = try await database.query(
            """
            SELECT o.account, o.name
            FROM klappa.region r
            CROSS JOIN LATERAL klappa.officers_of(r.no) AS o
            WHERE r.code = \(region)
            ORDER BY o.name
            """,
            settings: reader.settings
        )
        return try rows.map { (try $0.decode(UUID.self, "account"), try $0.decode(String.self, "name")) }
    }

    /// What a producer sees through a private link.
    func followed(_ link: Secret) async throws -> JSON? {
        let rows = try await database.query("SELECT klappa.followed_inquiry(\(link.hash))::text AS body")
        return try rows.first?.decode(String?.self, "body").map { try JSON(stored: $0) }
    }

    // MARK: Documents

    private static let item: SQL = """
        'number', i.number, 'title', i.title, 'status', i.status, 'outcome', i.outcome,
        'productionType', i.production_type, 'company', i.company, 'source', i.source,
        'region', (SELECT r.code FROM klappa.region r WHERE r.no = i.lead_region),
        'officer', CASE WHEN i.officer IS NOT NULL THEN
            json_build_object('id', i.officer, 'name', klappa.staff_name(i.officer)) END,
        'receivedAt', klappa.instant(i.received_at), 'answerDue', klappa.instant(i.answer_due),
        'answeredAt', klappa.instant(i.answered_at), 'waitingSince', klappa.instant(i.waiting_since),
        'due', klappa.instant(i.due), 'nextAction', i.next_action, 'nextActionOn', i.next_action_on,
        'closedAt', klappa.instant(i.closed_at), 'lostReason', i.lost_reason,
        'offeredTo', (SELECT r.code FROM klappa.inquiry_handover h JOIN klappa.region r ON r.no = h.to_region
            WHERE h.inquiry = i.id AND h.state = 'offered'),
        'invented', i.invented, 'version', i.version
        """

    private static func record(_ number: String) -> SQL {
        """
        SELECT i.version, json_build_object(
            'number', i.number, 'title', i.title, 'source', i.source, 'status', i.status, 'outcome', i.outcome,
            'nextStatuses', CASE WHEN i.lead_region = ANY ((SELECT klappa.my_offices())::smallint[]) THEN ARRAY(
                SELECT t.to_status FROM klappa.inquiry_transition t
                JOIN klappa.inquiry_status s ON s.code = t.to_status
                WHERE t.from_status = i.status ORDER BY s.sort_order) ELSE '{}' END,
            'productionType', i.production_type, 'scale', i.scale, 'company', i.company, 'summary', i.summary,
            'crewNeeds', i.crew_needs, 'locationNeeds', i.location_needs,
            'budget', trim_scale(i.budget), 'spendPerDay', trim_scale(i.spend_per_day),
            'spendTyped', i.spend_typed, 'currency', i.currency,
            'scriptOnFile', i.script_on_file, 'breakdownReceived', i.breakdown_received,
            'region', (SELECT r.code FROM klappa.region r WHERE r.no = i.lead_region),
            'officer', CASE WHEN i.officer IS NOT NULL THEN
                json_build_object('id', i.officer, 'name', klappa.staff_name(i.officer)) END,
            'language', i.language, 'receivedAt', klappa.instant(i.received_at),
            'answerDue', klappa.instant(i.answer_due), 'answeredAt', klappa.instant(i.answered_at),
            'waitingSince', klappa.instant(i.waiting_since), 'due', klappa.instant(i.due),
            'nextAction', i.next_action, 'nextActionOn', i.next_action_on, 'closedAt', klappa.instant(i.closed_at),
            'loss', CASE WHEN i.outcome = 'lost' THEN json_build_object('reason', i.lost_reason, 'winner', i.winner,
                'winningPlace', i.winning_place, 'spendForgone', trim_scale(i.spend_forgone),
                'knowableOn', i.knowable_on) END,
            'phases', coalesce((
                SELECT json_agg(json_build_object('kind', p.kind, 'days', klappa.periods_of(p.days),
                    'dayCount', coalesce(trim_scale(p.day_count), klappa.day_count(p.days)),
                    'counted', p.day_count IS NULL) ORDER BY lower(p.days), p.kind)
                FROM klappa.inquiry_phase p WHERE p.inquiry = i.id), '[]'),
            'contacts', coalesce((
                SELECT json_agg(json_build_object('name', c.name, 'title', c.title, 'email', c.email,
                    'phone', c.phone, 'main', c.main, 'locked', c.locked) ORDER BY c.sort_order, c.id)
                FROM klappa.inquiry_contact c WHERE c.inquiry = i.id), '[]'),
            'crew', coalesce((
                SELECT json_agg(json_build_object('role', o.code, 'count', c.count) ORDER BY o.no)
                FROM klappa.inquiry_crew c JOIN klappa.role o ON o.no = c.role WHERE c.inquiry = i.id), '[]'),
            'locationTypes', coalesce((
                SELECT json_agg(t.location_type ORDER BY l.sort_order)
                FROM klappa.inquiry_location_type t JOIN klappa.location_type l ON l.code = t.location_type
                WHERE t.inquiry = i.id), '[]'),
            'entries', coalesce((
                SELECT json_agg(\(entry) ORDER BY e.at, e.id)
                FROM klappa.inquiry_entry e LEFT JOIN klappa.region er ON er.no = e.region
                WHERE e.inquiry = i.id), '[]'),
            'handovers', coalesce((
                SELECT json_agg(\(handover) ORDER BY h.offered_at, h.id)
                FROM klappa.inquiry_handover h
                JOIN klappa.region hf ON hf.no = h.from_region JOIN klappa.region ht ON ht.no = h.to_region
                WHERE h.inquiry = i.id), '[]'),
            'invented', i.invented, 'version', i.version)::text AS body
        FROM klappa.inquiry i
        WHERE i.number = \(number)
        """
    }

    /// Over `klappa.inquiry_entry e` and its region `er`.
    static let entry: SQL = """
        json_build_object('id', e.id, 'kind', e.kind, 'at', klappa.instant(e.at), 'author', e.author_name,
            'region', er.code, 'contact', e.contact, 'body', e.body, 'isAnswer', e.is_answer,
            'fromStatus', e.from_status, 'toStatus', e.to_status, 'handover', e.handover_state)
        """

    /// Over `klappa.inquiry_handover h` and its regions `hf` and `ht`.
    static let handover: SQL = """
        json_build_object('id', h.id, 'from', hf.code, 'to', ht.code, 'state', h.state, 'message', h.message,
            'offeredAt', klappa.instant(h.offered_at), 'offeredBy', klappa.staff_name(h.offered_by),
            'reason', h.reason, 'answeredAt', klappa.instant(h.answered_at),
            'answeredBy', klappa.staff_name(h.answered_by))
        """
}
