internal import FoundationEssentials
internal import NIOCore
internal import Postgres
internal import Web

/// The SQL that writes cases, each function within a transaction of its reader.
enum InquiryWrites {
    /// What a producer gets for an inquiry.
    struct Filed: Sendable {
        var id: UUID
        var number: String
        var answerDue: String
        /// Code of the region that answers.
        var region: String
    }

    /// Takes an inquiry from the public form.
    ///
    /// - Parameters:
    ///   - document: as the API takes it.
    ///   - link: the secret of the private link; only its hash is kept.
    static func file(_ document: JSON, link: Secret, _ transaction: Transaction) async throws -> Filed {
        let rows = try await transaction.query(
            """
            SELECT f.id, f.number, klappa.instant(f.answer_due) AS answer_due, f.region
            FROM klappa.file_inquiry(\(JSONText(document)), \(link.hash)) AS f
            """
        )
        guard let row = rows.first else { throw Problem(.unexpected) }
        return Filed(
            id: try row.decode(UUID.self, "id"),
            number: try row.decode(String.self, "number"),
            answerDue: try row.decode(String.self, "answer_due"),
            region: try row.decode(String.self, "region")
        )
    }

    /// Adds a case that reached an office by telephone, mail or at a festival, with what was said.
    ///
    /// - Parameters:
    ///   - document: as the API takes it, with `source`, `region`, and what only offices say.
    ///   - entry: the call or letter itself; nil for none.
    /// - Returns: its number.
    static func log(_ document: JSON, _ entry: Entry?, _ transaction: Transaction) async throws -> String {
        let rows = try await transaction.query("SELECT klappa.add_inquiry(\(JSONText(document))) AS id")
        guard let id = try rows.first?.decode(UUID.self, "id") else { throw Problem(.unexpected) }
        if let entry { _ = try await insert(entry, to: id, transaction) }
        let number = try await transaction.query("SELECT i.number FROM klappa.inquiry i WHERE i.id = \(id)")
        guard let row = number.first else { throw Problem(.forbidden) }
        return try row.decode(String.self, "number")
    }

    /// Changes what the document has, if the case is of that version.
    ///
    /// - Returns: whether it was, and is the reader's to change.
    static func change(
        _ number: String,
        version: Int64,
        _ document: JSON,
        _ transaction: Transaction
    ) async throws -> Bool {
        let held = try await transaction.query(
            "SELECT i.id FROM klappa.inquiry i WHERE i.number = \(number) AND i.version = \(version) FOR UPDATE"
        )
        guard let id = try held.first?.decode(UUID.self, "id") else { return false }
        let rows = try await transaction.query(
            "SELECT klappa.change_inquiry(\(id), \(JSONText(document))) AS changed"
        )
        return try rows.first?.decode(Bool.self, "changed") ?? false
    }

    /// Something that an office enters in the timeline.
    struct Entry: Sendable {
        /// `note`, `call`, `letter` or `answer`.
        var kind: String
        var body: String
        /// When it was; nil for now.
        var at: String?
        var contact: String?
        /// Whether a call or letter answered the producer.
        var isAnswer = false
    }

    /// Enters something in the timeline of a case.
    ///
    /// - Returns: the entry as the API shows it; nil when the reader cannot see the case.
    /// - Throws: 403 when another office leads it.
    static func enter(_ entry: Entry, _ number: String, _ transaction: Transaction) async throws -> JSON? {
        guard let id = try await id(number, transaction) else { return nil }
        return try await insert(entry, to: id, transaction)
    }

    private static func insert(_ entry: Entry, to inquiry: UUID, _ transaction: Transaction) async throws
        -> JSON
    {
        let rows = try await transaction.query(
            """
            WITH e AS (
                INSERT INTO klappa.inquiry_entry (inquiry, kind, at, contact, body, is_answer)
                VALUES (\(inquiry), \(entry.kind), coalesce(\(entry.at as String?)::text::timestamptz, clock_timestamp()),
                    \(entry.contact as String?), \(entry.body), \(entry.isAnswer || entry.kind == "answer"))
                RETURNING id, kind, at, author_name, region, contact, body, is_answer, from_status, to_status,
                    handover_state)
            SELECT \(InquiryQueries.entry)::text AS body
            FROM e LEFT JOIN klappa.region er ON er.no = e.region
            """
        )
        guard let row = rows.first else { throw Problem(.forbidden) }
        return try JSON(stored: row.decode(String.self, "body"))
    }

