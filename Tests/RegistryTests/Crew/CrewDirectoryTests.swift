import FoundationEssentials
import Postgres
import TestSupport
import Testing
import Web

@testable import Registry

struct CrewDirectoryTests {
    private func names(_ results: CrewResults) throws -> [String] {
        try results.items.map { try $0.listing().name }
    }

    private func search(_ text: String) -> CrewSearch {
        var search = CrewSearch()
        search.text = text
        return search
    }

    @Test func `two languages, aliases and typing errors find the same people`() async throws {
        try await CrewBench.with { bench in
            try await bench.add("Anna Ek", role: "location_manager")
            try await bench.add("Bo Berg", role: "location_manager")
            try await bench.add("Cia Dal", role: "gaffer")
            let expected = ["Anna Ek", "Bo Berg"]
            for text in [
                "platschef", "location manager", "Location Manager", "PLATSCHEF", "plattschef",
                "locaton manager",
            ] {
                let results = try await bench.directory.search(search(text), for: .anyone)
                #expect(try names(results) == expected, "\(text)")
                #expect(results.understood == .init(roles: ["location_manager"], text: nil), "\(text)")
            }
        }
    }

    @Test func `names are found by their beginnings, without dots, and with one error`() async throws {
        try await CrewBench.with { bench in
            try await bench.add("Åsa Sjögärde", municipality: "1280", headline: "Ljussatte vinterfilmer")
            try await bench.add("Omar Strand", role: "grip", municipality: "1286")
            let cases: [(String, [String])] = [
                ("asa", ["Åsa Sjögärde"]), ("ÅSA sjo", ["Åsa Sjögärde"]), ("sjögarde", ["Åsa Sjögärde"]),
                ("sjögärdd", ["Åsa Sjögärde"]), ("sjgöarde", ["Åsa Sjögärde"]), ("malmo", ["Åsa Sjögärde"]),
                ("Malmö", ["Åsa Sjögärde"]), ("mallmö", ["Åsa Sjögärde"]), ("vinterfilm", ["Åsa Sjögärde"]),
                ("A\u{30A}sa", ["Åsa Sjögärde"]), ("omar malmö", []), ("strand och omar", ["Omar Strand"]),
                ("gaffer asa", ["Åsa Sjögärde"]), ("gaffer omar", []), ("nobody'); DROP", []),
                ("%", ["Omar Strand", "Åsa Sjögärde"]),
                ("_sa", []), ("½ :* & |", []),
            ]
            for (text, expected) in cases {
                #expect(
                    try names(try await bench.directory.search(search(text), for: .anyone)) == expected,
                    "\(text)"
                )
            }
            let mended = try await bench.directory.search(search("sjögärdd"), for: .anyone)
            #expect(mended.understood == .init(roles: [], text: "sjogarde"))
        }
    }

    @Test func `å ä ö come last and w beside v, also over pages`() async throws {
        try await CrewBench.with { bench in
            for name in ["Östen", "Ärla", "Åke", "Zorn", "Wall", "Vik", "Anna"] { try await bench.add(name) }
            var search = CrewSearch()
            search.limit = 2
            search.sort = .name
            let items = try await bench.everything(search, for: .anyone)
            #expect(
                try items.map { try $0.listing().name } == [
                    "Anna", "Vik", "Wall", "Zorn", "Åke", "Ärla", "Östen",
                ]
            )
        }
    }

    @Test func `unknown days are never free, also beyond the calendar`() async throws {
        try await CrewBench.with { bench in
            let year = DayRange(first: bench.firstDay, last: bench.firstDay + 1095)
            try await bench.add("Known", known: year)
            try await bench.add("Half", known: DayRange(first: bench.firstDay, last: bench.firstDay + 500))
            try await bench.add("Silent")
            var search = CrewSearch()
            search.dates = DayMultirange([DayRange(first: bench.firstDay + 499, last: bench.firstDay + 502)])
            #expect(try names(try await bench.directory.search(search, for: .anyone)) == ["Known"])
            search.coverage = .any
            let all = try await bench.directory.search(search, for: .anyone)
            #expect(try names(all) == ["Known", "Half", "Silent"])
            #expect(all.items.map { $0.availability?.state } == [.full, .partial, .unknown])
            #expect(all.items.map { $0.availability?.unknown } == [0, 2, 4])
            search.dates = DayMultirange([DayRange(first: bench.firstDay + 1095, last: bench.firstDay + 1096)]
            )
            let edge = try await bench.directory.search(search, for: .anyone)
            #expect(edge.items.first?.availability?.state == .partial)
            #expect(edge.beyondCalendar == DayMultirange([DayRange(bench.firstDay + 1096)]))
            search.coverage = .full
            #expect(try await bench.directory.search(search, for: .anyone).total == 0)
        }
    }

    @Test func `calendars shown to nobody are hidden from everybody`() async throws {
        try await CrewBench.with { bench in
            let known = DayRange(first: bench.firstDay, last: bench.firstDay + 100)
            let ids = [
                try await bench.add("Open", visibility: "anyone", known: known),
                try await bench.add("Shared", visibility: "approved", known: known),
                try await bench.add("Closed", visibility: "nobody", known: known),
            ]
            var search = CrewSearch()
            search.dates = DayMultirange([DayRange(bench.firstDay + 5)])
            search.coverage = .any
            let open = try await bench.directory.search(search, for: .anyone)
            #expect(try names(open) == ["Open", "Closed", "Shared"])
            #expect(open.items.map { $0.availability?.state } == [.full, .hidden, .hidden])
            let approved = try await bench.directory.search(search, for: bench.searcher)
            #expect(try names(approved) == ["Open", "Shared", "Closed"])
            #expect(approved.items.map { $0.availability?.state } == [.full, .full, .hidden])
            for (id, shown) in zip(ids, [(true, true), (false, true), (false, false)]) {
                let calendar = try await bench.directory.calendar(of: id.uuidString, for: .anyone)
                #expect((calendar?.days != nil) == shown.0)
                let more = try await bench.directory.calendar(of: id.uuidString, for: bench.searcher)
                #expect((more?.days != nil) == shown.1)
            }
            // A key without the right is anyone; an account that is nobody's sees no row of the other projection.
            let reader = Reader.member(account: UUID.version7(), rights: [.reviewer])
            #expect(
                try await bench.directory.search(search, for: reader).items.map { $0.availability?.state }
                    == [.full, .hidden, .hidden]
            )
            let stranger = Reader.member(account: UUID.version7(), rights: [.searcher])
            #expect(try await bench.directory.search(search, for: stranger).items.isEmpty)
        }
    }

    @Test
    func `a record is found by slug and by id, and its contact is the region's unless a field is public`()
        async throws
    {
        try await CrewBench.with { bench in
            let id = try await bench.add("Ylva Strandmark")
            let record = try #require(try await bench.directory.record(id.uuidString, for: .anyone))
            #expect(record.listing.contact.fields == [])
            #expect(record.listing.contact.via?.name == "Film i Skåne AB")
            #expect(record.version == record.listing.version)
            let again = try await bench.directory.record(record.listing.slug, for: .anyone)
            #expect(again?.body == record.body)
            try await bench.databases.worker.execute(
                """
                INSERT INTO klappa.contact_field (subject, kind, value, visibility)
                VALUES (\(id), 'email', 'y@example.se', 'anyone'), (\(id), 'phone', '0400000000', 'office')
                """
            )
            let changed = try #require(try await bench.directory.record(record.listing.slug, for: .anyone))
            #expect(
                changed.listing.contact
                    == .init(fields: [.init(kind: "email", value: "y@example.se")], via: nil)
            )
            #expect(changed.version == record.version + 1)
            #expect(!String(decoding: changed.body, as: UTF8.self).contains("0400000000"))
            for nobody in ["nobody", "", "x'; --", UUID.version7().uuidString] {
                #expect(try await bench.directory.record(nobody, for: .anyone) == nil)
            }
        }
    }

    @Test func `unknown values are refused, each by name`() async throws {
        try await CrewBench.with { bench in
            var search = CrewSearch()
            search.roles = ["gaffer", "wizard"]
            search.regions = ["skane", "narnia"]
            search.languages = ["tlh"]
            let error = await #expect(throws: Problem.self) {
                try await bench.directory.search(search, for: .anyone)
            }
            let problem = try #require(error)
            #expect(problem.code.status == 400)
            #expect(
                problem.errors.map(\.place) == [.field("role"), .field("region"), .field("language")]
            )
            let staffing = await #expect(throws: Problem.self) {
                try await bench.directory.staff(
                    StaffingRequest(
                        dates: DayMultirange([DayRange(bench.firstDay)]),
                        regions: ["narnia"],
                        posts: [.init(role: "wizard", count: 1)]
                    ),
                    for: .anyone
                )
            }
            let refusal = try #require(staffing)
            #expect(refusal.errors.map(\.place) == [.pointer("/regions/0"), .pointer("/posts/0/role")])
        }
    }

    @Test func `a cursor of another search is refused`() async throws {
        try await CrewBench.with { bench in
            for name in ["A", "B", "C"] { try await bench.add(name) }
            var search = CrewSearch()
            search.limit = 1
            let next = try #require(try await bench.directory.search(search, for: .anyone).next)
            search.place = .cursor(next)
            #expect(try await bench.directory.search(search, for: .anyone).total == 3)
            search.regions = ["skane"]
            for text in [next, "x", "", next + "A", "e30"] {
                search.place = .cursor(text)
                await #expect(throws: Problem.self) { try await bench.directory.search(search, for: .anyone) }
            }
        }
    }

    @Test func `paging neither repeats nor skips who was there throughout`() async throws {
        try await CrewBench.with { bench in
            var random = SeededNumbers(seed: 5)
            let catalogue = Catalogue(
                count: 150,
                firstDay: bench.firstDay,
                bench.vocabularies,
                using: &random
            )
            try await catalogue.write(bench.databases.worker)
            let steady = Set(
                catalogue.people.filter { $0.state == "published" }.prefix(80).map {
                    $0.id.uuidString.lowercased()
                }
            )
            let fleeting = catalogue.people.filter { !steady.contains($0.id.uuidString.lowercased()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var random = SeededNumbers(seed: 6)
                    while !Task.isCancelled {
                        guard let person = fleeting.randomElement(using: &random) else { return }
                        let state = Bool.random(using: &random) ? "published" : "hidden"
                        let renewed = bench.firstDay + Int.random(in: 0...3, using: &random)
                        // A clash with the reader's page is no matter here.
                        _ = try? await bench.databases.worker.execute(
                            """
                            UPDATE klappa.person SET state = \(state), renewed_on = \(renewed) WHERE id = \(person.id)
                            """
                        )
                    }
                }
                for sort in [nil, .name] as [CrewSearch.Sort?] {
                    for _ in 0..<4 {
                        var search = CrewSearch()
                        search.limit = 7
                        search.sort = sort
                        let ids = try await bench.everything(search, for: .anyone).map { try $0.listing().id }
                        let seen = ids.filter(steady.contains)
                        #expect(seen.count == steady.count)
                        #expect(Set(seen) == steady)
                    }
                }
                group.cancelAll()
            }
        }
    }

    @Test func `the window of days moves and searches go on`() async throws {
        try await CrewBench.with { bench in
            let later = bench.firstDay + 1200
            try await bench.add("Anna", known: DayRange(first: bench.firstDay, last: later))
            var search = CrewSearch()
            search.dates = DayMultirange([DayRange(later)])
            search.facets = [.region]
            #expect(try await bench.directory.search(search, for: .anyone).total == 0)
            try await bench.upkeep.refreshBits()
            try await bench.database.sql("SELECT klappa.move_crew_window('\(bench.firstDay + 365)')")
            let results = try await bench.directory.search(search, for: .anyone)
            #expect(results.total == 1)
            #expect(results.facets[.region]?.first { $0.value == "skane" }?.count == 1)
            #expect(results.beyondCalendar.isEmpty)
        }
    }
}
