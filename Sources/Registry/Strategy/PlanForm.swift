internal import Postgres
internal import Web

/// The forms of a plan: their fields, how they are filled from a row, and how what was typed becomes the body that the
/// API takes as well.
struct PlanForm {
    let strategy: Strategy
    /// With everything that the office sees.
    let plan: RegionPlan
    let text: StrategyWords

    private var words: Wording { text.words }
    private var language: Language { text.language }

    // MARK: Fields

    /// The fields of a row of the plan, in order.
    ///
    /// - Parameter commitment: of evidence that is there already, whose commitment stays.
    func fields(_ item: PlanItem, _ form: Form, commitment: Strategy.Commitment? = nil) -> [View] {
        switch item {
        case .evidence: evidence(form, commitment)
        case .goals: goals(form)
        case .actions: actions(form)
        }
    }

    private func field(
        _ name: String,
        _ kind: FormField.Kind = .text,
        isOptional: Bool = false,
        hint: String? = nil,
        limit: Int? = nil
    ) -> FormField {
        FormField(
            name,
            words("strategy.field.\(name)"),
            kind,
            hint: hint,
            isOptional: isOptional,
            limit: limit
        )
    }

    private func evidence(_ form: Form, _ commitment: Strategy.Commitment?) -> [View] {
        let known = commitment ?? strategy.commitment(form["commitment"])
        let unit = known?.indicator.map {
            words("strategy.field.value.hint", ["indicator": $0.name[language]])
        }
        var fields: [FormField] = []
        if commitment == nil { fields.append(field("commitment", .select(commitments))) }
        fields += [
            field("textSv", .area(rows: 3), limit: 2000),
            field("textEn", .area(rows: 3), isOptional: true, limit: 2000),
            field("value", .number, isOptional: true, hint: unit),
            field("measuredOn", .date, isOptional: true),
            field("url", .line("url"), isOptional: true, limit: 500),
        ]
        if commitment != nil {
            fields.append(
                field(
                    "reason",
                    .area(rows: 2),
                    isOptional: true,
                    hint: words("strategy.field.reason.hint"),
                    limit: 2000
                )
            )
        }
        return fields.map { $0.view(form) }
    }

    private func goals(_ form: Form) -> [View] {
        [
            field("priority", .select(priorities)), field("titleSv", limit: 200),
            field("titleEn", isOptional: true, limit: 200), field("targetSv", isOptional: true, limit: 500),
            field("targetEn", isOptional: true, limit: 500),
            field("source", isOptional: true, hint: words("strategy.field.source.hint"), limit: 200),
        ].map { $0.view(form) }
    }

    private func actions(_ form: Form) -> [View] {
        let goals = plan.goals.map { FormField.Option($0.id, $0.title.read(in: language).text) }
        let states = RegionPlan.Action.State.allCases.map {
            FormField.Option($0.rawValue, words("strategy.action.\($0.rawValue)"))
        }
        return [
            field("priority", .select(priorities)),
            field("commitment", .select(commitments), isOptional: true),
            field("goal", .select(goals), isOptional: true), field("titleSv", limit: 200),
            field("titleEn", isOptional: true, limit: 200),
            field("textSv", .area(rows: 3), isOptional: true, limit: 2000),
            field("textEn", .area(rows: 3), isOptional: true, limit: 2000), field("state", .select(states)),
            field("responsible", hint: words("strategy.field.responsible.hint"), limit: 200),
            field("from", .date),
            field("to", .date), field("resultSv", .area(rows: 2), isOptional: true, limit: 2000),
            field("resultEn", .area(rows: 2), isOptional: true, limit: 2000), field("public", .tick),
        ].map { $0.view(form) }
    }

    /// The fields of a choice of level.
    func levelFields(_ form: Form) -> [View] {
        let levels = strategy.levels.map { FormField.Option(String($0.level), $0.name[language]) }
        return [
            field("level", .radios(levels), hint: words("strategy.field.level.hint")),
            field("from", .date, hint: words("strategy.field.from.hint")), field("to", .date),
            field("decision", isOptional: true, hint: words("strategy.field.decision.hint"), limit: 200),
            field("decidedOn", .date, isOptional: true),
            field("noteSv", .area(rows: 3), isOptional: true, limit: 2000),
            field("noteEn", .area(rows: 3), isOptional: true, limit: 2000),
        ].map { $0.view(form) }
    }

    private var priorities: [FormField.Option] {
        strategy.priorities.map { FormField.Option($0.code, $0.name[language]) }
    }

    private var commitments: [FormField.Option] {
        strategy.commitments.map { FormField.Option($0.code, "\($0.level). \($0.name[language])") }
    }

    // MARK: Reading

