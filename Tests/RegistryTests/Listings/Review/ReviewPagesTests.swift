import Foundation
import Postgres
import Testing

@testable import Registry
@testable import Web

/// An office reads what was sent and decides; nobody else does, and nothing shows before.
struct ReviewPagesTests {
    /// A barn in review, and who sent it.
    private func sent(_ portal: Portal) async throws -> (owner: Caller, own: String, id: UUID, review: String)
    {
        let owner = try await portal.member("Greta Ägare", email: "greta@example.se")
        let own = try await OfferScene.offer(owner, [("consent", "yes"), ("submit", "yes")])
        let id = try OfferScene.id(own)
        return (owner, own, id, "/sv/review/\(id.uuidString.lowercased())")
    }

    private func decide(
        _ officer: Caller,
        _ review: String,
        _ verdict: String,
        _ reason: String = "",
        version: String? = nil
    ) async throws -> Caller.Page {
        let page = try await officer.get(review)
        let version = try version ?? OfferScene.version(page)
        return try await officer.post(
            review,
            ["version": version, "verdict": verdict, "reason": reason],
            from: page
        )
    }

    private func isFound(_ portal: Portal) async throws -> Bool {
        let stranger = portal.stranger()
        let page = try await stranger.get("/sv/locations?q=Hovmantorp").text
        let list = try await stranger.get("/api/v1/locations?q=Hovmantorp").text
        #expect(page.contains(">Ladan i Hovmantorp</a>") == list.contains("Ladan i Hovmantorp"))
        return list.contains("Ladan i Hovmantorp")
    }

