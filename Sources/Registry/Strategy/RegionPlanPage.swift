internal import Postgres
internal import Web

/// The page of a region as the template prints it: its level, what is missing for the next, goals and actions by
/// priority, and the evidence.
struct RegionPlanPage {
    let region: SiteRegion
    let plan: RegionPlan
    let strategy: Strategy
    let contact: Vocabularies.Contact?
    let text: StrategyWords
    /// Whether the reader works in the region's office.
    var isOffice = false

    private var words: Wording { text.words }
    private var language: Language { text.language }

    var view: View {
        [
            "backAddress": .text("/\(language)/strategy"),
            "name": .text(region.name),
            "edit": .optional(isOffice ? "/\(language)/strategy/\(region.code)/edit" : nil),
            "code": .text(region.code),
            "landscape": .markup(
                Landscape(region.motif, light: region.light, seed: region.code).drawn(id: "g-region")
            ),
            "standing": .text(text.levels(chosen: plan.chosen?.level, reached: plan.reached)),
            "isInvented": .flag(plan.hasInvented),
            "hasExamples": .flag(strategy.commitments.contains(where: \.example)),
            "levelFacts": .list(levelFacts),
            "note": text.optional(plan.chosen?.note),
            "next": .optional(next),
            "priorities": .list(strategy.priorities.map(priority)),
            "isEmpty": .flag(plan.goals.isEmpty && plan.actions.isEmpty),
            "evidence": .optional(evidence),
            "contact": .optional(contactView),
        ]
    }

    // MARK: The level

    private var levelFacts: [View] {
        var facts: [View] = []
        func add(_ term: String, _ value: String, _ note: String? = nil) {
            facts.append(["term": .text(words(term)), "value": .text(value), "note": .optional(note)])
        }
        if let chosen = plan.chosen {
            add(
                "strategy.region.chosen",
                text.level(chosen.level, strategy),
                words.days(chosen.from, chosen.to)
            )
            let decided = chosen.decidedOn.map { words.day($0) }
            if let decision = chosen.decision ?? decided {
                add("strategy.region.decision", decision, chosen.decision == nil ? nil : decided)
            }
        } else {
            add("strategy.region.chosen", words("strategy.region.noneChosen"))
        }
        add(
            "strategy.region.reached",
            plan.reached == 0 ? words("strategy.region.noneReached") : text.level(plan.reached, strategy)
        )
        for period in plan.levels where period.id != plan.chosen?.id {
            add(
                "strategy.region.otherPeriod",
                text.level(period.level, strategy),
                words.days(period.from, period.to)
            )
        }
        return facts
    }

    private var next: View? {
        guard let missing = plan.missing.first(where: { $0.level > plan.reached }) else { return nil }
        return [
            "title": .text(
                words.count(
                    "strategy.region.missing",
                    missing.commitments.count,
                    ["level": text.level(missing.level, strategy)]
                )
            ),
            "commitments": .texts(
                missing.commitments.map { strategy.commitment($0)?.name[language] ?? $0 }
            ),
        ]
    }

    // MARK: Goals and actions

    private func priority(_ priority: Strategy.Priority) -> View {
        let goals = plan.goals.filter { $0.priority == priority.code }
        let actions = plan.actions.filter { $0.priority == priority.code }
        return [
            "code": .text(priority.code),
            "name": .text(priority.name[language]),
            "number": .text(words("strategy.priority.number", ["number": String(priority.no)])),
            "isEmpty": .flag(goals.isEmpty && actions.isEmpty),
            "hasGoals": .flag(!goals.isEmpty),
            "goals": .list(
                goals.map { goal in
                    [
                        "title": .view(text.view(goal.title)),
                        "target": text.optional(goal.target),
                        "source": .optional(
                            goal.source.map { words("strategy.goal.source", ["source": $0]) }
                        ),
                    ]
                }
            ),
            "hasActions": .flag(!actions.isEmpty),
            "caption": .text(words("strategy.action.caption", ["priority": priority.name[language]])),
            "actions": .list(actions.map(action)),
        ]
    }

    private func action(_ action: RegionPlan.Action) -> View {
        [
            "title": .view(text.view(action.title)),
            "text": text.optional(action.text),
            "result": text.optional(action.result),
            "commitment": .optional(action.commitment.flatMap { strategy.commitment($0)?.name[language] }),
            "mark": .text(Self.mark(action.state)),
            "state": .text(words("strategy.action.\(action.state.rawValue)")),
            "days": .text(words.days(action.from, action.to, short: true)),
            "responsible": .text(action.responsible),
        ]
    }

    /// The mark of a state among those of the sprite: form first, colour second.
    static func mark(_ state: RegionPlan.Action.State) -> String {
        switch state {
        case .planned: "unknown"
        case .ongoing: "held"
        case .done: "free"
        case .paused: "busy"
        case .dropped: "bad"
        }
    }

    // MARK: Evidence

    private var evidence: View? {
        guard !plan.evidence.isEmpty else { return nil }
        return [
            "count": .text(words.count("strategy.evidence.count", plan.evidence.count)),
            "rows": .list(plan.evidence.map(proof)),
        ]
    }

    private func proof(_ proof: RegionPlan.Evidence) -> View {
        let commitment = strategy.commitment(proof.commitment)
        return [
            "level": .text(commitment.map { words.number($0.level) } ?? "–"),
            "commitment": .text(commitment?.name[language] ?? proof.commitment),
            "text": .view(text.view(proof.text)),
            "value": .optional(text.value(proof.value, unit: commitment?.indicator?.unit ?? "count")),
            "measured": .optional(proof.measuredOn.map { words.day($0) }),
            "approved": .text(proof.approvedOn.map { words.day($0) } ?? "–"),
            "url": .optional(proof.url),
        ]
    }

    // MARK: Whom to turn to

    private var contactView: View? {
        guard let contact else { return nil }
        return [
            "liaison": .optional(contact.liaison),
            "body": .optional(contact.name),
            "email": .optional(contact.email),
            "phone": .optional(contact.phone),
            "url": .optional(contact.url),
            "text": .optional(contact.text?[language]),
        ]
    }
}
