import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

struct CrewImportTests {
    @Test func `a file imported with publish is found with the counts of a hand count`() async throws {
        try await CrewBench.with { bench in
            let day = { bench.firstDay + 420 + $0 }
            let known = "\(day(0)),\(day(60))"
            // Needed are days 10 to 19: ten days.
            let file = """
                name,region,municipality,roles,known_from,known_to,busy,availability_visibility,consent_date,consent_source
                Alma Free,skane,Malmö,gaffer,\(known),,anyone,2026-01-02,form 1
                Bo Edges,skane,1280,Gaffer,\(known),\(day(9));\(day(20)),anyone,2026-01-02,form 2
                Cia Partial,skane,,Ljussättare,\(known),\(day(5))/\(day(10));\(day(18))/\(day(40)),anyone,2026-01-02,form 3
                Dag Busy,skane,,gaffer,\(known),\(day(10))/\(day(19)),anyone,2026-01-02,form 4
                Eva Unknown,skane,,gaffer,,,,anyone,2026-01-02,form 5
                Fia Half Known,skane,,gaffer,\(day(0)),\(day(12)),,anyone,2026-01-02,form 6
                Gun Unknown And Busy,skane,,gaffer,,,\(day(12)),anyone,2026-01-02,form 7
                Hans Approved,skane,,gaffer,\(known),,approved,2026-01-02,form 8
                Ivar Default,skane,,gaffer,\(known),,,2026-01-02,form 9
                Jan Nobody,skane,,gaffer,\(known),,nobody,2026-01-02,form 10
                Kim No Consent,skane,,gaffer,\(known),,anyone,,
                Lo Half Consent,skane,,gaffer,\(known),,anyone,2026-01-02,
                Mio Elsewhere,halland,Halmstad,gaffer,\(known),,anyone,2026-01-02,form 13
                Nea Other Role,skane,,platschef,\(known),,anyone,2026-01-02,form 14
                """
            let report = try await bench.importing(file, publish: true)
            #expect(report.problems.kept.isEmpty)
            #expect([report.rows, report.new, report.published, report.halfConsents] == [14, 14, 12, 1])

            var search = CrewSearch()
            search.roles = ["gaffer"]
            search.regions = ["skane"]
            search.dates = DayMultirange([DayRange(first: day(10), last: day(19))])
            func found(_ reader: Reader, _ coverage: CrewSearch.Coverage) async throws -> [String: [Int]] {
                search.coverage = coverage
                var found: [String: [Int]] = [:]
                for item in try await bench.everything(search, for: reader) {
                    let days = try #require(item.availability)
                    let state = try #require(CrewAvailability.State.allCases.firstIndex(of: days.state))
                    found[try item.listing().name] = [state, days.free, days.busy, days.unknown]
                }
                #expect(try await bench.directory.search(search, for: reader).total == found.count)
                return found
            }
            let (full, partial, unknown, none, hidden) = (0, 1, 2, 3, 4)
            let open: [String: [Int]] = [
                "Alma Free": [full, 10, 0, 0], "Bo Edges": [full, 10, 0, 0],
                "Cia Partial": [partial, 7, 3, 0], "Fia Half Known": [partial, 3, 0, 7],
                "Eva Unknown": [unknown, 0, 0, 10], "Gun Unknown And Busy": [unknown, 0, 1, 9],
                "Dag Busy": [none, 0, 10, 0],
                "Hans Approved": [hidden, 0, 0, 0], "Ivar Default": [hidden, 0, 0, 0],
                "Jan Nobody": [hidden, 0, 0, 0],
            ]
            #expect(try await found(.anyone, .any) == open)
            #expect(try await found(.anyone, .partial) == open.filter { $0.value[0] <= partial })
            #expect(try await found(.anyone, .full) == open.filter { $0.value[0] == full })
            var approved = open
            approved["Hans Approved"] = [full, 10, 0, 0]
            approved["Ivar Default"] = [full, 10, 0, 0]
            #expect(try await found(bench.searcher, .any) == approved)
            #expect(try await found(bench.searcher, .full).count == 4)
        }
    }

