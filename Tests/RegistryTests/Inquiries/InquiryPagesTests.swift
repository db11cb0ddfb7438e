import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

/// The pages of inquiries, as producers and offices use them, without JavaScript.
struct InquiryPagesTests {
    private static let asked = [
        "as": "medium", "title": "Saltängen", "productionType": "documentary_film",
        "company": "Brackvatten Film",
        "summary": "Två dagar vid en damm.", "shoot": "3–7 maj 2027", "role-1": "Ljussättare", "count-1": "2",
        "place-1": "Lada", "contactName": "Ada Ek", "email": "ada@example.se", "region": "kronoberg",
        "send": "1",
    ]

    /// The form as it is sent, with changes; what is changed to nil is not sent.
    private func with(_ changes: [String: String?]) -> [String: String] {
        Self.asked.merging(changes.compactMapValues { $0 }) { $1 }.filter { changes[$0.key] != .some(nil) }
    }

    @Test(arguments: Language.allCases)
    func `the form asks what suits the scale`(_ language: Language) async throws {
        try await Portal.with { portal in
            let browser = portal.stranger()
            func asks(_ scale: String) async throws -> Set<String> {
                let page = try await browser.get("/\(language)/inquiries/new?scale=\(scale)")
                #expect(page.status == 200)
                return Set(page.text.matches(of: /name="([\w-]+)"/).map { String($0.1) })
            }
            let (small, medium, large) = (
                try await asks("small"), try await asks("medium"), try await asks("large")
            )
            #expect(!small.contains("role-1") && medium.contains("role-1") && large.contains("role-1"))
            #expect(!small.contains("budget") && !medium.contains("budget") && large.contains("budget"))
            #expect(!medium.contains("prep") && large.contains("prep") && large.contains("post"))
            #expect(small.isSubset(of: medium) && medium.isSubset(of: large))
        }
    }

