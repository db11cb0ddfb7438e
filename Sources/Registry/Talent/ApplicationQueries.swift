internal import Foundation
internal import NIOCore
internal import Postgres
internal import Web

/// The SQL of applicants: drafts, handing in, reading and taking back. Row security shows each their own.
enum ApplicationQueries {
    /// What came of handing in.
    struct Receipt: Hashable, Sendable {
        let id: UUID
        let arrival: Int
        let submittedAt: Instant
        let late: Bool

        init(_ id: UUID, _ row: Row) throws(PostgresError) {
            self.id = id
            arrival = Int(try row.decode(Int32.self, "arrival"))
            submittedAt = try row.value("submitted_at")
            late = try row.value("late")
        }
    }

    // MARK: Handing in

    /// Hands in an application that was never a draft.
    static func send(_ application: NewApplication, to call: UUID, _ transaction: Transaction) async throws
        -> Receipt
    {
        let id = UUID.version7()
        let rows = try await transaction.query(
            """
            SELECT s.arrival, s.submitted_at, s.late
            FROM klappa.send_application(\(id), \(call), \(application.language.rawValue), \(application.name),
                \(application.email), \(application.phone), \(application.region), \(application.answers.jsonText)) AS s
            """
        )
        guard let row = rows.first else { throw Problem(.unexpected) }
        return try Receipt(id, row)
    }

    /// Hands in a draft with its answers as the form means them; nil when somebody else changed or sent it meanwhile.
    static func submit(
        _ draft: ApplicationDraft,
        answers: JSON,
        language: Language,
        _ transaction: Transaction
    ) async throws -> Receipt? {
        let changed = try await transaction.execute(
            """
            UPDATE klappa.application SET answers = \(answers.jsonText), language = \(language.rawValue)
            WHERE id = \(draft.id) AND state = 'draft'
            """
        )
        guard changed == 1 else { return nil }
        let rows = try await transaction.query(
            "SELECT s.arrival, s.submitted_at, s.late FROM klappa.submit_application(\(draft.id)) AS s"
        )
        return try rows.first.map { row throws(PostgresError) in try Receipt(draft.id, row) }
    }

    // MARK: Drafts

    /// The reader's living application to a call: its id, and whether it is a draft.
    static func living(
        _ call: UUID,
        _ account: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) -> (id: UUID, isDraft: Bool)? {
        let rows = try await transaction.query(
            """
            SELECT a.id, a.state = 'draft' AS is_draft FROM klappa.application a
            WHERE a.call = \(call) AND a.state <> 'withdrawn'
                AND (a.account = \(account) OR a.account IS NULL AND lower(a.email) = klappa.my_email())
            ORDER BY a.account IS NULL LIMIT 1
            """
        )
        guard let row = rows.first else { return nil }
        return (try row.value("id"), try row.value("is_draft"))
    }

