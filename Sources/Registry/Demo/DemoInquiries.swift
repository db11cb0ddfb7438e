import NIOCore
import Postgres
import Web

/// Invents cases over three years: asked, answered, handed over, landed and lost, every one marked `invented`.
///
/// The same seed and first day give the same cases, keys included. They go by the rules: every step is one of
/// `inquiry_transition`, and what is lost has its reason. ``DemoInquiry`` makes one of them.
struct DemoInquiries {
    let count: Int
    let seed: UInt64
    /// The day from which is counted back.
    let first: Day

    init(count: Int = 300, seed: UInt64, from first: Day) {
        self.count = count
        self.seed = seed
        self.first = first
    }

    /// Writes the cases, unless there is any already.
    ///
    /// - Parameter database: of `klappa_worker`.
    /// - Returns: How many were made.
    @discardableResult
    func load(into database: PostgresClient) async throws -> Int {
        let rows = try await database.query(
            "SELECT EXISTS (SELECT FROM klappa.inquiry) AS present, klappa.today() AS today"
        )
        guard let row = rows.first, try row.decode(Bool.self, "present") == false else { return 0 }
        // No case can come later than now, whatever day the calendars count from.
        let last = min(first, try row.decode(Day.self, "today"))
        let cases = (0..<count).map { DemoInquiry($0, of: count, seed: seed, from: last) }
            .sorted { ($0.receivedAt, $0.key) < ($1.receivedAt, $1.key) }
        try await database.transaction(deadline: .seconds(600)) { transaction in
            for chunk in stride(from: 0, to: cases.count, by: 100) {
                let part = Array(cases[chunk..<min(chunk + 100, cases.count)])
                try await write(part, transaction)
            }
            try await giveOfficers(transaction)
        }
        return cases.count
    }

    private func write(_ cases: [DemoInquiry], _ transaction: Transaction) async throws {
        let rows = Self.text(cases.map(\.row))
        try await transaction.execute(
            """
            INSERT INTO klappa.inquiry (id, source, status, title, production_type, scale, company, summary, budget,
                spend_per_day, lead_region, language, received_at, next_action, next_action_on, closed_at, lost_reason,
                winner, winning_place, spend_forgone, spend_forgone_unknown, knowable_on, knowable_unknown, invented)
            SELECT c.id, c.source, c.status, c.title, c."productionType", c.scale, c.company, c.summary, c.budget,
                c."spendPerDay", r.no, c.language, c."receivedAt", c."nextAction", c."nextActionOn", c."closedAt",
                c."lostReason", c.winner, c."winningPlace", c."spendForgone",
                c."lostReason" IS NOT NULL AND c."spendForgone" IS NULL, c."knowableOn",
                c."lostReason" IS NOT NULL AND c."knowableOn" IS NULL, true
            FROM jsonb_to_recordset(\(rows)) AS c (id uuid, source text, status text, title text, "productionType" text,
                scale text, company text, summary text, budget numeric, "spendPerDay" numeric, region text,
                language text, "receivedAt" timestamptz, "nextAction" text, "nextActionOn" date, "closedAt" timestamptz,
                "lostReason" text, winner text, "winningPlace" text, "spendForgone" numeric, "knowableOn" date)
            JOIN klappa.region r ON r.code = c.region
            ORDER BY c."receivedAt", c.id
            """
        )
        try await transaction.execute(
            """
            SELECT klappa.write_inquiry_parts(c.id, c.parts)
            FROM jsonb_to_recordset(\(rows)) AS c (id uuid, parts jsonb)
            """
        )
        // An accepted offer gives the case over; what was lost or landed stays so.
        try await transaction.execute(
            """
            INSERT INTO klappa.inquiry_handover (id, inquiry, from_region, to_region, state, message, offered_at, answered_at)
            SELECT h.id, h.inquiry, f.no, t.no, h.state, h.message, h."offeredAt", h."answeredAt"
            FROM jsonb_to_recordset(\(Self.text(cases.compactMap(\.handover)))) AS h (id uuid, inquiry uuid, "from" text,
                "to" text, state text, message text, "offeredAt" timestamptz, "answeredAt" timestamptz)
            JOIN klappa.region f ON f.code = h."from"
            JOIN klappa.region t ON t.code = h."to"
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.inquiry_entry (id, inquiry, kind, at, author_name, region, contact, body, is_answer,
                from_status, to_status, handover, handover_state)
            SELECT e.id, e.inquiry, e.kind, e.at, e.author, r.no, e.contact, e.body, coalesce(e."isAnswer", false),
                e."fromStatus", e."toStatus", e.handover, e."handoverState"
            FROM jsonb_to_recordset(\(Self.text(cases.flatMap(\.entries)))) AS e (id uuid, inquiry uuid, kind text,
                at timestamptz, author text, region text, contact text, body text, "isAnswer" boolean,
                "fromStatus" text, "toStatus" text, handover uuid, "handoverState" text)
            LEFT JOIN klappa.region r ON r.code = e.region
            ORDER BY e.at, e.id
            """
        )
    }

    /// Makes the commissioner of the leading office responsible for what was looked at; what is new is nobody's yet.
    ///
    /// It asks who works there: without the accounts of the demonstration the cases have no officer.
    private func giveOfficers(_ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE klappa.inquiry i
            SET officer = o.account
            FROM (
                SELECT DISTINCT ON (g.region) g.region, g.account
                FROM klappa.grants g
                JOIN klappa.account a ON a.id = g.account
                WHERE a.invented AND g."right" = 'commissioner' AND g.region IS NOT NULL
                ORDER BY g.region, g.account) AS o
            WHERE i.invented AND i.officer IS NULL AND i.status <> 'new' AND o.region = i.lead_region
            """
        )
    }

    private static func text(_ rows: [JSON]) -> JSONText { JSONText(String(buffer: JSON.array(rows).bytes)) }
}
