import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import Testing

@testable import Registry
@testable import Web

@Suite struct KeyPagesTests {
    private func make(
        _ caller: Caller,
        _ right: String,
        _ scope: String,
        name: String = "Case system",
        days: String = "90"
    ) async throws -> Caller.Page {
        let page = try await caller.get("/en/account/keys")
        return try await caller.post(
            "/en/account/keys",
            ["name": name, "right": right, "scope": scope, "days": days],
            from: page
        )
    }

    private func key(_ page: Caller.Page) throws -> BearerKey {
        let text = try #require(page.text.firstMatch(of: /value="(klappa_[A-Za-z0-9_-]{43})"/)).1
        return try #require(BearerKey(String(text)))
    }

    /// What a key may, as the API's layer finds it.
    private func grants(_ key: BearerKey, _ portal: Portal) async throws -> [Grant]? {
        try await KeyQueries.holder(of: key, portal.database.open)?.grants
    }

    @Test func `a key is shown once, may what was chosen, and shows when it was used`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let made = try await make(maja, "commissioner", "region:skane")
            #expect(made.status == 200)
            #expect(made.headers[.cacheControl] == "private, no-store")
            let key = try key(made)
            #expect(try await grants(key, portal) == [Grant(.commissioner, region: "skane")])
            let after = try await maja.get("/en/account/keys")
            #expect(!after.text.contains(key.text))
            #expect(after.text.contains("Case system") && after.text.contains("never"))
            let inbox = try await portal.client.execute(
                uri: "/api/v1/inquiries",
                method: .get,
                headers: [.authorization: "Bearer \(key.text)"]
            )
            #expect(inbox.status == .ok)
            let used = try await maja.get("/en/account/keys")
            #expect(!used.text.contains("never"))
        }
    }

    @Test func `revoked at once, by who made it and by who keeps the region, by nobody else`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let rut = try await portal.member("Rut Hagberg", .regionAdministrator, region: "skane")
            let hedda = try await portal.member("Hedda Krook", .regionAdministrator, region: "halland")
            let admin = try await portal.member("Alva Norrman", .administrator)
            let first = try key(try await make(maja, "commissioner", "region:skane"))
            let second = try key(try await make(maja, "searcher", "region:skane"))
            let page = try await maja.get("/en/account/keys")
            let actions = page.text.matches(of: /action="(\/en\/account\/keys\/[^"]+)"/).map { String($0.1) }
            #expect(actions.count == 2)
            for stranger in [hedda, try await portal.member("Bo Berg")] {
                let seen = try await stranger.get("/en/account/keys")
                #expect(!seen.text.contains("Case system"))
                let account = try await stranger.get("/en/account")
                let refused = try await stranger.post(actions[0], [:], from: account)
                #expect(refused.status == 404)
            }
            for keeper in [rut, admin] {
                let seen = try await keeper.get("/en/account/keys")
                #expect(seen.text.contains("Case system") && seen.text.contains("Maja Lind"))
            }
            let own = try await maja.post(actions[0], [:], from: page)
            #expect(own.status == 303)
            let keeper = try await rut.post(actions[1], [:], from: try await rut.get("/en/account/keys"))
            #expect(keeper.status == 303)
            for key in [first, second] {
                #expect(try await grants(key, portal) == nil)
                let answer = try await portal.client.execute(
                    uri: "/api/v1/crew",
                    method: .get,
                    headers: [.authorization: "Bearer \(key.text)"]
                )
                #expect(answer.status == .unauthorized)
            }
        }
    }

    @Test func `a key may do no more than its maker, who is asked by the database`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
            for (right, scope) in [
                ("administrator", "everywhere"), ("commissioner", "everywhere"),
                ("commissioner", "region:halland"),
                ("region_administrator", "region:skane"), ("programme_manager", "region:skane"),
            ] {
                let refused = try await make(maja, right, scope)
                #expect(refused.status == 400, "\(right) \(scope)")
            }
            for (right, regions) in [
                (Right.administrator, []), (.commissioner, []), (.commissioner, ["halland"]),
                (.commissioner, ["skane", "halland"]), (.commissioner, ["nowhere"]),
                (.regionAdministrator, ["skane"]),
            ] {
                await #expect(throws: PostgresError.self) {
                    try await KeyQueries.make(
                        .random(),
                        .init(name: "x", right: right, regions: regions, organisation: nil, days: 30),
                        as: .member(account: try #require(maja.account), grants: []),
                        portal.database.member
                    )
                }
            }
            let kept = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.api_key",
                portal.database.root
            )
            #expect(kept == 0)
            let nobody = try await portal.member("Bo Berg")
            let page = try await nobody.get("/en/account/keys")
            #expect(page.text.contains("You hold no rights to put into a key"))
        }
    }

    @Test func `what the maker loses the key loses, and a closed maker's key is no key`() async throws {
        try await Portal.with { portal in
            let admin = try await portal.member("Alva Norrman", .administrator)
            let both = try await admin.get("/en/account/keys")
            let made = try await admin.post(
                "/en/account/keys",
                [
                    "name": "Two", "right": "commissioner", "scope": "region:skane",
                    "scope": "region:halland", "days": "30",
                ],
                from: both
            )
            let key = try key(made)
            #expect(try await grants(key, portal)?.compactMap(\.region) == ["halland", "skane"])
            // Less than before, but one of the two still.
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.grants (account, "right", region)
                VALUES (\(try #require(admin.account)), 'commissioner', (SELECT no FROM klappa.region WHERE code = 'skane'))
                """
            )
            try await portal.database.root.execute(
                "DELETE FROM klappa.grants WHERE \"right\" = 'administrator'"
            )
            #expect(try await grants(key, portal) == [Grant(.commissioner, region: "skane")])
            try await portal.database.root.execute(
                "UPDATE klappa.account SET state = 'closed' WHERE id = \(try #require(admin.account))"
            )
            #expect(try await grants(key, portal) == nil)
        }
    }

    @Test func `a key ends by itself, and twenty are enough`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .searcher)
            let first = try key(try await make(maja, "searcher", "everywhere", days: "30"))
            for _ in 1..<20 { _ = try await make(maja, "searcher", "everywhere") }
            let full = try await make(maja, "searcher", "everywhere")
            #expect(full.status == 400 && full.text.contains("twenty valid keys"))
            try await portal.database.root.execute(
                "UPDATE klappa.api_key SET expires_at = expires_at - interval '30 days'"
            )
            #expect(try await grants(first, portal) == nil)
            let page = try await maja.get("/en/account/keys")
            #expect(page.text.contains("has expired"))
            let wrong = try await make(maja, "searcher", "everywhere", days: "3650")
            #expect(wrong.status == 400)
        }
    }

    @Test func `a key makes no keys`() async throws {
        try await Portal.with { portal in
            let key = try await portal.key(.administrator)
            let holder = try #require(try await KeyQueries.holder(of: key, portal.database.open))
            await #expect(throws: PostgresError.self) {
                try await KeyQueries.make(
                    .random(),
                    .init(name: "x", right: .searcher, regions: [], organisation: nil, days: 30),
                    as: .member(account: holder.account, grants: []),
                    portal.database.member
                )
            }
        }
    }
}
