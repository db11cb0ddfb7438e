import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

/// SQL against the rules read aloud, on random catalogues: who is found, in which order, with which days, counts,
/// pages and crews, for both audiences, whatever the state of the turned bits.
struct CrewPropertyTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `searches, pages and facets answer as the rules say`(seed: UInt64) async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: seed)
            var catalogue = Catalogue(count: 90, firstDay: bench.firstDay, bench.vocabularies, using: &random)
            try await catalogue.write(bench.databases.worker)
            try await catalogue.measure(bench.databases.worker)
            // No bits yet: everybody is counted from rows.
            for _ in 0..<8 { try await check(bench, catalogue, using: &random) }
            // All bits fresh.
            try await bench.upkeep.refreshBits()
            #expect(try await bench.database.sql("SELECT count(*) FROM klappa.crew_dirty").contains("0"))
            for _ in 0..<25 { try await check(bench, catalogue, using: &random) }
            // Some bits old.
            try await change(&catalogue, bench, using: &random)
            for _ in 0..<12 { try await check(bench, catalogue, using: &random) }
            try await bench.upkeep.refreshBits()
            for _ in 0..<12 { try await check(bench, catalogue, using: &random) }
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `crews are filled as far as the rules allow`(seed: UInt64) async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: seed)
            var catalogue = Catalogue(
                count: 120,
                firstDay: bench.firstDay,
                bench.vocabularies,
                using: &random
            )
            try await catalogue.write(bench.databases.worker)
            try await catalogue.measure(bench.databases.worker)
            for _ in 0..<15 { try await checkStaffing(bench, catalogue, using: &random) }
        }
    }

    private func check(
        _ bench: CrewBench,
        _ catalogue: Catalogue,
        using random: inout SeededNumbers
    ) async throws {
        let isApproved = Bool.random(using: &random)
        let naive = NaiveCrew(catalogue: catalogue, isApproved: isApproved)
        let reader = isApproved ? bench.searcher : .anyone
        var search = Self.search(catalogue, using: &random)
        let expected = naive.find(search)
        let comment: Comment = "\(search) approved: \(isApproved)"

        let results = try await bench.directory.search(search, for: reader)
        #expect(results.total == expected.count, comment)
        for facet in search.facets {
            let counts = try #require(results.facets[facet])
            for count in counts {
                // Most values are nobody's; reading those aloud as well would take an hour.
                guard count.count > 0 || Self.interesting(catalogue).contains(count.value) else { continue }
                #expect(
                    count.count == naive.count(facet, count.value, search),
                    "\(facet) \(count.value) \(comment)"
                )
            }
        }

        search.facets = []
        let items = try await bench.everything(search, for: reader)
        #expect(
            try items.map { try $0.listing().id } == expected.map { $0.person.id.uuidString.lowercased() },
            comment
        )
        for (item, found) in zip(items, expected) {
            #expect(item.availability == found.availability, comment)
            if search.near != nil {
                #expect(
                    (item.distance ?? -1) == found.person.metresToPoint.map(Self.kilometres) ?? -1,
                    comment
                )
            }
        }
        var pages: [CrewItem] = []
        for page in 1...(expected.count / search.limit + 1) {
            search.place = .page(page)
            let results = try await bench.directory.search(search, for: reader)
            #expect(results.total == expected.count, comment)
            pages += results.items
        }
        #expect(pages.map(\.body) == items.map(\.body), comment)
    }

    private static func kilometres(_ metres: Double) -> Double {
        Double((Int(metres.rounded()) + 50) / 100) / 10
    }

    private static func interesting(_ catalogue: Catalogue) -> Set<String> {
        Set(Catalogue.languages + Catalogue.certificates + catalogue.vocabularies.regions.map(\.code))
    }

    /// A random search that narrows little enough to find somebody now and then.
    static func search(_ catalogue: Catalogue, using random: inout SeededNumbers) -> CrewSearch {
        let vocabularies = catalogue.vocabularies
        func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
        func some<Value>(_ values: [Value], _ count: ClosedRange<Int>) -> [Value] {
            Array(values.shuffled(using: &random).prefix(Int.random(in: count, using: &random)))
        }
        var search = CrewSearch()
        let held = vocabularies.roles.filter { catalogue.roles.contains($0.no) }
        if chance(0.6) { search.roles = some(held.map(\.code), 1...3) }
        if chance(0.25) { search.grades = some(CrewSearch.Grade.allCases, 1...3) }
        if chance(0.2) { search.departments = some(Array(Set(held.map(\.department))).sorted(), 1...2) }
        if chance(0.6) { search.regions = some(vocabularies.regions.map(\.code), 1...4) }
        search.reach = some([.home, .local, .local, .travel], 1...1)[0]
        if chance(0.15) {
            search.municipalities = some(catalogue.people.compactMap(\.municipality), 1...6)
        }
        if chance(0.2) { search.languages = some(Catalogue.languages, 1...2) }
        if chance(0.15) { search.certificates = some(Catalogue.certificates, 1...1) }
        if chance(0.2) {
            search.near = .init(
                latitude: Catalogue.point.latitude,
                longitude: Catalogue.point.longitude,
                radius: chance(0.6) ? Double.random(in: 20...200, using: &random) : nil
            )
        }
        if chance(0.8) {
            search.dates = DayMultirange(
                (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    let first = catalogue.firstDay + Int.random(in: -10...1105, using: &random)
                    return DayRange(first: first, last: first + Int.random(in: 0...20, using: &random))
                }
            )
        }
        search.coverage = some(CrewSearch.Coverage.allCases, 1...1)[0]
        var sorts: [CrewSearch.Sort?] = [nil, nil, .renewed, .name]
        if search.near != nil { sorts += [.distance, .distance] }
        if !search.dates.isEmpty { sorts.append(.availability) }
        search.sort = some(sorts, 1...1)[0]
        search.limit = Int.random(in: 1...15, using: &random)
        search.facets = Set(some(CrewFacet.allCases, 1...7))
        return search
    }

    /// Changes calendars, listings and states of some, adds some and takes some away.
    private func change(
        _ catalogue: inout Catalogue,
        _ bench: CrewBench,
        using random: inout SeededNumbers
    ) async throws {
        for index in catalogue.people.indices where Int.random(in: 0..<4, using: &random) == 0 {
            let fresh = Catalogue.person(
                roles: catalogue.roles,
                firstDay: catalogue.firstDay,
                catalogue.vocabularies,
                using: &random
            )
            let id = catalogue.people[index].id
            if Bool.random(using: &random) {
                catalogue.people[index].known = fresh.known
                catalogue.people[index].blocks = fresh.blocks
                catalogue.people[index].holds = fresh.holds
                catalogue.people[index].bookings = fresh.bookings
                let person = catalogue.people[index]
                try await bench.databases.worker.transaction { transaction in
                    for table in ["calendar", "block", "hold", "booking"] {
                        try await transaction.execute(
                            "DELETE FROM klappa.\(identifier: table) WHERE subject = \(id)"
                        )
                    }
                    try await Catalogue.writeDays(of: person, transaction)
                }
            } else {
                catalogue.people[index].state = fresh.state
                catalogue.people[index].visibility = fresh.visibility
                catalogue.people[index].renewedOn = fresh.renewedOn
                try await bench.databases.worker.execute(
                    """
                    UPDATE klappa.person
                    SET state = \(fresh.state), availability_visibility = \(fresh.visibility),
                        renewed_on = \(fresh.renewedOn)
                    WHERE id = \(id)
                    """
                )
            }
        }
        let gone = catalogue.people.removeLast()
        try await bench.databases.worker.execute("DELETE FROM klappa.person WHERE id = \(gone.id)")
        let more = Catalogue(count: 5, firstDay: catalogue.firstDay, catalogue.vocabularies, using: &random)
        try await more.write(bench.databases.worker)
        catalogue.people += more.people
        try await catalogue.measure(bench.databases.worker)
    }

    private func checkStaffing(
        _ bench: CrewBench,
        _ catalogue: Catalogue,
        using random: inout SeededNumbers
    ) async throws {
        let isApproved = Bool.random(using: &random)
        let naive = NaiveCrew(catalogue: catalogue, isApproved: isApproved)
        let held = catalogue.vocabularies.roles.filter { catalogue.roles.contains($0.no) }.map(\.code)
        let posts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            StaffingRequest.Post(
                role: held.randomElement(using: &random) ?? "gaffer",
                count: Int.random(in: 1...6, using: &random),
                grades: Bool.random(using: &random)
                    ? [] : Array(CrewSearch.Grade.allCases.shuffled(using: &random).prefix(2)),
                languages: Int.random(in: 0..<3, using: &random) == 0 ? ["en"] : [],
                certificates: Int.random(in: 0..<4, using: &random) == 0 ? ["licence_b"] : []
            )
        }
        let first = bench.firstDay + Int.random(in: 0...600, using: &random)
        let regions = Array(
            catalogue.vocabularies.regions.map(\.code).shuffled(using: &random)
                .prefix(Int.random(in: 0...6, using: &random))
        )
        let request = StaffingRequest(
            dates: DayMultirange([DayRange(first: first, last: first + 3)]),
            regions: regions,
            posts: posts
        )
        let result = try await bench.directory.staff(request, for: isApproved ? bench.searcher : .anyone)
        let all = regions.isEmpty ? catalogue.vocabularies.regions.map(\.code) : regions
        #expect(result.regions.map(\.region) == all)
        for (posts, regions) in [(result.posts, all)] + result.regions.map({ ($0.posts, [$0.region]) }) {
            let people = posts.flatMap(\.people).map(\.id)
            #expect(Set(people).count == people.count)
            #expect(people.count == naive.mostFilled(request, regions: regions), "\(request) \(regions)")
            for (post, wanted) in zip(posts, request.posts) {
                #expect(post.role == wanted.role && post.filled + post.gap == wanted.count)
                var search = CrewSearch()
                search.roles = [wanted.role]
                search.grades = wanted.grades
                search.languages = wanted.languages
                search.certificates = wanted.certificates
                search.regions = regions
                search.dates = request.dates
                let fitting = Set(naive.find(search).map { $0.person.id.uuidString.lowercased() })
                #expect(fitting.isSuperset(of: post.people.map(\.id)))
            }
        }
    }
}
