internal import Foundation
internal import Postgres
internal import Web

/// An application in a manager's list.
struct AssessedApplication: Sendable {
    let id: UUID
    let call: UUID
    let arrival: Int
    let name: String
    let email: String
    let region: String?
    let language: Language
    let submittedAt: Instant
    let late: Bool
    let eligibility: String
    let outcome: String
    let waitingRank: Int?
    let note: String?
    /// What the applicant was told last: accepted, waiting or declined.
    let told: String?
    let version: Int64
    let snapshot: Snapshot
    let invented: Bool

    static let eligibilities = ["in_consideration", "incomplete", "disqualified"]
    static let outcomes = ["undecided", "selected", "waiting", "not_selected"]

    /// Whether the applicant does not know the outcome yet.
    var isUntold: Bool {
        guard let outcome = TalentLetters.Outcome(assessed: outcome) else { return false }
        return outcome.rawValue != told
    }

    init(_ row: Row) throws {
        id = try row.value("id")
        call = try row.value("call")
        arrival = Int(try row.decode(Int32.self, "arrival"))
        name = try row.value("name")
        email = try row.value("email")
        region = try row.value("region")
        language = Language(rawValue: try row.decode(String.self, "language")) ?? .sv
        submittedAt = try row.value("submitted_at")
        late = try row.value("late")
        eligibility = try row.value("eligibility")
        outcome = try row.value("outcome")
        waitingRank = try row.decode(Int32?.self, "waiting_rank").map { Int($0) }
        note = try row.value("note")
        told = try row.value("told")
        version = try row.value("version")
        snapshot = try Snapshot(try row.value("snapshot"))
        invented = try row.value("invented")
    }
}

/// The SQL of judging applications: lists, outcomes, letters, the waiting list, participants.
enum AssessmentQueries {
    /// The applications of a call in the order of their arrival.
    static func list(_ call: UUID, _ database: PostgresClient, as reader: Reader) async throws
        -> [AssessedApplication]
    {
        try await database.query(
            "\(row) WHERE a.call = \(call) ORDER BY a.arrival",
            settings: reader.settings
        )
        .map(AssessedApplication.init)
    }

    /// One application.
    static func find(_ id: UUID, _ database: PostgresClient, as reader: Reader) async throws
        -> AssessedApplication?
    {
        try await database.query("\(row) WHERE a.id = \(id)", settings: reader.settings).first
            .map(AssessedApplication.init)
    }

    /// How many places a call has, and how many are taken.
    static func places(
        _ call: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws(PostgresError) -> (taken: Int, places: Int) {
        let rows = try await database.query(
            "SELECT t.taken, t.places FROM klappa.call_tally t WHERE t.call = \(call)",
            settings: reader.settings
        )
        guard let row = rows.first else { return (0, 0) }
        return (Int(try row.decode(Int32.self, "taken")), Int(try row.decode(Int32.self, "places")))
    }

    /// Sets eligibility, outcome and note of an application that still has that version; false when it has another.
    static func assess(
        _ id: UUID,
        of call: UUID,
        eligibility: String,
        outcome: String,
        note: String?,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        try await transaction.execute("SELECT klappa.lock_call(\(call))")
        return try await transaction.execute(
            """
            UPDATE klappa.assessment SET eligibility = \(eligibility), outcome = \(outcome), note = \(note)
            WHERE application = \(id) AND version = \(version) AND eligibility <> 'withdrawn'
            """
        ) == 1
    }

    /// Lets somebody who waits change places with whoever stands before them.
    static func moveUp(_ id: UUID, of call: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute("SELECT klappa.lock_call(\(call))")
        try await transaction.execute(
            """
            WITH this AS (SELECT s.application, s.waiting_rank FROM klappa.assessment s
                WHERE s.application = \(id) AND s.outcome = 'waiting'),
            other AS (SELECT s.application, s.waiting_rank FROM klappa.assessment s, this
                WHERE s.call = \(call) AND s.outcome = 'waiting' AND s.waiting_rank < this.waiting_rank
                ORDER BY s.waiting_rank DESC LIMIT 1)
            UPDATE klappa.assessment s
            SET waiting_rank = CASE s.application WHEN this.application THEN other.waiting_rank ELSE this.waiting_rank END
            FROM this, other WHERE s.application IN (this.application, other.application)
            """
        )
    }

    /// Keeps what an applicant is told, and makes a participant of who is accepted.
    static func tell(
        _ application: UUID,
        of call: UUID,
        _ outcome: TalentLetters.Outcome,
        _ letter: TalentLetters.Letter,
        by account: UUID?,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.decision (id, application, call, outcome, subject, body, told_by)
            VALUES (\(UUID.version7()), \(application), \(call), \(outcome.rawValue), \(letter.subject), \(letter.body),
                \(account))
            """
        )
        guard outcome == .accepted else { return }
        try await transaction.execute(
            "INSERT INTO klappa.participant (id, application) VALUES (\(UUID.version7()), \(application))"
        )
    }

    /// The applications of a call whose applicants do not know their outcome, locked until the end of the transaction.
    static func untold(_ call: UUID, _ transaction: Transaction) async throws -> [AssessedApplication] {
        try await transaction.execute("SELECT klappa.lock_call(\(call))")
        return try await transaction.query("\(row) WHERE a.call = \(call) ORDER BY a.arrival")
            .map(AssessedApplication.init).filter(\.isUntold)
    }

    private static let row: SQL = """
        SELECT a.id, a.call, a.arrival, a.name, a.email, r.code AS region, a.language, a.submitted_at, a.late, a.invented,
            s.eligibility, s.outcome, s.waiting_rank, s.note, s.version, a.snapshot::text AS snapshot,
            (SELECT d.outcome FROM klappa.decision d WHERE d.application = a.id ORDER BY d.told_at DESC, d.id DESC LIMIT 1)
                AS told
        FROM klappa.application a
        JOIN klappa.assessment s ON s.application = a.id
        LEFT JOIN klappa.region r ON r.no = a.region
        """
}

extension ParticipantQueries {
    /// A participant in the list of a programme.
    struct Participant: Sendable {
        let application: UUID
        let name: String
        let email: String
        let phone: String?
        let region: String?
        let call: String
        let state: String
        let joinedOn: Day
        let isCrew: Bool
    }

    /// The participants of a programme, by call and name.
    static func list(
        _ programme: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws(PostgresError) -> [Participant] {
        let rows = try await database.query(
            """
            SELECT t.application, t.name, t.email, t.phone, r.code AS region, c.title_sv AS call, t.state, t.joined_on,
                t.person IS NOT NULL AS is_crew
            FROM klappa.participant t
            JOIN klappa.call c ON c.id = t.call
            LEFT JOIN klappa.region r ON r.no = t.region
            WHERE t.programme = \(programme) AND t.call = ANY ((SELECT klappa.my_calls())::uuid[])
            ORDER BY c.opens_at DESC, c.id, t.name, t.id
            """,
            settings: reader.settings
        )
        return try rows.map { row throws(PostgresError) in
            Participant(
                application: try row.value("application"),
                name: try row.value("name"),
                email: try row.value("email"),
                phone: try row.value("phone"),
                region: try row.value("region"),
                call: try row.value("call"),
                state: try row.value("state"),
                joinedOn: try row.value("joined_on"),
                isCrew: try row.value("is_crew")
            )
        }
    }
}
