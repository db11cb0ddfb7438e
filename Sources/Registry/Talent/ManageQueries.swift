internal import Foundation
internal import Postgres
internal import Web

/// The SQL of managers on programmes, calls and forms. Row security keeps each within their organisations.
enum ManageQueries {
    /// A line of the overview.
    struct Line: Sendable {
        let programme: UUID
        let name: Localized
        let organisation: String
        let state: String
        let participants: Int
        let calls: [CallLine]
    }

    /// A call in the overview.
    struct CallLine: Sendable, Decodable {
        let id: UUID
        let title: String
        let state: String
        let applications: Int
        let undecided: Int
        let taken: Int
        let places: Int
    }

    /// The reader's programmes with their calls, by name.
    static func overview(_ database: PostgresClient, as reader: Reader) async throws -> [Line] {
        try await database.query(
            """
            SELECT p.id, p.name_sv, coalesce(p.name_en, p.name_sv) AS name_en, o.name AS organisation, p.state,
                (SELECT count(*) FROM klappa.participant t WHERE t.programme = p.id AND t.state = 'active') AS participants,
                coalesce((SELECT json_agg(json_build_object('id', c.id, 'title', c.title_sv, 'state', c.state,
                    'applications', (SELECT count(*) FROM klappa.application a WHERE a.call = c.id AND a.state <> 'draft'),
                    'undecided', (SELECT count(*) FROM klappa.assessment s WHERE s.call = c.id
                        AND s.outcome = 'undecided' AND s.eligibility = 'in_consideration'),
                    'taken', t.taken, 'places', t.places) ORDER BY c.opens_at DESC NULLS FIRST, c.id)
                    FROM klappa.call c JOIN klappa.call_tally t ON t.call = c.id
                    WHERE c.programme = p.id), '[]')::text AS calls
            FROM klappa.programme p
            JOIN klappa.organisation o ON o.id = p.organisation
            WHERE p.organisation = ANY ((SELECT klappa.my_organisations())::uuid[])
            ORDER BY p.name_sv, p.id
            """,
            settings: reader.settings
        ).map { row in
            Line(
                programme: try row.value("id"),
                name: try row.localized("name"),
                organisation: try row.value("organisation"),
                state: try row.value("state"),
                participants: Int(try row.decode(Int64.self, "participants")),
                calls: try JSONDecoder().decode(
                    [CallLine].self,
                    from: Data(try row.decode(String.self, "calls").utf8)
                )
            )
        }
    }

    /// The organisations that the reader manages, by name.
    static func organisations(_ database: PostgresClient, as reader: Reader) async throws(PostgresError) -> [(
        UUID, String
    )] {
        let rows = try await database.query(
            """
            SELECT o.id, o.name FROM klappa.organisation o
            WHERE o.id = ANY ((SELECT klappa.my_organisations())::uuid[]) ORDER BY o.name, o.id
            """,
            settings: reader.settings
        )
        return try rows.map { row throws(PostgresError) in
            (try row.decode(UUID.self, "id"), try row.decode(String.self, "name"))
        }
    }

    // MARK: Programmes

