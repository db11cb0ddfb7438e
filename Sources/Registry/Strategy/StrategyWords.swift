internal import Postgres
internal import Web

/// How the strategy is spoken of: levels, periods, measures, states.
struct StrategyWords {
    let words: Wording
    var language: Language { words.language }

    /// A chosen and a reached level as a few words: `Nivå 1 nådd, valt 2`.
    func levels(chosen: Int?, reached: Int) -> String {
        let values = ["chosen": chosen.map(String.init) ?? "", "reached": String(reached)]
        return switch (chosen, reached) {
        case (nil, 0): words("strategy.level.none")
        case (nil, _): words("strategy.level.unchosen", values)
        case (_?, 0): words("strategy.level.onTheWay", values)
        case (let chosen?, _) where chosen > reached: words("strategy.level.aiming", values)
        default: words("strategy.level.met", values)
        }
    }

    /// The name of a level: `Nivå 2`.
    func level(_ level: Int, _ strategy: Strategy) -> String {
        strategy.levels.first { $0.level == level }?.name[language] ?? words.number(level)
    }

    /// A value in the unit of an indicator; nil when there is none to tell.
    func value(_ value: Double?, unit: String) -> String? {
        guard let value else { return nil }
        let isWhole = value == value.rounded() && abs(value) < 1e15
        let number = isWhole ? words.number(Int(value)) : words.number(value, decimals: 1)
        return switch unit {
        case "boolean": words(value > 0 ? "strategy.value.yes" : "strategy.value.no")
        case "hours", "days", "fte", "percent", "sek": words("strategy.value.\(unit)", ["number": number])
        case "date": nil
        default: number
        }
    }

    /// The view of a text that may be there in the other language only: `text`, and `foreign` with its tag.
    func view(_ text: RegionPlan.Text) -> View {
        let (text, foreign) = text.read(in: language)
        return ["text": .text(text), "foreign": .optional(foreign?.rawValue)]
    }

    /// The same for a text that may be missing.
    func optional(_ text: RegionPlan.Text?) -> View.Value { .optional(text.map(view)) }
}
