internal import Postgres
internal import Web

/// The page of a search for locations as the template prints it: heading, chips, filters, cards, map, places of interest.
struct LocationSearchPage {
    let form: LocationForm
    /// Nil when the form has errors.
    let found: Found?
    let text: CrewWords
    let map: OutlineMap
    let today: Day
    /// The addresses of Leaflet's files; nil leaves the drawn map.
    let leaflet: Leaflet?

    /// The answer and what is told beside it.
    struct Found {
        var results: ListingResults
        var listings: [LocationListing]
        var places: [PlaceQueries.Place]
        var placesTotal: Int
    }

    private var words: Wording { text.words }
    private var search: LocationSearch { form.search }
    private var hasDays: Bool { !search.dates.isEmpty }
    private var base: String { "/\(text.language)/locations" }
    private func address(_ form: LocationForm) -> String { form.canonical.address(base) }

    /// `Slott och Hamn, 3 inspelningsdagar`.
    var heading: String {
        let kinds = search.types.map(text.kind)
        let title = (1...3).contains(kinds.count) ? words.list(kinds) : words("locations.heading")
        guard let days = search.dates.count, days > 0 else { return title }
        return title + ", " + words.count("crew.headingDays", days)
    }

    var view: View {
        let total = found?.results.total ?? 0
        let hits = found?.listings.isEmpty == false
        let view: View = [
            "heading": .text(heading),
            "found": .text(found == nil ? "" : words.count("locations.found", total)),
            "invite": .view([
                "address": .text("\(base)/offer"), "label": .text(words("offers.begin.location")),
            ]),
            "hasChips": .flag(!chips.isEmpty),
            "chips": .list(chips),
            "clearAddress": .text(base),
            "understood": .optional(understood),
            "hasHits": .flag(hits),
            "isEmpty": .flag(found != nil && !hits),
            "hasDays": .flag(hasDays),
            "legend": hasDays ? .markup(text.legend()) : .absent,
            "cards": .list(cards),
            "symbol": .markup(map.symbol()),
            "map": .markup(map.drawn(marks, label: words("locations.mapLabel"))),
            "points": .text(form.mapQuery.address("/api/v1/locations/points")),
            "placePoints": .text(placeQuery.address("/api/v1/places")),
            "leaflet": .optional(leaflet?.view),
            "lang": .text(text.language.rawValue),
            "interest": .optional(interest),
            "paging": .optional(paging(total)),
        ]
        return view.adding(filters)
    }

    // MARK: Filters

    private var filters: View {
        let errors = form.errors
        func error(_ field: String) -> View.Value { .optional(errors.first { $0.field == field }?.message) }
        return [
            "action": .text(base),
            "q": .text(search.text ?? ""),
            "dates": .text(form.unreadableDates ?? words.periods(search.dates).joined(separator: ", ")),
            "datesError": error("dates"),
            "near": .text(form.near ?? ""),
            "nearError": error("near"),
            "radius": .text(search.near?.radius.map { String(Int($0)) } ?? "60"),
            "radiusError": error("radius"),
            "numbers": .list(
                LocationForm.numbers.map { code in
                    let feature = text.vocabularies.locationFeature(code)
                    let value = search.ranges.first { $0.feature == code }?.from
                    let written = value.map { $0 == $0.rounded() ? String(Int($0)) : String($0) } ?? ""
                    let unit = feature?.unit.map { $0 == "st" ? "" : ", \($0 == "m2" ? "m²" : $0)" } ?? ""
                    return [
                        "name": .text("min-\(code)"),
                        "label": .text(
                            words(
                                "locations.atLeast",
                                ["name": (feature?.name[text.language] ?? code) + unit]
                            )
                        ),
                        "value": .text(written),
                        "error": error("min-\(code)"),
                    ]
                }
            ),
            "ranges": .texts(
                search.ranges.filter { !LocationForm.numbers.contains($0.feature) || $0.to != nil }.map(
                    \.written
                )
            ),
            "filterButton": .text(
                chips.isEmpty ? words("crew.filter") : words.count("crew.filterChosen", chips.count)
            ),
            "showButton": .text(
                found.map { words.count("locations.show", $0.results.total) } ?? words("crew.search")
            ),
            "coverage": hasDays ? .view(["values": .list(coverage)]) : .absent,
            "shown": .texts(form.shown.sorted()),
            "facets": .list(found == nil ? [] : facets),
            "errorSummary": .optional(CrewFilterView.summary(errors, words)),
        ]
    }

    private var coverage: [View] {
        [CrewSearch.Coverage.partial, .full, .any].map { coverage in
            [
                "value": .text(coverage.rawValue),
                "label": .text(words("crew.coverage.\(coverage.rawValue)")),
                "isChecked": .flag(coverage == search.coverage),
            ]
        }
    }

    private var facets: [View] {
        func facet(
            _ facet: LocationFacet,
            _ chosen: [String],
            limit: Int = 10,
            isOpen: Bool = false,
            hasHorizon: Bool = false,
            _ label: @escaping (String) -> String
        ) -> View? {
            let name = facet.rawValue
            return ListingFacetView(
                name: name,
                title: words("locations.facet.\(name)"),
                counts: (found?.results.facets.first { $0.name == name }?.counts ?? [])
                    .filter { facet != .feature || chosen.contains($0.value) || text.isTelling($0.value) },
                chosen: chosen,
                limit: limit,
                isOpen: isOpen,
                isWhole: form.shown.contains(name),
                wholeAddress: address(form.changed { $0.shown.insert(name) }),
                label: label,
                hasHorizon: hasHorizon
            )
            .view(words)
        }
        return [
            facet(.type, search.types, limit: 10, isOpen: true, text.kind),
            facet(.feature, search.features, limit: 10, isOpen: true, text.tag),
            facet(.region, search.regions, isOpen: true, hasHorizon: true, text.region),
            facet(.municipality, search.municipalities, limit: 8) { text.municipality($0) ?? $0 },
            facet(.look, search.looks, limit: 8, text.look),
        ]
        .compactMap(\.self)
    }

