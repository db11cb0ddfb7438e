internal import Postgres
internal import Web

/// The page of a crew search as the template prints it: heading, chips, groups of rows, ways on.
///
/// A value made of values: what was asked, what was found, and the words for it. The filters are in `CrewFilterView`.
struct CrewSearchPage {
    let form: CrewSearchForm
    /// Nil when the form has errors.
    let found: Found?
    let text: CrewWords
    let today: Day

    /// The answer and what is told beside it.
    struct Found {
        var results: CrewResults
        var listings: [CrewListing]
        /// How many there are under each coverage; empty without days.
        var totals: [CrewSearch.Coverage: Int] = [:]
        /// Filters that could be dropped, and how many people more that gives.
        var relaxations: [(form: CrewSearchForm, label: String, gain: Int)] = []
    }

    private var words: Wording { text.words }
    private var search: CrewSearch { form.search }
    private var hasDays: Bool { !search.dates.isEmpty }
    private var base: String { "/\(text.language)/crew" }

    /// The address of another form.
    private func address(_ form: CrewSearchForm) -> String { form.canonical.address(base) }

    /// `A-foto och B-foto, 18 inspelningsdagar`.
    var heading: String {
        let roles = search.roles.map(text.role)
        var title = words("crew.heading")
        if (1...3).contains(roles.count) {
            title = words.list(roles)
        } else if roles.count > 3 {
            title = words.count("crew.headingRoles", roles.count)
        } else if search.departments.count == 1 {
            title = text.department(search.departments[0])
        }
        guard let days = search.dates.count, days > 0 else { return title }
        return title + ", " + words.count("crew.headingDays", days)
    }

    var view: View {
        let total = found?.results.total ?? 0
        let hits = found?.listings.isEmpty == false
        let filters = CrewFilterView(form: form, found: found, text: text, today: today)
        let view: View = [
            "heading": .text(heading),
            "found": .text(found == nil ? "" : foundWords(total)),
            "hasChips": .flag(!chips.isEmpty),
            "chips": .list(chips),
            "clearAddress": .text(base),
            "understood": .list(understood.map { ["text": .text($0)] }),
            "hasHits": .flag(hits),
            "isEmpty": .flag(found != nil && !hits),
            "empty": .view(["title": .text(emptyTitle), "text": .text(emptyText)]),
            "hasDays": .flag(hasDays),
            "legend": hasDays ? .markup(text.legend()) : .absent,
            "axis": .list(axis),
            "groups": .list(groups),
            "hasRelaxations": .flag(found?.relaxations.isEmpty == false),
            "relaxations": .list(
                (found?.relaxations ?? []).map { relaxation in
                    let gain = words.number(relaxation.gain)
                    return [
                        "address": .text(address(relaxation.form)),
                        "label": .text("\(relaxation.label): +\(gain)"),
                    ]
                }
            ),
            "paging": .optional(paging(total)),
        ]
        return view.adding(filters.view)
    }

    private func foundWords(_ total: Int) -> String {
        guard hasDays, let full = found?.totals[.full], let partial = found?.totals[.partial] else {
            return words.count("crew.found", total)
        }
        return words(
            "crew.foundDays",
            ["full": words.number(full), "partial": words.number(max(partial - full, 0))]
        )
    }

    // MARK: What was asked

    private var chips: [View] {
        var chips: [View] = []
        func chip(_ label: String, isDays: Bool = false, _ without: (inout CrewSearchForm) -> Void) {
            chips.append([
                "label": .text(label),
                "isDays": .flag(isDays),
                "address": .text(address(form.changed(without))),
            ])
        }
        if let typed = search.text { chip("“\(typed)”") { $0.search.text = nil } }
        for (range, days) in zip(search.dates.ranges, words.periods(search.dates)) {
            chip(days, isDays: true) {
                $0.search.dates = DayMultirange(search.dates.ranges.filter { $0 != range })
            }
        }
        for code in search.roles { chip(text.role(code)) { $0.search.roles.removeAll { $0 == code } } }
        for grade in search.grades { chip(text.grade(grade)) { $0.search.grades.removeAll { $0 == grade } } }
        for code in search.departments {
            chip(text.department(code)) { $0.search.departments.removeAll { $0 == code } }
        }
        for code in search.regions { chip(text.region(code)) { $0.search.regions.removeAll { $0 == code } } }
        for code in search.municipalities {
            chip(text.municipality(code) ?? code) { $0.search.municipalities.removeAll { $0 == code } }
        }
        for code in search.languages {
            chip(text.spoken(code)) { $0.search.languages.removeAll { $0 == code } }
        }
        for code in search.certificates {
            chip(text.certificate(code)) { $0.search.certificates.removeAll { $0 == code } }
        }
        return chips
    }

    private var understood: [String] {
        var sentences: [String] = []
        if let understood = found?.results.understood, let typed = search.text {
            if !understood.roles.isEmpty {
                let roles = understood.roles.prefix(6).map { code in
                    let role = text.vocabularies.role(code)
                    let other = role?.name[text.language.other]
                    let name = text.role(code)
                    return other == nil || other == name ? name : "\(name) (\(other ?? ""))"
                }
                let key = roles.count == 1 ? "crew.understood.role" : "crew.understood.roles"
                sentences.append(words(key, ["typed": typed, "roles": words.list(roles)]))
            }
            if let rest = understood.text,
                rest.lowercased() != typed.lowercased() || !understood.roles.isEmpty
            {
                sentences.append(words("crew.understood.text", ["text": rest]))
            }
        }
        if let beyond = found?.results.beyondCalendar, !beyond.isEmpty {
            let days = words.list(words.periods(beyond))
            sentences.append(words("crew.beyondCalendar", ["days": days]))
        }
        return sentences
    }

