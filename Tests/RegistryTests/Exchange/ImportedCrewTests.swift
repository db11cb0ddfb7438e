import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

/// What was imported, as readers find it: against a reading of the file's own cells, and never more than a field's
/// visibility allows.
struct ImportedCrewTests {
    @Test(arguments: [31, 32] as [UInt64])
    func `searches count what a reading of the file counts`(seed: UInt64) async throws {
        try await CrewBench.with { bench in
            let rows = RandomCrew.rows(300, firstDay: bench.firstDay + 200, seed: seed, bench.vocabularies)
            try await bench.importing(CrewFile.table(rows), publish: true)
            let sheet = Sheet(rows)
            var random = SeededNumbers(seed: seed)
            for round in 0..<24 {
                let from = bench.firstDay + 200 + Int.random(in: 0...500, using: &random)
                var needed: Set<Day> = []
                var ranges: [DayRange] = []
                for gap in [0, 40] where gap == 0 || round % 3 == 0 {
                    let range = DayRange(
                        first: from + gap,
                        last: from + gap + Int.random(in: 0...20, using: &random)
                    )
                    ranges.append(range)
                    needed.formUnion(range.days)
                }
                var search = CrewSearch()
                search.dates = DayMultirange(ranges)
                let region = bench.vocabularies.regions.randomElement(using: &random)?.code
                if round % 2 == 0, let region { search.regions = [region] }
                for isSearcher in [false, true] {
                    let expected = sheet.states(of: needed, in: search.regions.first, isSearcher: isSearcher)
                    for coverage in CrewSearch.Coverage.allCases {
                        search.coverage = coverage
                        let reader = isSearcher ? bench.searcher : .anyone
                        var found: [String: [String]] = [:]
                        for item in try await bench.everything(search, for: reader) {
                            let days = try #require(item.availability)
                            found[try item.listing().name] = [
                                "\(days.state)", "\(days.free)", "\(days.busy)", "\(days.unknown)",
                            ]
                        }
                        let wanted = expected.filter { person in
                            switch coverage {
                            case .full: person.value[0] == "full"
                            case .partial: ["full", "partial"].contains(person.value[0])
                            case .any: true
                            }
                        }
                        #expect(found == wanted, "\(search) searcher: \(isSearcher)")
                    }
                }
            }
        }
    }

    @Test func `contact fields that are not for anyone reach nobody's eyes`() async throws {
        try await CrewBench.with { bench in
            let file = """
                name,region,roles,email,phone,email_visibility,phone_visibility,consent_date,consent_source
                Alma Open,skane,gaffer,open.secret@example.com,070-174 06 05,anyone,anyone,2026-01-02,source.secret
                Bo Approved,skane,gaffer,approved.secret@example.com,070-174 06 11,approved,approved,2026-01-02,source.secret
                Cia Request,skane,gaffer,request.secret@example.com,070-174 06 12,request,request,2026-01-02,source.secret
                Dag Office,skane,gaffer,office.secret@example.com,070-174 06 13,office,office,2026-01-02,source.secret
                Eva Default,skane,gaffer,default.secret@example.com,070-174 06 14,,,2026-01-02,source.secret
                """
            #expect(try await bench.importing(file, publish: true).published == 5)
            let secrets =
                ["approved.secret", "request.secret", "office.secret", "default.secret", "source.secret"]
                + (11...14).map { "174 06 \($0)" }

            // Everything that each audience's role can read at all, row by row.
            let settings = [("klappa.account", Self.account(bench.searcher))]
            for (database, settings) in [(bench.databases.open, []), (bench.databases.member, settings)] {
                let tables = try await database.query(
                    """
                    SELECT c.relname::text AS name FROM pg_class c
                    WHERE c.relnamespace = 'klappa'::regnamespace AND c.relkind IN ('r', 'v', 'm')
                        AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1
                    """
                ).map { try $0.decode(String.self, "name") }
                #expect(tables.contains("crew_record"))
                var openFound = 0
                for table in tables {
                    let rows = try await database.query(
                        "SELECT t::text AS row FROM \(identifier: "klappa").\(identifier: table) t",
                        settings: settings
                    )
                    for row in rows {
                        let text = try row.decode(String?.self, "row") ?? ""
                        for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(table)") }
                        if text.contains("open.secret") { openFound += 1 }
                    }
                }
                #expect(openFound > 0)
            }

            // And what the product says.
            for reader in [Reader.anyone, bench.searcher] {
                var search = CrewSearch()
                search.limit = 100
                var said = try await bench.directory.search(search, for: reader).items.map {
                    String(decoding: $0.body, as: UTF8.self)
                }
                #expect(said.count == 5)
                for text in said {
                    let id = try #require(text.split(separator: "\"").dropFirst(3).first)
                    let record = try #require(try await bench.directory.record(String(id), for: reader))
                    said.append(String(decoding: record.body, as: UTF8.self))
                }
                for secret in secrets { #expect(!said.joined().contains(secret)) }
                #expect(said.joined().contains("open.secret@example.com"))
                search.text = "secret"
                #expect(try await bench.directory.search(search, for: reader).total == 0)
            }
        }
    }

    @Test func `days shared with nobody are in no projection`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing(
                """
                name,region,roles,known_from,known_to,busy,availability_visibility,consent_date,consent_source
                Nobody,skane,gaffer,\(bench.firstDay),\(bench.firstDay + 700),\(bench.firstDay + 5),nobody,2026-01-02,form
                Approved,skane,gaffer,\(bench.firstDay),\(bench.firstDay + 700),\(bench.firstDay + 5),approved,2026-01-02,form
                """,
                publish: true
            )
            try await bench.upkeep.refreshBits()
            let days = { (table: String) in "SELECT count(*) FROM klappa.\(table)" }
            #expect(try await bench.value(days("crew_day")) == "0")
            #expect(try await bench.value(days("crew_post WHERE free IS NOT NULL")) == "0")
            #expect(try await bench.value(days("crew_day_approved")) == "1")
            #expect(
                try await bench.value(
                    "SELECT string_agg(DISTINCT name, ',') FROM klappa.crew_post_approved WHERE free IS NOT NULL"
                )
                    == "Approved"
            )
            #expect(
                try await bench.value("SELECT coalesce(sum(bit_count(bits)), 0) FROM klappa.crew_day_bits")
                    == "0"
            )
            #expect(
                try await bench.value("SELECT max(bit_count(bits)) FROM klappa.crew_day_bits_approved") == "1"
            )
        }
    }

    private static func account(_ reader: Reader) -> String {
        if case .member(let account, _) = reader { return "\(account)" }
        return ""
    }
}

