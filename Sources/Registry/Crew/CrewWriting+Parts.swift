internal import FoundationEssentials
internal import Postgres
internal import Web

/// The rows beside a person, whole: what the draft does not have goes, what is new comes, the rest stays as it is.
extension CrewWriting {
    static func writeParts(_ draft: Draft, of id: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await writeRoles(draft.roles, of: id, transaction)
        try await writeLocalRegions(draft.localRegions, of: id, transaction)
        try await writeLanguages(draft.languages, of: id, transaction)
        try await writeCertificates(draft.certificates, of: id, transaction)
        try await ListingParts.write(draft.links, of: id, transaction)
        try await ListingParts.write(draft.contacts, of: id, transaction)
    }

    private static func writeRoles(
        _ roles: [Draft.Role],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let wanted: SQL = """
            SELECT r.no AS role, w.grade, w.place = 1 AS is_primary
            FROM unnest(\(roles.map(\.code)), \(roles.map(\.grade))) WITH ORDINALITY AS w (code, grade, place)
            JOIN klappa.role r ON r.code = w.code
            """
        try await transaction.execute(
            """
            DELETE FROM klappa.person_role o
            WHERE o.person = \(id) AND NOT EXISTS (
                SELECT FROM (\(wanted)) AS w
                WHERE w.role = o.role AND w.grade = o.grade AND w.is_primary = o."primary")
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_role (person, role, grade, "primary")
            SELECT \(id), w.role, w.grade, w.is_primary FROM (\(wanted)) AS w
            ON CONFLICT (person, role) DO NOTHING
            """
        )
    }

    private static func writeLocalRegions(
        _ codes: [String],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            DELETE FROM klappa.person_local_region o USING klappa.region r
            WHERE o.person = \(id) AND r.no = o.region AND r.code <> ALL (\(codes))
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_local_region (person, region)
            SELECT \(id), r.no FROM klappa.region r WHERE r.code = ANY (\(codes))
            ON CONFLICT DO NOTHING
            """
        )
    }

    private static func writeLanguages(
        _ languages: [CrewListing.Language],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let wanted: SQL = """
            SELECT w.language, w.proficiency
            FROM unnest(\(languages.map(\.code)), \(languages.map(\.proficiency))) AS w (language, proficiency)
            """
        try await transaction.execute(
            """
            DELETE FROM klappa.person_language o
            WHERE o.person = \(id) AND (o.language, o.proficiency) NOT IN (\(wanted))
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_language (person, language, proficiency)
            SELECT \(id), w.language, w.proficiency FROM (\(wanted)) AS w
            ON CONFLICT (person, language) DO NOTHING
            """
        )
    }

    private static func writeCertificates(
        _ certificates: [CrewListing.Certificate],
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let expiries = certificates.map { $0.expires?.description ?? "" }
        let wanted: SQL = """
            SELECT w.certificate, nullif(w.expires, '')::date AS expires
            FROM unnest(\(certificates.map(\.code)), \(expiries)) AS w (certificate, expires)
            """
        try await transaction.execute(
            """
            DELETE FROM klappa.person_certificate o
            WHERE o.person = \(id) AND NOT EXISTS (
                SELECT FROM (\(wanted)) AS w
                WHERE w.certificate = o.certificate AND w.expires IS NOT DISTINCT FROM o.expires)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_certificate (person, certificate, expires)
            SELECT \(id), w.certificate, w.expires FROM (\(wanted)) AS w
            ON CONFLICT (person, certificate) DO NOTHING
            """
        )
    }
}
