import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

@Suite struct SearcherTests {
    private static let number = "556036-0793"

    private func ask(
        _ caller: Caller,
        number: String = number,
        region: String = "skane",
        company: String = "Nordljus Film AB"
    ) async throws -> Caller.Page {
        let page = try await caller.get("/en/account/searcher")
        return try await caller.post(
            "/en/account/searcher",
            ["company": company, "number": number, "message": "A series in March.", "region": region],
            from: page
        )
    }

    private func path(_ portal: Portal) async throws -> String {
        let rows = try await portal.database.root.query(
            "SELECT id::text AS id FROM klappa.searcher_request ORDER BY created_at DESC LIMIT 1"
        )
        return "/en/searchers/\(try #require(rows.first).decode(String.self, "id"))"
    }

    private func answer(_ caller: Caller, _ path: String, _ verdict: String, _ reason: String = "")
        async throws
        -> Caller.Page
    {
        let page = try await caller.get(path)
        let version = page.text.firstMatch(of: /name="version" value="(\d+)"/).map { String($0.1) } ?? "1"
        return try await caller.post(
            path,
            ["verdict": verdict, "version": version, "reason": reason],
            from: page
        )
    }

    @Test(
        arguments: [
            ("5560360793", "556036-0793"), ("556036-0793", "556036-0793"), (" 556036 0793 ", "556036-0793"),
            ("16556036-0793", "556036-0793"), ("165560360793", "556036-0793"), ("2021000787", "202100-0787"),
            ("5560360794", nil), ("556036079", nil), ("55603607933", nil), ("8504121234", nil),
            ("8507099805", nil),
            ("556036–0793", nil), ("٥٥٦٠٣٦٠٧٩٣", nil), ("", nil), ("abcdefghij", nil), ("0000000000", nil),
        ] as [(String, String?)]
    )
    func `a number is one by its form and its check digit, here and in the database`(
        text: String,
        read: String?
    )
        async throws
    {
        #expect(OrganisationNumber(text)?.text == read)
        try await SchemaDatabase.with { database in
            let digits = text.filter { !$0.isWhitespace && $0 != "-" }
            let bare =
                digits.hasPrefix("16") && digits.utf8.count == 12 ? String(digits.dropFirst(2)) : digits
            let rows = try await database.member.query(
                "SELECT klappa.is_organisation_number(\(bare)) AS is_one"
            )
            let isOne = try #require(rows.first).decode(Bool.self, "is_one")
            #expect(isOne == (read != nil))
        }
    }

