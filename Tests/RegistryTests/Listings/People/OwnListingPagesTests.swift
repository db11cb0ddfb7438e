import Foundation
import Postgres
import Testing
import Web

@testable import Registry

/// Taking care of a listing: correcting it, who sees which field, hiding and deleting it, and clashes.
struct OwnListingPagesTests {
    /// Somebody with a published listing.
    private static func published(_ portal: Portal, _ changes: [String: String] = [:]) async throws -> Caller
    {
        let me = try await portal.member("Åsa Lind", email: "asa@example.se")
        try await me.beginListing("Åsa Lind")
        let fields = ["role-1": "Ljussättare", "consent": "yes"].merging(changes) { _, new in new }
        let sent = try await me.saveListing(fields, submit: true)
        #expect(sent.status == 303, "\(sent.text)")
        try await portal.database.setState("published", of: me.account)
        return me
    }

    private static func address(_ me: Caller) async throws -> String {
        let page = try await me.get("/sv/me/listing")
        return String(try #require(page.text.firstMatch(of: /href="(\/sv\/crew\/[a-z0-9-]+-[0-9]+)"/)?.1))
    }

    @Test func `everything that the form asks for is kept, and a published listing shows it at once`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            let saved = try await me.saveListing([
                "name": "Åsa <Lind>", "creditedName": "Å. Lind", "tradingName": "Lind Ljus AB",
                "homeRegion": "kalmar", "municipality": "0880", "localRegion": "skane", "travelRadius": "250",
                "role-1": "A-foto", "grade-1": "head_of_department", "role-2": "gaffer",
                "grade-2": "assistant",
                "language-1": "sv", "proficiency-1": "native", "certificate-1": "licence_b",
                "expires-1": "2031-05-01", "headlineSv": "Ljus & skugga", "headlineEn": "Light",
                "biographySv": "Ett.\n\nTvå.", "link-1": "film.example/asa", "linkTitle-1": "Rulle",
                "contact-2": "+46 70 123 45 67", "contactKind-2": "phone", "contactVisibility-2": "anyone",
                "availabilityVisibility": "anyone",
            ])
            #expect(saved.status == 303, "\(saved.text)")
            let fields = try await me.get("/sv/me/listing/edit").fields
            #expect(fields["role-2"] == "Ljussättare" && fields["grade-2"] == "assistant")
            #expect(fields["link-1"] == "https://film.example/asa" && fields["municipality"] == "0880")
            #expect(fields["expires-1"] == "2031-05-01" && fields["localRegion"] == "skane")
            #expect(fields["contactVisibility-2"] == "anyone" && fields["travelRadius"] == "250")
            let page = try await portal.stranger().get(try await Self.address(me))
            for word in [
                "Åsa &lt;Lind&gt;", "Lind Ljus AB", "Ljus &amp; skugga", "Två.", "Rulle", "tel:+46701234567",
            ] {
                #expect(page.text.contains(word), "\(word)")
            }
            #expect(!page.text.contains("asa@example.se"), "kept in the office")
        }
    }

    @Test func `of a row that stays the same nothing is written`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(
                portal,
                ["language-1": "sv", "link-1": "https://film.example/a"]
            )
            func changes() async throws -> Int64 {
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.change",
                    portal.database.root
                )
            }
            let before = try await changes()
            _ = try await me.saveListing(["headlineSv": "Ny rubrik"])
            #expect(try await changes() == before + 1)
        }
    }

    @Test func `mistakes are told at their fields, and what was typed stays`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            let page = try await me.saveListing([
                "name": "", "municipality": "0880", "role-1": "Trollkarl", "contact-1": "ingen adress",
                "link-1": "inte en länk", "travelRadius": "långt",
            ])
            #expect(page.status == 400)
            for field in ["name", "municipality", "role-1", "contact-1", "link-1", "travelRadius"] {
                #expect(page.text.contains("href=\"#\(field)\""), "\(field)")
            }
            #expect(page.fields["role-1"] == "Trollkarl" && page.fields["link-1"] == "inte en länk")
            let roleless = try await me.saveListing(["role-1": ""])
            #expect(roleless.status == 400 && roleless.text.contains("href=\"#role-1\""))
            let twice = try await me.saveListing(["role-2": "Ljussättare"])
            #expect(twice.status == 400 && twice.text.contains("href=\"#role-2\""))
        }
    }

    @Test func `the second of two windows gets both texts and overwrites nothing`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            let first = try await me.get("/sv/me/listing/edit")
            let second = try await me.get("/sv/me/listing/edit")
            #expect(try await me.saveListing(["headlineSv": "Först"], from: first).status == 303)
            let clash = try await me.saveListing(["headlineSv": "Sist"], from: second)
            #expect(clash.status == 412)
            #expect(clash.text.contains("<td>Sist</td><td>Först</td>"))
            #expect(try await me.get("/sv/me/listing/edit").fields["headlineSv"] == "Först")
            // With the version of the clash it can be sent again.
            #expect(try await me.saveListing(["headlineSv": "Sist"], from: clash).status == 303)
            let stale = try await me.press("hide", ["version": "1"])
            #expect(stale.status == 412)
            #expect(try await portal.database.listingState(of: me.account) == "published")
        }
    }

    @Test(arguments: [
        // Visibility, seen by anyone, by an approved searcher.
        ("anyone", true, true), ("approved", false, true), ("request", false, false),
        ("office", false, false),
    ])
    func `each contact field is seen by whom its owner chose`(
        visibility: String,
        anyone: Bool,
        approved: Bool
    ) async throws {
        try await Portal.with { portal in
            let number = "+46 70 999 88 77"
            let me = try await Self.published(
                portal,
                ["contact-2": number, "contactKind-2": "phone", "contactVisibility-2": visibility]
            )
            let address = try await Self.address(me)
            let record = "/api/v1/crew/" + address.split(separator: "/").last!
            let searcher = try await portal.member("Bo Ek", .searcher)
            let member = try await portal.member("Cia Al")
            let pages = try await [
                portal.stranger().get(address), portal.stranger().get(record),
                portal.stranger().get("/api/v1/crew?coverage=any"), member.get(address),
                me.get("/sv/me/listing/seen/anyone"),
            ]
            for page in pages {
                #expect(page.status == 200)
                #expect(page.text.contains(number) == anyone)
            }
            for page in try await [searcher.get(address), me.get("/sv/me/listing/seen/approved")] {
                #expect(page.text.contains(number) == approved)
            }
            #expect(try await me.get("/sv/me/listing/edit").text.contains(number))
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.contact_field",
                    portal.database.member,
                    as: searcher.account
                ) == 0
            )
        }
    }

    @Test func `a hidden listing is gone at once with its consent, and comes back only through the office`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            let address = try await Self.address(me)
            #expect(try await me.press("hide").location == "/sv/me/listing")
            #expect(try await portal.stranger().get(address).status == 404)
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.consent WHERE withdrawn_at IS NULL",
                    portal.database.root
                ) == 0
            )
            let refused = try await me.press("submit")
            #expect(refused.status == 400 && refused.text.contains("href=\"#consent\""))
            #expect(try await me.press("submit", ["consent": "yes"]).status == 303)
            #expect(try await portal.database.listingState(of: me.account) == "in_review")
            #expect(try await portal.stranger().get(address).status == 404)
            let versions = try await portal.database.root.query(
                "SELECT text_version FROM klappa.consent WHERE withdrawn_at IS NULL"
            ).map { try $0.decode(String.self, "text_version") }
            #expect(versions == [OwnListing.consentText])
        }
    }

    @Test func `deleting asks first, erases every word, and leaves the account`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal, ["headlineSv": "Klotljus"])
            let question = try await me.get("/sv/me/listing/delete")
            let asked = try await me.post(
                "/sv/me/listing/delete",
                sent: ["version": question.version ?? ""],
                from: question
            )
            #expect(asked.status == 400)
            #expect(try await portal.database.listingState(of: me.account) == "published")
            let stale = try await me.post(
                "/sv/me/listing/delete",
                sent: ["version": "1", "sure": "yes"],
                from: question
            )
            #expect(stale.status == 412)
            let gone = try await me.post(
                "/sv/me/listing/delete",
                sent: ["version": question.version ?? "", "sure": "yes"],
                from: question
            )
            #expect(gone.location == "/sv/account")
            #expect(try await portal.database.listingState(of: me.account) == nil)
            let left = try await portal.database.count(
                """
                SELECT (SELECT count(*) FROM klappa.person p WHERE p::text LIKE '%Klotljus%')
                    + (SELECT count(*) FROM klappa.change_value v WHERE v::text LIKE '%Klotljus%')
                    + (SELECT count(*) FROM klappa.crew_record r WHERE r.body LIKE '%Klotljus%')
                    + (SELECT count(*) FROM klappa.contact_field) AS n
                """,
                portal.database.root
            )
            #expect(left == 0)
            #expect(try await me.get("/sv/account").status == 200)
            #expect(try await me.get("/sv/me/listing").text.contains("/sv/me/listing/begin"))
        }
    }

    @Test func `one click renews, also what has lapsed`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            try await portal.database.root.execute(
                "UPDATE klappa.person SET renewed_on = '2025-01-01', state = 'lapsed'"
            )
            #expect(try await me.get("/sv/me/listing").text.contains("1 januari 2025"))
            #expect(try await me.press("renew").status == 303)
            #expect(try await portal.database.listingState(of: me.account) == "published")
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.person WHERE renewed_on = klappa.today()",
                    portal.database.root
                ) == 1
            )
        }
    }

    @Test func `nobody else reaches a listing or its pages`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal, ["headlineSv": "Klotljus"])
            try await portal.database.setState("hidden", of: me.account)
            let other = try await portal.member("Bo Ek")
            for path in ["", "/edit", "/calendar", "/seen/anyone", "/seen/approved", "/delete"] {
                #expect(
                    try await portal.stranger().get("/sv/me/listing\(path)").location?.contains("/sign-in")
                        == true
                )
                #expect(!(try await other.get("/sv/me/listing\(path)").text.contains("Klotljus")))
            }
            // Without a token nothing is taken.
            let forged = try await me.post("/sv/me/listing/submit", ["version": "1"], from: nil)
            #expect(forged.status == 403)
        }
    }
}
