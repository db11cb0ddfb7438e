internal import Foundation
internal import Hummingbird
internal import Postgres
public import Web

/// The pages of locations: the search with its map, and a location.
///
/// `LocationForm` reads addresses, `LocationSearchPage` and `LocationPage` are what the templates print. The list is
/// whole without JavaScript, with a drawn map beside it; Leaflet takes the drawing's place where there is one.
public struct LocationPages: Sendable {
    private let site: Site
    private let directory: LocationDirectory
    private let places: PlaceQueries
    private let outlines: RegionOutlines
    private let vocabularies: @Sendable () async throws -> Vocabularies
    private let today: @Sendable () -> Day

    /// - Parameter today: the day in Stockholm; a test gives its own.
    init(
        site: Site,
        databases: Databases,
        catalogue: VocabularyCatalogue,
        outlines: RegionOutlines,
        today: @escaping @Sendable () -> Day
    ) {
        self.site = site
        directory = LocationDirectory(databases, catalogue)
        places = PlaceQueries(databases.open)
        self.outlines = outlines
        vocabularies = { try await catalogue.current() }
        self.today = today
    }

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.page("/\(language)/locations") { request, context in
                try await search(PageQuery(request.uri.query ?? ""), context.reader, language)
            }
            table.page("/\(language)/locations/{number}") { request, context in
                let number = try context.parameters.require("number")
                return try await location(
                    number,
                    PageQuery(request.uri.query ?? ""),
                    context.reader,
                    language
                )
            }
        }
        table.page("/map/regions.json") { _, _ in
            .json(try await outlines.json(), caching: .fresh(seconds: 86_400))
        }
    }

    func search(_ query: PageQuery, _ reader: Reader, _ language: Language) async throws -> Answer {
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = LocationForm(query, text.vocabularies, text.words, today: today())
        let canonical = form.canonical
        if form.errors.isEmpty, canonical != query {
            return .redirect(to: canonical.address("/\(language)/locations"))
        }
        var found: LocationSearchPage.Found?
        if form.errors.isEmpty {
            var search = form.search
            search.facets = Set(LocationFacet.allCases)
            async let sights = interest(form, text.vocabularies)
            let results = try await directory.search(search, for: reader)
            let listings = try results.items.map { try CrewJSON.decode(LocationListing.self, from: $0.body) }
            let (places, total) = try await sights
            found = .init(results: results, listings: listings, places: places, placesTotal: total)
        }
        if let total = found?.results.total, total > 0, LocationForm.pages(of: total) < form.page {
            // An address kept from when there were more: the last page tells more than an empty one.
            let last = form.changed { $0.page = LocationForm.pages(of: total) }
            return .redirect(to: last.canonical.address("/\(language)/locations"))
        }
        let page = LocationSearchPage(
            form: form,
            found: found,
            text: text,
            map: try await outlines.map(),
            today: today(),
            leaflet: Leaflet(site)
        )
        let head = Site.Head(
            language: language,
            title: page.heading,
            description: text.words("locations.description"),
            path: "/locations",
            query: canonical,
            section: .locations,
            isWide: true,
            isDemonstration: found?.listings.contains(where: \.invented) ?? false,
            isUnlisted: !canonical.items.isEmpty,
            status: form.errors.isEmpty ? 200 : 400
        )
        return try site.answer("locations/search", page.view, head)
    }

    /// Places of interest for the same kinds, words and area; facts, days and looks say nothing of them.
    private func interest(
        _ form: LocationForm,
        _ vocabularies: Vocabularies
    ) async throws -> (places: [PlaceQueries.Place], total: Int) {
        let search = form.search
        guard search.features.isEmpty, search.ranges.isEmpty, search.looks.isEmpty else { return ([], 0) }
        var narrowing = PlaceQueries.Narrowing()
        narrowing.types = search.types
        if let typed = search.text {
            // A kind's title asks for the kind, as in the list.
            let text = CrewText(typed)
            let (codes, rest) = text.rolesNamed(in: vocabularies.locationTitles)
            if !codes.isEmpty { narrowing.types = codes }
            narrowing.words = rest.map { text.words[$0] }
        }
        narrowing.regions = search.regions
        narrowing.municipalities = search.municipalities
        narrowing.near = search.near
        narrowing.limit = 12
        let list = try JSONDecoder().decode(PlaceList.self, from: Data(try await places.list(narrowing)))
        return (list.items, list.total)
    }

    private struct PlaceList: Decodable {
        let items: [PlaceQueries.Place]
        let total: Int
    }

    func location(_ number: String, _ query: PageQuery, _ reader: Reader, _ language: Language) async throws
        -> Answer
    {
        guard let record = try await directory.record(number) else { throw Problem(.notFound) }
        let text = CrewWords(words: site.words(language), vocabularies: try await vocabularies())
        let form = LocationForm(query, text.vocabularies, text.words, today: today())
        var canonical = PageQuery()
        canonical.add("dates", CrewSearchForm.written(form.search.dates))
        let path = "/locations/\(record.listing.number)"
        if form.unreadableDates == nil, canonical != query || number != String(record.listing.number) {
            return .redirect(to: canonical.address("/\(language)\(path)"))
        }
        guard let calendar = try await directory.calendar(of: record.listing.id, for: reader) else {
            throw Problem(.notFound)
        }
        var page = LocationPage(
            record: record,
            calendar: calendar,
            text: text,
            map: try await outlines.map(),
            today: today()
        )
        page.asked = form.search.dates
        if let typed = form.unreadableDates, let error = form.errors.first(where: { $0.field == "dates" }) {
            page.unreadable = (typed, error.message)
        }
        let values = [
            "kinds": text.words.list(record.listing.types.prefix(3).map(text.kind)),
            "town": text.municipality(record.listing.municipality) ?? "",
        ]
        let head = Site.Head(
            language: language,
            title: page.title,
            description: text.words("locations.pageDescription", values),
            path: path,
            query: canonical,
            section: .locations,
            isDemonstration: record.listing.invented,
            isUnlisted: record.listing.invented || !canonical.items.isEmpty,
            status: page.unreadable == nil ? 200 : 400
        )
        return try site.answer("locations/show", page.view, head)
    }
}
