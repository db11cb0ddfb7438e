import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

/// What a day of shooting leaves, by kind of production: set by an office, taken by its cases.
struct InquiryDefaultsTests {
    private let address = "/sv/inquiries/defaults"

    @Test func `a case takes the sum of its office and kind, and keeps one that is typed by hand`()
        async throws
    {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja", .commissioner, region: "kronoberg")
            let page = try await maja.get(address)
            #expect(page.status == 200 && page.text.contains("Kronoberg"))
            let version = try #require(page.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let fields = [
                "version": String(version), "region": "kronoberg", "amount-drama_series": "120 000",
                "amount-commercial": "45000",
            ]
            let saved = try await maja.post(address, sent: fields, from: page)
            #expect(saved.status == 303, "\(saved.text)")
            func spend(_ region: String, _ more: [String: JSON] = [:]) async throws -> JSON? {
                guard case .object(var members) = InquiryExamples.filing else { return nil }
                members["region"] = .string(region)
                members["productionType"] = "drama_series"
                for (name, value) in more { members[name] = value }
                let filed = try await InquiryRoutesTests.send(portal, .post, "/inquiries", .object(members))
                let number = try #require(filed.body["number"]?.string)
                let key = try await portal.key(.commissioner, region: region)
                return try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key).body
            }
            let case1 = try await spend("kronoberg")
            #expect(case1?["spendPerDay"] == 120_000 && case1?["spendTyped"] == false)
            // Another region has sums of its own; another currency has none.
            #expect(try await spend("skane")?["spendPerDay"] == .null)
            #expect(try await spend("kronoberg", ["currency": "EUR"])?["spendPerDay"] == .null)

            let number = try #require(case1?["number"]?.string)
            let key = try await portal.key(.commissioner, region: "kronoberg")
            func patch(_ body: JSON) async throws -> JSON {
                let now = try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key)
                return try await InquiryRoutesTests.send(
                    portal,
                    .patch,
                    "/inquiries/\(number)",
                    body,
                    key: key,
                    ["If-Match": now.tag]
                ).body
            }
            let typed = try await patch(["spendPerDay": 90_000])
            #expect(typed["spendPerDay"] == 90_000 && typed["spendTyped"] == true)
            #expect(try await maja.get("/sv/inquiries/\(number)").text.contains("angiven för ärendet"))
            #expect(try await patch(["productionType": "commercial"])["spendPerDay"] == 90_000)
            // Emptied it is the default again, and follows the kind of production.
            #expect(try await patch(["spendPerDay": nil])["spendPerDay"] == 45_000)
            let last = try await patch(["productionType": "drama_series"])
            #expect(last["spendPerDay"] == 120_000 && last["spendTyped"] == false)
            #expect(try await maja.get("/sv/inquiries/\(number)").text.contains("schablon"))
        }
    }

    @Test func `a clash shows both sums, what is no sum is refused, and other offices stay out`() async throws
    {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja", .commissioner, region: "kronoberg")
            let page = try await maja.get(address)
            let fields = ["version": "0", "region": "kronoberg", "amount-drama_series": "120000"]
            #expect(try await maja.post(address, sent: fields, from: page).status == 303)
            let stale = try await maja.post(
                address,
                sent: fields.merging(["amount-drama_series": "99000"]) { $1 },
                from: page
            )
            #expect(stale.status == 412 && stale.text.contains("99000"))
            let wrong = try await maja.post(
                address,
                sent: fields.merging(["amount-drama_series": "mycket"]) { $1 },
                from: page
            )
            #expect(wrong.status == 400 && wrong.text.contains("mycket"))
            #expect(try await maja.get(address + "?region=skane").status == 403)
            let foreign = try await maja.post(
                address,
                sent: fields.merging(["region": "skane"]) { $1 },
                from: page
            )
            #expect(foreign.status == 403)
            let siv = try await portal.member("Siv", .searcher)
            #expect(try await siv.get(address).status == 403)
            // Plain SQL as the service's role neither.
            let account = try #require(maja.account)
            let refusal = await portal.database.refusal(
                "SELECT klappa.set_spend_defaults(12::smallint, '{\"drama_series\": 1}', 0)",
                portal.database.member,
                as: account
            )
            #expect(refusal?.sqlState == .insufficientPrivilege)
            let seen = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.spend_default",
                portal.database.member,
                as: try #require(siv.account)
            )
            #expect(seen == 0)
        }
    }
}
