import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

/// A producer changes what was asked for, by the private link and without an account.
struct InquiryChangeTests {
    /// Files the inquiry of the examples; gives its number and the address of the private page.
    private func file(_ portal: Portal) async throws -> (number: String, follow: String) {
        guard case .object(var members) = InquiryExamples.filing else { throw Problem(.unexpected) }
        members["region"] = "kronoberg"
        members["scale"] = "medium"
        members["language"] = "sv"
        members["contacts"] = [
            ["name": "Ada Ek", "email": "ada@example.se"], ["name": "Bo Rask", "email": "bo@example.se"],
        ]
        members["phases"] = [
            ["kind": "prep", "days": [["from": "2027-04-01", "to": "2027-04-03"]], "dayCount": 2.5],
            ["kind": "shoot", "days": [["from": "2027-05-03", "to": "2027-05-07"]]],
        ]
        let filed = try await InquiryRoutesTests.send(portal, .post, "/inquiries", .object(members))
        #expect(filed.status == 201, "\(filed.body)")
        let link = try #require(filed.body["followUpUrl"]?.string)
        return (
            try #require(filed.body["number"]?.string), String(link.trimmingPrefix("http://klappa.example"))
        )
    }

    /// What the form of a page would send.
    private func fields(_ page: Caller.Page) -> [String: String] {
        var fields: [String: String] = [:]
        for match in page.text.matches(of: /<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"/)
        where match.1 != "csrf" {
            fields[String(match.1)] = String(match.2)
        }
        for match in page.text.matches(of: /<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</) {
            fields[String(match.1)] = String(match.2)
        }
        for match in page.text.matches(of: /<select[^>]* name="(\w+)"[\s\S]*?<\/select>/) {
            let chosen = match.0.firstMatch(of: /value="([^"]*)" selected/)
            fields[String(match.1)] = String(chosen?.1 ?? "")
        }
        fields["send"] = "1"
        return fields
    }

    private func record(_ portal: Portal, _ number: String) async throws -> JSON {
        let key = try await portal.key(.commissioner, region: "kronoberg")
        return try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key).body
    }

    @Test func `what a producer changes is changed, the office is told, and nothing else is lost`()
        async throws
    {
        try await Portal.with { portal in
            _ = try await portal.member("Maja", .commissioner, region: "kronoberg", email: "maja@k.se")
            let (number, follow) = try await file(portal)
            let producer = portal.stranger()
            let own = try await producer.get(follow)
            #expect(own.text.contains("\(follow)/edit"))
            let page = try await producer.get(follow + "/edit")
            #expect(page.status == 200 && page.text.contains("noindex"))
            let before = try await record(portal, number)
            // Nothing changed: nothing is written.
            let same = try await producer.post(follow + "/edit", sent: fields(page), from: page)
            #expect(same.status == 303)
            #expect(try await record(portal, number)["version"] == before["version"])

            let changes = ["shoot": "10–14 maj 2027", "contactName": "Ada Ekman", "role-1": "Ljussättare"]
            let sent = fields(page).merging(changes) { $1 }
            let saved = try await producer.post(follow + "/edit", sent: sent, from: page)
            #expect(saved.status == 303 && saved.location == follow, "\(saved.text)")
            let after = try await record(portal, number)
            let phases = after["phases"]?.array ?? []
            #expect(phases.map { $0["kind"]?.string } == ["prep", "shoot"])
            #expect(phases.first?["dayCount"]?.amount == 2.5)
            #expect(phases.last?["days"]?.array?.first?["from"] == "2027-05-10")
            #expect(after["contacts"]?.array?.map { $0["name"]?.string } == ["Ada Ekman", "Bo Rask"])
            #expect(after["contacts"]?.array?.first?["main"] == true)
            for kept in [
                "title", "summary", "productionType", "company", "locationTypes", "budget", "status",
            ] {
                #expect(after[kept] == before[kept], "\(kept)")
            }
            let said = after["entries"]?.array?.last
            #expect(said?["kind"] == "message")
            #expect(
                said?["body"]?.string?.contains("3–7 maj 2027 → 10–14 maj 2027") == true,
                "\(said ?? .null)"
            )
            #expect(after["waitingSince"] != .null)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["to"] == "maja@k.se" && letter["template"] == "inquiry-message")
        }
    }

    @Test func `whoever is second sees both texts, and a closed case is not changed`() async throws {
        try await Portal.with { portal in
            let (number, follow) = try await file(portal)
            let producer = portal.stranger()
            let page = try await producer.get(follow + "/edit")
            let key = try await portal.key(.commissioner, region: "kronoberg")
            let read = try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key)
            let patched = try await InquiryRoutesTests.send(
                portal,
                .patch,
                "/inquiries/\(number)",
                ["title": "Kontorets titel"],
                key: key,
                ["If-Match": read.tag]
            )
            #expect(patched.status == 200)
            let stale = try await producer.post(
                follow + "/edit",
                sent: fields(page).merging(["title": "Producentens titel"]) { $1 },
                from: page
            )
            #expect(stale.status == 412)
            #expect(stale.text.contains("Kontorets titel") && stale.text.contains("Producentens titel"))
            let again = try await producer.post(follow + "/edit", sent: fields(stale), from: stale)
            #expect(again.status == 303)
            #expect(try await record(portal, number)["title"] == "Producentens titel")

            let wrong = "/sv/inquiries/follow/\(Secret.random().text)/edit"
            #expect(try await producer.get(wrong).status == 404)
            #expect(try await producer.post(wrong, sent: fields(page), from: page).status == 404)
            let now = try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key)
            let closed = try await InquiryRoutesTests.send(
                portal,
                .post,
                "/inquiries/\(number)/outcome",
                ["status": "not_pursued"],
                key: key,
                ["If-Match": now.tag]
            )
            #expect(closed.status == 200, "\(closed.body)")
            #expect(try await producer.get(follow + "/edit").status == 403)
            #expect(try await !producer.get(follow).text.contains("/edit"))
            #expect(try await producer.post(follow + "/edit", sent: fields(page), from: page).status == 403)
        }
    }

    @Test func `no member that is the office's comes in through the link`() async throws {
        try await SchemaDatabase.with { database in
            let id = try await InquirySchemaTests.file("Havet", link: "secret", database)
            try await database.member.execute(
                """
                SELECT klappa.change_from_producer(sha256('secret'), 1, '{"title": "Landet", "status": "confirmed",
                    "region": "halland", "source": "phone", "nextAction": "x", "spendPerDay": 5, "lostReason": "unknown"}')
                """
            )
            let n = try await database.count(
                """
                SELECT count(*) AS n FROM klappa.inquiry
                WHERE id = \(id) AND title = 'Landet' AND status = 'new' AND source = 'website'
                    AND next_action IS NULL AND spend_per_day IS NULL AND lost_reason IS NULL
                """,
                database.root
            )
            #expect(n == 1)
        }
    }
}