    @Test
    func `a commissioner publishes what an owner sent; it is found at once and the owner gets a letter`()
        async throws
    {
        try await Portal.with { portal in
            let (_, own, id, review) = try await sent(portal)
            #expect(try await !isFound(portal))
            let officer = try await portal.member("Karin", .commissioner, region: "kronoberg")
            let list = try await officer.get("/sv/review")
            #expect(list.text.contains("Ladan i Hovmantorp"))
            let page = try await officer.get(review)
            for said in ["Röd lada med högt i tak", "240", "greta@example.se", "agare@example.se", "56.7867"]
            {
                #expect(page.text.contains(said), "\(said)")
            }
            let done = try await decide(officer, review, "published")
            #expect(done.location == "/sv/review")
            #expect(try await isFound(portal))
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "listing-published")
            #expect(letter["to"] == "greta@example.se")
            #expect(letter["values"]?["link"]?.string == "http://klappa.example\(own)")
            let changes = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.change WHERE subject = \(id) AND 'state' = ANY (columns)",
                portal.database.root
            )
            #expect(changes == 2)
            #expect(try await officer.get(review).status == 404)
            #expect(try await !officer.get("/sv/review").text.contains("Hovmantorp"))
        }
    }

    @Test
    func `a reason is needed to return, and reaches the owner`() async throws {
        try await Portal.with { portal in
            let (owner, own, _, review) = try await sent(portal)
            let officer = try await portal.member("Karin", .regionAdministrator, region: "kronoberg")
            let bare = try await decide(officer, review, "returned")
            #expect(bare.status == 400)
            #expect(bare.text.contains("reason-error"))
            let done = try await decide(officer, review, "returned", "Lägg till en bild inifrån.")
            #expect(done.status == 303)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "listing-returned")
            #expect(letter["values"]?["reason"] == "Lägg till en bild inifrån.")
            #expect(try await owner.get(own).text.contains("Lägg till en bild inifrån."))
            #expect(try await !isFound(portal))
            #expect(try await officer.get(review).status == 404)
        }
    }

    @Test
    func `two commissioners do not decide over each other, nor over what the owner saved meanwhile`()
        async throws
    {
        try await Portal.with { portal in
            let (owner, own, _, review) = try await sent(portal)
            let one = try await portal.member("Karin", .commissioner, region: "kronoberg")
            let seen = try OfferScene.version(try await one.get(review))
            let edit = try await owner.get("\(own)/edit")
            let saved = try await owner.post(
                "\(own)/edit",
                sent: OfferScene.fields(
                    OfferScene.barn,
                    [("version", try OfferScene.version(edit)), ("headlineSv", "Något helt annat")]
                ),
                from: edit
            )
            #expect(saved.status == 303)
            let stale = try await decide(one, review, "published", version: seen)
            #expect(stale.status == 412)
            #expect(stale.text.contains("Något helt annat"))
            #expect(try await !isFound(portal))
            let two = try await portal.member("Karl", .commissioner, region: "kronoberg")
            let both = try await one.get(review)
            let other = try await two.get(review)
            let version = try OfferScene.version(both)
            let first = try await one.post(
                review,
                ["version": version, "verdict": "hidden", "reason": ""],
                from: both
            )
            #expect(first.status == 303)
            let second = try await two.post(
                review,
                ["version": version, "verdict": "published", "reason": ""],
                from: other
            )
            #expect(second.status == 404)
            #expect(try await !isFound(portal))
        }
    }

    @Test
    func `another region, a searcher, the owner and a stranger neither read nor decide`() async throws {
        try await Portal.with { portal in
            let (owner, _, id, review) = try await sent(portal)
            let own = try await portal.member("Karin", .commissioner, region: "kronoberg")
            let page = try await own.get(review)
            let fields: KeyValuePairs<String, String> = [
                "version": try OfferScene.version(page), "verdict": "published", "reason": "",
            ]
            for region in SiteRegion.all.map(\.code) where region != "kronoberg" {
                for right in [Right.commissioner, .regionAdministrator] {
                    let other = try await portal.member("Någon", right, region: region)
                    #expect(try await other.get(review).status == 404)
                    #expect(try await other.get("/sv/offers/\(id.uuidString.lowercased())").status == 404)
                    let list = try await other.get("/sv/review")
                    #expect(list.status == 200)
                    #expect(!list.text.contains("Hovmantorp"))
                    #expect(list.text.contains("0 väntar"))
                    #expect(try await !other.get("/sv/review?region=kronoberg").text.contains("Hovmantorp"))
                    #expect(try await other.post(review, fields, from: list).status == 404)
                }
            }
            for caller in [
                owner, try await portal.member("Sökare", .searcher), try await portal.member("Ingen"),
            ] {
                let account = try await caller.get("/sv/account")
                #expect(try await caller.get("/sv/review").status == 403)
                #expect(try await caller.get(review).status == 403)
                #expect(try await caller.post(review, fields, from: account).status == 403)
            }
            #expect(try await portal.stranger().get(review).status == 303)
            #expect(try await !isFound(portal))
        }
    }

    @Test
    func `changes of a public one wait, show before and after, and count when published`() async throws {
        try await Portal.with { portal in
            let (owner, own, id, review) = try await sent(portal)
            let officer = try await portal.member("Karin", .commissioner, region: "kronoberg")
            _ = try await decide(officer, review, "published")
            let edit = try await owner.get("\(own)/edit")
            let sent = try await owner.post(
                "\(own)/edit",
                sent: OfferScene.fields(
                    OfferScene.barn,
                    [
                        ("version", try OfferScene.version(edit)), ("headlineSv", "Blå lada"),
                        ("fact-floor_area_m2", "300"), ("emailVisibility", "anyone"), ("submit", "yes"),
                    ]
                ),
                from: edit
            )
            #expect(sent.status == 303, "\(sent.text)")
            let before = try #require(try await portal.database.publicRecord(id))
            #expect(before.contains("Röd lada"))
            #expect(!before.contains("Blå lada"))
            // Who sees a contact is the owner's own matter.
            #expect(before.contains("agare@example.se"))
            let page = try await officer.get(review)
            #expect(page.text.contains("<del>Röd lada med högt i tak</del>"))
            #expect(page.text.contains("<ins>Blå lada</ins>"))
            #expect(page.text.contains("<ins>300 m²</ins>") || page.text.contains("<ins>300 m²</ins>"))
            let returned = try await decide(officer, review, "returned", "Är den verkligen blå?")
            #expect(returned.status == 303)
            #expect(try await owner.get(own).text.contains("Är den verkligen blå?"))
            #expect(try #require(try await portal.database.publicRecord(id)).contains("Röd lada"))
            let again = try await owner.get(own)
            _ = try await owner.post(
                "\(own)/state",
                ["version": OfferScene.version(again), "step": "sendProposal"],
                from: again
            )
            let done = try await decide(officer, review, "published")
            #expect(done.status == 303)
            let after = try #require(try await portal.database.publicRecord(id))
            #expect(after.contains("Blå lada"))
            #expect(after.contains("300"))
            #expect(after.contains("agare@example.se"))
        }
    }

    @Test
    func `a person and a company are read and published the same way`() async throws {
        try await Portal.with { portal in
            let database = portal.database
            let ada = try await database.person("Ada Ek", region: 12, state: "in_review", invented: true)
            let company = try await database.company("Ljus AB", state: "in_review")
            let officer = try await portal.member("Maja", .commissioner, region: "skane")
            let first = "/en/review/\(ada.uuidString.lowercased())"
            let page = try await officer.get(first)
            #expect(page.status == 200)
            #expect(page.text.contains("Ada Ek"))
            let next = try await officer.post(
                first,
                ["version": OfferScene.version(page), "verdict": "published", "reason": ""],
                from: page
            )
            #expect(next.location == "/en/review/\(company.uuidString.lowercased())")
            let second = try #require(next.location)
            let other = try await officer.get(second)
            _ = try await officer.post(
                second,
                ["version": OfferScene.version(other), "verdict": "published", "reason": ""],
                from: other
            )
            #expect(try await portal.stranger().get("/api/v1/crew?q=Ada").text.contains("Ada Ek"))
            #expect(try await portal.stranger().get("/api/v1/companies?q=Ljus").text.contains("Ljus AB"))
        }
    }

    @Test
    func `without consent nothing is published, and the office is told why`() async throws {
        try await Portal.with { portal in
            let barn = try await portal.database.location("Ladan", state: "in_review", invented: false)
            let officer = try await portal.member("Maja", .commissioner, region: "skane")
            let review = "/en/review/\(barn.uuidString.lowercased())"
            let page = try await officer.get(review)
            let refused = try await officer.post(
                review,
                ["version": OfferScene.version(page), "verdict": "published", "reason": ""],
                from: page
            )
            #expect(refused.status == 400)
            #expect(refused.text.contains("agreed to publication"))
            #expect(try await portal.database.publicRecord(barn) == nil)
        }
    }

    @Test
    func `a long queue is paged, oldest first, and counted`() async throws {
        try await Portal.with { portal in
            for number in 1...35 {
                try await portal.database.location("Plats \(number)", state: "in_review")
            }
            let officer = try await portal.member("Maja", .commissioner, region: "skane")
            let first = try await officer.get("/sv/review?kind=location")
            #expect(first.text.contains("35 väntar"))
            #expect(first.text.contains(">Plats 1</a>"))
            #expect(!first.text.contains(">Plats 31</a>"))
            let second = try await officer.get("/sv/review?kind=location&page=2")
            #expect(second.text.contains(">Plats 31</a>"))
            #expect(!second.text.contains(">Plats 30</a>"))
            #expect(try await !officer.get("/sv/review?kind=company").text.contains(">Plats 1<"))
        }
    }

    @Test
    func `an office gives a listing to who claims it, or says why not`() async throws {
        try await Portal.with { portal in
            let database = portal.database
            let listing = try await database.person("Ada Ek", region: 12)
            let ada = try await portal.member("Ada", email: "ada@example.se")
            let other = try await portal.member("Bo", email: "bo@example.se")
            for caller in [ada, other] {
                _ = try await database.member.query(
                    "SELECT klappa.claim_listing(\(listing), 'Det är jag')",
                    settings: SchemaDatabase.settings(caller.account)
                )
            }
            let elsewhere = try await portal.member("Kim", .commissioner, region: "kalmar")
            #expect(try await !elsewhere.get("/sv/review").text.contains("Ada Ek"))
            let officer = try await portal.member("Maja", .commissioner, region: "skane")
            let list = try await officer.get("/sv/review?kind=claim")
            let claims = list.text.matches(of: /href="(\/sv\/review\/claims\/[0-9a-f-]{36})"/).map {
                String($0.1)
            }
            #expect(claims.count == 2)
            let accept = try await officer.get(try #require(claims.first))
            #expect(accept.text.contains("Det är jag"))
            let done = try await officer.post(
                claims[0],
                ["version": OfferScene.version(accept), "verdict": "accepted", "reason": ""],
                from: accept
            )
            #expect(done.location == "/sv/review")
            let refuse = try await officer.get(claims[1])
            let bare = try await officer.post(
                claims[1],
                ["version": OfferScene.version(refuse), "verdict": "refused", "reason": ""],
                from: refuse
            )
            #expect(bare.status == 400)
            _ = try await officer.post(
                claims[1],
                [
                    "version": OfferScene.version(refuse), "verdict": "refused",
                    "reason": "Den är redan tagen.",
                ],
                from: refuse
            )
            let templates = try await portal.letters().compactMap { $0["template"]?.string }
            #expect(templates.contains("claim-accepted") && templates.contains("claim-refused"))
            #expect(try await elsewhere.get(claims[1]).status == 404)
        }
    }
}
