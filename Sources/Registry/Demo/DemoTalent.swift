import FoundationEssentials
import Postgres
import Web

/// Invents twelve talent programmes with calls and applications, every row marked `invented`.
///
/// The same seed and first day give the same programmes, calls and applications, keys included. Some calls are long
/// decided and have participants, some wait for decisions, some are open and some have not opened yet. The rules of the
/// database hold for all of them.
struct DemoTalent {
    let seed: UInt64
    let first: Day
    let keys: DemoKeys

    init(seed: UInt64, from first: Day) {
        self.seed = seed
        self.first = first
        keys = DemoKeys(seed: seed, base: UInt64(max(0, Int(first.number) + 10_957)) * 86_400_000)
    }

    /// Writes them, unless there is any programme already.
    ///
    /// - Parameter database: of `klappa_worker`.
    /// - Returns: how many programmes were made.
    @discardableResult
    func load(into database: PostgresClient) async throws -> Int {
        let present = try await database.query("SELECT FROM klappa.programme LIMIT 1")
        guard present.isEmpty else { return 0 }
        try await database.transaction(deadline: .seconds(300)) { transaction in
            for (index, organisation) in DemoTalentTexts.organisations.enumerated() {
                try await transaction.execute(
                    """
                    INSERT INTO klappa.organisation (id, slug, name, email, url, invented)
                    VALUES (\(keys.uuid(.organisation, index)), \(organisation.slug), \(organisation.name),
                        \("talang@\(organisation.slug).example"), \("https://\(organisation.slug).example"), true)
                    """
                )
            }
        }
        for (index, programme) in DemoTalentTexts.programmes.enumerated() {
            try Task.checkCancellation()
            try await database.transaction(deadline: .seconds(300)) { try await write(programme, index, $0) }
        }
        return DemoTalentTexts.programmes.count
    }

    private func write(
        _ programme: DemoTalentTexts.Programme,
        _ index: Int,
        _ transaction: Transaction
    ) async throws {
        let id = keys.uuid(.programme, index)
        let about = DemoTalentTexts.description(programme)
        try await transaction.execute(
            """
            INSERT INTO klappa.programme (id, slug, organisation, programme_type, priority, name_sv, name_en, summary_sv,
                summary_en, description_sv, description_en, starts_on, ends_on, invented)
            VALUES (\(id), \(programme.slug), \(keys.uuid(.organisation, programme.organisation)), \(programme.type),
                \(programme.priority), \(programme.name.sv), \(programme.name.en), \(programme.summary.sv),
                \(programme.summary.en), \(about.sv), \(about.en), \(first + 90), \(first + 300), true)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.programme_region (programme, region)
            SELECT \(id), r.no FROM klappa.region r WHERE r.code = ANY (\(programme.regions))
            """
        )
        try await transaction.execute("UPDATE klappa.programme SET state = 'published' WHERE id = \(id)")
        for (place, stage) in Self.stages(index).enumerated() {
            try await write(stage, of: programme, index * 10 + place, in: id, transaction)
        }
    }

    /// How far a call has come.
    private enum Stage {
        case decided, closing, open, upcoming

        /// Days from the first day to the opening and to the close.
        var days: (Int, Int) {
            switch self {
            case .decided: (-260, -200)
            case .closing: (-50, -3)
            case .open: (-14, 24)
            case .upcoming: (20, 60)
            }
        }

        var title: (sv: String, en: String) {
            switch self {
            case .decided: ("Förra omgången", "The last round")
            case .closing: ("Höstens omgång", "The autumn round")
            case .open: ("Årets omgång", "This year's round")
            case .upcoming: ("Nästa omgång", "The next round")
            }
        }
    }

    private static func stages(_ index: Int) -> [Stage] {
        switch index % 4 {
        case 0: [.decided, .open]
        case 1: [.decided, .closing]
        case 2: [.open]
        default: [.decided, .upcoming]
        }
    }

