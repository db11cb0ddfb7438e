internal import Crypto
internal import NIOCore
internal import Postgres
internal import Web

/// What there is in a plan, for the office that keeps it: every commitment with its evidence in every state, goals and
/// actions, and where to change them.
struct PlanEditPage {
    let desk: PlanPages.Desk
    let form: PlanForm

    private var plan: RegionPlan { form.plan }
    private var strategy: Strategy { form.strategy }
    private var text: StrategyWords { desk.text }
    private var words: Wording { desk.text.words }

    var view: View {
        [
            "base": .text(desk.base),
            "name": .text(desk.region.name),
            "mayWrite": .flag(desk.mayWrite),
            "standing": .text(text.levels(chosen: plan.chosen?.level, reached: plan.reached)),
            "hasExamples": .flag(strategy.commitments.contains(where: \.example)),
            "levels": .list(strategy.levels.map(level)),
            "hasGoals": .flag(!plan.goals.isEmpty),
            "goals": .list(
                plan.goals.map { goal in
                    [
                        "title": .text(goal.title.read(in: text.language).text),
                        "address": address("goals", goal.id),
                        "priority": .text(priority(goal.priority)),
                    ]
                }
            ),
            "hasActions": .flag(!plan.actions.isEmpty),
            "actions": .list(
                plan.actions.map { action in
                    [
                        "title": .text(action.title.read(in: text.language).text),
                        "address": address("actions", action.id),
                        "priority": .text(priority(action.priority)),
                        "mark": .text(RegionPlanPage.mark(action.state)),
                        "state": .text(words("strategy.action.\(action.state.rawValue)")),
                        "days": .text(words.days(action.from, action.to, short: true)),
                        "isHidden": .flag(!action.public),
                    ]
                }
            ),
        ]
    }

    /// Absent for those who only read.
    private func address(_ kind: String, _ id: String) -> View.Value {
        .optional(desk.mayWrite ? "\(desk.base)/edit/\(kind)/\(id)" : nil)
    }

    private func priority(_ code: String) -> String {
        strategy.priorities.first { $0.code == code }?.name[text.language] ?? code
    }

    private func level(_ level: Strategy.Level) -> View {
        let commitments = strategy.commitments.filter { $0.level == level.level }
        let missing = plan.missing.first { $0.level == level.level }?.commitments.count ?? 0
        return [
            "level": .text(words.number(level.level)),
            "name": .text(level.name[text.language]),
            "left": .text(
                missing == 0 ? words("strategy.edit.complete") : words.count("strategy.edit.left", missing)
            ),
            "commitments": .list(commitments.map(commitment)),
        ]
    }

    private func commitment(_ commitment: Strategy.Commitment) -> View {
        let evidence = plan.evidence.filter { $0.commitment == commitment.code }
        return [
            "name": .text(commitment.name[text.language]),
            "add": .optional(
                desk.mayWrite ? "\(desk.base)/edit/evidence/new?commitment=\(commitment.code)" : nil
            ),
            "evidence": .list(
                evidence.map { one in
                    [
                        "text": .text(one.text.read(in: text.language).text),
                        "address": address("evidence", one.id),
                        "mark": .text(Self.mark(one.state)),
                        "state": .text(words("strategy.evidence.state.\(one.state.rawValue)")),
                        "reason": .optional(one.reason),
                    ]
                }
            ),
        ]
    }

    static func mark(_ state: RegionPlan.Evidence.State) -> String {
        switch state {
        case .approved: "free"
        case .submitted: "held"
        case .returned: "bad"
        }
    }
}

/// A form of a plan as the template prints it.
struct PlanFormPage {
    /// What a form can be sent for.
    enum Button: String, Sendable {
        case save, approve, giveBack = "return", withdraw, remove

        /// The buttons of a row.
        static func of(_ item: PlanItem, isNew: Bool, state: String?) -> [Button] {
            if isNew { return [.save] }
            guard item == .evidence else { return [.save, .remove] }
            return switch state {
            case "approved": [.save, .withdraw, .remove]
            default: [.approve, .save, .giveBack, .remove]
            }
        }

        /// What becomes of evidence in a state.
        func state(from state: String) -> String {
            switch self {
            case .approve: "approved"
            case .giveBack: "returned"
            case .withdraw: "submitted"
            case .save, .remove: state == "returned" ? "submitted" : state
            }
        }
    }

    let desk: PlanPages.Desk
    let title: String
    let lead: String?
    let action: String
    let form: Form
    let fields: [View]
    let buttons: [Button]
    var clash: FormClash?
    var state: String?

    private var words: Wording { desk.text.words }

    var view: View {
        [
            "base": .text(desk.base),
            "name": .text(desk.region.name),
            "title": .text(title),
            "lead": .optional(lead),
            "state": .optional(state),
            "errorSummary": form.summary,
            "clash": .optional(clash?.view(words)),
            "action": .text(action),
            "version": .optional(form["version"]),
            "key": .optional(form["key"]),
            "fields": .list(fields),
            "mayWrite": .flag(desk.mayWrite),
            "buttons": .list(
                buttons.enumerated().map { place, button in
                    [
                        "value": .text(button.rawValue),
                        "label": .text(words("strategy.button.\(button)")),
                        "isFirst": .flag(place == 0),
                    ]
                }
            ),
        ]
    }

    /// SHA-256 of what is to be written.
    static func fingerprint(_ body: JSON) -> [UInt8] {
        var hash = SHA256()
        body.bytes.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}