    /// What was typed as the body of the API; what is wrong is refused in the form.
    ///
    /// - Parameter state: of evidence that is there already: what the pressed button makes of it.
    func body(_ item: PlanItem, _ form: inout Form, state: String? = nil) -> JSON {
        switch item {
        case .evidence:
            var members: [(String, JSON)] = [("text", text("text", &form, upTo: 2000))]
            if let state {
                members.append(("state", .string(state)))
                if state == "returned" {
                    members.append(("reason", .string(form.text("reason", upTo: 2000))))
                }
            } else {
                members.append(("commitment", choice("commitment", strategy.commitments.map(\.code), &form)))
            }
            let value = form.decimal("value", in: 0...999_999_999_999, isOptional: true)
            return Self.object(
                members + [
                    ("url", Self.string(form.link("url"))), ("value", value.map { JSON.number($0) } ?? .null),
                    ("measuredOn", day("measuredOn", &form, isOptional: true)),
                ]
            )
        case .goals:
            return Self.object([
                ("priority", choice("priority", strategy.priorities.map(\.code), &form)),
                ("title", text("title", &form, upTo: 200)),
                ("target", optionalText("target", &form, upTo: 500)),
                ("source", Self.string(form.optionalText("source", upTo: 200))),
            ])
        case .actions:
            return Self.object([
                ("priority", choice("priority", strategy.priorities.map(\.code), &form)),
                (
                    "commitment",
                    choice("commitment", strategy.commitments.map(\.code), &form, isOptional: true)
                ),
                ("goal", choice("goal", plan.goals.map(\.id), &form, isOptional: true)),
                ("title", text("title", &form, upTo: 200)), ("text", optionalText("text", &form, upTo: 2000)),
                ("state", choice("state", RegionPlan.Action.State.allCases.map(\.rawValue), &form)),
                ("responsible", .string(form.text("responsible", upTo: 200))), ("from", day("from", &form)),
                ("to", day("to", &form)), ("result", optionalText("result", &form, upTo: 2000)),
                ("public", .bool(!form["public"].isEmpty)),
            ])
        }
    }

    /// A choice of level as the body of the API.
    func levelBody(_ form: inout Form) -> JSON {
        let level = form.choice("level", of: strategy.levels.map { String($0.level) }).flatMap { Int64($0) }
        return Self.object([
            ("level", level.map { JSON.integer($0) } ?? .null), ("from", day("from", &form)),
            ("to", day("to", &form)),
            ("decision", Self.string(form.optionalText("decision", upTo: 200))),
            ("decidedOn", day("decidedOn", &form, isOptional: true)),
            ("note", optionalText("note", &form, upTo: 2000)),
        ])
    }

    private static func object(_ members: [(String, JSON)]) -> JSON { .object(JSON.Members(members)) }
    private static func string(_ text: String?) -> JSON { text.map { JSON.string($0) } ?? .null }

    private func text(_ name: String, _ form: inout Form, upTo limit: Int) -> JSON {
        [
            "sv": .string(form.text(name + "Sv", upTo: limit)),
            "en": Self.string(form.optionalText(name + "En", upTo: limit)),
        ]
    }

    /// English alone needs its Swedish beside it.
    private func optionalText(_ name: String, _ form: inout Form, upTo limit: Int) -> JSON {
        let en = form.optionalText(name + "En", upTo: limit)
        guard en != nil || !form[name + "Sv"].isEmpty else { return .null }
        return ["sv": .string(form.text(name + "Sv", upTo: limit)), "en": Self.string(en)]
    }

    private func choice(_ name: String, _ codes: [String], _ form: inout Form, isOptional: Bool = false)
        -> JSON
    {
        Self.string(form.choice(name, of: codes, isOptional: isOptional))
    }

    private func day(_ name: String, _ form: inout Form, isOptional: Bool = false) -> JSON {
        // The two ends of a period; the API takes either order, on a page it is a slip.
        if name == "to", let from = Day(form["from"]), let to = Day(form["to"]), to < from {
            form.refuse("to", words("strategy.field.to.order"))
        }
        return Self.string(form.day(name, isOptional: isOptional)?.description)
    }

    // MARK: Filling

    /// What a form shows of a row as the plan tells it, field by field.
    static func values(_ record: JSON) -> [(String, String)] {
        guard case .object(let members) = record else { return [] }
        var values: [(String, String)] = []
        for pair in members.pairs {
            switch pair.value {
            case .string(let text): values.append((pair.name, text))
            case .integer(let number): values.append((pair.name, String(number)))
            case .number(let number): values.append((pair.name, number.description))
            case .bool(let flag): if flag { values.append((pair.name, "yes")) }
            case .object(let both):
                for language in ["sv", "en"] {
                    guard case .string(let text)? = both[language] else { continue }
                    values.append((pair.name + (language == "sv" ? "Sv" : "En"), text))
                }
            case .array, .null: break
            }
        }
        return values
    }

    /// Both texts of everything in which what was typed differs from what is stored.
    func clash(_ item: PlanItem, _ form: Form, with record: JSON) -> FormClash {
        var clash = FormClash()
        let stored = Dictionary(Self.values(record)) { first, _ in first }
        for name in form.names where !["version", "do", "key"].contains(name) {
            clash.compare(name, words("strategy.field.\(name)"), form[name], stored[name] ?? "")
        }
        return clash
    }
}