    private func write(
        _ stage: Stage,
        of programme: DemoTalentTexts.Programme,
        _ index: Int,
        in id: UUID,
        _ transaction: Transaction
    ) async throws {
        let call = keys.uuid(.call, index)
        let (opens, closes) = (first + stage.days.0, first + stage.days.1)
        try await transaction.execute(
            """
            INSERT INTO klappa.call (id, programme, title_sv, title_en, guidelines_sv, guidelines_en, opens_at, closes_at,
                places, invented)
            VALUES (\(call), \(id), \("\(programme.name.sv): \(stage.title.sv.lowercased())"),
                \("\(programme.name.en): \(stage.title.en.lowercased())"), \(DemoTalentTexts.guidelines.sv),
                \(DemoTalentTexts.guidelines.en), (\(opens)::timestamp + interval '8 hours') AT TIME ZONE 'Europe/Stockholm',
                (\(closes)::timestamp + interval '15 hours') AT TIME ZONE 'Europe/Stockholm',
                \(Int32(programme.places)), true)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.question (id, call, code, place, kind, label_sv, label_en, required, longest, least, most,
                choices)
            VALUES
                (\(keys.uuid(.question, index, 1)), \(call), 'varfor', 1, 'short_text', 'Varför söker du?',
                    'Why do you apply?', true, 200, NULL, NULL, NULL),
                (\(keys.uuid(.question, index, 2)), \(call), 'ide', 2, 'long_text', 'Berätta om din idé',
                    'Tell us about your idea', true, 1500, NULL, NULL, NULL),
                (\(keys.uuid(.question, index, 3)), \(call), 'erfarenhet', 3, 'choice', 'Erfarenhet', 'Experience', true,
                    NULL, NULL, NULL, '[{"code": "ny", "sv": "Jag är ny", "en": "I am new"},
                        {"code": "nagra-ar", "sv": "Några år", "en": "Some years"},
                        {"code": "yrkesverksam", "sv": "Yrkesverksam", "en": "Professional"}]'),
                (\(keys.uuid(.question, index, 4)), \(call), 'filmer', 4, 'number', 'Hur många filmer har du gjort?',
                    'How many films have you made?', false, NULL, 0, 100, NULL),
                (\(keys.uuid(.question, index, 5)), \(call), 'arbetsprov', 5, 'link', 'Länk till arbetsprov',
                    'Link to a work sample', false, NULL, NULL, NULL, NULL)
            """
        )
        try await transaction.execute("UPDATE klappa.call SET state = 'published' WHERE id = \(call)")
        var random = DemoRandom(seed: seed, topic: 900, index: index)
        let count =
            switch stage {
            case .upcoming: 0
            case .open: random.number(4...programme.places + 6)
            case .decided, .closing: programme.places + random.number(5...14)
            }
        // One arrival after the other, the last of a closed call too late.
        let hours = (stage.days.1 - stage.days.0) * 24
        for number in 0..<count {
            let share =
                stage == .open ? 330 * number / max(count, 1) : (hours + 7) * number / max(count - 1, 1)
            let isLast = number == count - 1 && stage != .open
            let minutes = share * 60 + number * 7 % 60 + (isLast ? 95 : 0)
            try await apply(index * 100 + number, to: call, opens, minutes, transaction)
        }
        if stage == .decided { try await decide(index, call, count, programme, closes, transaction) }
        if stage == .decided {
            try await transaction.execute("UPDATE klappa.call SET state = 'closed' WHERE id = \(call)")
        }
    }

    private func apply(
        _ index: Int,
        to call: UUID,
        _ opens: Day,
        _ minutes: Int,
        _ transaction: Transaction
    ) async throws {
        var random = DemoRandom(seed: seed, topic: 901, index: index)
        let name = "\(random.pick(DemoNames.given)) \(random.pick(DemoNames.family))"
        let region = random.pick([
            "skane", "skane", "halland", "blekinge", "kalmar", "kronoberg", "jonkoping", "",
        ])
        let answers: JSON = [
            "varfor": .string(random.pick(DemoTalentTexts.why)),
            "ide": .string(random.pick(DemoTalentTexts.ideas)),
            "erfarenhet": .string(random.pick(["ny", "nagra-ar", "yrkesverksam"])),
            "filmer": .integer(Int64(random.low(0...20))),
            "arbetsprov": .string(random.chance(60) ? "https://example.com/reel/\(index)" : ""),
        ]
        try await transaction.execute(
            """
            INSERT INTO klappa.application (id, call, state, language, name, email, phone, region, answers, submitted_at,
                invented)
            VALUES (\(keys.uuid(.application, index)), \(call), 'submitted', \(random.chance(90) ? "sv" : "en"), \(name),
                \("sokande.\(index)@example.com"), \("070-174 06 \(10 + index % 90)"),
                (SELECT r.no FROM klappa.region r WHERE r.code = \(region)), \(answers.jsonText),
                (\(opens)::timestamp + interval '8 hours') AT TIME ZONE 'Europe/Stockholm' + make_interval(mins => \(Int32(minutes))), true)
            """
        )
    }

    /// Fills the places, puts three on the waiting list, declines the others, and tells them all three weeks later.
    private func decide(
        _ index: Int,
        _ call: UUID,
        _ count: Int,
        _ programme: DemoTalentTexts.Programme,
        _ closes: Day,
        _ transaction: Transaction
    ) async throws {
        for number in 0..<count {
            let application = keys.uuid(.application, index * 100 + number)
            let (outcome, told): (String, String) =
                number < programme.places
                ? ("selected", "accepted")
                : number < programme.places + 3 ? ("waiting", "waiting") : ("not_selected", "declined")
            let subject =
                ["accepted": "Du är antagen", "waiting": "Du står på väntelistan"][told] ?? "Besked"
            try await transaction.execute(
                "UPDATE klappa.assessment SET outcome = \(outcome) WHERE application = \(application)"
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.decision (id, application, call, outcome, subject, body, told_at)
                VALUES (\(keys.uuid(.decision, index * 100 + number)), \(application), \(call), \(told), \(subject),
                    \("\(subject): \(programme.name.sv)."), \(closes + 21)::timestamp AT TIME ZONE 'Europe/Stockholm')
                """
            )
            guard told == "accepted" else { continue }
            try await transaction.execute(
                """
                INSERT INTO klappa.participant (id, application, joined_on)
                VALUES (\(keys.uuid(.participant, index * 100 + number)), \(application), \(closes + 21))
                """
            )
        }
    }
}

extension DemoKeys {
    /// The key as a value.
    func uuid(_ kind: Kind, _ index: Int, _ place: Int = 0) -> UUID {
        // A key is a UUID by its making; the other one never shows.
        UUID(uuidString: key(kind, index, place)) ?? UUID()
    }
}
