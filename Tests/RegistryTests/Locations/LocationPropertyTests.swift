import FoundationEssentials
import Postgres
import Testing

@testable import Registry

/// SQL against the rules read aloud, on random catalogues of locations: what is found, in which order, with which
/// days and counts, over all pages, for both audiences.
struct LocationPropertyTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `searches, pages and facets answer as the rules say`(seed: UInt64) async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: seed)
            var naive = NaiveLocations(
                count: 80,
                firstDay: bench.firstDay,
                bench.vocabularies,
                using: &random
            )
            try await naive.write(bench.databases.worker)
            try await naive.measure(bench.databases.worker)
            let vocabularies = bench.vocabularies
            // Two processes, each with a memory of its own.
            let clients = bench.databases
            let directories = (0..<2).map { _ in
                LocationDirectory(
                    Databases(open: clients.open, member: clients.member, worker: clients.worker),
                    VocabularyCatalogue { vocabularies }
                )
            }
            for round in 0..<60 {
                if round > 0, round.isMultiple(of: 6) {
                    // What was kept in memory is out of date now.
                    try await naive.change(bench.databases.worker, firstDay: bench.firstDay, using: &random)
                    try await naive.measure(bench.databases.worker)
                }
                let directory = directories[Int.random(in: 0..<2, using: &random)]
                let search = Self.search(bench.firstDay, using: &random)
                let approved = Bool.random(using: &random)
                let reader = approved ? bench.searcher : .anyone
                let wanted = naive.find(search, approved: approved)
                let all = try await Self.everything(search, directory, reader)
                let context: Comment = "seed \(seed), round \(round): \(search)"
                #expect(all.items.map(\.id) == wanted.map { $0.place.id.uuidString.lowercased() }, context)
                #expect(all.total == wanted.count, context)
                #expect(all.availabilities == wanted.map(\.availability), context)
                for facet in LocationFacet.allCases {
                    for (value, count) in all.facets[facet.rawValue] ?? [:]
                    where Self.isChecked(facet, value) {
                        let expected = naive.find(
                            Self.chosen(value, of: facet, in: search),
                            approved: approved
                        )
                        #expect(count == expected.count, "\(facet) \(value), \(context)")
                    }
                }
            }
        }
    }

    private struct Everything {
        var items: [LocationListing] = []
        var availabilities: [CrewAvailability?] = []
        var total = 0
        var facets: [String: [String: Int]] = [:]
    }

    /// Every item of a search, following the cursors.
    private static func everything(
        _ search: LocationSearch,
        _ directory: LocationDirectory,
        _ reader: Reader
    ) async throws -> Everything {
        var everything = Everything()
        var search = search
        search.facets = Set(LocationFacet.allCases)
        while true {
            let results = try await directory.search(search, for: reader)
            everything.items += try results.items.map {
                try CrewJSON.decode(LocationListing.self, from: $0.body)
            }
            everything.availabilities += results.items.map(\.availability)
            everything.total = results.total
            for facet in LocationFacet.allCases where search.facets.contains(facet) {
                everything.facets[facet.rawValue] = results.counts(facet.rawValue)
            }
            guard let next = results.next else { return everything }
            search.facets = []
            search.place = .cursor(next)
        }
    }

    /// The search if the value were the facet's only one, or, of required facts, were added.
    private static func chosen(_ value: String, of facet: LocationFacet, in search: LocationSearch)
        -> LocationSearch
    {
        var search = search
        switch facet {
        case .type: search.types = [value]
        case .look: search.looks = [value]
        case .feature: search.features.append(value)
        case .region: search.regions = [value]
        case .municipality: search.municipalities = [value]
        }
        return search
    }

    /// All values that the catalogue has, and some that it has not.
    private static func isChecked(_ facet: LocationFacet, _ value: String) -> Bool {
        switch facet {
        case .type: NaiveLocations.types.contains(value) || value == "castle_manor" || value == "pier"
        case .look: NaiveLocations.looks.contains(value) || value == "1700s"
        case .feature:
            ["wifi", "wifi-no", "step_free", "floor_area_m2", "power_outlet", "power_outlet-cee63", "water"]
                .contains(value)
        case .region: true
        case .municipality: ["0780", "1280", "0684"].contains(value)
        }
    }

    private static func search(_ firstDay: Day, using random: inout SeededNumbers) -> LocationSearch {
        func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
        func some(_ values: [String]) -> [String] { values.filter { _ in chance(0.4) } }
        var search = LocationSearch()
        if chance(0.4) { search.types = some(NaiveLocations.types + ["castle_manor"]) }
        if chance(0.3) { search.looks = some(NaiveLocations.looks) }
        if chance(0.3) { search.features = some(["wifi", "step_free-no", "power_outlet-cee16"]) }
        if chance(0.3) {
            search.ranges = [
                .init(
                    "floor_area_m2",
                    from: chance(0.7) ? Double(Int.random(in: 0...4, using: &random) * 100) : nil,
                    to: chance(0.5) ? Double(Int.random(in: 0...5, using: &random) * 100) : nil
                )
            ]
        }
        if chance(0.3) { search.regions = some(["skane", "kronoberg", "kalmar"]) }
        if chance(0.2) { search.municipalities = some(["0780", "1280"]) }
        if chance(0.3) {
            search.box = .init((13.5, 55.6), (Double.random(in: 13...16, using: &random), 56.8))
        }
        if chance(0.4) {
            let point = NaiveLocations.point
            let radius: Double? = chance(0.7) ? Double(Int.random(in: 20...120, using: &random)) : nil
            search.near = .init(latitude: point.latitude, longitude: point.longitude, radius: radius)
        }
        if chance(0.6) {
            let first = firstDay + Int.random(in: 0...50, using: &random)
            search.dates = DayMultirange([
                DayRange(first: first, last: first + Int.random(in: 0...6, using: &random)),
                DayRange(first + 20),
            ])
            search.coverage = CrewSearch.Coverage.allCases.randomElement(using: &random) ?? .full
        }
        if chance(0.5) { search.sort = CrewSearch.Sort.allCases.randomElement(using: &random) }
        search.limit = Int.random(in: 3...30, using: &random)
        return search
    }
}
