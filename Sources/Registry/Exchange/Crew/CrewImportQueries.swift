import Postgres

/// The SQL of crew imports that reads: vocabularies, staging, whom a row speaks of and what it would change.
/// ``CrewImportQueries+Writing`` has the statements that write.
enum CrewImportQueries {
    /// The words that a file may use, retired ones included: people still hold them.
    static func vocabulary(_ database: PostgresClient) async throws -> CrewVocabulary {
        func words(_ sql: SQL) async throws -> CrewVocabulary.Words {
            var entries: [CrewVocabulary.Entry] = []
            for row in try await database.query(sql) {
                entries.append(
                    CrewVocabulary.Entry(
                        code: try row.decode(String.self, "code"),
                        names: try row.decode([String].self, "names"),
                        region: try row.decode(String?.self, "region")
                    )
                )
            }
            return CrewVocabulary.Words(entries)
        }
        return CrewVocabulary(
            regions: try await words(
                """
                SELECT code, ARRAY[name, name_sv, name_en, body_sv, body_en] AS names, NULL::text AS region
                FROM klappa.region ORDER BY sort_order, no
                """
            ),
            municipalities: try await words(
                """
                SELECT m.code, ARRAY[m.name, m.name_official] AS names, r.code AS region
                FROM klappa.municipality m JOIN klappa.region r ON r.no = m.region ORDER BY m.code
                """
            ),
            roles: try await words(
                """
                SELECT r.code, ARRAY[r.name_sv, r.name_en]
                    || ARRAY(SELECT a.alias FROM klappa.role_alias a WHERE a.role = r.no ORDER BY a.alias) AS names,
                    NULL::text AS region
                FROM klappa.role r ORDER BY r.sort_order, r.no
                """
            ),
            languages: try await words(
                """
                SELECT code, ARRAY[name_sv, name_en] AS names, NULL::text AS region
                FROM klappa.language ORDER BY sort_order, code
                """
            )
        )
    }

    /// Today as the registry counts days.
    static func today(_ database: PostgresClient) async throws -> Day {
        guard let row = try await database.query("SELECT klappa.today() AS today").first else {
            throw CancellationError()
        }
        return try row.decode(Day.self, "today")
    }

    /// Empties the staging table, which waits for an import that runs.
    static func clearStage(_ transaction: Transaction) async throws {
        try await transaction.execute("TRUNCATE klappa.crew_import")
    }

    /// Takes rows whose columns are those of ``CrewRow`` in this order.
    static let fillStage: SQL = """
        COPY klappa.crew_import (line, id, name, region, municipality, roles, languages, email, phone, headline_sv,
            headline_en, known_from, known_to, busy, availability_visibility, email_visibility, phone_visibility,
            consent_date, consent_source)
        FROM STDIN
        """

    /// Finds whom each row speaks of, and locks their calendars in the order of their ids.
    static func match(_ transaction: Transaction, lockingPeople: Bool) async throws {
        // The registry's people are numbered among those of the same key, the file's rows too; equals are pairs.
        try await transaction.execute(
            """
            UPDATE klappa.crew_import i SET person = pair.person
            FROM (
                SELECT r.line, k.person
                FROM (
                    SELECT s.line, klappa.fold(s.email) AS email, klappa.fold(s.name) AS name,
                        row_number() OVER (PARTITION BY klappa.fold(s.email), klappa.fold(s.name) ORDER BY s.line) AS nth
                    FROM klappa.crew_import s WHERE s.email IS NOT NULL) AS r
                JOIN (
                    SELECT x.person, x.email, x.name,
                        row_number() OVER (PARTITION BY x.email, x.name ORDER BY x.person) AS nth
                    FROM (
                        SELECT DISTINCT p.id AS person, klappa.fold(f.value) AS email, klappa.fold(p.name) AS name
                        FROM klappa.contact_field f
                        JOIN klappa.person p ON p.id = f.subject AND p.state <> 'erased'
                        WHERE f.kind = 'email') AS x) AS k
                    USING (email, name, nth)) AS pair
            WHERE pair.line = i.line
            """
        )
        for (rows, people): (SQL, SQL) in [
            ("s.email IS NULL", "NOT"), ("s.email IS NULL", ""), ("s.email IS NOT NULL", "NOT"),
        ] {
            try await matchByHome(rows: rows, people: people, transaction)
        }
        if lockingPeople { try await transaction.execute("SELECT klappa.lock_crew_import()") }
    }

