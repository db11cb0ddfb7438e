import Foundation
import Postgres
import Testing

@testable import Registry
@testable import Web

/// People offer a location or company and look after it.
struct OfferPagesTests {
    @Test(arguments: ["sv", "en"], ["locations", "companies"])
    func `a stranger begins with an address that a letter confirms`(language: String, kind: String)
        async throws
    {
        try await Portal.with { portal in
            let stranger = portal.stranger()
            let path = "/\(language)/\(kind)/offer"
            let page = try await stranger.get(path)
            #expect(page.status == 200)
            let refused = try await stranger.post(path, ["name": "", "email": "greta"], from: page)
            #expect(refused.status == 400)
            let asked = try await stranger.post(
                path,
                ["name": "Greta", "email": "greta@example.se"],
                from: page
            )
            #expect(asked.location == "/\(language)/sign-in/sent")
            let letter = try #require(try await portal.letters().first)
            let link = try #require(letter["values"]?["link"]?.string)
            let address = try #require(URL(string: link)?.path)
            let ready = try await stranger.get(address)
            let signedIn = try await stranger.post(address, [:], from: ready)
            #expect(signedIn.location == path)
            let form = try await stranger.get(path)
            #expect(form.status == 200)
            #expect(form.text.contains("greta@example.se"))
        }
    }

