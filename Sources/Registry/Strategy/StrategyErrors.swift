internal import Postgres
internal import Web

extension ProblemCode {
    /// 409: a level while a commitment below it lacks approved evidence; `missing` lists the codes.
    static let levelNotCarried = ProblemCode(
        "level-not-carried",
        status: 409,
        title: Localized(sv: "Nivån vilar inte på något", en: "The level rests on nothing"),
        detail: Localized(
            sv: "En nivå kan väljas först när varje åtagande under den är styrkt.",
            en: "A level can be chosen once every commitment below it is shown to be met."
        )
    )
    /// 409: evidence on which a chosen level rests.
    static let evidenceCarriesLevel = ProblemCode(
        "evidence-carries-level",
        status: 409,
        title: Localized(sv: "Underlaget bär en vald nivå", en: "The evidence carries a chosen level"),
        detail: Localized(
            sv:
                "En vald nivå vilar på underlaget. Sänk nivån först, eller godkänn ett annat underlag för åtagandet.",
            en:
                "A chosen level rests on this evidence. Lower the level first, or approve other evidence of the commitment."
        )
    )
}

/// What the database refuses in a plan, turned into sentences.
enum StrategyErrors {
    /// Constraints that speak of one member of the body: its name there, and a sentence.
    static let members: [String: (member: String, message: Localized)] = [
        "region_level_days": ("to", days),
        "region_level_level_fkey": (
            "level", Localized(sv: "Välj nivå 1, 2 eller 3.", en: "Choose level 1, 2 or 3.")
        ),
        "region_action_days": ("to", days),
        "region_action_priority_fkey": ("priority", priority),
        "region_goal_priority_fkey": ("priority", priority),
        "region_goal_id_priority_unique": ("priority", priority),
        "region_action_commitment_fkey": (
            "commitment",
            Localized(
                sv: "Åtagandet hör till en annan prioritering. Välj ett under åtgärdens prioritering.",
                en: "The commitment belongs to another priority. Choose one under the action's priority."
            )
        ),
        "region_action_goal_fkey": (
            "goal",
            Localized(
                sv: "Målet finns inte i regionen under den prioriteringen. Välj ett annat mål eller inget.",
                en: "The region has no such goal under that priority. Choose another goal or none."
            )
        ),
        "region_evidence_commitment_fkey": (
            "commitment",
            Localized(sv: "Åtagandet finns inte i strategin.", en: "The strategy has no such commitment.")
        ),
        "region_evidence_returned_with_reason": (
            "reason",
            Localized(
                sv: "Skriv varför underlaget skickas tillbaka.",
                en: "Write why the evidence is returned."
            )
        ),
        "region_evidence_measured_on_range": ("measuredOn", days),
    ]

    private static let days = Localized(
        sv: "Dagar ligger mellan 2000 och 2199.",
        en: "Days lie between 2000 and 2199."
    )
    private static let priority = Localized(
        sv: "Välj en av strategins prioriteringar. Ett mål som åtgärder hör till byter inte prioritering.",
        en: "Choose one of the strategy's priorities. A goal that actions serve keeps its priority."
    )

    /// The codes in the message of a refused level.
    static func missing(in error: PostgresError) -> [String]? {
        guard error.constraint == "region_level_rests_on_lower_levels",
            let list = error.message.split(separator: " lacks it of ", maxSplits: 1).dropFirst().first
        else { return nil }
        return list.split(separator: ",").map { $0.filter { $0 != " " } }
    }

    /// The problem for what the database refused in a plan; nil for what is not of a plan.
    ///
    /// - Parameter strategy: for the names of commitments.
    static func problem(for error: PostgresError, in strategy: Strategy) -> Problem? {
        if let missing = missing(in: error) { return refusal(of: missing, strategy) }
        guard let constraint = error.constraint else { return nil }
        if constraint == "region_evidence_carries_level" { return Problem(.evidenceCarriesLevel) }
        // What fits the description and yet not what is stored is a conflict, told at its member.
        return members[constraint].map {
            Problem(.conflict, detail: $0.message, errors: [.pointer("/\($0.member)", "refused", $0.message)])
        }
    }

    /// Names every commitment that is missing.
    private static func refusal(of missing: [String], _ strategy: Strategy) -> Problem {
        func names(_ language: Language) -> String {
            missing.map { strategy.commitment($0)?.name[language] ?? $0 }.joined(separator: "; ")
        }
        let detail = Localized(
            sv: "\(ProblemCode.levelNotCarried.detail.sv) Underlag saknas för: \(names(.sv)).",
            en: "\(ProblemCode.levelNotCarried.detail.en) Evidence is missing of: \(names(.en))."
        )
        return Problem(
            .levelNotCarried,
            detail: detail,
            errors: [.pointer("/level", "not-carried", detail)],
            extras: .init([("missing", .array(missing.map { .string($0) }))])
        )
    }
}