    // MARK: What was found

    private var axis: [View] {
        let strip = AvailabilityStrip(
            periods: search.dates.ranges.map {
                .init(runs: [.init(.free, $0.count ?? 0)], daysToSaturday: 0)
            }
        )
        let unit = strip.daysPerUnit
        return zip(search.dates.ranges, words.periods(search.dates, short: true)).compactMap { range, title in
            guard let first = range.firstDay, let last = range.lastDay, let days = range.count else {
                return nil
            }
            let note = words(
                "crew.axis",
                ["weekdays": words.weekdays(first, last), "days": words.number(days)]
            )
            return [
                "title": .text(title),
                "note": .text(note),
                "units": .text(String(min((days + unit - 1) / unit, 62))),
            ]
        }
    }

    private var groups: [View] {
        guard let found else { return [] }
        guard hasDays else {
            return [["title": .absent, "note": .absent, "hits": .list(found.listings.map { hit($0, nil) })]]
        }
        var groups: [(state: CrewAvailability.State, hits: [View])] = []
        for (item, listing) in zip(found.results.items, found.listings) {
            guard let availability = item.availability else { continue }
            let hit = hit(listing, availability)
            if groups.last?.state == availability.state {
                groups[groups.count - 1].hits.append(hit)
            } else {
                groups.append((availability.state, [hit]))
            }
        }
        return groups.map { state, hits in
            [
                "title": .text(words("crew.group.\(state.rawValue)")),
                "note": .text(groupNote(state, totals: found.totals)),
                "hits": .list(hits),
            ]
        }
    }

    private func groupNote(_ state: CrewAvailability.State, totals: [CrewSearch.Coverage: Int]) -> String {
        let note = words("crew.groupNote.\(state.rawValue)")
        let full = totals[.full] ?? 0
        switch state {
        case .full: return words.number(full)
        case .partial: return words.number(max((totals[.partial] ?? 0) - full, 0)) + ". " + note
        default: return note
        }
    }

    private func hit(_ listing: CrewListing, _ availability: CrewAvailability?) -> View {
        var query = PageQuery()
        query.add("dates", CrewSearchForm.written(search.dates))
        let renewed = words("crew.renewed", ["day": words.day(listing.renewedOn, year: hasDays == false)])
        var why = availability.flatMap(text.obstacles)
        if availability?.state == .full || availability == nil { why = renewed }
        return [
            "address": .text(query.address("\(base)/\(listing.slug)")),
            "subject": .text(listing.id),
            "name": .text(listing.name),
            "roles": .text(rolesLine(listing)),
            "isInvented": .flag(listing.invented),
            "got": .text(availability.map(text.figure) ?? ""),
            "why": .optional(why),
            "town": .text(text.municipality(listing.municipality) ?? ""),
            "region": .text(listing.homeRegion),
            "regionName": .text(text.region(listing.homeRegion)),
            "strip": availability.flatMap { text.strip($0, needed: search.dates) }.map { .markup($0) }
                ?? .absent,
            "headline": availability == nil ? .optional(listing.headline[text.language]) : .absent,
        ]
    }

    /// At most three roles: the ones searched for first, with the grade of the first.
    private func rolesLine(_ listing: CrewListing) -> String {
        let wanted = Set(search.roles + (found?.results.understood?.roles ?? []))
        let roles =
            listing.roles.filter { wanted.contains($0.code) }
            + listing.roles.filter { !wanted.contains($0.code) }
        var line = roles.prefix(3).map { text.role($0.code) }.joined(separator: ", ")
        if let first = roles.first { line += " · " + text.grade(first.grade) }
        return line
    }

    // MARK: Ways on

    private var emptyTitle: String {
        guard let days = search.dates.count, days > 0, let totals = found?.totals else {
            return words("crew.empty.title")
        }
        let partial = totals[.partial] ?? 0
        if search.coverage == .full, partial > 0 {
            return words.count("crew.empty.fullTitle", days)
        }
        return words.count("crew.empty.daysTitle", days)
    }

    private var emptyText: String {
        let partial = found?.totals[.partial] ?? 0
        let any = found?.totals[.any] ?? 0
        if search.coverage == .full, partial > 0 { return words.count("crew.empty.partialText", partial) }
        if search.coverage != .any, any > 0 { return words.count("crew.empty.anyText", any) }
        return words("crew.empty.text")
    }

    private func paging(_ total: Int) -> View? {
        let pages = CrewSearchForm.pages(of: total)
        guard pages > 1 else { return nil }
        func page(_ number: Int) -> String {
            var other = form
            other.page = number
            return address(other)
        }
        let position = words("crew.page", ["page": words.number(form.page), "pages": words.number(pages)])
        return [
            "position": .text(position),
            "previous": .optional(form.page > 1 ? page(form.page - 1) : nil),
            "next": .optional(form.page < pages ? page(form.page + 1) : nil),
        ]
    }
}
