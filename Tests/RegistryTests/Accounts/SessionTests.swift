import Foundation
import HTTPTypes
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

struct SessionTests {
    private static let cookie = Visit.CookieWord.session

    private func session(_ caller: Caller) -> String? { caller.cookies.withLock { $0[Self.cookie] } }

    private func age(_ portal: Portal, _ column: String, _ span: String) async throws {
        try await portal.database.root.execute(
            "UPDATE klappa.session SET \(identifier: column) = \(identifier: column) - \(span)::interval"
        )
    }

    @Test
    func `cookies are for this host, unreadable to scripts, and by https only where readers come by https`()
        async throws
    {
        try await Portal.with(origin: "https://klappa.example") { portal in
            let page = try await portal.stranger().get("/sv/sign-in")
            let field = try #require(page.headers[.setCookie])
            #expect(field.hasPrefix("__Host-klappa-form="))
            for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
                #expect(field.contains(part))
            }
            #expect(!field.contains("Domain"))
        }
        #expect(!CookieRules(isSecure: false).field("klappa", "x", maxAge: nil).value.contains("Secure"))
    }

    @Test func `the cookie is exchanged every hour and the old one dies`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            let first = session(maja)
            _ = try await maja.get("/sv/account")
            #expect(session(maja) == first)
            try await age(portal, "rotated_at", "61 minutes")
            // Requests that are under way meanwhile still bear the old one.
            let late = portal.stranger()
            late.cookies.withLock { $0[Self.cookie] = first }
            _ = try await maja.get("/sv/account")
            #expect(session(maja) != first)
            let meanwhile = try await late.get("/sv/account")
            #expect(meanwhile.status == 200)
            #expect(session(late) == first)
            let confirmed = try await maja.get("/sv/account")
            #expect(confirmed.status == 200)
            try await age(portal, "previous_until", "61 seconds")
            let stolen = try await late.get("/sv/account")
            #expect(stolen.status == 303)
            #expect(session(late) == nil)
            let still = try await maja.get("/sv/account")
            #expect(still.status == 200)
        }
    }

    @Test func `an answer with a new cookie that was lost costs nobody the session`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            let first = session(maja)
            try await age(portal, "rotated_at", "61 minutes")
            _ = try await maja.get("/sv/account")
            maja.cookies.withLock { $0[Self.cookie] = first }
            try await age(portal, "rotated_at", "31 seconds")
            let again = try await maja.get("/sv/account")
            #expect(again.status == 200)
            #expect(session(maja) != first)
            let after = try await maja.get("/sv/account")
            #expect(after.status == 200)
        }
    }

    @Test(arguments: [("seen_at", "7 days"), ("expires_at", "30 days")])
    func `a session ends when idle for too long, and in any case`(column: String, span: String) async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            try await age(portal, column, span)
            let page = try await maja.get("/sv/account")
            #expect(page.status == 303)
            #expect(page.location == "/sv/sign-in?then=/sv/account")
            #expect(session(maja) == nil)
            try await SessionQueries.forget(portal.database.worker)
            let left = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.session",
                portal.database.root
            )
            #expect(left == 0)
        }
    }

    @Test func `who signs out is out, with the old cookie too`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            let stolen = session(maja)
            let page = try await maja.get("/en/account")
            #expect(page.text.contains("Sign out"))
            let out = try await maja.post("/en/sign-out", [:], from: page)
            #expect(out.status == 303)
            #expect(session(maja) == nil)
            let home = try await maja.get("/en/crew")
            #expect(home.text.contains("You are signed out."))
            #expect(home.text.contains(#"href="/en/sign-in""#))
            maja.cookies.withLock { $0[Self.cookie] = stolen }
            let after = try await maja.get("/en/account")
            #expect(after.status == 303)
        }
    }

    @Test func `others of the same account can be ended from here`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            let bo = try await portal.member("Bo Berg")
            let other = Secret.random()
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.session (account, hash, form_key)
                VALUES (\(try #require(maja.account)), \(other.hash), \(Secret.random().bytes))
                """
            )
            let page = try await maja.get("/sv/account")
            _ = try await maja.post("/sv/account/sessions", [:], from: page)
            let forgotten = portal.stranger()
            forgotten.cookies.withLock { $0[Self.cookie] = other.text }
            let gone = try await forgotten.get("/sv/account")
            #expect(gone.status == 303)
            for caller in [maja, bo] {
                let page = try await caller.get("/sv/account")
                #expect(page.status == 200)
            }
        }
    }

    @Test func `a closed account is out at once, and the API knows no cookie`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .administrator)
            let api = try await maja.get("/api/v1/crew?coverage=nonsense")
            #expect(api.status == 400)
            try await portal.database.root.execute("UPDATE klappa.account SET state = 'closed'")
            let page = try await maja.get("/sv/account")
            #expect(page.status == 303)
        }
    }

    @Test func `one's own name and language of letters can be changed`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let page = try await maja.get("/sv/account")
            #expect(page.text.contains("Filmkommissionär"))
            #expect(page.text.contains("Skåne"))
            let saved = try await maja.post(
                "/sv/account",
                ["name": "Maja <L>", "language": "en"],
                from: page
            )
            #expect(saved.status == 303)
            let after = try await maja.get("/sv/account")
            #expect(after.text.contains("Maja &lt;L&gt;"))
            let refused = try await maja.post("/sv/account", ["name": " ", "language": "fi"], from: after)
            #expect(refused.status == 400)
            #expect(refused.text.contains(##"<a href="#name">"##))
            #expect(refused.text.contains(##"<a href="#language">"##))
        }
    }
}
