import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

@Suite struct OpenIDPagesTests {
    private static let roles = OpenIDProvider(
        key: "skane",
        name: "Region Skåne",
        issuer: TokenMaker.issuer,
        clientID: TokenMaker.client,
        rolesClaim: "groups",
        roles: [
            ClaimedRole(value: "film", right: .commissioner, scope: "skane"),
            ClaimedRole(value: "halland", right: .commissioner, scope: "halland"),
            ClaimedRole(value: "lost", right: .commissioner, scope: "atlantis"),
        ]
    )

    private static func with(
        _ provider: OpenIDProvider? = nil,
        _ body: @escaping @Sendable (Portal, InventedProvider) async throws -> Void
    ) async throws {
        let there = try InventedProvider(provider)
        try await Portal.with(openID: OpenIDProviders(clients: [there.client()])) { portal in
            try await body(portal, there)
        }
    }

    private static func open(_ portal: Portal, _ email: String, state: String = "active") async throws {
        try await portal.database.root.execute(
            """
            INSERT INTO klappa.account (id, name, email, state)
            VALUES (\(UUID.version7()), 'Maja Lind', \(email), \(state))
            """
        )
    }

    /// Sets out and gives the address at which the provider sends the browser back.
    private static func setOut(
        _ browser: Caller,
        _ there: InventedProvider,
        _ path: String = "/en/sign-in/with/skane"
    )
        async throws -> String
    {
        let answer = try await browser.get(path)
        #expect(answer.status == 303)
        return there.authorize(answer.location ?? "")
    }

    private static func signIn(_ browser: Caller, _ there: InventedProvider) async throws -> Caller.Page {
        try await browser.get(try await setOut(browser, there))
    }

    private static func rights(_ portal: Portal) async throws -> [String] {
        try await portal.database.root.query(
            """
            SELECT g."right" || coalesce('@' || r.code, '') || CASE WHEN g.given_through IS NULL THEN '' ELSE '*' END AS t
            FROM klappa.grants g LEFT JOIN klappa.region r ON r.no = g.region ORDER BY 1
            """
        ).map { try $0.decode(String.self, "t") }
    }

    @Test(arguments: Language.allCases)
    func `staff sign in through their organisation and land where they were going`(language: Language)
        async throws
    {
        try await Self.with { portal, there in
            try await Self.open(portal, "Maja@skane.example")
            let browser = portal.stranger()
            let page = try await browser.get("/\(language)/sign-in?then=/\(language)/crew%3Fq%3Dfoto")
            let link = "/\(language)/sign-in/with/skane?then=/\(language)/crew%3Fq%3Dfoto"
            #expect(page.text.contains(#"href="\#(link)""#))
            let back = try await Self.setOut(browser, there, link)
            let done = try await browser.get(back)
            #expect(done.status == 303)
            #expect(done.location == "/\(language)/crew?q=foto")
            let account = try await browser.get("/\(language)/account")
            #expect(account.text.contains("Maja Lind"))
            #expect(account.text.contains("Region Skåne"))
            #expect(account.headers[.cacheControl] == "private, no-store")
        }
    }

    @Test func `who is tied is found again under another address, and cannot be without any`() async throws {
        try await Self.with { portal, there in
            try await Self.open(portal, "maja@skane.example")
            _ = try await Self.signIn(portal.stranger(), there)
            there.state.withLock { $0.claims = ["email": "maja.lind@skane.example"] }
            let renamed = try await Self.signIn(portal.stranger(), there)
            #expect(renamed.status == 303)
            there.state.withLock { $0.claims = ["email_verified": false] }
            let unverified = try await Self.signIn(portal.stranger(), there)
            #expect(unverified.status == 303)
            // Somebody new who got the address is not who was tied to it.
            there.state.withLock { $0.claims = ["sub": "u-5"] }
            let taken = try await Self.signIn(portal.stranger(), there)
            #expect(taken.status == 403)
            #expect(taken.text.contains("The address belongs to somebody else"))
        }
    }

