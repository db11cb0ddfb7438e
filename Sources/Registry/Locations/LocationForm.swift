internal import Foundation
internal import Postgres
internal import Web

/// The search form of the locations page as an address carries it: read, checked, and written again in one form.
struct LocationForm {
    /// What is searched; days that cannot be read are left out and stand in ``errors``.
    var search = LocationSearch()
    /// The days as typed, when they cannot be read.
    var unreadableDates: String?
    /// From where, as typed: the name of a municipality, or latitude and longitude.
    var near: String?
    /// What is wrong, by field.
    var errors: [(field: String, message: String)] = []
    /// Facets that are to show all their values.
    var shown: Set<String> = []
    /// From 1.
    var page = 1

    /// Locations on a page.
    static let pageSize = 24
    /// The last page that is served: deeper ones are for the cursors of the API.
    static let lastPage = 400
    /// Numbers that have a field of their own, and from what on they are asked for.
    static let numbers = ["power_max_ampere", "floor_area_m2", "ceiling_height_m", "parking_trucks"]

    init() {}

    /// - Parameter today: decides the year of days typed without one.
    init(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording, today: Day) {
        var days = CrewSearchForm()
        days.readDates(query, words, today: today)
        search.dates = days.search.dates
        unreadableDates = days.unreadableDates
        errors = days.errors
        search.text = query.first("q").map { String($0.prefix(200)) }
        let tags = Set(vocabularies.featureTags)
        let looks = Set(vocabularies.looks.map(\.code))
        search.types = known(query, "type", words) { vocabularies.locationType($0) != nil }
        search.looks = known(query, "look", words) { looks.contains($0) }
        search.features = known(query, "feature", words) { tags.contains($0) }
        search.regions = known(query, "region", words) { vocabularies.region($0) != nil }
        search.municipalities = known(query, "municipality", words) { vocabularies.municipality($0) != nil }
        search.coverage =
            known(query, "coverage", words) { CrewSearch.Coverage(rawValue: $0) != nil }
            .first.flatMap(CrewSearch.Coverage.init) ?? .partial
        readRanges(query, vocabularies, words)
        readPlace(query, vocabularies, words)
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
        query.add("dates", unreadableDates ?? CrewSearchForm.written(search.dates))
        query.add("near", near)
        if near != nil { query.add("radius", search.near?.radius.map { String(Int($0)) }) }
        query.add("type", search.types.joined(separator: ","))
        query.add("range", ranges)
        query.add("look", search.looks.joined(separator: ","))
        query.add("feature", search.features.joined(separator: ","))
        query.add("region", search.regions.joined(separator: ","))
        query.add("municipality", search.municipalities.joined(separator: ","))
        if search.coverage != .partial { query.add("coverage", search.coverage.rawValue) }
        query.add("show", shown.sorted().joined(separator: ","))
        if page > 1 { query.add("page", String(page)) }
        return query
    }

    /// The same search as the API's operations read it, for the map.
    var mapQuery: PageQuery {
        var query = PageQuery()
        query.add("q", search.text)
        query.add("dates", CrewSearchForm.written(search.dates))
        query.add("coverage", search.dates.isEmpty ? nil : search.coverage.rawValue)
        if let near = search.near {
            query.add("near", "\(near.latitude),\(near.longitude)")
            query.add("radius", near.radius.map { String(Int($0)) })
        }
        query.add("type", search.types.joined(separator: ","))
        query.add("range", ranges)
        query.add("look", search.looks.joined(separator: ","))
        query.add("feature", search.features.joined(separator: ","))
        query.add("region", search.regions.joined(separator: ","))
        query.add("municipality", search.municipalities.joined(separator: ","))
        return query
    }

    private var ranges: String { search.ranges.map(\.written).joined(separator: ",") }

    /// How many pages so many locations fill, as far as pages are served.
    static func pages(of total: Int) -> Int { min((total + pageSize - 1) / pageSize, lastPage) }

    /// This form changed, on its first page.
    func changed(_ change: (inout LocationForm) -> Void) -> LocationForm {
        var form = self
        form.page = 1
        change(&form)
        return form
    }

    /// Ranges from links, and numbers from fields, which go before them.
    private mutating func readRanges(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording) {
        for text in query.list("range") {
            guard let range = LocationParameters.reading(Substring(text)),
                vocabularies.locationFeature(range.feature)?.dataType.isNumber == true
            else {
                errors.append(("q", words("crew.error.unknown", ["value": text, "field": "range"])))
                continue
            }
            // A field that came along, even an empty one, says what is meant now.
            let isField = query.items.contains { $0.name == "min-\(range.feature)" }
            if !isField, !search.ranges.contains(where: { $0.feature == range.feature }) {
                search.ranges.append(range)
            }
        }
        for feature in Self.numbers {
            guard let typed = query.first("min-\(feature)") else { continue }
            let text = typed.replacing(",", with: ".")
            guard let number = Double(text), number >= 0, number <= 1_000_000 else {
                errors.append(("min-\(feature)", words("locations.error.number", ["typed": typed])))
                continue
            }
            search.ranges.append(.init(feature, from: number, to: nil))
        }
    }

    private mutating func readPlace(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording) {
        guard let typed = query.first("near").map({ String($0.prefix(100)) }) else { return }
        near = typed
        var radius = 60.0
        if let text = query.first("radius") {
            guard let number = Double(text), (1...2000).contains(number) else {
                errors.append(("radius", words("locations.error.radius", ["typed": text])))
                return
            }
            radius = number.rounded()
        }
        let parts = typed.split(separator: ",").map {
            CrewParameters.number($0.trimmingCharacters(in: .whitespaces))
        }
        if parts.count == 2, let latitude = parts[0], let longitude = parts[1], abs(latitude) <= 90,
            abs(longitude) <= 180
        {
            search.near = .init(latitude: latitude, longitude: longitude, radius: radius)
        } else if let town = vocabularies.municipalities(named: typed).first, let seat = town.seat {
            near = town.name
            search.near = .init(latitude: seat.latitude, longitude: seat.longitude, radius: radius)
        } else {
            errors.append(("near", words("locations.error.near", ["typed": typed])))
        }
    }

    /// The values of a field, each once; one that is not known is an error.
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

extension LocationSearch.Range {
    /// `floor_area_m2:100..500`, as addresses carry it.
    var written: String {
        func number(_ value: Double?) -> String {
            value.map { $0 == $0.rounded() ? String(Int($0)) : String($0) } ?? ""
        }
        return "\(feature):\(number(from))..\(number(to))"
    }
}