    @Test
    func `without publish everybody waits for review, and publishing later publishes those who consented`()
        async throws
    {
        try await CrewBench.with { bench in
            let file = """
                name,region,roles,consent_date,consent_source
                Alma Ek,skane,gaffer,2026-01-02,form
                Bo Ek,skane,gaffer,,
                """
            #expect(try await bench.importing(file).published == 0)
            #expect(
                try await bench.value("SELECT string_agg(state, ',') FROM klappa.person")
                    == "in_review,in_review"
            )
            let again = try await bench.importing(file, publish: true)
            #expect([again.new, again.changed, again.unchanged, again.published] == [0, 1, 1, 1])
            #expect(again.changes == [.init(line: 2, columns: ["state"])])
            let states = "SELECT string_agg(state, ',' ORDER BY name) FROM klappa.person"
            #expect(try await bench.value(states) == "published,in_review")
            // Who is hidden, or has withdrawn, is not made public by a file.
            try await bench.database.sql("UPDATE klappa.person SET state = 'hidden' WHERE name = 'Alma Ek'")
            #expect(try await bench.importing(file, publish: true).changed == 0)
            #expect(try await bench.value(states) == "hidden,in_review")
        }
    }

    @Test func `the same file again writes nothing, not even versions`() async throws {
        try await CrewBench.with { bench in
            let file = CrewFile.table(
                RandomCrew.rows(200, firstDay: bench.firstDay, seed: 3, bench.vocabularies)
            )
            let first = try await bench.importing(file, publish: true)
            #expect(first.problems.kept.isEmpty)
            #expect(first.new == 200)
            let before = try await bench.everyRow()
            let second = try await bench.importing(file, publish: true)
            #expect([second.new, second.changed, second.unchanged] == [0, 0, 200])
            #expect(try await bench.everyRow() == before)
        }
    }

    @Test func `a dry run counts what an import does, and writes nothing`() async throws {
        try await CrewBench.with { bench in
            let rows = RandomCrew.rows(60, firstDay: bench.firstDay, seed: 4, bench.vocabularies)
            try await bench.importing(CrewFile.table(Array(rows.prefix(41))))
            var changed = rows
            for index in 1...10 {
                changed[index][CrewColumn.allCases.firstIndex(of: .headlineEn) ?? 0] = "New words"
            }
            let before = try await bench.everyRow()
            let dry = try await bench.importing(CrewFile.table(changed), publish: true, isDryRun: true)
            #expect(try await bench.everyRow() == before)
            let real = try await bench.importing(CrewFile.table(changed), publish: true)
            #expect(
                [dry.new, dry.changed, dry.unchanged, dry.published] == [
                    real.new, real.changed, real.unchanged, real.published,
                ]
            )
            #expect(dry.changes == real.changes)
            #expect(real.new == 20)
            #expect(real.changes.prefix(10).allSatisfy { $0.columns.contains("headline_en") })
        }
    }

    @Test func `one bad cell keeps the whole file out, and every bad cell is told`() async throws {
        try await CrewBench.with { bench in
            var rows = RandomCrew.rows(50, firstDay: bench.firstDay, seed: 5, bench.vocabularies)
            rows[20][1] = "lappland"
            rows[48][3] = "gafer"
            let before = try await bench.everyRow()
            let report = try await bench.importing(CrewFile.table(rows))
            #expect(report.problems.kept.map(\.line) == [21, 49])
            #expect(report.problems.kept.map(\.code) == ["unknown_region", "unknown_role"])
            #expect(try await bench.everyRow() == before)
        }
    }

    @Test func `a source that fails midway leaves nothing`() async throws {
        struct Cut: Error {}
        try await CrewBench.with { bench in
            let file = CrewFile.table(
                RandomCrew.rows(50, firstDay: bench.firstDay, seed: 6, bench.vocabularies)
            )
            let before = try await bench.everyRow()
            let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array(file.prefix(file.count / 2)))
                continuation.finish(throwing: Cut())
            }
            await #expect(throws: Cut.self) {
                try await CrewImport().run(chunks, on: bench.databases.worker)
            }
            #expect(try await bench.everyRow() == before)
            #expect(try await bench.importing(file).new == 50)
        }
    }

    @Test func `a cancelled import leaves nothing`() async throws {
        try await CrewBench.with { bench in
            let file = CrewFile.table(
                RandomCrew.rows(50, firstDay: bench.firstDay, seed: 7, bench.vocabularies)
            )
            let before = try await bench.everyRow()
            let task = Task {
                try await CrewImport().run(CrewFile.pieces(file), on: bench.databases.worker) { progress in
                    if case .writing = progress { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(try await bench.everyRow() == before)
        }
    }
}