    @Test func `who asks sees the request, the office is told, and a yes gives the right for a year`()
        async throws
    {
        try await Portal.with { portal in
            let max = try await portal.member("Max Ekdahl", email: "max@film.example")
            let maja = try await portal.member(
                "Maja Lind",
                .commissioner,
                region: "skane",
                email: "maja@skane.example"
            )
            _ = try await portal.member(
                "Hedda Krook",
                .commissioner,
                region: "halland",
                email: "hedda@halland.example"
            )
            let asked = try await ask(max)
            #expect(asked.status == 303)
            let told = try await portal.letters().filter { $0["template"] == "searcher-asked" }.compactMap {
                $0["to"]?.string
            }
            #expect(told == ["maja@skane.example"])
            let waits = try await max.get("/en/account/searcher")
            #expect(waits.text.contains("Waits for the answer of a film commission"))
            #expect(waits.text.contains("Nordljus Film AB, 556036-0793"))
            #expect(waits.text.contains("History"))
            let desk = try await maja.get("/en/searchers")
            #expect(desk.text.contains("Nordljus Film AB") && desk.text.contains("1 waits for an answer"))
            let path = try await path(portal)
            let done = try await answer(maja, path, "approved")
            #expect(done.status == 303)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "searcher-approved" && letter["to"] == "max@film.example")
            let now = try await max.get("/en/account/searcher")
            #expect(
                now.text.contains("Approved until") && now.text.contains("You already see what is shared")
            )
            let rights = try await portal.database.root.query(
                """
                SELECT "right", expires_at > now() + interval '364 days' AND expires_at < now() + interval '367 days' AS a_year
                FROM klappa.grants WHERE account = \(try #require(max.account))
                """
            )
            #expect(rights.count == 1)
            #expect(try #require(rights.first).decode(Bool.self, "a_year"))
            // When the year is over the worker takes it.
            try await portal.database.root.execute(
                "UPDATE klappa.grants SET expires_at = now() WHERE expires_at IS NOT NULL"
            )
            try await SessionQueries.forget(portal.database.worker)
            let later = try await max.get("/en/account/searcher")
            #expect(!later.text.contains("You already see what is shared"))
        }
    }

    @Test func `a no needs a reason, which stands in the letter and on the page`() async throws {
        try await Portal.with { portal in
            let max = try await portal.member("Max Ekdahl", email: "max@film.example")
            let hedda = try await portal.member("Hedda Krook", .commissioner, region: "halland")
            _ = try await ask(max, region: "any")
            let path = try await path(portal)
            let without = try await answer(hedda, path, "refused")
            #expect(without.status == 400 && without.text.contains("Write why"))
            let done = try await answer(hedda, path, "refused", "We find no <company> of that name.")
            #expect(done.status == 303)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["values"]?["reason"] == "We find no <company> of that name.")
            let page = try await max.get("/en/account/searcher")
            #expect(page.text.contains("We find no &lt;company&gt; of that name."))
            let again = try await ask(max)
            #expect(again.status == 303)
        }
    }

    @Test func `one request at a time, which can be taken back, and answered once`() async throws {
        try await Portal.with { portal in
            let max = try await portal.member("Max Ekdahl", email: "max@film.example")
            let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let form = try await max.get("/en/account/searcher")
            _ = try await ask(max)
            let twice = try await max.post(
                "/en/account/searcher",
                ["company": "B", "number": "5560360793", "message": "x", "region": "any"],
                from: form
            )
            #expect(twice.status == 303)
            let kept = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.searcher_request",
                portal.database.root
            )
            #expect(kept == 1)
            let path = try await path(portal)
            let own = path.replacing("/searchers/", with: "/account/searcher/")
            let page = try await max.get("/en/account/searcher")
            let foreign = try await maja.post(own, [:], from: try await maja.get("/en/account"))
            #expect(foreign.status == 404)
            let back = try await max.post(own, [:], from: page)
            #expect(back.status == 303)
            let stale = try await answer(maja, path, "approved")
            #expect(stale.status == 412 && stale.text.contains("Somebody else has answered already"))
            let rights = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.grants WHERE account = \(try #require(max.account))",
                portal.database.root
            )
            #expect(rights == 0)
        }
    }

    @Test func `only offices decide, nobody their own, and others see nothing`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member(
                "Maja Lind",
                .commissioner,
                region: "skane",
                email: "maja@skane.example"
            )
            let max = try await portal.member("Max Ekdahl", email: "max@film.example")
            _ = try await ask(max)
            let path = try await path(portal)
            for other in [
                try await portal.member("Bo Berg"), try await portal.member("Pia Sandell", .programmeManager),
                try await portal.member("Eva Ek", .searcher),
            ] {
                for page in ["/en/searchers", path] {
                    let answer = try await other.get(page)
                    #expect(answer.status == 403)
                }
                let seen = try await portal.database.member.query(
                    "SELECT id FROM klappa.searcher_request",
                    settings: [("klappa.account", try #require(other.account).uuidString.lowercased())]
                )
                #expect(seen.isEmpty)
            }
            let reader = Reader.member(account: try #require(max.account), grants: [])
            await #expect(throws: PostgresError.self) {
                try await portal.database.member.execute(
                    "SELECT klappa.decide_searcher_request((SELECT id FROM klappa.searcher_request), 1, 'approved', NULL)",
                    settings: reader.settings
                )
            }
            await #expect(throws: PostgresError.self) {
                try await portal.database.member.execute(
                    "UPDATE klappa.searcher_request SET state = 'approved'",
                    settings: reader.settings
                )
            }
            try await portal.database.root.execute(
                "UPDATE klappa.searcher_request SET account = \(try #require(maja.account))"
            )
            let own = try await answer(maja, path, "approved")
            #expect(own.status == 403)
        }
    }

    @Test func `a number that is none is said at its field, and a personal number is never kept`()
        async throws
    {
        try await Portal.with { portal in
            let max = try await portal.member("Max Ekdahl", email: "max@film.example")
            let wrong = try await ask(max, number: "850709-9805")
            #expect(wrong.status == 400)
            #expect(wrong.text.contains(##"<a href="#number">"##))
            #expect(wrong.text.contains("That is no organisation number"))
            let kept = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.searcher_request",
                portal.database.root
            )
            #expect(kept == 0)
        }
    }
}