    /// Begins a draft; what was said in another call is in it where the questions agree.
    static func begin(
        _ draft: ApplicationDraft,
        account: UUID,
        email: String?,
        language: Language,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.application (id, call, account, language, name, email, phone, region, answers)
            VALUES (\(draft.id), \(draft.call), \(account), \(language.rawValue), \(draft.name), \(email), \(draft.phone),
                (SELECT r.no FROM klappa.region r WHERE r.code = \(draft.region)), \(draft.typed))
            """
        )
    }

    /// Saves a draft; nil when it changed since that version, or is none any more.
    static func save(
        _ draft: ApplicationDraft,
        email: String?,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE klappa.application SET name = \(draft.name), email = \(email), phone = \(draft.phone),
                region = (SELECT r.no FROM klappa.region r WHERE r.code = \(draft.region)), answers = \(draft.typed)
            WHERE id = \(draft.id) AND state = 'draft' AND version = \(version)
            RETURNING version
            """
        )
        return try rows.first?.decode(Int64.self, "version")
    }

    /// Throws a draft away; false when there is none.
    static func discard(_ id: UUID, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let drafts = try await transaction.query(
            "SELECT a.id FROM klappa.application a WHERE a.id = \(id) AND a.state = 'draft'"
        )
        guard !drafts.isEmpty else { return false }
        return try await erase(id, transaction)
    }

    /// Takes an application of the reader's own back and empties it, with its files, letters and what the log
    /// remembers of it; deletes a draft.
    ///
    /// - Returns: whether it was theirs.
    static func erase(_ id: UUID, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        try await transaction.query("SELECT klappa.erase_own_application(\(id)) AS done").first?
            .decode(Bool.self, "done") ?? false
    }

    /// A draft of the reader's own.
    static func draft(_ id: UUID, _ transaction: Transaction) async throws -> ApplicationDraft? {
        let rows = try await transaction.query(
            """
            SELECT a.id, a.call, a.name, a.phone, r.code AS region, a.answers::text AS answers, a.version,
                \(files)::text AS files
            FROM klappa.application a LEFT JOIN klappa.region r ON r.no = a.region
            WHERE a.id = \(id) AND a.state = 'draft'
            """
        )
        return try rows.first.map { row in
            ApplicationDraft(
                id: try row.value("id"),
                call: try row.value("call"),
                name: try row.value("name"),
                phone: try row.value("phone"),
                region: try row.value("region"),
                answers: try typed(try row.value("answers")),
                version: try row.value("version"),
                files: try JSONDecoder().decode(
                    [String: AnswerFile].self,
                    from: Data(try row.decode(String.self, "files").utf8)
                )
            )
        }
    }

    /// What the reader said last, in any call: applicant and answers with the questions as they were asked.
    static func lastSnapshot(
        of account: UUID,
        except call: UUID,
        _ transaction: Transaction
    ) async throws -> (snapshot: Snapshot, call: Localized?)? {
        let rows = try await transaction.query(
            """
            SELECT a.snapshot::text AS snapshot, c.title_sv, c.title_en
            FROM klappa.application a LEFT JOIN klappa.call_public c ON c.id = a.call
            WHERE a.state <> 'draft' AND a.call <> \(call)
                AND (a.account = \(account) OR a.account IS NULL AND lower(a.email) = klappa.my_email())
            ORDER BY a.submitted_at DESC LIMIT 1
            """
        )
        return try rows.first.map { row in
            let call = try row.isNull("title_sv") ? nil : row.localized("title")
            return (snapshot: try Snapshot(try row.value("snapshot")), call: call)
        }
    }

    // MARK: Own applications

    /// The reader's own applications, newest first. Who manages a call does not see it here by that.
    static func own(_ account: UUID, _ database: PostgresClient, as reader: Reader) async throws
        -> [OwnApplication]
    {
        try await database.query(
            "\(ownRow) WHERE \(mine(account)) ORDER BY a.created_at DESC",
            settings: reader.settings
        ).map(OwnApplication.init)
    }

    /// One of the reader's own, with the letters that told decisions, oldest first.
    static func own(
        _ id: UUID,
        _ account: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws -> (application: OwnApplication, told: [OwnApplication.Told])? {
        let rows = try await database.query(
            "\(ownRow) WHERE a.id = \(id) AND \(mine(account))",
            settings: reader.settings
        )
        guard let application = try rows.first.map(OwnApplication.init) else { return nil }
        let told = try await database.query(
            """
            SELECT d.outcome, d.subject, d.body, d.told_at FROM klappa.decision d
            WHERE d.application = \(id) ORDER BY d.told_at
            """,
            settings: reader.settings
        )
        return (
            application,
            try told.map { row in
                OwnApplication.Told(
                    outcome: try row.value("outcome"),
                    subject: try row.value("subject"),
                    body: try row.value("body"),
                    at: try row.value("told_at")
                )
            }
        )
    }

    /// Takes an application back; false when there is nothing to take back.
    static func withdraw(_ id: UUID, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        try await transaction.query("SELECT klappa.withdraw_application(\(id)) AS done").first?
            .decode(Bool.self, "done") ?? false
    }

    // MARK: Files

    /// Puts a file in answer to a question of a draft, in place of one that was there.
    static func put(
        _ file: AnswerFile,
        hash: [UInt8],
        question: String,
        of application: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await remove(question: question, of: application, transaction)
        try await transaction.execute(
            """
            INSERT INTO klappa.answer_file (application, question, hash, name, media_type, size)
            VALUES (\(application), \(question), \(hash), \(file.name), \(file.mediaType), \(Int32(file.size)))
            """
        )
    }

    /// Takes a file away from a draft.
    static func remove(question: String, of application: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await transaction.execute(
            "DELETE FROM klappa.answer_file WHERE application = \(application) AND question = \(question)"
        )
    }

    /// A file that the reader may have: applicant or manager, as row security says.
    static func file(
        question: String,
        of application: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws(PostgresError) -> AnswerFile? {
        let rows = try await database.query(
            """
            SELECT f.name, f.media_type, f.size, encode(f.hash, 'hex') AS sha256 FROM klappa.answer_file f
            WHERE f.application = \(application) AND f.question = \(question)
            """,
            settings: reader.settings
        )
        guard let row = rows.first else { return nil }
        return AnswerFile(
            name: try row.value("name"),
            mediaType: try row.value("media_type"),
            size: Int(try row.decode(Int32.self, "size")),
            sha256: try row.value("sha256")
        )
    }

    // MARK: Parts

    private static func mine(_ account: UUID) -> SQL {
        "(a.account = \(account) OR a.account IS NULL AND lower(a.email) = klappa.my_email())"
    }

    private static let files: SQL = """
        coalesce((SELECT jsonb_object_agg(f.question, jsonb_build_object('name', f.name, 'mediaType', f.media_type,
            'size', f.size, 'sha256', encode(f.hash, 'hex')))
        FROM klappa.answer_file f WHERE f.application = a.id), '{}')
        """

    private static let ownRow: SQL = """
        SELECT a.id, a.call, a.state, a.arrival, a.submitted_at, a.late, a.snapshot::text AS snapshot, a.invented,
            c.title_sv, c.title_en, p.name_sv, p.name_en, p.slug, t.id AS participant, n.slug AS listing,
            (SELECT d.outcome FROM klappa.decision d WHERE d.application = a.id ORDER BY d.told_at DESC LIMIT 1) AS told
        FROM klappa.application a
        LEFT JOIN klappa.call_public c ON c.id = a.call
        LEFT JOIN klappa.programme_public p ON p.id = c.programme
        LEFT JOIN klappa.participant t ON t.application = a.id AND t.state = 'active'
        LEFT JOIN klappa.person n ON n.id = t.person
        """

    private static func typed(_ json: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
    }
}

extension ApplicationDraft {
    /// The answers as they are stored.
    var typed: JSONText {
        JSON.object(.init(answers.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })).jsonText
    }
}

extension JSON {
    /// The value as a parameter of type `jsonb`.
    var jsonText: JSONText { JSONText(String(buffer: bytes)) }
}
