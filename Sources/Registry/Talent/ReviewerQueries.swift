internal import FoundationEssentials
internal import Postgres
internal import Web

/// An application that was given to an outside reviewer, as they see it.
struct GivenApplication: Sendable {
    let id: UUID
    let arrival: Int
    let submittedAt: Instant
    let call: Localized
    let programme: Localized
    let snapshot: Snapshot
    let grade: Int?
    let note: String?
    let version: Int64
}

/// What an outside reviewer says of an application, as its manager sees it.
struct OutsideReview: Sendable {
    let id: UUID
    let name: String
    let grade: Int?
    let note: String?
    let saidAt: Instant?
}

/// Every SQL statement on outside reviewers: giving and taking back, reading, saying.
enum ReviewerQueries {
    /// What was given to the reader, oldest first.
    static func given(to reader: Reader, _ database: PostgresClient) async throws -> [GivenApplication] {
        try await database.query(
            """
            SELECT v.application, v.arrival, v.submitted_at, v.snapshot::text AS snapshot, v.title_sv, v.title_en,
                v.programme_sv, v.programme_en, v.grade, v.note, v.version
            FROM klappa.applications_to_review() AS v
            ORDER BY v.submitted_at, v.application
            LIMIT 1000
            """,
            settings: reader.settings
        ).map { row in
            GivenApplication(
                id: try row.decode(UUID.self, "application"),
                arrival: Int(try row.decode(Int32.self, "arrival")),
                submittedAt: try row.decode(Instant.self, "submitted_at"),
                call: Localized(
                    sv: try row.decode(String.self, "title_sv"),
                    en: try row.decode(String.self, "title_en")
                ),
                programme: Localized(
                    sv: try row.decode(String.self, "programme_sv"),
                    en: try row.decode(String.self, "programme_en")
                ),
                snapshot: try Snapshot(try row.decode(String.self, "snapshot")),
                grade: try row.decode(Int16?.self, "grade").map { Int($0) },
                note: try row.decode(String?.self, "note"),
                version: try row.decode(Int64.self, "version")
            )
        }
    }

    /// Keeps what a reviewer says of an application that was given to them, if it still has that version.
    static func say(
        _ application: UUID,
        grade: Int,
        note: String?,
        version: Int64,
        as reader: Reader,
        _ database: PostgresClient
    ) async throws(PostgresError) -> Bool {
        try await database.execute(
            """
            UPDATE klappa.application_review SET grade = \(Int16(grade)), note = \(note as String?), said_at = now()
            WHERE application = \(application) AND account = \(reader.account as UUID?) AND version = \(version)
            """,
            settings: reader.settings
        ) == 1
    }

    /// Who reviews an application, and what they say.
    static func reviews(of application: UUID, as reader: Reader, _ database: PostgresClient) async throws
        -> [OutsideReview]
    {
        try await database.query(
            """
            SELECT v.id, n.name, v.grade, v.note, v.said_at
            FROM klappa.application_review v
            LEFT JOIN LATERAL klappa.account_names(ARRAY[v.account]) AS n ON true
            WHERE v.application = \(application)
            ORDER BY v.created_at, v.id
            """,
            settings: reader.settings
        ).map { row in
            OutsideReview(
                id: try row.decode(UUID.self, "id"),
                name: try row.decode(String?.self, "name") ?? "",
                grade: try row.decode(Int16?.self, "grade").map { Int($0) },
                note: try row.decode(String?.self, "note"),
                saidAt: try row.decode(Instant?.self, "said_at")
            )
        }
    }

    /// Gives applications to whoever has an address.
    ///
    /// - Parameter transaction: of `klappa_member`, with the reader set.
    /// - Returns: how many are new to them, and in which language to write; nil when the account is closed or one's own.
    static func give(
        _ applications: [UUID],
        to email: String,
        name: String?,
        _ language: Language,
        _ transaction: Transaction
    ) async throws(PostgresError) -> (given: Int, letters: Language)? {
        let rows = try await transaction.query(
            """
            SELECT g.account, g.letters_in, g.given
            FROM klappa.give_to_reviewer(\(applications), \(email), \(name as String?), \(language.rawValue)) AS g
            """
        )
        guard let row = rows.first, try row.decode(UUID?.self, "account") != nil else { return nil }
        let letters =
            try row.decode(String?.self, "letters_in").flatMap { Language(rawValue: $0) } ?? language
        return (Int(try row.decode(Int32.self, "given")), letters)
    }

    /// Takes an application back from a reviewer at once, with what they said of it.
    static func take(_ review: UUID, of application: UUID, as reader: Reader, _ database: PostgresClient)
        async throws(PostgresError) -> Bool
    {
        try await database.execute(
            "DELETE FROM klappa.application_review WHERE id = \(review) AND application = \(application)",
            settings: reader.settings
        ) == 1
    }
}
