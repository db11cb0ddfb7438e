import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

struct CrewExportTests {
    @Test(arguments: [21, 22, 23] as [UInt64])
    func `export, import into an empty registry and export again give the same bytes`(seed: UInt64)
        async throws
    {
        let first = try await CrewBench.with { bench in
            let file = CrewFile.table(
                RandomCrew.rows(150, firstDay: bench.firstDay, seed: seed, bench.vocabularies)
            )
            let report = try await bench.importing(file, publish: true)
            #expect(report.problems.kept.isEmpty)
            let export = try await bench.exported()
            // Into the registry that it came from it changes nothing.
            let again = try await bench.importing(export, publish: true)
            #expect([again.new, again.changed, again.unchanged] == [0, 0, 150])
            return export
        }
        let second = try await CrewBench.with { bench in
            #expect(try await bench.importing(first).new == 150)
            return try await bench.exported()
        }
        #expect(first == second)
        #expect(first.count > 10_000)
    }

    @Test func `an export is ordered as Swedish is and spelled canonically`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing(
                """
                region;roles;name;languages;phone;busy;headline_sv
                Skåne;Ljussättare:head_of_department;Örjan Ek;svenska:native;+46 70 174 06 05;2027-03-03;=1+1
                skane;"platschef;gaffer";Ake Ek;"engelska;SV";;"2027-03-02;2027-03-01/2027-03-01";
                skane;gaffer;Åke Ek;;;;
                """
            )
            let text = String(decoding: try await bench.exported(), as: UTF8.self)
            #expect(
                text
                    == [
                        CrewColumn.allCases.map(\.rawValue).joined(separator: ","),
                        "Ake Ek,skane,,\"location_manager;gaffer\",\"sv;en\",,,,,,,2027-03-01/2027-03-02,approved,office,office,,",
                        "Åke Ek,skane,,gaffer,,,,,,,,,approved,office,office,,",
                        "Örjan Ek,skane,,gaffer:head_of_department,sv:native,,\"'+46 70 174 06 05\",\"'=1+1\",,,,2027-03-03,"
                            + "approved,office,office,,", "",
                    ].joined(separator: "\r\n")
            )
        }
    }

    @Test func `a member's export has whom the account may see and nobody else`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing("name,region,roles\nA,skane,gaffer\nB,halland,gaffer\n")
            let account = UUID.version7()
            try await bench.database.sql(
                """
                INSERT INTO klappa.account (id, kind, name) VALUES ('\(account)', 'machine', 'Office');
                INSERT INTO klappa.grants (account, "right", region) VALUES ('\(account)', 'commissioner', 12);
                """
            )
            func names(_ settings: [(String, String)]) async throws -> Int {
                try await CrewExport.run(on: bench.databases.member, settings: settings) { _ in }
            }
            #expect(try await names([("klappa.account", "\(account)")]) == 1)
            #expect(try await names([]) == 0)
        }
    }

    @Test func `cells that a spreadsheet would run are harmless in an export`() async throws {
        try await CrewBench.with { bench in
            let rows = RandomCrew.rows(200, firstDay: bench.firstDay, seed: 29, bench.vocabularies)
            try await bench.importing(CrewFile.table(rows))
            var reader = CSVReader()
            reader.feed(try await bench.exported())
            reader.finish()
            var row = CSVRow()
            var guarded = 0
            while try reader.next(into: &row) {
                for index in 0..<row.count {
                    let first = row.bytes(at: index).first ?? 0
                    #expect(!Array("=+-@\t\r\n".utf8).contains(first))
                    if first == UInt8(ascii: "'") { guarded += 1 }
                }
            }
            #expect(guarded > 20)
        }
    }
}