    /// Offers a case to another region.
    ///
    /// - Returns: the offer as the API shows it; nil when the reader cannot see the case.
    static func offer(
        _ number: String,
        to region: String,
        message: String?,
        _ transaction: Transaction
    ) async throws -> JSON? {
        guard let id = try await id(number, transaction) else { return nil }
        let rows = try await transaction.query(
            """
            WITH h AS (
                INSERT INTO klappa.inquiry_handover (inquiry, from_region, to_region, message)
                SELECT i.id, i.lead_region, r.no, \(message as String?)
                FROM klappa.inquiry i, klappa.region r
                WHERE i.id = \(id) AND r.code = \(region)
                RETURNING id, from_region, to_region, state, message, offered_at, offered_by, reason, answered_at,
                    answered_by)
            SELECT \(InquiryQueries.handover)::text AS body
            FROM h JOIN klappa.region hf ON hf.no = h.from_region JOIN klappa.region ht ON ht.no = h.to_region
            """
        )
        guard let row = rows.first else { throw Problem(.invalid) }
        return try JSON(stored: row.decode(String.self, "body"))
    }

    /// What becomes of an offer.
    enum Answer: String, CaseIterable, Sendable { case accepted, declined, withdrawn }

    /// Answers an offer or takes it back.
    ///
    /// - Returns: whether there was such an offer for the reader to answer.
    static func settle(
        _ handover: UUID,
        _ answer: Answer,
        reason: String?,
        _ transaction: Transaction
    ) async throws -> Bool {
        let rows =
            switch answer {
            case .withdrawn:
                try await transaction.query("SELECT klappa.withdraw_handover(\(handover)) AS done")
            case .accepted, .declined:
                try await transaction.query(
                    "SELECT klappa.answer_handover(\(handover), \(answer == .accepted), \(reason as String?)) AS done"
                )
            }
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// Adds a producer's message; withdraws the inquiry if so wanted.
    ///
    /// - Returns: the case; nil without such a link.
    static func answer(
        _ link: Secret,
        _ body: String?,
        withdraws: Bool,
        _ transaction: Transaction
    ) async throws -> UUID? {
        let rows = try await transaction.query(
            "SELECT klappa.answer_from_producer(\(link.hash), \(body as String?), \(withdraws)) AS id"
        )
        return try rows.first?.decode(UUID?.self, "id")
    }

    /// What became of a producer's change.
    enum Change: Sendable { case done, stale, noLink }

    /// Changes what a producer asked for, while the case is open and of that version.
    static func change(
        _ link: Secret,
        version: Int64,
        _ document: JSON,
        _ transaction: Transaction
    ) async throws -> Change {
        let rows = try await transaction.query(
            "SELECT klappa.change_from_producer(\(link.hash), \(version), \(JSONText(document))) AS done"
        )
        guard let done = try rows.first?.decode(Bool?.self, "done") else { return .noLink }
        return done ? .done : .stale
    }

    /// Makes a private link that takes the place of all others.
    ///
    /// - Returns: whether the reader's office leads the case.
    static func renewLink(_ number: String, _ link: Secret, _ transaction: Transaction) async throws -> Bool {
        guard let id = try await id(number, transaction) else { return false }
        let rows = try await transaction.query(
            "SELECT klappa.renew_inquiry_link(\(id), \(link.hash)) AS done"
        )
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// Makes another private link for the producer.
    ///
    /// - Returns: whether the reader's office leads the case.
    static func link(_ number: String, _ link: Secret, _ transaction: Transaction) async throws -> Bool {
        guard let id = try await id(number, transaction) else { return false }
        let rows = try await transaction.query("SELECT klappa.add_inquiry_link(\(id), \(link.hash)) AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// The id of a case that the reader can see.
    static func id(_ number: String, _ transaction: Transaction) async throws -> UUID? {
        try await transaction.query("SELECT i.id FROM klappa.inquiry i WHERE i.number = \(number)").first?
            .decode(UUID.self, "id")
    }
}

extension JSONText {
    init(_ value: JSON) { self.init(String(buffer: value.bytes)) }
}