    @Test
    func `the municipality is proposed from the point and confirmed by the person`() async throws {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let page = try await owner.get("/sv/locations/offer")
            let values = OfferScene.fields(OfferScene.barn, [("municipality", "")])
            let proposed = try await owner.post(
                "/sv/locations/offer",
                sent: values.merging(["locate": "yes"]) { $1 },
                from: page
            )
            #expect(proposed.status == 200)
            #expect(proposed.text.contains("<option value=\"0761\" selected>"))
            #expect(proposed.text.contains("Röd lada med högt i tak"))
            let unconfirmed = try await owner.post("/sv/locations/offer", sent: values, from: page)
            #expect(unconfirmed.status == 400)
            #expect(unconfirmed.text.contains("<option value=\"0761\" selected>"))
            let elsewhere = try await owner.post(
                "/sv/locations/offer",
                sent: values.merging(["municipality": "1280"]) { $1 },
                from: page
            )
            #expect(elsewhere.status == 400)
            #expect(elsewhere.text.contains("municipality-error"))
            let abroad = try await owner.post(
                "/sv/locations/offer",
                sent: values.merging(["point": "59.33, 18.06"]) { $1 },
                from: page
            )
            #expect(abroad.status == 400)
            #expect(abroad.text.contains("point-error"))
        }
    }

    @Test
    func `a name like a public one offers that record first`() async throws {
        try await Portal.with { portal in
            try await portal.database.location("Ladan i Hovmantorp", municipality: "0761")
            try await portal.database.location("Ladan i Lessebo", municipality: "0761", state: "draft")
            let owner = try await portal.member("Greta")
            let page = try await owner.get("/en/locations/offer")
            let offered = try await owner.post(
                "/en/locations/offer",
                sent: OfferScene.fields(OfferScene.barn, [("name", "Ladan Hovmantorp")]),
                from: page
            )
            #expect(offered.status == 409)
            #expect(offered.text.contains("Ladan i Hovmantorp</a>"))
            #expect(!offered.text.contains("Lessebo</a>"))
            let made = try await owner.post(
                "/en/locations/offer",
                sent: OfferScene.fields(
                    OfferScene.barn,
                    [("name", "Ladan Hovmantorp"), ("distinct", "yes")]
                ),
                from: page
            )
            #expect(made.status == 303)
        }
    }

    @Test
    func `a draft is kept, seen by its owner alone, sent with consent, and comes back as it was typed`()
        async throws
    {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let own = try await OfferScene.offer(owner)
            let id = try OfferScene.id(own)
            let shown = try await owner.get(own)
            #expect(shown.status == 200)
            #expect(shown.text.contains("Utkast"))
            let edit = try await owner.get("\(own)/edit")
            for typed in [
                "Ladan i Hovmantorp", "Röd lada med högt i tak", "agare@example.se", "56.7867, 15.133",
            ] {
                #expect(edit.text.contains(typed), "\(typed)")
            }
            let stranger = try await portal.member("Nyfiken")
            for path in ["", "/edit", "/photos", "/calendar", "/preview", "/delete"] {
                #expect(try await owner.get(own + path).status == 200, "\(path)")
                #expect(try await stranger.get(own + path).status == 404, "\(path)")
                #expect(try await portal.stranger().get(own + path).status == 303, "\(path)")
            }
            #expect(try await owner.get("/sv/offers").text.contains("Ladan i Hovmantorp"))
            #expect(try await !stranger.get("/sv/offers").text.contains("Ladan"))
            // Sending needs the consent.
            let unsent = try await owner.post(
                "\(own)/state",
                ["version": OfferScene.version(shown), "step": "submit"],
                from: shown
            )
            #expect(unsent.location == own)
            let version = try OfferScene.version(edit)
            let values = OfferScene.fields(OfferScene.barn, [("version", version), ("submit", "yes")])
            let refused = try await owner.post("\(own)/edit", sent: values, from: edit)
            #expect(refused.status == 400)
            #expect(refused.text.contains("consent-error"))
            let sent = try await owner.post(
                "\(own)/edit",
                sent: values.merging(["consent": "yes"]) { $1 },
                from: edit
            )
            #expect(sent.status == 303)
            let state = try await portal.database.root.query(
                "SELECT state FROM klappa.location WHERE id = \(id)"
            )
            #expect(try state.first?.decode(String.self, "state") == "in_review")
            let consents = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.consent WHERE subject = \(id) AND purpose = 'publication'",
                portal.database.root
            )
            #expect(consents == 1)
        }
    }

    @Test
    func `who saves over somebody else sees both texts`() async throws {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let own = try await OfferScene.offer(owner)
            let first = try await owner.get("\(own)/edit")
            let version = try OfferScene.version(first)
            let one = try await owner.post(
                "\(own)/edit",
                sent: OfferScene.fields(OfferScene.barn, [("version", version), ("headlineSv", "Den ena")]),
                from: first
            )
            #expect(one.status == 303)
            let two = try await owner.post(
                "\(own)/edit",
                sent: OfferScene.fields(
                    OfferScene.barn,
                    [("version", version), ("headlineSv", "Den andra")]
                ),
                from: first
            )
            #expect(two.status == 412)
            #expect(two.text.contains("Den ena"))
            #expect(two.text.contains("Den andra"))
            let again = try await owner.post(
                "\(own)/edit",
                sent: OfferScene.fields(
                    OfferScene.barn,
                    [("version", try OfferScene.version(two)), ("headlineSv", "Den andra")]
                ),
                from: two
            )
            #expect(again.status == 303)
            #expect(try await owner.get(own).text.contains("Den andra"))
            // Saving what did not change leaves no trace: the log has the making and two headlines.
            let facts = try await portal.database.count(
                """
                SELECT count(*) AS n FROM klappa.change c
                WHERE c.kind IN ('location_fact', 'location_kind', 'contact_field') AND c.operation <> 'insert'
                """,
                portal.database.root
            )
            #expect(facts == 0)
        }
    }

    @Test
    func `days are known, blocked and freed`() async throws {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let own = try await OfferScene.offer(owner)
            let id = try OfferScene.id(own)
            let page = try await owner.get("\(own)/calendar")
            #expect(page.status == 200)
            let address = "\(own)/calendar"
            func send(_ part: String, _ fields: [String: String]) async throws -> Int {
                let shown = try await owner.get(address)
                let all = fields.merging(["version": shown.version ?? ""]) { mine, _ in mine }
                return try await owner.post("\(address)/\(part)", sent: all, from: shown).status
            }
            #expect(try await send("known", ["knownFrom": "2030-06-01", "knownTo": "2030-01-01"]) == 400)
            #expect(try await send("known", ["knownFrom": "2030-01-01", "knownTo": "2030-12-31"]) == 303)
            #expect(try await send("days", ["block": "yes", "from": "i övermorgon"]) == 400)
            let march = ["from": "2030-03-01", "to": "2030-03-12"]
            #expect(try await send("days", march.merging(["block": "yes"]) { $1 }) == 303)
            #expect(
                try await send("days", ["free": "yes", "from": "2030-03-05", "to": "2030-03-06"]) == 303
            )
            // Of two windows the second is told, and overwrites nothing.
            #expect(
                try await send("days", march.merging(["free": "yes", "version": "1"]) { $1 }) == 412
            )
            let days = try await portal.database.root.query(
                "SELECT days::text AS days FROM klappa.block WHERE subject = \(id)"
            )
            #expect(
                try days.map { try $0.decode(String.self, "days") }
                    == ["{[2030-03-01,2030-03-05),[2030-03-07,2030-03-13)}"]
            )
            #expect(
                try await send("days", ["free": "yes", "from": "2030-03-01", "to": "2030-03-31"]) == 303
            )
            let left = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.block",
                portal.database.root
            )
            #expect(left == 0)
        }
    }

    @Test
    func `without the program that reads pictures an upload says so, and nothing is kept`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "photos-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = PhotoStore(folder, PhotoMaker(program: "/nonexistent/vipsthumbnail"))
        try await Portal.with(photos: store) { portal in
            let owner = try await portal.member("Greta")
            let own = try await OfferScene.offer(owner)
            let page = try await owner.get("\(own)/photos")
            let files = [(field: "files", name: "1.png", bytes: DemoPicture.png(seed: 1, index: 1))]
            let answer = try await owner.postFiles("\(own)/photos", [], files: files, from: page)
            #expect(answer.status == 503)
            #expect(answer.text.contains("Bilderna är inte sparade") && answer.text.contains("libvips-tools"))
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.photo",
                    portal.database.root
                )
                    == 0
            )
        }
    }

    @Test(.enabled(if: PhotoMaker.isInstalled, "vipsthumbnail (libvips-tools) is not installed"))
    func `several pictures are taken at once, with words in both languages`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "photos-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Portal.with(photos: PhotoStore(folder)) { portal in
            let owner = try await portal.member("Greta")
            let own = try await OfferScene.offer(owner)
            let address = "\(own)/photos"
            let page = try await owner.get(address)
            let files = (1...2).map {
                (field: "files", name: "\($0).png", bytes: DemoPicture.png(seed: 1, index: $0))
            }
            let broken = [(field: "files", name: "cv.pdf", bytes: Array("%PDF-1.7".utf8))]
            let mixed = try await owner.postFiles(address, [], files: files + broken, from: page)
            #expect(mixed.status == 400)
            #expect(mixed.text.contains("cv.pdf"))
            let shown = try await owner.get(address)
            #expect(shown.text.matches(of: /class="pictures"/).count == 1)
            let actions = shown.text.matches(of: /action="([^"]+\/photos\/[0-9a-f-]{36})"/).map {
                String($0.1)
            }
            #expect(actions.count == 2)
            let saved = try await owner.post(
                try #require(actions.last),
                sent: [
                    "number": "2", "alternativeSv-2": "En röd lada", "alternativeEn-2": "A red barn",
                    "captionSv-2": "Ladan i maj", "captionEn-2": "The barn in May", "first": "yes",
                ],
                from: shown
            )
            #expect(saved.status == 303)
            let rows = try await portal.database.root.query(
                "SELECT alternative_en, caption_sv FROM klappa.photo ORDER BY sort_order"
            )
            #expect(try rows.first?.decode(String?.self, "alternative_en") == "A red barn")
            #expect(try rows.first?.decode(String?.self, "caption_sv") == "Ladan i maj")
            let removed = try await owner.post(
                try #require(actions.first),
                sent: ["number": "1", "remove": "yes"],
                from: shown
            )
            #expect(removed.status == 303)
            let left = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.photo",
                portal.database.root
            )
            #expect(left == 1)
            let stranger = try await portal.member("Nyfiken")
            let other = try await stranger.get("/sv/offers")
            let refused = try await stranger.postFiles(address, [], files: files, from: other)
            #expect(refused.status == 404)
        }
    }

    @Test
    func `a company is drafted with categories, sites and contacts, and comes back as it was typed`()
        async throws
    {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let page = try await owner.get("/en/companies/offer")
            let values = [
                "name": "Nordljus Rental", "category": "lighting_rental", "also": "camera_rental",
                "municipality": "0780", "headlineEn": "Lights and lenses", "phone": "0470-12 34 56",
                "phoneVisibility": "anyone", "site": "nordljus.example", "version": "0", "consent": "yes",
                "submit": "yes",
            ]
            let wrong = try await owner.post(
                "/en/companies/offer",
                sent: values.merging(["phone": "ring mig"]) { $1 },
                from: page
            )
            #expect(wrong.status == 400)
            #expect(wrong.text.contains("phone-error"))
            let made = try await owner.post("/en/companies/offer", sent: values, from: page)
            #expect(made.status == 303, "\(made.text)")
            let own = try #require(made.location)
            let edit = try await owner.get("\(own)/edit")
            for typed in [
                "Nordljus Rental", "https://nordljus.example", "0470-12 34 56", "Lights and lenses",
            ] {
                #expect(edit.text.contains(typed), "\(typed)")
            }
            #expect(edit.text.contains("value=\"camera_rental\" checked"))
            #expect(try await owner.get("\(own)/preview").text.contains("Lights and lenses"))
            #expect(try await owner.get("\(own)/calendar").status == 404)
            #expect(
                try await portal.stranger().get("/en/companies?q=nordljus").text.contains("Rental</a>")
                    == false
            )
        }
    }

    @Test
    func `an owner hides, shows again, renews and deletes`() async throws {
        try await Portal.with { portal in
            let owner = try await portal.member("Greta")
            let barn = try await portal.database.location("Ladan", account: owner.account)
            try await portal.database.worker.execute("UPDATE klappa.location SET renewed_on = '2020-01-01'")
            let own = "/sv/offers/\(barn.uuidString.lowercased())"
            func step(_ name: String) async throws {
                let page = try await owner.get(own)
                let sent = try await owner.post(
                    "\(own)/state",
                    ["version": OfferScene.version(page), "step": name, "consent": "yes"],
                    from: page
                )
                #expect(sent.location == own)
            }
            func state() async throws -> String? {
                try await portal.database.root.query(
                    "SELECT state || ' ' || (renewed_on = klappa.today()) AS n FROM klappa.location"
                ).first.map { try $0.decode(String.self, "n") }
            }
            try await step("renew")
            #expect(try await state() == "published true")
            try await step("hide")
            #expect(try await state() == "hidden true")
            try await step("renew")
            #expect(try await state() == "hidden true")
            try await step("show")
            #expect(try await state() == "published true")
            // What the office hides is shown again by the office only.
            try await portal.database.root.execute("UPDATE klappa.location SET state = 'hidden'")
            #expect(try await owner.get(own).text.contains("Bara filmkommissionen kan visa den igen"))
            try await step("show")
            #expect(try await state() == "hidden true")
            try await step("submit")
            #expect(try await state() == "in_review true")
            try await step("withdraw")
            #expect(try await state() == "draft true")
            let ask = try await owner.get("\(own)/delete")
            let gone = try await owner.post("\(own)/delete", ["version": OfferScene.version(ask)], from: ask)
            #expect(gone.location == "/sv/offers")
            #expect(try await owner.get(own).status == 404)
            let left = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.location WHERE name <> ''",
                portal.database.root
            )
            #expect(left == 0)
        }
    }
}