/// A file's cells read aloud, without any of the product's code for files, searches or sets of days.
private struct Sheet {
    private struct Person {
        let name: String
        let region: String
        let visibility: String
        let known: ClosedRange<Day>?
        let busy: Set<Day>
        let isPublic: Bool
    }

    private let people: [Person]

    init(_ rows: [[String]]) {
        let titles = rows[0]
        func cell(_ row: [String], _ title: String) -> String {
            titles.firstIndex(of: title).map { row[$0] } ?? ""
        }
        people = rows.dropFirst().map { row in
            var busy: Set<Day> = []
            for item in cell(row, "busy").split(separator: ";") {
                let ends = item.split(separator: "/").compactMap { Day(String($0)) }
                guard let first = ends.first, let last = ends.last else { continue }
                var day = first
                while day <= last {
                    busy.insert(day)
                    day = day + 1
                }
            }
            var known: ClosedRange<Day>?
            if let from = Day(cell(row, "known_from")), let to = Day(cell(row, "known_to")) {
                known = from...to
            }
            let visibility = cell(row, "availability_visibility")
            return Person(
                name: cell(row, "name"),
                region: cell(row, "region"),
                visibility: visibility.isEmpty ? "approved" : visibility,
                known: known,
                busy: busy,
                isPublic: !cell(row, "consent_date").isEmpty && !cell(row, "consent_source").isEmpty
            )
        }
    }

    /// By name: state, and the numbers of free, busy and unknown days.
    func states(of needed: Set<Day>, in region: String?, isSearcher: Bool) -> [String: [String]] {
        var states: [String: [String]] = [:]
        for person in people where person.isPublic && (region == nil || person.region == region) {
            let isVisible = person.visibility == "anyone" || (person.visibility == "approved" && isSearcher)
            guard isVisible else {
                states[person.name] = ["hidden", "0", "0", "0"]
                continue
            }
            var (free, busy, unknown) = (0, 0, 0)
            for day in needed {
                if person.busy.contains(day) {
                    busy += 1
                } else if person.known?.contains(day) == true {
                    free += 1
                } else {
                    unknown += 1
                }
            }
            let state =
                free == needed.count ? "full" : free > 0 ? "partial" : unknown > 0 ? "unknown" : "none"
            states[person.name] = [state, "\(free)", "\(busy)", "\(unknown)"]
        }
        return states
    }
}
