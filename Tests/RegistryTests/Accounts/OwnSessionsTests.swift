import Foundation
import HTTPTypes
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

@Suite struct OwnSessionsTests {
    @Test(
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0",
                "Edge, Windows"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18.1 Safari/605",
                "Safari, macOS"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Mobile Safari/604",
                "Safari, iPhone"
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/131.0 Mobile Safari/537",
                "Chrome, Android"
            ),
            ("curl/8.0", nil), ("", nil),
        ] as [(String, String?)]
    )
    func `a browser is called by its name and its system's, nothing more`(agent: String, name: String?) {
        #expect(Device.name(of: agent) == name)
    }

    private func add(_ portal: Portal, to caller: Caller, device: String) async throws -> (UUID, Secret) {
        let id = UUID.version7()
        let cookie = Secret.random()
        try await portal.database.root.execute(
            """
            INSERT INTO klappa.session (id, account, hash, form_key, device)
            VALUES (\(id), \(try #require(caller.account)), \(cookie.hash), \(Secret.random().bytes), \(device))
            """
        )
        return (id, cookie)
    }

    @Test(arguments: Language.allCases)
    func `one's sessions are listed, and one of them is ended at once`(language: Language) async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind")
            let (id, cookie) = try await add(portal, to: maja, device: "Safari, iPhone")
            _ = try await add(portal, to: maja, device: "Edge, Windows")
            let page = try await maja.get("/\(language)/account")
            #expect(page.text.contains("Safari, iPhone") && page.text.contains("Edge, Windows"))
            #expect(page.text.contains(language == .sv ? "Okänd webbläsare" : "Unknown browser"))
            let here = page.text.matches(of: /<span class="tag">/).count
            #expect(here == 1)
            let done = try await maja.post(
                "/\(language)/account/sessions/\(id.uuidString.lowercased())",
                [:],
                from: page
            )
            #expect(done.status == 303)
            let phone = portal.stranger()
            phone.cookies.withLock { $0[Visit.CookieWord.session] = cookie.text }
            let gone = try await phone.get("/\(language)/account")
            #expect(gone.status == 303)
            let after = try await maja.get("/\(language)/account")
            #expect(!after.text.contains("Safari, iPhone") && after.text.contains("Edge, Windows"))
        }
    }

    @Test func `nobody ends another's session, or their own by this way`() async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .administrator)
            let bo = try await portal.member("Bo Berg")
            let page = try await maja.get("/en/account")
            let ids = try await portal.database.root.query("SELECT id FROM klappa.session").map {
                try $0.decode(UUID.self, "id")
            }
            #expect(ids.count == 2)
            for id in ids {
                let answer = try await maja.post("/en/account/sessions/\(id)", [:], from: page)
                #expect(answer.status == 404)
            }
            for caller in [maja, bo] {
                let page = try await caller.get("/en/account")
                #expect(page.status == 200)
                #expect(!page.text.contains("Sign out everywhere else"))
            }
        }
    }

    @Test func `a mailed link remembers with what it was opened`() async throws {
        try await Portal.with { portal in
            try await portal.database.root.execute(
                "INSERT INTO klappa.account (id, name, email) VALUES (\(UUID.version7()), 'Maja Lind', 'maja@skane.example')"
            )
            let token = Secret.random()
            let browser = Secret.random()
            let session = Secret.random()
            try await SessionQueries.ask(
                .init(email: "maja@skane.example", name: nil, language: .sv, then: "/sv"),
                token: token,
                browser: browser,
                link: "https://klappa.example/x",
                askAgain: "https://klappa.example/y",
                portal.database.member
            )
            _ = try await SessionQueries.signIn(
                token,
                browser: browser,
                session: session,
                device: "Firefox, Linux",
                portal.database.member
            )
            let maja = portal.stranger()
            maja.cookies.withLock { $0[Visit.CookieWord.session] = session.text }
            let page = try await maja.get("/sv/account")
            #expect(page.text.contains("Firefox, Linux"))
        }
    }
}