    private var chips: [View] {
        var chips: [View] = []
        func chip(_ label: String, isDays: Bool = false, _ without: (inout LocationForm) -> Void) {
            chips.append([
                "label": .text(label), "isDays": .flag(isDays),
                "address": .text(address(form.changed(without))),
            ])
        }
        if let typed = search.text { chip("“\(typed)”") { $0.search.text = nil } }
        for (range, days) in zip(search.dates.ranges, words.periods(search.dates)) {
            chip(days, isDays: true) {
                $0.search.dates = DayMultirange(search.dates.ranges.filter { $0 != range })
            }
        }
        if let near = form.near, let radius = search.near?.radius {
            chip(words("locations.within", ["count": words.number(Int(radius)), "place": near])) {
                $0.near = nil
                $0.search.near = nil
            }
        }
        for code in search.types { chip(text.kind(code)) { $0.search.types.removeAll { $0 == code } } }
        for tag in search.features { chip(text.tag(tag)) { $0.search.features.removeAll { $0 == tag } } }
        for range in search.ranges { chip(text.range(range)) { $0.search.ranges.removeAll { $0 == range } } }
        for code in search.looks { chip(text.look(code)) { $0.search.looks.removeAll { $0 == code } } }
        for code in search.regions { chip(text.region(code)) { $0.search.regions.removeAll { $0 == code } } }
        for code in search.municipalities {
            chip(text.municipality(code) ?? code) { $0.search.municipalities.removeAll { $0 == code } }
        }
        return chips
    }

    private var understood: String? {
        var sentences: [String] = []
        if let understood = found?.results.understood, let typed = search.text, !understood.codes.isEmpty {
            let kinds = words.list(understood.codes.prefix(6).map(text.kind))
            sentences.append(words("locations.understood", ["typed": typed, "kinds": kinds]))
        }
        if let beyond = found?.results.beyondCalendar, !beyond.isEmpty {
            sentences.append(words("crew.beyondCalendar", ["days": words.list(words.periods(beyond))]))
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    // MARK: What was found

    private func number(_ place: Int) -> String {
        words.number((form.page - 1) * LocationForm.pageSize + place + 1)
    }

    private var marks: [OutlineMap.Mark] {
        (found?.listings ?? []).enumerated().map { place, listing in
            .init(label: number(place), latitude: listing.point.lat, longitude: listing.point.lon)
        }
    }

    private var cards: [View] {
        var query = PageQuery()
        query.add("dates", CrewSearchForm.written(search.dates))
        return zip(found?.results.items ?? [], found?.listings ?? []).enumerated().map { place, pair in
            let (item, listing) = pair
            let town = text.municipality(listing.municipality) ?? listing.municipality
            let main = listing.types.first.map(text.kind) ?? words("locations.heading")
            return [
                "address": .text(query.address("\(base)/\(listing.number)")),
                "subject": .text(listing.id),
                "no": .text(number(place)),
                "name": .text(listing.name),
                "isInvented": .flag(listing.invented),
                "kind": .text(
                    words(
                        "locations.kindIn",
                        ["kind": main, "town": town, "region": text.region(listing.region)]
                    )
                ),
                "headline": .optional(listing.headline[text.language]),
                "distance": .optional(
                    item.distance.map { words("locations.away", ["count": words.number($0, decimals: 1)]) }
                ),
                "picture": .optional(
                    listing.photo.map { photo in
                        [
                            "address": .text("/photos/\(photo.hash)-small.jpg"),
                            "alternative": .text(photo.alternative[text.language] ?? ""),
                        ] as View
                    }
                ),
                "drawing": listing.photo == nil
                    ? .markup(
                        map.detail(
                            latitude: listing.point.lat,
                            longitude: listing.point.lon,
                            isExact: listing.point.exact
                        )
                    ) : .absent,
                "strip": item.availability.flatMap { text.strip($0, needed: search.dates) }.map {
                    .markup($0)
                }
                    ?? .absent,
                "got": .optional(
                    item.availability.map { availability in
                        [text.figure(availability), text.obstacles(availability)].compactMap(\.self)
                            .joined(separator: ", ")
                    }
                ),
            ]
        }
    }

    /// Places of interest that the same filters find: not offered by anybody, hence apart.
    private var interest: View? {
        guard let found, !found.places.isEmpty else { return nil }
        return [
            "title": .text(words.count("locations.interest.title", found.placesTotal)),
            "places": .list(
                found.places.map { place in
                    [
                        "name": .text(place.name),
                        "note": .text(
                            "\(text.kind(place.type)), \(text.municipality(place.municipality) ?? place.municipality)"
                        ),
                    ]
                }
            ),
            "more": .optional(
                found.placesTotal > found.places.count
                    ? words(
                        "locations.interest.more",
                        ["count": words.number(found.placesTotal - found.places.count)]
                    )
                    : nil
            ),
        ]
    }

    private var placeQuery: PageQuery {
        var query = PageQuery()
        query.add("type", search.types.joined(separator: ","))
        query.add("region", search.regions.joined(separator: ","))
        query.add("municipality", search.municipalities.joined(separator: ","))
        if let near = search.near {
            query.add("near", "\(near.latitude),\(near.longitude)")
            query.add("radius", near.radius.map { String(Int($0)) })
        }
        return query
    }

    private func paging(_ total: Int) -> View? {
        let pages = LocationForm.pages(of: total)
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
