import Postgres

/// Each statement concerns the staged rows on a range of lines. Beside the person stand parts: roles, languages,
/// contact fields, calendar, blocks, consent. Parts that a row changes are first taken away as far as they differ,
/// then added as far as they are absent; what stays the same is not touched.
extension CrewImportQueries {
    static func insertPeople(_ lines: Range<Int>, publish: Bool, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.person (id, state, name, home_region, municipality, headline_sv, headline_en,
                availability_visibility)
            SELECT i.id, CASE WHEN \(publish) AND i.consent_date IS NOT NULL THEN 'published' ELSE 'in_review' END,
                i.name, r.no, i.municipality, i.headline_sv, i.headline_en, i.availability_visibility
            FROM klappa.crew_import i
            JOIN klappa.region r ON r.code = i.region
            WHERE i.person IS NULL AND i.line > \(lines.lowerBound) AND i.line <= \(lines.upperBound)
            ORDER BY i.line
            """
        )
    }

    static func updatePeople(_ lines: Range<Int>, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE klappa.person p SET name = i.name, home_region = r.no, municipality = i.municipality,
                headline_sv = i.headline_sv, headline_en = i.headline_en,
                availability_visibility = i.availability_visibility,
                state = CASE WHEN 'state' = ANY (i.changes) THEN 'published' ELSE p.state END
            FROM klappa.crew_import i
            JOIN klappa.region r ON r.code = i.region
            WHERE p.id = i.person AND \(changed(lines, .name, .region, .municipality, .headlineSv, .headlineEn,
                .availabilityVisibility, andState: true))
            """
        )
    }

    static func removeParts(_ lines: Range<Int>, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM klappa.person_role o USING klappa.crew_import i
            WHERE o.person = i.person AND \(changed(lines, .roles)) AND NOT EXISTS (
                SELECT FROM (\(heldRoles)) AS h
                WHERE h.role = o.role AND h.grade = o.grade AND h.is_primary = o."primary")
            """
        )
        try await transaction.execute(
            """
            DELETE FROM klappa.person_language o USING klappa.crew_import i
            WHERE o.person = i.person AND \(changed(lines, .languages)) AND NOT EXISTS (
                SELECT FROM (\(spokenLanguages)) AS h
                WHERE h.language = o.language AND h.proficiency = o.proficiency)
            """
        )
        for (kind, value, columns): (String, SQL, [CrewColumn]) in [
            ("email", "i.email", [.email]), ("phone", "i.phone", [.phone]),
        ] {
            // Of several fields the file knows the first; without a value all go, or the next would take its place.
            try await transaction.execute(
                """
                DELETE FROM klappa.contact_field o USING klappa.crew_import i
                WHERE o.subject = i.person AND o.kind = \(kind) AND o.value IS DISTINCT FROM \(value)
                    AND (\(value) IS NULL OR o.id = (
                        SELECT f.id FROM klappa.contact_field f WHERE f.subject = o.subject AND f.kind = o.kind
                        ORDER BY f.sort_order, f.value LIMIT 1))
                    AND \(changed(lines, columns))
                """
            )
        }
        try await transaction.execute(
            """
            DELETE FROM klappa.block o USING klappa.crew_import i
            WHERE o.subject = i.person AND o.kind = 'blocked' AND \(changed(lines, .busy))
            """
        )
    }

    static func insertParts(_ lines: Range<Int>, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.person_role (person, role, grade, "primary")
            SELECT coalesce(i.person, i.id), h.role, h.grade, h.is_primary
            FROM klappa.crew_import i CROSS JOIN LATERAL (\(heldRoles)) AS h
            WHERE \(newOrChanged(lines, .roles))
            ON CONFLICT DO NOTHING
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.person_language (person, language, proficiency)
            SELECT coalesce(i.person, i.id), h.language, h.proficiency
            FROM klappa.crew_import i CROSS JOIN LATERAL (\(spokenLanguages)) AS h
            WHERE i.languages IS NOT NULL AND \(newOrChanged(lines, .languages))
            ON CONFLICT DO NOTHING
            """
        )
        for (kind, value, visibility, columns): (String, SQL, SQL, [CrewColumn]) in [
            ("email", "i.email", "i.email_visibility", [.email, .emailVisibility]),
            ("phone", "i.phone", "i.phone_visibility", [.phone, .phoneVisibility]),
        ] {
            try await transaction.execute(
                """
                INSERT INTO klappa.contact_field AS o (subject, kind, value, visibility, sort_order)
                SELECT coalesce(i.person, i.id), \(kind), \(value), \(visibility), coalesce((
                    SELECT min(f.sort_order) - 1 FROM klappa.contact_field f
                    WHERE f.subject = i.person AND f.kind = \(kind) AND f.value <> \(value)), 0)
                FROM klappa.crew_import i
                WHERE \(value) IS NOT NULL AND \(newOrChanged(lines, columns))
                ON CONFLICT (subject, kind, value) DO UPDATE SET visibility = excluded.visibility,
                    sort_order = excluded.sort_order
                """
            )
        }
        try await insertDays(lines, transaction)
        try await insertConsents(lines, transaction)
    }

    private static func insertDays(_ lines: Range<Int>, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.calendar AS o (subject, known_from, known_to)
            SELECT coalesce(i.person, i.id), i.known_from, i.known_to
            FROM klappa.crew_import i
            WHERE (i.known_from IS NOT NULL OR i.person IS NOT NULL) AND \(newOrChanged(lines, .knownFrom, .knownTo))
            ON CONFLICT (subject) DO UPDATE SET known_from = excluded.known_from, known_to = excluded.known_to
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.block (subject, days)
            SELECT d.subject, d.days
            FROM (
                SELECT coalesce(i.person, i.id) AS subject,
                    CASE WHEN i.person IS NULL THEN i.busy
                        ELSE i.busy - coalesce((SELECT e.taken FROM klappa.crew_exchange e WHERE e.id = i.person), '{}')
                    END AS days
                FROM klappa.crew_import i
                WHERE NOT isempty(i.busy) AND \(newOrChanged(lines, .busy))) AS d
            WHERE NOT isempty(d.days)
            """
        )
    }

    private static func insertConsents(_ lines: Range<Int>, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.consent AS o (subject, purpose, text_version, given_on, source)
            SELECT coalesce(i.person, i.id), 'publication', 'import', i.consent_date, i.consent_source
            FROM klappa.crew_import i
            WHERE i.consent_date IS NOT NULL AND \(newOrChanged(lines, .consentDate, .consentSource))
            ON CONFLICT (subject, purpose) WHERE withdrawn_at IS NULL
            DO UPDATE SET given_on = excluded.given_on, source = excluded.source
            """
        )
    }

    /// Judges the rules and tells the searches now instead of at the commit: there the order of the log is taken,
    /// and nobody else can commit meanwhile.
    static func checkConstraints(_ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            SET CONSTRAINTS klappa.person_whole_insert, klappa.person_whole_update, klappa.person_role_whole,
                klappa.consent_whole, klappa.crew_commit_project IMMEDIATE
            """
        )
    }

    // MARK: - Parts of statements

    /// The roles of the staged row `i`.
    private static let heldRoles: SQL = """
        SELECT v.no AS role, coalesce(nullif(split_part(x.item, ':', 2), ''), 'professional') AS grade,
            x.nth = 1 AS is_primary
        FROM unnest(string_to_array(i.roles, ';')) WITH ORDINALITY AS x (item, nth)
        JOIN klappa.role v ON v.code = split_part(x.item, ':', 1)
        """

    /// The languages of the staged row `i`.
    private static let spokenLanguages: SQL = """
        SELECT split_part(x.item, ':', 1) AS language,
            coalesce(nullif(split_part(x.item, ':', 2), ''), 'working') AS proficiency
        FROM unnest(string_to_array(i.languages, ';')) AS x (item)
        """

    private static func changed(_ lines: Range<Int>, _ columns: CrewColumn..., andState: Bool = false) -> SQL
    {
        changed(lines, columns, andState: andState)
    }

    /// Rows on these lines that change one of the columns of a person.
    private static func changed(_ lines: Range<Int>, _ columns: [CrewColumn], andState: Bool = false) -> SQL {
        let names = columns.map(\.rawValue) + (andState ? ["state"] : [])
        return "i.changes && \(names) AND i.line > \(lines.lowerBound) AND i.line <= \(lines.upperBound)"
    }

    private static func newOrChanged(_ lines: Range<Int>, _ columns: CrewColumn...) -> SQL {
        newOrChanged(lines, columns)
    }

    private static func newOrChanged(_ lines: Range<Int>, _ columns: [CrewColumn]) -> SQL {
        let names = columns.map(\.rawValue)
        return """
            (i.person IS NULL OR i.changes && \(names)) AND i.line > \(lines.lowerBound)
                AND i.line <= \(lines.upperBound)
            """
    }
}
