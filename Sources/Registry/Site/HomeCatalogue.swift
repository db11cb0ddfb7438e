internal import Web

/// One of the catalogues as the first page shows it: what it is, how much it holds, and where it is.
struct HomeCatalogue: Sendable {
    /// Names its texts: `home.crew`.
    let name: String
    /// After the language.
    let path: String
    let measure: StrategyFigures.Measure

    /// In the order of the page.
    static let all = [
        HomeCatalogue(name: "crew", path: "/crew", measure: .crew),
        HomeCatalogue(name: "locations", path: "/locations", measure: .locations),
        HomeCatalogue(name: "companies", path: "/companies", measure: .companies),
        HomeCatalogue(name: "talent", path: "/programmes", measure: .programmes),
    ]

    /// Those that the form on the first page searches; the first when none is chosen.
    static let searchable = Array(all.prefix(3))

    /// Where the form on the first page leads: to the catalogue that was chosen, with what was asked of it.
    static func search(_ query: PageQuery, _ language: Language) -> String {
        let chosen = searchable.first { $0.name == query.first("kind") } ?? searchable[0]
        var asked = PageQuery()
        for name in ["q", "region"] { asked.add(name, query.first(name)) }
        // Companies have no days.
        if chosen.name != "companies" { asked.add("dates", query.first("dates")) }
        return asked.address("/\(language)\(chosen.path)")
    }

    /// What it holds, with a link to all of it.
    func view(_ figures: StrategyFigures, _ words: Wording) -> View {
        let total = figures.total(measure)
        return [
            "name": .text(words("home.\(name)")),
            "text": .text(words("home.\(name)Text")),
            "address": .text("/\(words.language)\(path)"),
            "count": .optional(total > 0 ? words.count("home.count.\(name)", total) : nil),
        ]
    }

    /// What a region has of it, with a link to that; nil where it has nothing.
    func offer(in region: String, _ figures: StrategyFigures, _ words: Wording) -> View? {
        let count = figures.count(measure, in: region)
        guard count > 0 else { return nil }
        return [
            "address": .text("/\(words.language)\(path)?region=\(region)"),
            "label": .text(words.count("home.count.\(name)", count)),
        ]
    }
}
