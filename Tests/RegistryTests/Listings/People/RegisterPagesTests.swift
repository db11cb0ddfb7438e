import Foundation
import Postgres
import Testing
import Web

@testable import Registry

/// From a stranger to a listing that waits for its region, and who sees of it what.
struct RegisterPagesTests {
    /// Every place where a public listing would be found.
    private static func traces(of word: String, _ name: String, _ caller: Caller) async throws -> [String] {
        let typed = name.replacing(" ", with: "+")
        var found: [String] = []
        for address in [
            "/sv/crew?q=\(typed)", "/en/crew", "/api/v1/crew?q=\(typed)&coverage=any&facets=all",
            "/api/v1/crew?limit=100",
            "/sv/me/listing/begin?name=\(typed)",
            "/api/v1/crew/\(typed.lowercased().replacing("+", with: "-"))-1",
        ] {
            let page = try await caller.get(address)
            // What was asked for stands on pages that found nothing: the headline stands only on those that found it.
            if page.text.contains(word) { found.append(address) }
        }
        return found
    }

    @Test(arguments: ["sv", "en"])
    func `a stranger confirms an address and comes back to begin`(language: String) async throws {
        try await Portal.with { portal in
            let stranger = portal.stranger()
            let door = try await stranger.get("/\(language)/crew/register")
            #expect(door.status == 200)
            let bad = try await stranger.post(
                "/\(language)/crew/register",
                ["name": "", "email": "nobody"],
                from: door
            )
            #expect(bad.status == 400)
            let sent = try await stranger.post(
                "/\(language)/crew/register",
                ["name": "Åsa Lind", "email": "asa@example.se"],
                from: door
            )
            #expect(sent.location == "/\(language)/sign-in/sent")
            let letter = try #require(try await portal.letters().first)
            let link = try #require(letter["values"]?["link"]?.string)
            let path = String(link.trimmingPrefix("http://klappa.example"))
            let ready = try await stranger.get(path)
            let entered = try await stranger.post(path, [:], from: ready)
            #expect(entered.location == "/\(language)/me/listing")
            let begin = try await stranger.get("/\(language)/me/listing")
            #expect(begin.status == 200 && begin.text.contains("Åsa Lind"))
            let begun = try await stranger.post(
                "/\(language)/me/listing/begin",
                ["name": "Åsa Lind", "homeRegion": "kalmar"],
                from: begin
            )
            #expect(begun.location == "/\(language)/me/listing/edit")
            let edit = try await stranger.get("/\(language)/me/listing/edit")
            #expect(edit.fields["contact-1"] == "asa@example.se")
            #expect(edit.fields["contactVisibility-1"] == "office")
        }
    }

    @Test
    func `a draft is kept and taken up again, sent in, and nowhere public before the office publishes it`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await portal.member("Åsa Lind", email: "asa@example.se")
            let other = try await portal.member("Bo Ek")
            let searcher = try await portal.member("Cia Al", .searcher)
            let kalmar = try await portal.member("Dag Ö", .commissioner, region: "kalmar")
            #expect(try await me.beginListing("Åsa Lind").status == 303)
            let saved = try await me.saveListing(["headlineSv": "Klotljus", "role-1": "Ljussättare"])
            #expect(saved.status == 303, "\(saved.text)")
            #expect(try await me.get("/sv/me/listing/edit").fields["headlineSv"] == "Klotljus")
            #expect(try await me.get("/sv/me/listing").text.contains("Utkast"))