    @Test func `nothing typed is lost on an error, nor when the scale is switched or rows are added`()
        async throws
    {
        try await Portal.with { portal in
            let browser = portal.stranger()
            let empty = try await browser.get("/sv/inquiries/new")
            let wrong = try await browser.post(
                "/sv/inquiries/new",
                sent: with(["email": "ada", "role-1": "Trollkarl", "place-1": "Månen", "shoot": "nånsin"]),
                from: empty
            )
            #expect(wrong.status == 400)
            for text in [
                "Saltängen", "Trollkarl", "Månen", "nånsin", "Två dagar vid en damm.", "Brackvatten Film",
            ] {
                #expect(wrong.text.contains(text), "\(text)")
            }
            for field in ["email", "role-1", "place-1", "shoot"] {
                #expect(wrong.text.contains("href=\"#\(field)\""), "\(field)")
            }
            for button in ["scale", "more-role", "more-place"] {
                let again = try await browser.post(
                    "/sv/inquiries/new",
                    sent: with(["send": nil as String?, button: button == "scale" ? "large" : "1"]),
                    from: empty
                )
                #expect(again.status == 200 && again.text.contains("value=\"Saltängen\""), "\(button)")
                #expect(!again.text.contains("id=\"errors\""))
            }
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry",
                    portal.database.owner
                ) == 0
            )
        }
    }

    @Test func `a producer files, follows and answers; the office answers, takes steps and closes`()
        async throws
    {
        try await Portal.with { portal in
            let producer = portal.stranger()
            let empty = try await producer.get("/sv/inquiries/new")
            let once = try #require(empty.text.firstMatch(of: /name="once" value="([^"]+)"/)).1
            let fields = with(["once": String(once)])
            let filed = try await producer.post("/sv/inquiries/new", sent: fields, from: empty)
            #expect(filed.status == 303)
            let follow = try #require(filed.location)
            // Sending the form twice files one inquiry.
            let twice = try await producer.post("/sv/inquiries/new", sent: fields, from: empty)
            #expect(twice.location == follow)
            let own = try await producer.get(follow)
            #expect(own.status == 200 && own.text.contains("noindex"))
            let number = try #require(own.text.firstMatch(of: /SYD-\d{4}-\d{4}/)).0
            #expect(own.text.contains("3–7 maj 2027 (5 dagar)") && own.text.contains("2 × Ljussättare"))

            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let inbox = try await maja.get("/sv/inquiries")
            #expect(inbox.text.contains(number) && inbox.text.contains("Första svar"))
            let address = "/sv/inquiries/\(number)"
            var page = try await maja.get(address)
            #expect(page.status == 200)
            // One click to matching crew, with the days filled in.
            #expect(
                page.text.contains(
                    "/sv/crew/staffing?dates=2027-05-03/2027-05-07&amp;region=kronoberg&amp;role=gaffer&amp;count=2"
                )
            )
            #expect(
                page.text.contains(
                    "/sv/locations?type=barn&amp;region=kronoberg&amp;dates=2027-05-03/2027-05-07"
                )
            )
            let answered = try await maja.post(
                address + "/entries",
                ["kind": "answer", "body": "Vi har en lada."],
                from: page
            )
            #expect(answered.status == 303)
            #expect(try await producer.get(follow).text.contains("Vi har en lada."))
            _ = try await maja.post(address + "/entries", ["kind": "note", "body": "HEMLIGT"], from: page)
            let sent = try await producer.post(follow, ["body": "Fin!", "send": "1"], from: own)
            #expect(sent.status == 303)
            #expect(try await !producer.get(follow).text.contains("HEMLIGT"))
            page = try await maja.get(address)
            #expect(page.text.contains("Fin!") && page.text.contains("HEMLIGT"))
            let version = try #require(page.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let step = try await maja.post(
                address + "/work",
                [
                    "version": String(version), "status": "qualifying", "nextAction": "Boka",
                    "nextActionOn": "2027-01-15", "officer": "",
                ],
                from: page
            )
            #expect(step.status == 303)
            // The same page again in another window: somebody was first.
            let stale = try await maja.post(
                address + "/work",
                [
                    "version": String(version), "status": "", "nextAction": "Ring", "nextActionOn": "",
                    "officer": "",
                ],
                from: page
            )
            #expect(stale.status == 412 && stale.text.contains("Boka") && stale.text.contains("Ring"))
            page = try await maja.get(address)
            let now = try #require(page.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let bare = try await maja.post(
                address + "/outcome",
                ["version": String(now), "outcome": "lost"],
                from: page
            )
            #expect(bare.status == 400 && bare.text.contains("id=\"lostReason-error\""))
            let lost = try await maja.post(
                address + "/outcome",
                [
                    "version": String(now), "outcome": "lost", "lostReason": "total_cost", "winner": "place",
                    "winningPlace": "Estland",
                ],
                from: page
            )
            #expect(lost.status == 303)
            #expect(try await maja.get(address).text.contains("Estland"))
            let figures = try await maja.get("/sv/inquiries/figures")
            #expect(figures.text.contains("lostReason=total_cost"))
            let behind = try #require(figures.text.firstMatch(of: /href="([^"]*lostReason=total_cost[^"]*)"/))
                .1
            #expect(try await maja.get(String(behind).replacing("&amp;", with: "&")).text.contains(number))
        }
    }

    @Test func `a case is handed over on the pages, and a call is logged with two fields`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let noor = try await portal.member("Noor Bergstig", .commissioner, region: "skane")
            let form = try await maja.get("/sv/inquiries/log")
            let logged = try await maja.post(
                "/sv/inquiries/log",
                [
                    "title": "Reklamfilm, elbil", "body": "Vill ha snö och raka vägar.", "kind": "call",
                    "source": "phone",
                    "region": "kronoberg", "isAnswer": "yes",
                ],
                from: form
            )
            #expect(logged.status == 303)
            let address = try #require(logged.location)
            var page = try await maja.get(address)
            #expect(page.text.contains("Vill ha snö") && page.text.contains("Maja Lind"))
            let foreign = try await maja.post(
                "/sv/inquiries/log",
                ["title": "x", "body": "x", "kind": "call", "source": "phone", "region": "skane"],
                from: form
            )
            #expect(foreign.status == 400)
            #expect(try await noor.get(address).status == 404)
            _ = try await maja.post(
                address + "/handover",
                ["toRegion": "skane", "message": "Er väg?"],
                from: page
            )
            page = try await noor.get(address)
            #expect(page.status == 200 && page.text.contains("Er väg?"))
            let offered = try await noor.get("/sv/inquiries?offered=true")
            #expect(offered.text.contains("Reklamfilm, elbil"))
            let accept = try #require(
                page.text.firstMatch(of: /action="(\/sv\/inquiries\/[^"]+\/handover\/[^"]+)"/)
            ).1
            let silent = try await noor.post(
                String(accept),
                ["answer": "declined", "reason": ""],
                from: page
            )
            #expect(silent.status == 400)
            let taken = try await noor.post(String(accept), ["answer": "accepted", "reason": ""], from: page)
            #expect(taken.status == 303)
            #expect(try await maja.get(address).text.contains("Ni kan läsa det men inte ändra."))
            let late = try await maja.post(
                address + "/entries",
                ["kind": "note", "body": "x"],
                from: try await maja.get("/sv/account")
            )
            #expect(late.status == 403)
        }
    }

    @Test func `a record is edited whole, and a clash shows both texts`() async throws {
        try await Portal.with { portal in
            let number = try await InquiryRoutesTests.file(portal)
            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let address = "/sv/inquiries/\(number)"
            let page = try await maja.get(address + "/edit")
            #expect(page.status == 200 && page.text.contains("62\u{202f}000\u{202f}000"))
            var fields: [(String, String)] = []
            for match in page.text.matches(of: /<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"/)
            where match.1 != "csrf" {
                fields.append((String(match.1), String(match.2)))
            }
            fields += [
                ("summary", "Ny text"), ("productionType", "drama_series"), ("source", "phone"),
                ("send", "1"), ("currency", "SEK"),
            ]
            let sent = Dictionary(fields) { first, _ in first }
            let saved = try await maja.post(address + "/edit", sent: sent, from: page)
            #expect(saved.status == 303)
            let key = try await portal.key(.commissioner, region: "kronoberg")
            let record = try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key)
                .body
            #expect(
                record["summary"] == "Ny text" && record["source"] == "phone"
                    && record["budget"] == 62_000_000
            )
            #expect(record["crew"]?.array?.count == 2 && record["locationTypes"]?.array?.count == 2)
            #expect(record["phases"]?.array?.first?["days"]?.array?.count == 2)
            let stale = try await maja.post(
                address + "/edit",
                sent: sent.merging(["title": "Mitt namn"]) { $1 },
                from: page
            )
            #expect(
                stale.status == 412 && stale.text.contains("Mitt namn") && stale.text.contains("Saltängen")
            )
        }
    }

    @Test func `when the days of a shoot are over, nobody is looked for on them`() async throws {
        try await Portal.with { portal in
            let number = try await InquiryRoutesTests.file(portal)
            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let before = try await maja.get("/sv/inquiries/\(number)")
            #expect(before.text.contains("/sv/crew/staffing?dates="))
            try await portal.database.root.execute(
                "UPDATE klappa.inquiry_phase SET days = '{[2020-05-03,2020-05-08)}' WHERE kind = 'shoot'"
            )
            let after = try await maja.get("/sv/inquiries/\(number)")
            #expect(after.status == 200 && !after.text.contains("/sv/crew/staffing?dates="))
            #expect(after.text.contains("/sv/locations?type=") && !after.text.contains("dates=2020"))
        }
    }
}
