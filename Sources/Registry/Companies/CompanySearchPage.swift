internal import Postgres
internal import Web

/// The search form of the companies page as an address carries it: read, checked, and written again in one form.
struct CompanyForm {
    var search = CompanySearch()
    /// What is wrong, by field.
    var errors: [(field: String, message: String)] = []
    /// Facets that are to show all their values.
    var shown: Set<String> = []
    /// From 1.
    var page = 1

    /// Companies on a page.
    static let pageSize = 25
    /// The last page that is served.
    static let lastPage = 400

    init(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording) {
        search.text = query.first("q").map { String($0.prefix(200)) }
        search.categories = known(query, "category", words) { vocabularies.companyCategory($0) != nil }
        search.regions = known(query, "region", words) { vocabularies.region($0) != nil }
        search.municipalities = known(query, "municipality", words) { vocabularies.municipality($0) != nil }
        shown = Set(query.list("show"))
        page = query.first("page").flatMap { Int($0) } ?? 1
        if !(1...Self.lastPage).contains(page) {
            errors.append(("q", words("crew.error.page", ["count": words.number(Self.lastPage)])))
            page = 1
        }
        search.limit = Self.pageSize
        search.place = .page(page)
    }

    /// The address of this search, without its path.
    var canonical: PageQuery {
        var query = PageQuery()
        query.add("q", search.text)
        query.add("category", search.categories.joined(separator: ","))
        query.add("region", search.regions.joined(separator: ","))
        query.add("municipality", search.municipalities.joined(separator: ","))
        query.add("show", shown.sorted().joined(separator: ","))
        if page > 1 { query.add("page", String(page)) }
        return query
    }

    static func pages(of total: Int) -> Int { min((total + pageSize - 1) / pageSize, lastPage) }

    /// This form changed, on its first page.
    func changed(_ change: (inout CompanyForm) -> Void) -> CompanyForm {
        var form = self
        form.page = 1
        change(&form)
        return form
    }

    private mutating func known(
        _ query: PageQuery,
        _ field: String,
        _ words: Wording,
        _ isKnown: (String) -> Bool
    ) -> [String] {
        var values: [String] = []
        for value in query.list(field) where !values.contains(value) {
            if isKnown(value) {
                values.append(value)
            } else if !errors.contains(where: { $0.field == "facet-\(field)" }) {
                errors.append(
                    ("facet-\(field)", words("crew.error.unknown", ["value": value, "field": field]))
                )
            }
        }
        return values
    }
}

/// The page of a search for companies as the template prints it.
struct CompanySearchPage {
    let form: CompanyForm
    /// Nil when the form has errors.
    let found: Found?
    let text: CrewWords

    /// The answer.
    struct Found {
        var results: ListingResults
        var listings: [CompanyListing]
    }

    private var words: Wording { text.words }
    private var search: CompanySearch { form.search }
    private var base: String { "/\(text.language)/companies" }
    private func address(_ form: CompanyForm) -> String { form.canonical.address(base) }

    var heading: String {
        let categories = search.categories.map(text.category)
        return (1...3).contains(categories.count) ? words.list(categories) : words("companies.heading")
    }

    var view: View {
        let total = found?.results.total ?? 0
        let hits = found?.listings.isEmpty == false
        return [
            "heading": .text(heading),
            "found": .text(found == nil ? "" : words.count("companies.found", total)),
            "invite": .view([
                "address": .text("\(base)/offer"), "label": .text(words("offers.begin.company")),
            ]),
            "hasChips": .flag(!chips.isEmpty),
            "chips": .list(chips),
            "clearAddress": .text(base),
            "understood": .optional(understood),
            "hasHits": .flag(hits),
            "isEmpty": .flag(found != nil && !hits),
            "hits": .list((found?.listings ?? []).map(hit)),
            "action": .text(base),
            "q": .text(search.text ?? ""),
            "filterButton": .text(
                chips.isEmpty ? words("crew.filter") : words.count("crew.filterChosen", chips.count)
            ),
            "showButton": .text(
                found.map { words.count("companies.show", $0.results.total) } ?? words("crew.search")
            ),
            "shown": .texts(form.shown.sorted()),
            "facets": .list(found == nil ? [] : facets),
            "errorSummary": .optional(CrewFilterView.summary(form.errors, words)),
            "crewAddress": .text(PageQuery.typed(search.text).address("/\(text.language)/crew")),
            "paging": .optional(paging(total)),
        ]
    }

    private var facets: [View] {
        func facet(
            _ facet: CompanyFacet,
            _ chosen: [String],
            limit: Int = 14,
            hasHorizon: Bool = false,
            _ label: @escaping (String) -> String
        ) -> View? {
            let name = facet.rawValue
            return ListingFacetView(
                name: name,
                title: words("companies.facet.\(name)"),
                counts: found?.results.facets.first { $0.name == name }?.counts ?? [],
                chosen: chosen,
                limit: limit,
                isOpen: facet != .municipality,
                isWhole: form.shown.contains(name),
                wholeAddress: address(form.changed { $0.shown.insert(name) }),
                label: label,
                hasHorizon: hasHorizon
            )
            .view(words)
        }
        return [
            facet(.category, search.categories, text.category),
            facet(.region, search.regions, hasHorizon: true, text.region),
            facet(.municipality, search.municipalities, limit: 8) { text.municipality($0) ?? $0 },
        ]
        .compactMap(\.self)
    }

    private var chips: [View] {
        var chips: [View] = []
        func chip(_ label: String, _ without: (inout CompanyForm) -> Void) {
            chips.append([
                "label": .text(label), "isDays": false, "address": .text(address(form.changed(without))),
            ])
        }
        if let typed = search.text { chip("“\(typed)”") { $0.search.text = nil } }
        for code in search.categories {
            chip(text.category(code)) { $0.search.categories.removeAll { $0 == code } }
        }
        for code in search.regions { chip(text.region(code)) { $0.search.regions.removeAll { $0 == code } } }
        for code in search.municipalities {
            chip(text.municipality(code) ?? code) { $0.search.municipalities.removeAll { $0 == code } }
        }
        return chips
    }

    private var understood: String? {
        guard let understood = found?.results.understood, let typed = search.text, !understood.codes.isEmpty
        else {
            return nil
        }
        let categories = words.list(understood.codes.prefix(6).map(text.category))
        return words("companies.understood", ["typed": typed, "categories": categories])
    }

    private func hit(_ listing: CompanyListing) -> View {
        [
            "address": .text("\(base)/\(listing.slug)"),
            "subject": .text(listing.id),
            "name": .text(listing.name),
            "isInvented": .flag(listing.invented),
            "categories": .text(listing.categories.prefix(4).map(text.category).joined(separator: ", ")),
            "town": .text(text.municipality(listing.municipality) ?? listing.municipality),
            "region": .text(listing.region),
            "regionName": .text(text.region(listing.region)),
            "headline": .optional(listing.headline[text.language]),
            "renewed": .text(words("crew.renewed", ["day": words.day(listing.renewedOn)])),
        ]
    }

    private func paging(_ total: Int) -> View? {
        let pages = CompanyForm.pages(of: total)
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

extension PageQuery {
    /// Only what was typed.
    fileprivate static func typed(_ text: String?) -> PageQuery {
        var query = PageQuery()
        query.add("q", text)
        return query
    }
}