            // Not whole yet: the consent is missing.
            let refused = try await me.saveListing([:], submit: true)
            #expect(refused.status == 400 && refused.text.contains("href=\"#consent\""))
            #expect(try await portal.database.listingState(of: me.account) == "draft")
            let sent = try await me.saveListing(["consent": "yes"], submit: true)
            #expect(sent.location == "/sv/me/listing")
            #expect(try await portal.database.listingState(of: me.account) == "in_review")
            for caller in [portal.stranger(), other, searcher, kalmar] {
                #expect(try await Self.traces(of: "Klotljus", "Åsa Lind", caller) == [])
            }
            for state in ["returned", "hidden", "lapsed"] {
                try await portal.database.setState(state, of: me.account, reason: "Skriv mer")
                #expect(try await Self.traces(of: "Klotljus", "Åsa Lind", portal.stranger()) == [])
            }
            try await portal.database.setState("published", of: me.account)
            #expect(try await Self.traces(of: "Klotljus", "Åsa Lind", portal.stranger()).count >= 3)
        }
    }

    @Test func `a returned listing shows the reason and can be sent in again`() async throws {
        try await Portal.with { portal in
            let me = try await portal.member("Åsa Lind")
            try await me.beginListing("Åsa Lind")
            _ = try await me.saveListing(["role-1": "Ljussättare", "consent": "yes"], submit: true)
            try await portal.database.setState("returned", of: me.account, reason: "Skriv vad du <kan>.")
            for path in ["", "/edit"] {
                let page = try await me.get("/sv/me/listing\(path)")
                #expect(page.text.contains("Skriv vad du &lt;kan&gt;."))
            }
            #expect(try await me.press("submit").location == "/sv/me/listing")
            #expect(try await portal.database.listingState(of: me.account) == "in_review")
            #expect(!(try await me.get("/sv/me/listing").text.contains("Skriv vad du")))
            #expect(try await me.press("take-back").status == 303)
            #expect(try await portal.database.listingState(of: me.account) == "draft")
        }
    }

    @Test func `nobody publishes their own listing, by whatever button`() async throws {
        try await Portal.with { portal in
            let me = try await portal.member("Åsa Lind")
            try await me.beginListing("Åsa Lind")
            _ = try await me.saveListing(["role-1": "Ljussättare", "consent": "yes"])
            // A draft has nothing to hide or to take back.
            for step in ["hide", "take-back"] {
                #expect(try await me.press(step).status == 409)
                #expect(try await portal.database.listingState(of: me.account) == "draft")
            }
            let sent = try await me.saveListing(["state": "published"], submit: true)
            #expect(sent.status == 303)
            #expect(try await portal.database.listingState(of: me.account) == "in_review")
            let account = try #require(me.account)
            let refusal = await portal.database.refusal(
                "UPDATE klappa.person SET state = 'published' WHERE account = \(account)",
                portal.database.member,
                as: account
            )
            #expect(refusal?.constraint == "person_state_step")
        }
    }

    @Test func `whoever has the name of a listed person is shown them first, and can ask for the listing`()
        async throws
    {
        try await Portal.with { portal in
            try await portal.database.person("Ylva Lindqvist")
            try await portal.database.person("Ylva Hemlig", state: "hidden")
            let me = try await portal.member("Ylva Lindkvist", email: "ylva@example.se")
            let page = try await me.get("/sv/me/listing")
            #expect(page.text.contains("Ylva Lindqvist"), "one letter away")
            let asked = try await me.post(
                "/sv/me/listing/begin",
                ["name": "Ylva Lindqvist", "homeRegion": "skane"],
                from: page
            )
            #expect(asked.status == 200 && asked.text.contains("name=\"nobody\" value=\"Ylva Lindqvist\""))
            #expect(try await portal.database.listingState(of: me.account) == nil)
            let hidden = try await me.get("/sv/me/listing/begin?name=Ylva+Hemlig")
            #expect(!hidden.text.contains("name=\"person\""))

            let person = try #require(asked.text.firstMatch(of: /name="person" value="([^"]+)"/)?.1)
            let claimed = try await me.post(
                "/sv/me/listing/claims",
                sent: ["person": String(person), "message": "Ring mig"],
                from: asked
            )
            #expect(claimed.location == "/sv/me/listing")
            let waits = try await me.get("/sv/me/listing")
            #expect(waits.text.contains("Väntar på filmkommissionens svar"))
            let office = try await portal.database.account(.commissioner, region: "skane")
            let waiting = try await portal.database.member.transaction(
                settings: SchemaDatabase.settings(office)
            ) { try await ClaimQueries.waiting($0) }
            #expect(waiting.map(\.message) == ["Ring mig"])
            let withdraw = try #require(waits.text.firstMatch(of: /action="([^"]+\/withdraw)"/)?.1)
            let stranger = try await portal.member("Falk")
            let page2 = try await stranger.get("/sv/account")
            #expect(try await stranger.post(String(withdraw), [:], from: page2).status == 404)
            #expect(try await me.post(String(withdraw), [:], from: waits).status == 303)

            // None of them: the second time the draft is made.
            let begun = try await me.post(
                "/sv/me/listing/begin",
                ["name": "Ylva Lindqvist", "homeRegion": "skane", "nobody": "Ylva Lindqvist"],
                from: asked
            )
            #expect(begun.location == "/sv/me/listing/edit")
            let again = try await me.post(
                "/sv/me/listing/begin",
                ["name": "Ylva Två", "homeRegion": "skane"],
                from: asked
            )
            #expect(again.location == "/sv/me/listing")
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.person WHERE account IS NOT NULL",
                    portal.database.root
                ) == 1
            )
        }
    }
}
