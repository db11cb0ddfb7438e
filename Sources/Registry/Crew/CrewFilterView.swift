internal import Postgres
internal import Web

/// The filters beside the results: the fields, and every facet with what would remain.
struct CrewFilterView {
    let form: CrewSearchForm
    let found: CrewSearchPage.Found?
    let text: CrewWords
    let today: Day

    private var words: Wording { text.words }
    private var search: CrewSearch { form.search }

    var view: View {
        let base = "/\(text.language)/crew"
        let chosen =
            (search.text == nil ? 0 : 1) + search.dates.ranges.count + search.roles.count
            + search.grades.count
            + search.departments.count + search.regions.count + search.municipalities.count
            + search.languages.count + search.certificates.count
        let errors = form.errors
        return [
            "action": .text(base),
            "q": .text(search.text ?? ""),
            "dates": .text(form.unreadableDates ?? words.periods(search.dates).joined(separator: ", ")),
            "datesError": .optional(errors.first { $0.field == "dates" }?.message),
            "today": .text(today.description),
            "filterButton": .text(
                chosen == 0 ? words("crew.filter") : words.count("crew.filterChosen", chosen)
            ),
            "showButton": .text(
                found.map { words.count("crew.show", $0.results.total) } ?? words("crew.search")
            ),
            "coverage": search.dates.isEmpty ? .absent : .view(["values": .list(coverage)]),
            "shown": .texts(form.shown.sorted()),
            "facets": .list(found == nil ? [] : facets),
            "errorSummary": .optional(Self.summary(errors, words)),
        ]
    }

    /// The box above a form that came back, or nil.
    static func summary(_ errors: [(field: String, message: String)], _ words: Wording) -> View? {
        guard !errors.isEmpty else { return nil }
        return [
            "title": .text(words.count("site.errors", errors.count)),
            "errors": .list(errors.map { ["field": .text($0.field), "message": .text($0.message)] }),
        ]
    }

    private var coverage: [View] {
        [CrewSearch.Coverage.partial, .full, .any].map { coverage in
            [
                "value": .text(coverage.rawValue),
                "label": .text(words("crew.coverage.\(coverage.rawValue)")),
                "count": .optional(found?.totals[coverage].map(words.number)),
                "isChecked": .flag(coverage == search.coverage),
            ]
        }
    }

    private var facets: [View] {
        [
            facet(.role, chosen: search.roles, limit: 10, isOpen: true, name: text.role),
            facet(.region, chosen: search.regions, isOpen: true, name: text.region, hasHorizon: true),
            facet(
                .municipality,
                chosen: search.municipalities,
                limit: 12,
                name: { text.municipality($0) ?? $0 }
            ),
            facet(.department, chosen: search.departments, name: text.department),
            facet(
                .grade,
                chosen: search.grades.map(\.rawValue),
                name: { CrewSearch.Grade(rawValue: $0).map(text.grade) ?? $0 }
            ),
            facet(.language, chosen: search.languages, limit: 6, isOpen: true, name: text.spoken),
            facet(.certificate, chosen: search.certificates, limit: 8, isOpen: true, name: text.certificate),
        ]
        .compactMap { $0 }
    }

    /// One facet: what is chosen, then the values with most people, or all in the order of the vocabulary.
    ///
    /// - Parameter limit: values shown unless all are asked for.
    private func facet(
        _ facet: CrewFacet,
        chosen: [String],
        limit: Int = .max,
        isOpen: Bool = false,
        name: (String) -> String,
        hasHorizon: Bool = false
    ) -> View? {
        guard let counts = found?.results.facets[facet], !counts.isEmpty else { return nil }
        let isWhole = form.shown.contains(facet.rawValue) || counts.count - 2 <= limit
        var values = counts
        if !isWhole {
            let best = counts.filter { $0.count > 0 && !chosen.contains($0.value) }
                .sorted { $0.count > $1.count }
                .prefix(limit)
            values = counts.filter { chosen.contains($0.value) } + best
        }
        var more: View?
        if !isWhole {
            let whole = form.changed { $0.shown.insert(facet.rawValue) }
            more = [
                "address": .text(
                    whole.canonical.address("/\(text.language)/crew") + "#facet-\(facet.rawValue)"
                ),
                "label": .text(words.count("crew.more", counts.count - values.count)),
            ]
        }
        return [
            "name": .text(facet.rawValue),
            "title": .text(words("crew.facet.\(facet.rawValue)")),
            "isOpen": .flag(isOpen || !chosen.isEmpty || form.shown.contains(facet.rawValue)),
            "values": .list(
                values.map { value in
                    [
                        "name": .text(facet.rawValue),
                        "value": .text(value.value),
                        "label": .text(name(value.value)),
                        "count": .text(words.number(value.count)),
                        "isChecked": .flag(chosen.contains(value.value)),
                        "isEmpty": .flag(value.count == 0),
                        "horizon": hasHorizon ? .text(value.value) : .absent,
                    ]
                }
            ),
            "more": .optional(more),
        ]
    }
}
