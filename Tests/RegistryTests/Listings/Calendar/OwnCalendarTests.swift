import Foundation
import Postgres
import Testing
import Web

@testable import Registry

/// Arithmetic of days, and the calendar pages.
struct OwnCalendarTests {
    private static func day(_ text: String) throws -> Day { try #require(Day(text)) }

    private static func days(_ first: String, _ last: String) throws -> DayMultirange {
        DayMultirange([DayRange(first: try day(first), last: try day(last))])
    }

    @Test func `busy wins over held, held over free, and outside the known span nothing is free`() throws {
        var calendar = OwnCalendar()
        calendar.known = DayRange(first: try Self.day("2027-03-01"), last: try Self.day("2027-03-10"))
        calendar.blocked = try Self.days("2027-03-02", "2027-03-03")
        calendar.held = try Self.days("2027-03-03", "2027-03-04")
        calendar.booked = try Self.days("2027-03-12", "2027-03-12")
        let states = calendar.seen(from: try Self.day("2027-02-28"), count: 14).days?.map(\.rawValue.first!)
        #expect(String(states ?? []) == "ufbbhffffffubu")
    }

    /// A person whom the member owns, with a calendar, to be changed by SQL alone.
    private static func change(
        _ change: OwnCalendarPages.Change,
        _ person: UUID,
        _ account: UUID,
        _ version: Int64,
        _ database: SchemaDatabase
    ) async throws -> Bool {
        try await database.member.transaction(settings: SchemaDatabase.settings(account)) {
            try await OwnCalendarPages.perform(change, on: person, version: version, $0)
        }
    }

    private static func read(_ person: UUID, _ account: UUID, _ database: SchemaDatabase) async throws
        -> OwnCalendar
    {
        try await database.member.transaction(settings: SchemaDatabase.settings(account)) {
            try await OwnCalendarQueries.find(person, $0)
        }
    }

    @Test func `marks that touch become one, and freeing splits them`() async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.human("me@example.se")
            let person = try await database.person("Åsa Lind", account: me)
            func apply(_ change: OwnCalendarPages.Change) async throws {
                let version = try await Self.read(person, me, database).version
                #expect(try await Self.change(change, person, me, version, database))
            }
            try await apply(.block(try Self.days("2027-03-01", "2027-03-05")))
            try await apply(.block(try Self.days("2027-03-06", "2027-03-08")))
            try await apply(.block(try Self.days("2027-04-01", "2027-04-02")))
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.block", database.root) == 2
            )
            try await apply(.free(try Self.days("2027-03-03", "2027-03-04")))
            let calendar = try await Self.read(person, me, database)
            #expect(
                calendar.blocked.description
                    == "{[2027-03-01,2027-03-03),[2027-03-05,2027-03-09),[2027-04-01,2027-04-03)}"
            )
            try await apply(.free(try Self.days("2027-01-01", "2027-12-31")))
            #expect(try await Self.read(person, me, database).blocked.isEmpty)
        }
    }

    @Test func `whatever is marked and freed, the database shows others the days that the arithmetic gives`()
        async throws
    {
        try await SchemaDatabase.with { database in
            let me = try await database.human("me@example.se")
            let person = try await database.person("Åsa Lind", account: me)
            let first = try await database.root.query("SELECT first_day FROM klappa.crew_window").first
                .map { try $0.decode(Day.self, "first_day") }
            let start = try #require(first)
            var random = SystemRandomNumberGenerator()
            var model: Set<Int> = []
            var known: ClosedRange<Int>?
            for _ in 0..<25 {
                let from = Int.random(in: 0..<200, using: &random)
                let to = from + Int.random(in: 0..<20, using: &random)
                let range = DayRange(first: start + from, last: start + to)
                let change: OwnCalendarPages.Change
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    known = from...to + 40
                    change = .known(DayRange(first: start + from, last: start + to + 40))
                case 1, 2:
                    model.subtract(from...to)
                    change = .free(DayMultirange([range]))
                default:
                    model.formUnion(from...to)
                    change = .block(DayMultirange([range]))
                }
                let version = try await Self.read(person, me, database).version
                #expect(try await Self.change(change, person, me, version, database))
            }
            let own = try await Self.read(person, me, database)
            let expected = (0..<260).map { day -> CrewCalendar.DayState in
                model.contains(day) ? .busy : known?.contains(day) == true ? .free : .unknown
            }
            #expect(own.seen(from: start, count: 260).days == expected)
            let searcher = try await database.account(.searcher)
            let shown = try await CrewRecordQueries.calendar(
                of: person.uuidString,
                .approved(account: searcher.uuidString),
                database.member
            )
            let days = try #require(shown?.days)
            #expect(Array(days[0..<260]) == expected)
        }
    }

    @Test func `feeds, holds and bookings are nobody's to free`() async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.human("me@example.se")
            let person = try await database.person("Åsa Lind", account: me)
            for statement: SQL in [
                "INSERT INTO klappa.block (subject, kind, days) VALUES (\(person), 'feed', '{[2027-03-01,2027-03-03)}')",
                "INSERT INTO klappa.booking (subject, days) VALUES (\(person), '{[2027-03-03,2027-03-05)}')",
                "INSERT INTO klappa.hold (subject, days) VALUES (\(person), '{[2027-03-05,2027-03-07)}')",
            ] {
                try await database.root.execute(statement)
            }
            #expect(
                try await Self.change(
                    .free(try Self.days("2027-01-01", "2027-12-31")),
                    person,
                    me,
                    0,
                    database
                )
            )
            let calendar = try await Self.read(person, me, database)
            #expect([calendar.feed, calendar.booked, calendar.held].map { $0.count } == [2, 2, 2])
        }
    }

    @Test func `of two who know the same version one wins, and a stranger none`() async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.human("me@example.se")
            let other = try await database.human("other@example.se")
            let person = try await database.person("Åsa Lind", account: me)
            let march = try Self.days("2027-03-01", "2027-03-05")
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await Self.change(.block(march), person, me, 0, database) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            await #expect(throws: PostgresError.self) {
                _ = try await Self.change(.block(march), person, other, 0, database)
            }
            #expect(try await !Self.change(.block(march), person, other, 1, database))
        }
    }

    @Test func `days are marked, freed and made known on the page, without scripts`() async throws {
        try await Portal.with { portal in
            let me = try await portal.member("Åsa Lind")
            try await me.beginListing("Åsa Lind")
            let today = Day.todayInStockholm
            let base = "/sv/me/listing/calendar"
            func send(_ path: String, _ fields: [String: String], from page: Caller.Page) async throws
                -> Caller.Page
            {
                try await me.post(
                    base + path,
                    sent: fields.merging(["version": page.version ?? ""]) { own, _ in own },
                    from: page
                )
            }
            let empty = try await me.get(base)
            #expect(empty.status == 200 && empty.version == "0")
            let ends = ["knownFrom": "\(today)", "knownTo": "\(today + 90)"]
            #expect(try await send("/known", ends, from: empty).location == base)
            let known = try await me.get(base)
            #expect(known.fields["knownTo"] == "\(today + 90)")
            let days = ["from": "\(today + 10)", "to": "\(today + 14)", "block": "yes"]
            let month = "?month=\("\(today + 10)".prefix(7))"
            #expect(try await send("/days", days, from: known).location == base + month)
            let marked = try await me.get(base)
            #expect(marked.text.contains("Upptagen, du har markerat"))
            // The page that was open before knows an older calendar.
            let late = try await send("/days", ["from": "\(today + 30)", "block": "yes"], from: known)
            #expect(late.status == 412 && late.text.contains("id=\"clash\""))
            let removed = ["from": "\(today + 10)", "to": "\(today + 14)", "free": "yes"]
            #expect(try await send("/days", removed, from: marked).location == base + month)
            #expect(!(try await me.get(base).text.contains("Upptagen, du har markerat")))
            for (path, fields, field) in [
                ("/days", ["from": "", "block": "yes"], "from"),
                ("/days", ["from": "\(today + 3)", "to": "\(today)", "block": "yes"], "to"),
                ("/known", ["knownFrom": "\(today)", "knownTo": ""], "knownTo"),
            ] {
                let refused = try await send(path, fields, from: try await me.get(base))
                #expect(refused.status == 400 && refused.text.contains("href=\"#\(field)\""), "\(field)")
            }
        }
    }

    @Test func `days are chosen by links: the first, then the last, in the form and the month`() async throws
    {
        try await Portal.with { portal in
            let me = try await portal.member("Åsa Lind")
            try await me.beginListing("Åsa Lind")
            let base = "/sv/me/listing/calendar"
            let month = try await me.get(base + "?month=2030-02")
            #expect(month.text.contains("februari 2030") && month.text.contains("januari 2030"))
            #expect(month.text.matches(of: /data-day="2030-02-/).count == 28)
            // 1 February 2030 is a Friday.
            #expect(month.text.contains("<tr><td></td><td></td><td></td><td></td><td><a "))
            func link(_ day: String, on page: Caller.Page) throws -> String {
                let found = try Regex("href=\"([^\"]+)#pick\" data-day=\"\(day)\"").firstMatch(in: page.text)
                return String(try #require(found?.output[1].substring)).replacing("&amp;", with: "&")
            }
            let first = try await me.get(try link("2030-02-05", on: month))
            #expect(first.fields["from"] == "2030-02-05" && first.fields["to"] == "")
            let both = try await me.get(try link("2030-02-08", on: first))
            #expect(both.fields["from"] == "2030-02-05" && both.fields["to"] == "2030-02-08")
            #expect(both.text.matches(of: /class="unknown picked/).count == 4)
            let again = try await me.get(try link("2030-02-11", on: both))
            #expect(again.fields["from"] == "2030-02-11" && again.fields["to"] == "")
            let earlier = try await me.get(try link("2030-02-02", on: again))
            #expect(earlier.fields["from"] == "2030-02-02" && earlier.fields["to"] == "")
            // Whatever is typed into the address, a month is shown.
            for query in ["month=2030-13", "month=x", "from=x&to=y", "month=9999-12", "month=0000-01"] {
                #expect(try await me.get(base + "?" + query).status == 200, "\(query)")
            }
        }
    }
}
