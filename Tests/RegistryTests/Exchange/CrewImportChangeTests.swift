import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

/// Whom a row speaks of, and what it changes of them.
struct CrewImportChangeTests {
    @Test func `a row changes what it says and leaves what the file has no column for`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing(
                """
                name,region,municipality,roles,languages,email,phone,headline_sv,known_from,known_to,busy,email_visibility
                Alma Ek,skane,Malmö,gaffer;platschef,sv,alma@example.com,070-174 06 05,Ljus,2027-01-01,2027-12-31,2027-03-01/2027-03-05,anyone
                """
            )
            let report = try await bench.importing(
                """
                name,region,roles,email,phone,busy
                ALMA EK,skane,platschef:trainee;gaffer,Alma@Example.com,,2027-03-03
                """
            )
            #expect(report.changes == [.init(line: 2, columns: ["name", "roles", "email", "phone", "busy"])])
            let row = String(decoding: try await bench.exported(), as: UTF8.self).split(separator: "\r\n")
                .last
            #expect(
                row == """
                    ALMA EK,skane,1280,"location_manager:trainee;gaffer",sv,Alma@Example.com,,Ljus,,2027-01-01,2027-12-31,\
                    2027-03-03,approved,anyone,office,,
                    """
            )
            #expect(try await bench.value("SELECT version FROM klappa.person") == "2")
        }
    }

    @Test func `a home in another region does not keep the old municipality`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing(
                "name,region,municipality,roles,email\nA,skane,Malmö,gaffer,a@example.com\n"
            )
            let report = try await bench.importing(
                "name,region,roles,email\nA,halland,gaffer,a@example.com\n"
            )
            #expect(report.changes == [.init(line: 2, columns: ["region", "municipality"])])
        }
    }

    @Test func `an address and a name tell people apart, else name and home, else their order`() async throws
    {
        try await CrewBench.with { bench in
            let file = """
                name,region,municipality,roles,email
                Bo Ek,skane,Malmö,gaffer,bo@example.com
                Bo Ek,skane,Malmö,gaffer,office@example.com
                Eva Ek,skane,Malmö,gaffer,office@example.com
                Bo Ek,skane,Malmö,gaffer,
                Bo Ek,skane,Malmö,platschef,
                Bo Ek,skane,Lund,gaffer,
                Bo Ek,skane,,gaffer,
                """
            let first = try await bench.importing(file)
            #expect([first.new, first.twins] == [7, 1])
            // In another order each finds the same person again, as far as anything tells them apart.
            let lines = file.split(separator: "\n")
            let mixed = [0, 7, 3, 2, 6, 1, 4, 5].map { String(lines[$0]) }.joined(separator: "\n")
            let second = try await bench.importing(mixed)
            #expect([second.new, second.changed, second.unchanged] == [0, 0, 7])
        }
    }

    @Test func `an address that a person gets or lacks makes no second person`() async throws {
        try await CrewBench.with { bench in
            let without = "name,region,roles,email\nBo Ek,skane,gaffer,\n"
            let with = "name,region,roles,email\nBö Ek,skane,gaffer,bo@example.com\n"
            let first = try await bench.importing(without)
            #expect(first.new == 1)
            #expect(try await bench.importing(with).changes == [.init(line: 2, columns: ["name", "email"])])
            // An empty cell does not take the address away.
            #expect(try await bench.importing(without).changes == [.init(line: 2, columns: ["name"])])
            #expect(try await bench.value("SELECT value FROM klappa.contact_field") == "bo@example.com")
        }
    }

    @Test func `days of bookings and feeds stay busy whatever a file says`() async throws {
        try await CrewBench.with { bench in
            let file = { (busy: String) in "name,region,roles,busy\nBo Ek,skane,gaffer,\(busy)\n" }
            try await bench.importing(file("2027-03-01/2027-03-05"))
            try await bench.database.sql(
                """
                INSERT INTO klappa.booking (subject, days) SELECT id, '{[2027-03-04,2027-03-08)}' FROM klappa.person;
                INSERT INTO klappa.block (subject, kind, days) SELECT id, 'feed', '{[2027-04-01,2027-04-02)}' FROM klappa.person
                """
            )
            #expect(try await bench.importing(try await bench.exported()).unchanged == 1)
            let report = try await bench.importing(file("2027-03-02"))
            #expect(report.changes == [.init(line: 2, columns: ["busy"])])
            let busy = "SELECT klappa.days_text(busy) FROM klappa.crew_exchange"
            #expect(try await bench.value(busy) == "2027-03-02;2027-03-04/2027-03-07;2027-04-01")
            #expect(try await bench.importing(file("2027-03-02")).unchanged == 1)
        }
    }

    @Test func `a withdrawn consent is given again only by a later date`() async throws {
        try await CrewBench.with { bench in
            let file = { (date: String) in
                "name,region,roles,consent_date,consent_source\nBo Ek,skane,gaffer,\(date),form\n"
            }
            try await bench.importing(file("2026-01-02"), publish: true)
            try await bench.database.sql(
                """
                UPDATE klappa.person SET state = 'in_review';
                UPDATE klappa.consent SET withdrawn_at = '2026-05-05 12:00+02'
                """
            )
            for date in ["2026-01-02", "2026-05-05"] {
                #expect(try await bench.importing(file(date), publish: true).unchanged == 1)
            }
            #expect(try await bench.importing(file("2026-05-06"), publish: true).published == 1)
        }
    }

    @Test func `an erased person is nobody's row any more`() async throws {
        try await CrewBench.with { bench in
            let file = "name,region,roles,email\nBo Ek,skane,gaffer,bo@example.com\n"
            try await bench.importing(file)
            try await bench.database.sql("SELECT klappa.erase(id) FROM klappa.person")
            #expect(
                String(decoding: try await bench.exported(), as: UTF8.self).split(separator: "\r\n").count
                    == 1
            )
            #expect(try await bench.importing(file).new == 1)
        }
    }

    @Test func `of several fields of a kind the first one is the file's`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing("name,region,roles,phone\nBo Ek,skane,gaffer,070-174 06 05\n")
            try await bench.database.sql(
                """
                INSERT INTO klappa.contact_field (subject, kind, value, sort_order)
                SELECT id, 'phone', '070-174 06 99', 5 FROM klappa.person
                """
            )
            let file = "name,region,roles,phone,phone_visibility\nBo Ek,skane,gaffer,070-174 06 99,request\n"
            for expected in [1, 0] { #expect(try await bench.importing(file).changed == expected) }
            #expect(try await bench.importing("name,region,roles,phone\nBo Ek,skane,gaffer,\n").changed == 1)
            #expect(try await bench.value("SELECT count(*) FROM klappa.contact_field") == "0")
        }
    }

    @Test func `every check of the database holds after imports and changes`() async throws {
        try await CrewBench.with { bench in
            var rows = RandomCrew.rows(80, firstDay: bench.firstDay, seed: 8, bench.vocabularies)
            try await bench.importing(CrewFile.table(rows), publish: true)
            let other = RandomCrew.rows(80, firstDay: bench.firstDay, seed: 9, bench.vocabularies)
            for index in 1..<rows.count {
                // The same people by name and address, everything else another's.
                for column in rows[index].indices where column != 0 && column != 5 {
                    rows[index][column] = other[index][column]
                }
            }
            try await bench.importing(CrewFile.table(rows), publish: true)
            #expect(try await bench.importing(CrewFile.table(rows), publish: true).changed == 0)
            #expect(
                try await bench.value(
                    "SELECT count(*) FROM klappa.person p WHERE NOT EXISTS (SELECT FROM klappa.person_role r WHERE r.person = p.id AND r.\"primary\")"
                ) == "0"
            )
            let published = try await bench.value(
                "SELECT count(*) FROM klappa.person WHERE state = 'published'"
            )
            #expect(try await bench.value("SELECT count(*) FROM klappa.crew_public") == published)
        }
    }
}