    static func programme(
        _ id: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws(PostgresError) -> ManagedProgramme? {
        let rows = try await database.query(
            """
            SELECT p.id, p.organisation, p.programme_type, p.priority, p.state, p.name_sv, p.name_en, p.summary_sv,
                p.summary_en, p.description_sv, p.description_en, p.url, p.starts_on, p.ends_on, p.slug, p.version,
                array(SELECT r.code FROM klappa.programme_region x JOIN klappa.region r ON r.no = x.region
                    WHERE x.programme = p.id ORDER BY r.no) AS regions
            FROM klappa.programme p
            WHERE p.id = \(id) AND p.organisation = ANY ((SELECT klappa.my_organisations())::uuid[])
            """,
            settings: reader.settings
        )
        guard let row = rows.first else { return nil }
        var texts: [String: String] = [:]
        for field in ManagedProgramme.fields {
            texts[field.name] = try row.decode(String?.self, field.column)
        }
        return ManagedProgramme(
            id: try row.value("id"),
            organisation: try row.value("organisation"),
            type: try row.value("programme_type"),
            priority: try row.value("priority"),
            state: try row.value("state"),
            regions: try row.value("regions"),
            texts: texts,
            url: try row.value("url"),
            startsOn: try row.value("starts_on"),
            endsOn: try row.value("ends_on"),
            slug: try row.value("slug"),
            version: try row.value("version")
        )
    }

    /// Adds a programme as a draft and then gives it its state: regions come between.
    static func add(_ programme: ManagedProgramme, _ transaction: Transaction) async throws(PostgresError) {
        let t = programme.texts
        try await transaction.execute(
            """
            INSERT INTO klappa.programme (id, organisation, programme_type, priority, name_sv, name_en, summary_sv,
                summary_en, description_sv, description_en, url, starts_on, ends_on)
            VALUES (\(programme.id), \(programme.organisation), \(programme.type), \(programme.priority),
                \(t["nameSv"]), \(t["nameEn"]), \(t["summarySv"]), \(t["summaryEn"]), \(t["descriptionSv"]),
                \(t["descriptionEn"]), \(programme.url), \(programme.startsOn), \(programme.endsOn))
            """
        )
        try await setRegions(programme, transaction)
        try await transaction.execute(
            "UPDATE klappa.programme SET state = \(programme.state) WHERE id = \(programme.id)"
        )
    }

    /// Changes a programme that still has that version; false when it has another.
    static func change(_ programme: ManagedProgramme, _ transaction: Transaction) async throws(PostgresError)
        -> Bool
    {
        let t = programme.texts
        let changed = try await transaction.execute(
            """
            UPDATE klappa.programme SET programme_type = \(programme.type), priority = \(programme.priority),
                state = \(programme.state), name_sv = \(t["nameSv"]), name_en = \(t["nameEn"]),
                summary_sv = \(t["summarySv"]), summary_en = \(t["summaryEn"]), description_sv = \(t["descriptionSv"]),
                description_en = \(t["descriptionEn"]), url = \(programme.url), starts_on = \(programme.startsOn),
                ends_on = \(programme.endsOn)
            WHERE id = \(programme.id) AND version = \(programme.version)
            """
        )
        guard changed == 1 else { return false }
        try await setRegions(programme, transaction)
        return true
    }

    private static func setRegions(_ programme: ManagedProgramme, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await transaction.execute(
            """
            DELETE FROM klappa.programme_region x USING klappa.region r
            WHERE x.programme = \(programme.id) AND r.no = x.region AND r.code <> ALL (\(programme.regions))
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.programme_region (programme, region)
            SELECT \(programme.id), r.no FROM klappa.region r
            WHERE r.code = ANY (\(programme.regions)) AND NOT EXISTS (
                SELECT FROM klappa.programme_region x WHERE x.programme = \(programme.id) AND x.region = r.no)
            """
        )
    }

    // MARK: Calls

    static func call(
        _ id: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws(PostgresError) -> (call: ManagedCall, programme: Localized, organisation: String)? {
        let rows = try await database.query(
            """
            SELECT c.id, c.programme, c.state, c.unlisted, c.title_sv, c.title_en, c.guidelines_sv, c.guidelines_en,
                c.opens_at, c.closes_at, c.places, c.accepted_sv, c.accepted_en, c.waiting_sv, c.waiting_en,
                c.declined_sv, c.declined_en, c.version, p.name_sv, coalesce(p.name_en, p.name_sv) AS name_en,
                o.name AS organisation
            FROM klappa.call c
            JOIN klappa.programme p ON p.id = c.programme
            JOIN klappa.organisation o ON o.id = p.organisation
            WHERE c.id = \(id) AND c.id = ANY ((SELECT klappa.my_calls())::uuid[])
            """,
            settings: reader.settings
        )
        guard let row = rows.first else { return nil }
        var texts: [String: String] = [:]
        for field in ManagedCall.fields + ManagedCall.letters {
            texts[field.name] = try row.decode(String?.self, field.column)
        }
        let call = ManagedCall(
            id: try row.value("id"),
            programme: try row.value("programme"),
            state: try row.value("state"),
            unlisted: try row.value("unlisted"),
            texts: texts,
            opensAt: try row.value("opens_at"),
            closesAt: try row.value("closes_at"),
            places: Int(try row.decode(Int32.self, "places")),
            version: try row.value("version")
        )
        return (call, try row.localized("name"), try row.value("organisation"))
    }

    static func add(_ call: ManagedCall, _ transaction: Transaction) async throws(PostgresError) {
        let t = call.texts
        try await transaction.execute(
            """
            INSERT INTO klappa.call (id, programme, unlisted, title_sv, title_en, guidelines_sv, guidelines_en, opens_at,
                closes_at, places, accepted_sv, accepted_en, waiting_sv, waiting_en, declined_sv, declined_en)
            VALUES (\(call.id), \(call.programme), \(call.unlisted), \(t["titleSv"]), \(t["titleEn"]),
                \(t["guidelinesSv"]), \(t["guidelinesEn"]), \(call.opensAt), \(call.closesAt), \(Int32(call.places)),
                \(t["acceptedSv"]), \(t["acceptedEn"]), \(t["waitingSv"]), \(t["waitingEn"]), \(t["declinedSv"]),
                \(t["declinedEn"]))
            """
        )
        try await transaction.execute("UPDATE klappa.call SET state = \(call.state) WHERE id = \(call.id)")
    }

    /// Changes a call that still has that version; false when it has another.
    static func change(_ call: ManagedCall, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let t = call.texts
        return try await transaction.execute(
            """
            UPDATE klappa.call SET state = \(call.state), unlisted = \(call.unlisted), title_sv = \(t["titleSv"]),
                title_en = \(t["titleEn"]), guidelines_sv = \(t["guidelinesSv"]), guidelines_en = \(t["guidelinesEn"]),
                opens_at = \(call.opensAt), closes_at = \(call.closesAt), places = \(Int32(call.places)),
                accepted_sv = \(t["acceptedSv"]), accepted_en = \(t["acceptedEn"]), waiting_sv = \(t["waitingSv"]),
                waiting_en = \(t["waitingEn"]), declined_sv = \(t["declinedSv"]), declined_en = \(t["declinedEn"])
            WHERE id = \(call.id) AND version = \(call.version)
            """
        ) == 1
    }

    // MARK: Questions

    /// The form of a call, with the ids and versions of its questions.
    static func questions(
        _ call: UUID,
        _ database: PostgresClient,
        as reader: Reader
    ) async throws -> [(id: UUID, version: Int64, question: Question)] {
        struct Choice: Decodable {
            let code: String
            let sv: String
            let en: String
        }
        return try await database.query(
            """
            SELECT q.id, q.version, q.code, q.kind, q.label_sv, q.label_en, q.help_sv, q.help_en, q.required, q.longest,
                q.least::float8 AS least, q.most::float8 AS most, coalesce(q.choices, 'null')::text AS choices
            FROM klappa.question q WHERE q.call = \(call) ORDER BY q.place
            """,
            settings: reader.settings
        ).map { row in
            let help = try row.decode(String?.self, "help_sv")
            let kind = try row.decode(String.self, "kind")
            let choices = try JSONDecoder().decode(
                [Choice]?.self,
                from: Data(try row.decode(String.self, "choices").utf8)
            )
            let question = Question(
                code: try row.value("code"),
                kind: Question.Kind(rawValue: kind) ?? .shortText,
                label: try row.localized("label"),
                help: try help.map { Localized(sv: $0, en: try row.decode(String?.self, "help_en") ?? $0) },
                required: try row.value("required"),
                longest: try row.decode(Int32?.self, "longest").map { Int($0) },
                least: try row.value("least"),
                most: try row.value("most"),
                choices: choices?.map {
                    Question.Choice(code: $0.code, name: Localized(sv: $0.sv, en: $0.en))
                }
            )
            return (try row.decode(UUID.self, "id"), try row.decode(Int64.self, "version"), question)
        }
    }

    /// Adds a question at the end.
    static func add(_ question: ManagedQuestion, to call: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        let slug = ManagedQuestion.slug(question.labelSv)
        try await transaction.execute(
            """
            WITH last AS (SELECT coalesce(max(q.place), 0) + 1 AS place FROM klappa.question q WHERE q.call = \(call))
            INSERT INTO klappa.question (id, call, code, place, kind, label_sv, label_en, help_sv, help_en, required,
                longest, least, most, choices)
            SELECT \(question.id), \(call), CASE WHEN \(slug) = '' OR EXISTS (
                    SELECT FROM klappa.question q WHERE q.call = \(call) AND q.code = \(slug))
                THEN 'question-' || last.place ELSE \(slug) END,
                last.place, \(question.kind.rawValue), \(question.labelSv), \(question.labelEn), \(question.helpSv),
                \(question.helpEn), \(question.required), \(question.longest.map { Int32($0) }),
                \(question.least)::numeric, \(question.most)::numeric, \(question.choices?.jsonText)
            FROM last
            """
        )
    }

    /// Changes a question in place, if it is of that version; its code stays, and with it the answers of drafts. What was
    /// handed in keeps the question as it was.
    static func change(
        _ question: ManagedQuestion,
        of call: UUID,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        try await transaction.execute(
            """
            UPDATE klappa.question
            SET kind = \(question.kind.rawValue), label_sv = \(question.labelSv), label_en = \(question.labelEn),
                help_sv = \(question.helpSv), help_en = \(question.helpEn), required = \(question.required),
                longest = \(question.longest.map { Int32($0) }), least = \(question.least)::numeric,
                most = \(question.most)::numeric, choices = \(question.choices?.jsonText)
            WHERE id = \(question.id) AND call = \(call) AND version = \(version)
            """
        ) == 1
    }

    static func remove(_ question: UUID, of call: UUID, _ transaction: Transaction)
        async throws(PostgresError) -> Bool
    {
        try await transaction.execute(
            "DELETE FROM klappa.question WHERE id = \(question) AND call = \(call)"
        ) == 1
    }

    /// Lets a question change places with the one before it.
    static func moveUp(_ question: UUID, of call: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await transaction.execute(
            """
            WITH this AS (SELECT q.id, q.place FROM klappa.question q WHERE q.id = \(question) AND q.call = \(call)),
            other AS (SELECT q.id, q.place FROM klappa.question q, this
                WHERE q.call = \(call) AND q.place < this.place ORDER BY q.place DESC LIMIT 1)
            UPDATE klappa.question q
            SET place = CASE q.id WHEN this.id THEN other.place ELSE this.place END
            FROM this, other WHERE q.id IN (this.id, other.id)
            """
        )
    }
}
