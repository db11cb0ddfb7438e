import FoundationEssentials
import Postgres
import Registry

/// Two organisations with a manager each, a published programme of the first with an open call, and applicants.
struct TalentScene: Sendable {
    let database: SchemaDatabase
    let organisation = UUID.version7()
    let otherOrganisation = UUID.version7()
    let manager: UUID
    let otherManager: UUID
    let programme = UUID.version7()
    let call = UUID.version7()

    /// - Parameter places: of the call, whose form asks `why` (required), `role`, `year`, `film` (a link) and `cv`.
    static func with<Result>(
        places: Int32 = 8,
        _ body: (TalentScene) async throws -> Result
    ) async throws -> Result {
        try await SchemaDatabase.with { database in
            let scene = try await TalentScene(database)
            try await scene.arrange(places: places)
            return try await body(scene)
        }
    }

    /// The same in a database that is there.
    static func arranged(in database: SchemaDatabase, places: Int32 = 8) async throws -> TalentScene {
        let scene = try await TalentScene(database)
        try await scene.arrange(places: places)
        return scene
    }

    private init(_ database: SchemaDatabase) async throws {
        self.database = database
        manager = try await database.human("manager@example.se")
        otherManager = try await database.human("other@example.se")
    }

    private func arrange(places: Int32) async throws {
        try await database.root.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.organisation (id, slug, name)
                VALUES (\(organisation), 'film', 'Filmhuset'), (\(otherOrganisation), 'other', 'Andra huset')
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.grants (account, "right", organisation)
                VALUES (\(manager), 'programme_manager', \(organisation)),
                    (\(otherManager), 'programme_manager', \(otherOrganisation))
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.programme (id, slug, organisation, programme_type, priority, state, name_sv, name_en,
                    summary_sv, summary_en, description_sv, description_en)
                VALUES (\(programme), 'manus', \(organisation), 'writers_lab', 'talent', 'published', 'Manuslabbet',
                    'The script lab', 'Skriv.', 'Write.', 'Ett år.', 'A year.')
                """
            )
            try await transaction.execute(
                "INSERT INTO klappa.programme_region (programme, region) VALUES (\(programme), 12), (\(programme), 7)"
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.call (id, programme, state, title_sv, title_en, guidelines_sv, guidelines_en,
                    opens_at, closes_at, places)
                VALUES (\(call), \(programme), 'published', 'Våren', 'Spring', 'Läs.', 'Read.',
                    now() - interval '1 day', now() + interval '1 day', \(places))
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.question (call, code, place, kind, label_sv, label_en, required, longest, least, most,
                    choices)
                VALUES (\(call), 'why', 1, 'short_text', 'Varför?', 'Why?', true, 20, NULL, NULL, NULL),
                    (\(call), 'role', 2, 'choice', 'Roll', 'Role', false, NULL, NULL, NULL,
                        '[{"code": "writer", "sv": "Författare", "en": "Writer"},
                          {"code": "director", "sv": "Regissör", "en": "Director"}]'),
                    (\(call), 'year', 3, 'number', 'År', 'Year', false, NULL, 1900, 2100, NULL),
                    (\(call), 'film', 4, 'link', 'Film', 'Film', false, NULL, NULL, NULL, NULL),
                    (\(call), 'cv', 5, 'file', 'CV', 'CV', false, NULL, NULL, NULL, NULL),
                    (\(call), 'idea', 6, 'long_text', 'Idé', 'Idea', false, 200, NULL, NULL, NULL)
                """
            )
        }
    }

    /// Sends an application that was never a draft, as a stranger; gives its id.
    @discardableResult
    func send(
        _ name: String,
        answers: String = #"{"why": "Därför"}"#,
        to other: UUID? = nil
    ) async throws -> UUID {
        let id = UUID.version7()
        let email = "\(name.lowercased())@example.se"
        _ = try await database.member.query(
            """
            SELECT arrival FROM klappa.send_application(\(id), \(other ?? call), 'sv', \(name), \(email), NULL, 'skane',
                \(JSONText(answers)))
            """
        )
        return id
    }

    /// Begins a draft of an account's own.
    func draft(_ account: UUID, answers: String = #"{"why": "Därför"}"#) async throws -> UUID {
        let id = UUID.version7()
        try await database.member.execute(
            """
            INSERT INTO klappa.application (id, call, account, name, email, answers)
            VALUES (\(id), \(call), \(account), 'Ada', 'ada@example.se', \(JSONText(answers)))
            """,
            settings: SchemaDatabase.settings(account)
        )
        return id
    }

    /// Sets an outcome, as the manager.
    func decide(_ application: UUID, _ outcome: String) async throws(PostgresError) {
        try await database.member.execute(
            "UPDATE klappa.assessment SET outcome = \(outcome) WHERE application = \(application)",
            settings: SchemaDatabase.settings(manager)
        )
    }

    /// Tells the outcome and, to somebody selected, gives the place.
    func tell(_ application: UUID, _ outcome: String) async throws {
        try await database.member.execute(
            """
            INSERT INTO klappa.decision (id, application, call, outcome, subject, body, told_by)
            VALUES (klappa.uuid7(), \(application), \(call), \(outcome), 'Besked', 'Hej', \(manager))
            """,
            settings: SchemaDatabase.settings(manager)
        )
        guard outcome == "accepted" else { return }
        try await database.member.execute(
            "INSERT INTO klappa.participant (id, application) VALUES (klappa.uuid7(), \(application))",
            settings: SchemaDatabase.settings(manager)
        )
    }

    /// The one text that a statement selects as `n`, asked by the superuser.
    func text(_ sql: SQL) async throws -> String? {
        try await database.root.query(sql).first.map { try $0.decode(String.self, "n") }
    }

    /// The number of applications of the call in a state of outcome.
    func outcomes(_ outcome: String) async throws -> Int64 {
        try await database.count(
            "SELECT count(*) AS n FROM klappa.assessment WHERE outcome = \(outcome)",
            database.root
        )
    }
}

extension SchemaDatabase {
    /// An account of a person who signs in with an address.
    func human(_ email: String) async throws -> UUID {
        let id = UUID.version7()
        try await root.execute(
            "INSERT INTO klappa.account (id, name, email) VALUES (\(id), \(email), \(email))"
        )
        return id
    }
}
