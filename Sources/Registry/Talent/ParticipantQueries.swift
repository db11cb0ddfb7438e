internal import Foundation
internal import Postgres
internal import Web

/// The SQL of participants: who they are, and how one becomes crew.
enum ParticipantQueries {
    /// Makes a crew listing in review of the reader's own participation, or ties it to the listing they have already.
    ///
    /// - Parameters:
    ///   - application: of the participant.
    ///   - consent: which wording was agreed to.
    /// - Returns: false when the reader takes no part by that application, or is listed by it already.
    static func becomeCrew(
        _ application: UUID,
        _ account: UUID,
        role: Int16,
        region: Int16,
        consent: String,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query(
            """
            SELECT p.id, p.name, p.email, p.phone, p.programme FROM klappa.participant p
            WHERE p.application = \(application) AND p.state = 'active' AND p.person IS NULL
                AND (p.account = \(account) OR p.account IS NULL AND lower(p.email) = klappa.my_email())
            FOR UPDATE
            """
        )
        guard let row = rows.first else { return false }
        let participant = try row.decode(UUID.self, "id")
        let listed = try await transaction.query(
            "SELECT n.id FROM klappa.person n WHERE n.account = \(account) AND n.state <> 'erased' LIMIT 1"
        )
        let person: UUID
        if let present = listed.first {
            person = try present.decode(UUID.self, "id")
        } else {
            person = UUID.version7()
            try await transaction.execute(
                """
                INSERT INTO klappa.person (id, account, name, home_region, state)
                VALUES (\(person), \(account), \(try row.decode(String.self, "name")), \(region), 'in_review')
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.person_role (person, role, grade, "primary")
                VALUES (\(person), \(role), 'trainee', true)
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.contact_field (subject, kind, value, visibility)
                SELECT \(person), c.kind, c.value, 'office'
                FROM (VALUES ('email', \(try row.decode(String.self, "email"))),
                    ('phone', \(try row.decode(String?.self, "phone")))) AS c (kind, value)
                WHERE c.value IS NOT NULL
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
                VALUES (\(person), 'publication', \(consent), klappa.today(),
                    \("Application \(application.uuidString.lowercased())"))
                """
            )
        }
        return try await transaction.execute(
            "UPDATE klappa.participant SET person = \(person) WHERE id = \(participant)"
        ) == 1
    }
}