    /// From here on statements concern a few lines each, which indexes find; the planner, who knows nothing of rows
    /// that the same transaction has written, would rather join whole tables each time.
    static func preferIndexes(_ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
                set_config('enable_material', 'off', true)
            """
        )
    }

    /// Pairs rows and people that are still alone by name and home.
    private static func matchByHome(rows: SQL, people: SQL, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE klappa.crew_import i SET person = pair.person
            FROM (
                SELECT r.line, k.person
                FROM (
                    SELECT s.line, klappa.fold(s.name) AS name, s.region, coalesce(s.municipality, '') AS municipality,
                        row_number() OVER (PARTITION BY klappa.fold(s.name), s.region, coalesce(s.municipality, '')
                            ORDER BY s.line) AS nth
                    FROM klappa.crew_import s WHERE s.person IS NULL AND \(rows)) AS r
                JOIN (
                    SELECT p.id AS person, klappa.fold(p.name) AS name, h.code AS region,
                        coalesce(p.municipality, '') AS municipality,
                        row_number() OVER (PARTITION BY klappa.fold(p.name), h.code, coalesce(p.municipality, '')
                            ORDER BY p.id) AS nth
                    FROM klappa.person p
                    JOIN klappa.region h ON h.no = p.home_region
                    WHERE p.state <> 'erased'
                        AND NOT EXISTS (SELECT FROM klappa.crew_import t WHERE t.person = p.id)
                        AND \(people) EXISTS (
                            SELECT FROM klappa.contact_field f WHERE f.subject = p.id AND f.kind = 'email')) AS k
                    USING (name, region, municipality, nth)) AS pair
            WHERE pair.line = i.line
            """
        )
    }

    /// Fills what the file leaves to the registry, and says of each row that speaks of somebody what it changes.
    static func compare(
        _ lines: Range<Int>,
        columns: [CrewColumn],
        publish: Bool,
        _ transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE klappa.crew_import i SET municipality = v.municipality, languages = v.languages, email = v.email,
                phone = v.phone, headline_sv = v.headline_sv, headline_en = v.headline_en, known_from = v.known_from,
                known_to = v.known_to, busy = v.busy, availability_visibility = v.availability_visibility,
                email_visibility = v.email_visibility, phone_visibility = v.phone_visibility,
                consent_date = v.consent_date, consent_source = v.consent_source,
                changes = array_remove(ARRAY[
                    CASE WHEN s.name IS DISTINCT FROM e.name THEN 'name' END,
                    CASE WHEN s.region IS DISTINCT FROM e.region THEN 'region' END,
                    CASE WHEN v.municipality IS DISTINCT FROM e.municipality THEN 'municipality' END,
                    CASE WHEN s.roles IS DISTINCT FROM e.roles THEN 'roles' END,
                    CASE WHEN v.languages IS DISTINCT FROM e.languages THEN 'languages' END,
                    CASE WHEN v.email IS DISTINCT FROM e.email THEN 'email' END,
                    CASE WHEN v.phone IS DISTINCT FROM e.phone THEN 'phone' END,
                    CASE WHEN v.headline_sv IS DISTINCT FROM e.headline_sv THEN 'headline_sv' END,
                    CASE WHEN v.headline_en IS DISTINCT FROM e.headline_en THEN 'headline_en' END,
                    CASE WHEN v.known_from IS DISTINCT FROM e.known_from THEN 'known_from' END,
                    CASE WHEN v.known_to IS DISTINCT FROM e.known_to THEN 'known_to' END,
                    CASE WHEN v.busy + coalesce(e.taken, '{}') <> coalesce(e.busy, '{}') THEN 'busy' END,
                    CASE WHEN v.availability_visibility <> e.availability_visibility THEN 'availability_visibility' END,
                    CASE WHEN v.email IS NOT NULL AND v.email_visibility <> e.email_visibility
                        THEN 'email_visibility' END,
                    CASE WHEN v.phone IS NOT NULL AND v.phone_visibility <> e.phone_visibility
                        THEN 'phone_visibility' END,
                    CASE WHEN v.consent_date IS DISTINCT FROM e.consent_date THEN 'consent_date' END,
                    CASE WHEN v.consent_source IS DISTINCT FROM e.consent_source THEN 'consent_source' END,
                    CASE WHEN \(publish) AND v.consent_date IS NOT NULL AND e.state IN ('draft', 'in_review')
                        THEN 'state' END], NULL)
            FROM klappa.crew_import s
            JOIN klappa.crew_exchange e ON e.id = s.person
            CROSS JOIN LATERAL (
                SELECT s.consent_date IS NULL OR (e.consent_date IS NULL AND EXISTS (
                    SELECT FROM klappa.consent c
                    WHERE c.subject = s.person AND c.purpose = 'publication'
                        AND (c.withdrawn_at AT TIME ZONE 'Europe/Stockholm')::date >= s.consent_date)) AS none) AS agreed
            CROSS JOIN LATERAL (
                SELECT \(registry(columns, .municipality, otherwise: "CASE WHEN s.region = e.region THEN e.municipality END")),
                    \(registry(columns, .languages)), coalesce(s.email, e.email) AS email, \(registry(columns, .phone)),
                    \(registry(columns, .headlineSv)), \(registry(columns, .headlineEn)),
                    \(registry(columns, .knownFrom)), \(registry(columns, .knownTo)),
                    \(registry(columns, .busy, otherwise: "coalesce(e.busy, '{}')")),
                    \(registry(columns, .availabilityVisibility)), \(registry(columns, .emailVisibility)),
                    \(registry(columns, .phoneVisibility)),
                    CASE WHEN agreed.none THEN e.consent_date ELSE s.consent_date END AS consent_date,
                    CASE WHEN agreed.none THEN e.consent_source ELSE s.consent_source END AS consent_source) AS v
            WHERE i.line = s.line AND s.line > \(lines.lowerBound) AND s.line <= \(lines.upperBound)
            """
        )
    }

    /// The file's value of a column that it has, the registry's of one that it has not.
    private static func registry(_ columns: [CrewColumn], _ column: CrewColumn, otherwise: SQL? = nil) -> SQL
    {
        let name = SQL(unsafe: column.rawValue)
        if columns.contains(column) { return "s.\(name)" }
        let other: SQL = otherwise ?? "e.\(name)"
        return "\(other) AS \(name)"
    }

    /// Counts what will be done.
    static func count(
        into report: inout CrewImport.Report,
        publish: Bool,
        kept: Int,
        _ transaction: Transaction
    ) async throws {
        let counts = try await transaction.query(
            """
            SELECT count(*) FILTER (WHERE i.person IS NULL) AS new,
                count(*) FILTER (WHERE i.changes <> '{}') AS changed,
                count(*) FILTER (WHERE i.changes = '{}') AS unchanged,
                count(*) FILTER (WHERE 'state' = ANY (i.changes)
                    OR (\(publish) AND i.person IS NULL AND i.consent_date IS NOT NULL)) AS published,
                count(*) - (SELECT count(*) FROM (
                    SELECT DISTINCT klappa.fold(t.name), coalesce(klappa.fold(t.email), t.region || coalesce(t.municipality, ''))
                    FROM klappa.crew_import t) AS d) AS twins
            FROM klappa.crew_import i
            """
        )
        if let row = counts.first {
            report.new = try row.decode(Int.self, "new")
            report.changed = try row.decode(Int.self, "changed")
            report.unchanged = try row.decode(Int.self, "unchanged")
            report.published = try row.decode(Int.self, "published")
            report.twins = try row.decode(Int.self, "twins")
        }
        let changes = try await transaction.query(
            """
            SELECT i.line, i.changes FROM klappa.crew_import i WHERE i.changes <> '{}' ORDER BY i.line LIMIT \(kept)
            """
        )
        for row in changes {
            report.changes.append(
                CrewImport.Report.Change(
                    line: try row.decode(Int.self, "line"),
                    columns: try row.decode([String].self, "changes")
                )
            )
        }
    }
}