    @Test func `one's own account can be untied, nobody else's`() async throws {
        try await Self.with { portal, there in
            try await Self.open(portal, "maja@skane.example")
            let maja = portal.stranger()
            _ = try await Self.signIn(maja, there)
            let page = try await maja.get("/en/account")
            let action = try #require(page.text.firstMatch(of: /action="(\/en\/account\/ties\/[^"]+)"/)).1
            let bo = try await portal.member("Bo Berg")
            let foreign = try await bo.post(String(action), [:], from: try await bo.get("/en/account"))
            #expect(foreign.status == 404)
            let done = try await maja.post(String(action), [:], from: page)
            #expect(done.status == 303)
            let ties = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.openid_identity",
                portal.database.root
            )
            #expect(ties == 0)
        }
    }

    @Test func `nobody gets an account by themselves, and a closed one stays closed`() async throws {
        try await Self.with { portal, there in
            let unknown = try await Self.signIn(portal.stranger(), there)
            #expect(unknown.status == 403)
            #expect(unknown.text.contains("You have no account here"))
            there.state.withLock { $0.claims = ["email_verified": false] }
            let unverified = try await Self.signIn(portal.stranger(), there)
            #expect(unverified.text.contains("Your email address is not confirmed"))
            there.state.withLock { $0.claims = [:] }
            try await Self.open(portal, "maja@skane.example", state: "closed")
            let closed = try await Self.signIn(portal.stranger(), there)
            #expect(closed.status == 403)
            #expect(closed.text.contains("Your account is closed"))
            let sessions = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.session",
                portal.database.root
            )
            #expect(sessions == 0)
        }
    }

    @Test func `roles open an account and give rights, and take them when the role goes`() async throws {
        try await Self.with(Self.roles) { portal, there in
            there.state.withLock { $0.claims = ["groups": []] }
            let none = try await Self.signIn(portal.stranger(), there)
            #expect(none.status == 403)
            there.state.withLock { $0.claims = ["groups": ["film", "halland", "lost", "others"]] }
            let browser = portal.stranger()
            let done = try await Self.signIn(browser, there)
            #expect(done.status == 303)
            #expect(try await Self.rights(portal) == ["commissioner@halland*", "commissioner@skane*"])
            let inbox = try await browser.get("/en/inquiries")
            #expect(inbox.status == 200)
            // A right that a person gave stays, whatever the provider says.
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.grants (account, "right", region)
                SELECT id, 'region_administrator', (SELECT no FROM klappa.region WHERE code = 'skane') FROM klappa.account
                """
            )
            there.state.withLock { $0.claims = ["groups": ["halland"]] }
            _ = try await Self.signIn(portal.stranger(), there)
            #expect(try await Self.rights(portal) == ["commissioner@halland*", "region_administrator@skane"])
            there.state.withLock {
                $0.claims = [:]
                $0.userinfo = ["sub": "u-4711"]
            }
            let without = try await Self.signIn(portal.stranger(), there)
            #expect(without.status == 303)
            #expect(try await Self.rights(portal) == ["region_administrator@skane"])
        }
    }

    @Test func `rights of who never comes back lapse, and a session ends with the working day`() async throws
    {
        try await Self.with(Self.roles) { portal, there in
            there.state.withLock { $0.claims = ["groups": "film"] }
            let browser = portal.stranger()
            _ = try await Self.signIn(browser, there)
            try await portal.database.root.execute(
                "UPDATE klappa.grants SET expires_at = expires_at - interval '30 days'"
            )
            try await portal.database.root.execute(
                "UPDATE klappa.openid_attempt SET created_at = now() - interval '2 hours'"
            )
            try await SessionQueries.forget(portal.database.worker)
            #expect(try await Self.rights(portal) == [])
            let kept = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.openid_attempt",
                portal.database.root
            )
            #expect(kept == 0)
            try await portal.database.root.execute(
                "UPDATE klappa.session SET expires_at = expires_at - interval '12 hours'"
            )
            let page = try await browser.get("/en/account")
            #expect(page.status == 303)
        }
    }

    @Test func `the way back holds once, for ten minutes, in the browser that set out`() async throws {
        try await Self.with { portal, there in
            try await Self.open(portal, "maja@skane.example")
            let browser = portal.stranger()
            let back = try await Self.setOut(browser, there)
            let other = try await portal.stranger().get(back)
            #expect(other.status == 403)
            #expect(other.text.contains("Inloggningen började i en annan webbläsare"))
            #expect(there.count("/token") == 0)
            let asked = browser.cookies.withLock { $0[Visit.CookieWord.asked] }
            let first = try await browser.get(back)
            #expect(first.status == 303)
            browser.cookies.withLock { $0 = [Visit.CookieWord.asked: asked ?? ""] }
            let again = try await browser.get(back)
            #expect(again.status == 404)
            #expect(again.text.contains("Inloggningen gäller inte längre"))
            let late = portal.stranger()
            let later = try await Self.setOut(late, there)
            try await portal.database.root.execute(
                "UPDATE klappa.openid_attempt SET expires_at = now() WHERE used_at IS NULL"
            )
            let gone = try await late.get(later)
            #expect(gone.status == 404)
            for state in ["", "?state=x", "?state=\(Secret.random().text)&code=x"] {
                let made = try await portal.stranger().get("/sign-in/return/skane\(state)")
                #expect(made.status == 404)
            }
            let unknown = try await portal.stranger().get("/en/sign-in/with/halland")
            #expect(unknown.status == 404)
        }
    }

    @Test func `what the provider says no to, or says wrongly, ends on a page that says so`() async throws {
        try await Self.with { portal, there in
            try await Self.open(portal, "maja@skane.example")
            func end(_ change: (String) -> String = { $0 }) async throws -> Caller.Page {
                let browser = portal.stranger()
                return try await browser.get(change(try await Self.setOut(browser, there)))
            }
            let denied = try await end {
                $0.replacing("code=code", with: "error=access_denied&error_description=<b>x</b>")
            }
            #expect(denied.status == 403 && denied.text.contains("The sign-in was cancelled"))
            #expect(!denied.text.contains("<b>x"))
            let refused = try await end { $0.replacing("code=code", with: "error=server_error") }
            #expect(refused.status == 403 && refused.text.contains("Region Skåne said no"))
            let mixed = try await end { $0 + "&iss=https://evil.example" }
            #expect(mixed.status == 502 && mixed.text.contains("cannot be trusted"))
            let empty = try await end { $0.replacing("code=code&", with: "") }
            #expect(empty.status == 502)
            there.state.withLock { $0.refusal = (400, ["error": "invalid_grant"]) }
            let grant = try await end()
            #expect(grant.status == 403 && grant.text.contains("said no"))
            there.state.withLock { $0.refusal = (503, [:]) }
            let down = try await end()
            #expect(down.status == 502 && down.text.contains("does not answer"))
            there.state.withLock {
                $0.refusal = nil
                $0.claims = ["nonce": "another"]
            }
            let token = try await end()
            #expect(token.status == 403 && token.text.contains("cannot be trusted"))
            let sessions = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.session",
                portal.database.root
            )
            #expect(sessions == 0)
        }
    }

    @Test func `a provider that is down says so before anybody sets out`() async throws {
        try await Self.with { portal, there in
            there.state.withLock { $0.isDown = true }
            let page = try await portal.stranger().get("/sv/sign-in/with/skane")
            #expect(page.status == 502)
            #expect(page.text.contains("Region Skåne svarar inte"))
        }
    }

    @Test func `nothing of the claims is kept but address and name, and no number anywhere`() async throws {
        try await Self.with(Self.roles) { portal, there in
            let number = "19850412-1234"
            there.state.withLock {
                $0.claims = [
                    "sub": .string(number), "groups": ["film"], "personnummer": .string(number),
                    "phone": "070-1740605",
                    "name": .string("Maja \(number)"),
                ]
            }
            let done = try await Self.signIn(portal.stranger(), there)
            #expect(done.status == 303)
            let tables = try await portal.database.root.query(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'klappa' ORDER BY 1"
            )
            var words = ""
            for row in tables {
                let table = try row.decode(String.self, "tablename")
                let rows = try await portal.database.root.query(
                    "SELECT coalesce(string_agg(t::text, ' '), '') AS t FROM klappa.\(identifier: table) AS t"
                )
                words += try rows.first?.decode(String.self, "t") ?? ""
            }
            #expect(words.contains("maja@skane.example"))
            #expect(!words.contains(number) && !words.contains("850412") && !words.contains("1740605"))
        }
    }

    @Test func `the database begins no session that nobody set out for`() async throws {
        try await Self.with { portal, _ in
            try await Self.open(portal, "maja@skane.example")
            let person = try OpenIDPerson(
                subject: "u",
                claims: ["email": "maja@skane.example", "email_verified": true],
                provider: OpenIDProvider(key: "x", name: "x", issuer: TokenMaker.issuer, clientID: "x")
            )
            let claimed = OpenIDQueries.Claimed(id: UUID.version7(), then: "/sv", language: .sv)
            let (outcome, _) = try await OpenIDQueries.finish(
                claimed,
                person,
                roles: nil,
                at: TokenMaker.issuer,
                session: .random(),
                device: nil,
                portal.database.worker
            )
            #expect(outcome == .gone)
            await #expect(throws: PostgresError.self) {
                _ = try await OpenIDQueries.finish(
                    claimed,
                    person,
                    roles: nil,
                    at: TokenMaker.issuer,
                    session: .random(),
                    device: nil,
                    portal.database.member
                )
            }
        }
    }
}
