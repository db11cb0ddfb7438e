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

    /// Lets a commissioner of Skåne decide on what waits of a member's listing.
    @discardableResult
    private static func decide(_ verdict: String, _ reason: String = "", of me: Caller, _ portal: Portal)
        async throws -> Caller.Page
    {
        let officer = try await portal.member("Karin", .commissioner, region: "skane")
        let row = try await portal.database.root.query(
            "SELECT id FROM klappa.person WHERE account = \(me.account as UUID?)"
        ).first
        let id = try #require(row).decode(UUID.self, "id").uuidString.lowercased()
        #expect(try await officer.get("/sv/review").text.contains("/sv/review/\(id)"))
        let page = try await officer.get("/sv/review/\(id)")
        let sent = try await officer.post(
            "/sv/review/\(id)",
            ["version": page.version ?? "", "verdict": verdict, "reason": reason],
            from: page
        )
        #expect(sent.status == 303, "\(sent.text)")
        return page
    }

    private static func address(_ me: Caller) async throws -> String {
        let page = try await me.get("/sv/me/listing")
        return String(try #require(page.text.firstMatch(of: /href="(\/sv\/crew\/[a-z0-9-]+-[0-9]+)"/)?.1))
    }

    @Test func `everything that the form asks for is kept, and shown once the office has read it`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            let saved = try await me.saveListing(
                [
                    "name": "Åsa <Lind>", "creditedName": "Å. Lind", "tradingName": "Lind Ljus AB",
                    "homeRegion": "kalmar", "municipality": "0880", "localRegion": "skane",
                    "travelRadius": "250",
                    "role-1": "A-foto", "grade-1": "head_of_department", "role-2": "gaffer",
                    "grade-2": "assistant",
                    "language-1": "sv", "proficiency-1": "native", "certificate-1": "licence_b",
                    "expires-1": "2031-05-01", "headlineSv": "Ljus & skugga", "headlineEn": "Light",
                    "biographySv": "Ett.\n\nTvå.", "link-1": "film.example/asa", "linkTitle-1": "Rulle",
                    "contact-2": "+46 70 123 45 67", "contactKind-2": "phone",
                    "contactVisibility-2": "anyone",
                    "availabilityVisibility": "anyone",
                ],
                submit: true
            )
            #expect(saved.location == "/sv/me/listing", "\(saved.text)")
            let fields = try await me.get("/sv/me/listing/edit").fields
            #expect(fields["role-2"] == "Ljussättare" && fields["grade-2"] == "assistant")
            #expect(fields["link-1"] == "https://film.example/asa" && fields["municipality"] == "0880")
            #expect(fields["expires-1"] == "2031-05-01" && fields["localRegion"] == "skane")
            #expect(fields["contactVisibility-2"] == "anyone" && fields["travelRadius"] == "250")
            let address = try await Self.address(me)
            let words = ["Åsa &lt;Lind&gt;", "Lind Ljus AB", "Ljus &amp; skugga", "Två.", "Rulle"]
            let before = try await portal.stranger().get(address).text
            for word in words { #expect(!before.contains(word), "\(word)") }
            #expect(before.contains("Åsa Lind") && before.contains("tel:+46701234567"), "needs no leave")
            let mine = try await me.get("/sv/me/listing").text
            #expect(mine.contains("<ins>Ljus &amp; skugga</ins>") && mine.contains("take-back-change"))
            try await Self.decide("published", of: me, portal)
            let page = try await portal.stranger().get(address)
            for word in words { #expect(page.text.contains(word), "\(word)") }
            #expect(!page.text.contains("asa@example.se"), "kept in the office")
            #expect(try await !me.get("/sv/me/listing").text.contains("discard-change"))
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

    @Test func `a hidden listing is gone at once with its consent, and its owner shows it again as it was`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await Self.published(portal, ["headlineSv": "Klotljus"])
            let address = try await Self.address(me)
            #expect(try await me.press("hide").location == "/sv/me/listing")
            #expect(try await portal.stranger().get(address).status == 404)
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.consent WHERE withdrawn_at IS NULL",
                    portal.database.root
                ) == 0
            )
            // What changes while nobody sees it waits for the office all the same.
            #expect(try await me.saveListing(["headlineSv": "Nytt"], submit: true).status == 303)
            let refused = try await me.press("show")
            #expect(refused.status == 400 && refused.text.contains("href=\"#consent\""))
            #expect(try await me.press("show", ["consent": "yes"]).status == 303)
            let page = try await portal.stranger().get(address)
            #expect(page.text.contains("Klotljus") && !page.text.contains("Nytt"))
            let versions = try await portal.database.root.query(
                "SELECT text_version FROM klappa.consent WHERE withdrawn_at IS NULL"
            ).map { try $0.decode(String.self, "text_version") }
            #expect(versions == [OwnListing.consentText])
        }
    }

    @Test func `what the office hid comes back only through the office, and the page says so`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            try await portal.database.setState("hidden", of: me.account)
            let page = try await me.get("/sv/me/listing")
            #expect(page.text.contains("Bara filmkommissionen kan visa den igen"))
            #expect(!page.text.contains("/me/listing/show\""))
            #expect(try await me.press("show", ["consent": "yes"]).status == 409)
            #expect(try await me.press("submit", ["consent": "yes"]).status == 303)
            #expect(try await portal.database.listingState(of: me.account) == "in_review")
        }
    }

    @Test func `changes are kept, sent, taken back, returned with a reason and thrown away`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal)
            func waits() async throws -> Int64 {
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.review_entry",
                    portal.database.root
                )
            }
            #expect(try await me.saveListing(["headlineSv": "Ny rubrik"]).location == "/sv/me/listing")
            #expect(try await waits() == 0)
            #expect(try await me.press("send-change").status == 303)
            #expect(try await waits() == 1)
            #expect(try await me.press("take-back-change").status == 303)
            #expect(try await waits() == 0)
            #expect(try await me.press("send-change").status == 303)
            let shown = try await Self.decide("returned", "Stava rätt.", of: me, portal)
            #expect(shown.text.contains("<ins>Ny rubrik</ins>"))
            #expect(try await portal.letters().last?["template"] == "listing-returned")
            for path in ["", "/edit"] {
                #expect(try await me.get("/sv/me/listing\(path)").text.contains("Stava rätt."))
            }
            #expect(try await me.get("/sv/me/listing/edit").fields["headlineSv"] == "Ny rubrik")
            #expect(try await me.press("discard-change").status == 303)
            #expect(try await me.get("/sv/me/listing/edit").fields["headlineSv"] == "")
            // What says no more than what stands is no change.
            _ = try await me.saveListing(["headlineSv": "Ny rubrik"], submit: true)
            _ = try await me.saveListing(["headlineSv": ""], submit: true)
            #expect(try await waits() == 0)
        }
    }

    @Test func `a published person's words are refused by the database, what protects them is not`()
        async throws
    {
        try await Portal.with { portal in
            let me = try await Self.published(portal, ["language-1": "sv"])
            let database = portal.database
            let row = try await database.root.query("SELECT id FROM klappa.person").first
            let id = try #require(row).decode(UUID.self, "id")
            let refused: [SQL] = [
                "UPDATE klappa.person SET name = 'Spam'", "UPDATE klappa.person SET biography_en = 'Spam'",
                "UPDATE klappa.person SET home_region = 8", "UPDATE klappa.person SET slug = 'spam'",
                "INSERT INTO klappa.link (subject, kind, url) VALUES (\(id), 'site', 'https://spam.example')",
                "INSERT INTO klappa.person_role (person, role, \"primary\") VALUES (\(id), 2, false)",
                "INSERT INTO klappa.person_local_region (person, region) VALUES (\(id), 8)",
            ]
            for sql in refused {
                let refusal = await database.refusal(sql, database.member, as: me.account)
                #expect(refusal?.sqlState == .insufficientPrivilege, "\(sql)")
            }
            let silent: SQL = "DELETE FROM klappa.person_language WHERE person = \(id)"
            #expect(await database.refusal(silent, database.member, as: me.account) == nil)
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.person_language", database.root)
                    == 1
            )
            let allowed: [SQL] = [
                "UPDATE klappa.person SET availability_visibility = 'nobody'",
                "UPDATE klappa.person SET renewed_on = klappa.today()",
                "INSERT INTO klappa.contact_field (subject, kind, value) VALUES (\(id), 'email', 'a@b.se')",
                "INSERT INTO klappa.block (subject, days) VALUES (\(id), '{[2027-05-01,2027-05-03)}')",
            ]
            for sql in allowed {
                #expect(await database.refusal(sql, database.member, as: me.account) == nil, "\(sql)")
            }
        }
    }

    @Test func `deleting asks first, erases every word, and leaves the account`() async throws {
        try await Portal.with { portal in
            let me = try await Self.published(portal, ["headlineSv": "Klotljus"])
            _ = try await me.saveListing(["headlineEn": "Klotljus"], submit: true)
            // A letter about them that has not gone out yet.
            try await Self.decide("returned", "Klotljus?", of: me, portal)
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
                    + (SELECT count(*) FROM klappa.listing_proposal)
                    + (SELECT count(*) FROM klappa.outbox)
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
