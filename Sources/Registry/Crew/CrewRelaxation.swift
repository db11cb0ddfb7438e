internal import Postgres
internal import Web

/// Looks for the requirement whose loss helps most, where a search found few or nobody.
struct CrewRelaxation {
    let form: CrewSearchForm
    let text: CrewWords
    let crew: PublicCrew

    /// Up to so many people are 'few'.
    static let fewest = 3
    /// Ways on that are shown, and tried.
    private static let most = 4
    private static let tried = 10

    /// The ways on that give more people than now, the best first.
    func find(
        _ found: CrewSearchPage.Found
    ) async throws -> [(form: CrewSearchForm, label: String, gain: Int)] {
        var ways: [(form: CrewSearchForm, label: String, gain: Int)] = []
        let total = found.results.total
        for (coverage, label) in [(CrewSearch.Coverage.partial, "partial"), (.any, "any")] {
            guard let wider = found.totals[coverage], wider > total, coverage != form.search.coverage else {
                continue
            }
            let way = form.changed { $0.search.coverage = coverage }
            ways.append((way, text.words("crew.relax.\(label)"), wider - total))
        }
        let looser = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            let candidates = Array(candidates.prefix(Self.tried))
            for (index, candidate) in candidates.enumerated() {
                group.addTask {
                    var search = candidate.form.search
                    search.limit = 1
                    return (index, try await crew.find(search).total)
                }
            }
            var looser: [(form: CrewSearchForm, label: String, gain: Int)] = []
            for try await (index, wider) in group where wider > total {
                looser.append((candidates[index].form, candidates[index].label, wider - total))
            }
            return looser
        }
        ways += looser
        return Array(ways.sorted { ($0.gain, $1.label) > ($1.gain, $0.label) }.prefix(Self.most))
    }

    /// The search without one of its requirements, each in turn.
    private var candidates: [(form: CrewSearchForm, label: String)] {
        var candidates: [(form: CrewSearchForm, label: String)] = []
        func add(_ label: String, _ change: (inout CrewSearchForm) -> Void) {
            candidates.append((form.changed(change), label))
        }
        func without(_ label: String) -> String { text.words("crew.relax.without", ["label": label]) }
        let search = form.search
        for code in search.certificates {
            add(without(text.certificate(code))) { $0.search.certificates.removeAll { $0 == code } }
        }
        for code in search.languages {
            add(without(text.spoken(code))) { $0.search.languages.removeAll { $0 == code } }
        }
        if search.dates.ranges.count > 1 {
            for (range, days) in zip(search.dates.ranges, text.words.periods(search.dates, short: true)) {
                add(without(days)) {
                    $0.search.dates = DayMultirange(search.dates.ranges.filter { $0 != range })
                }
            }
        }
        if !search.municipalities.isEmpty {
            add(text.words("crew.relax.municipalities")) { $0.search.municipalities = [] }
        }
        if !search.regions.isEmpty { add(text.words("crew.relax.regions")) { $0.search.regions = [] } }
        if !search.grades.isEmpty { add(text.words("crew.relax.grades")) { $0.search.grades = [] } }
        if !search.roles.isEmpty { add(text.words("crew.relax.roles")) { $0.search.roles = [] } }
        if !search.departments.isEmpty {
            add(text.words("crew.relax.departments")) { $0.search.departments = [] }
        }
        if let typed = search.text {
            add(text.words("crew.relax.text", ["label": typed])) { $0.search.text = nil }
        }
        return candidates
    }
}
