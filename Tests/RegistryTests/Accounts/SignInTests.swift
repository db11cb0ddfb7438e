import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

struct SignInTests {
    private func open(_ portal: Portal, _ email: String) async throws {
        try await portal.database.root.execute(
            "INSERT INTO klappa.account (id, name, email) VALUES (\(UUID.version7()), 'Maja Lind', \(email))"
        )
    }

    private func ask(_ browser: Caller, _ email: String, then: String = "") async throws -> Caller.Page {
        let page = try await browser.get("/sv/sign-in")
        return try await browser.post("/sv/sign-in", ["email": email, "then": then], from: page)
    }

    /// The path of the link in the last letter.
    private func link(_ portal: Portal) async throws -> String {
        guard case .string(let link)? = try await portal.letters().last?["values"]?["link"] else {
            throw NoLetter()
        }
        return String(link.trimmingPrefix("http://klappa.example"))
    }

    private struct NoLetter: Error {}

    @Test(arguments: Language.allCases)
    func `whoever opens the link in the browser that asked is signed in`(language: Language) async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            let page = try await browser.get("/\(language)/sign-in?then=/\(language)/crew%3Fq%3Dfoto")
            let sent = try await browser.post(
                "/\(language)/sign-in",
                ["email": " Maja@Skane.example ", "then": "/\(language)/crew?q=foto"],
                from: page
            )
            #expect(sent.status == 303)
            #expect(sent.location == "/\(language)/sign-in/sent")
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "sign-in")
            #expect(letter["language"] == .string(language.rawValue))

            let ready = try await browser.get(try await link(portal))
            #expect(ready.status == 200)
            #expect(ready.text.contains("Maja@Skane.example"))
            let done = try await browser.post(try await link(portal), [:], from: ready)
            #expect(done.status == 303)
            #expect(done.location == "/\(language)/crew?q=foto")
            let account = try await browser.get("/\(language)/account")
            #expect(account.text.contains("Maja Lind"))
            #expect(account.headers[.cacheControl] == "private, no-store")
            // Told once, and by the next page.
            let notice = language == .sv ? "Du är inloggad." : "You are signed in."
            #expect(account.text.contains(notice))
            let again = try await browser.get("/\(language)/account")
            #expect(!again.text.contains(notice))
        }
    }

    @Test func `a link works once`() async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            _ = try await ask(browser, "maja@skane.example")
            let link = try await link(portal)
            let ready = try await browser.get(link)
            let asked = browser.cookies.withLock { $0[Visit.CookieWord.asked] }
            let first = try await browser.post(link, [:], from: ready)
            #expect(first.status == 303)
            browser.cookies.withLock {
                $0[Visit.CookieWord.session] = nil
                $0[Visit.CookieWord.asked] = asked
            }
            let second = try await browser.post(link, [:], from: ready)
            #expect(second.status == 404)
            let shown = try await browser.get(link)
            #expect(shown.status == 404)
        }
    }

    @Test func `eight uses of one link at once begin one session`() async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            _ = try await ask(browser, "maja@skane.example")
            let token = try #require(Secret(try await link(portal).split(separator: "/").last ?? ""))
            let asked = try #require(
                browser.cookies.withLock { $0[Visit.CookieWord.asked] }.flatMap { Secret($0) }
            )
            let outcomes = try await withThrowingTaskGroup(of: SessionQueries.Outcome.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await SessionQueries.signIn(
                            token,
                            browser: asked,
                            session: .random(),
                            device: nil,
                            portal.database.databases.member
                        )
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .gone }.count == 7)
            let sessions = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.session",
                portal.database.root
            )
            #expect(sessions == 1)
        }
    }

    @Test func `another browser is refused and uses nothing up`() async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let (browser, other) = (portal.stranger(), portal.stranger())
            _ = try await ask(browser, "maja@skane.example")
            let link = try await link(portal)
            for tries in [0, 1] {
                // The second time it has a cookie of its own.
                if tries == 1 { _ = try await ask(other, "nobody@klappa.example") }
                let shown = try await other.get(link)
                #expect(shown.status == 403)
                #expect(!shown.text.contains("maja@skane.example"))
                let form = try await other.get("/sv/sign-in")
                let used = try await other.post(link, [:], from: form)
                #expect(used.status == 403)
            }
            let ready = try await browser.get(link)
            let done = try await browser.post(link, [:], from: ready)
            #expect(done.status == 303)
        }
    }

    @Test func `a link is dead after 15 minutes`() async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            _ = try await ask(browser, "maja@skane.example")
            let link = try await link(portal)
            let ready = try await browser.get(link)
            try await portal.database.root.execute(
                "UPDATE klappa.sign_in_request SET expires_at = expires_at - interval '15 minutes'"
            )
            let late = try await browser.post(link, [:], from: ready)
            #expect(late.status == 404)
        }
    }

    @Test func `an unknown address, a closed account and a machine get the answer of everybody else`()
        async throws
    {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            try await open(portal, "closed@skane.example")
            try await portal.database.root.execute(
                "UPDATE klappa.account SET state = 'closed' WHERE email LIKE 'closed%'"
            )
            var answers: [String] = []
            for email in ["maja@skane.example", "closed@skane.example", "unknown@skane.example"] {
                let browser = portal.stranger()
                let sent = try await ask(browser, email)
                let shown = try await browser.get("/sv/sign-in/sent")
                let cookies = sent.headers[values: .setCookie].map {
                    $0.replacing(/=[^;]*/, with: "", maxReplacements: 1)
                }
                answers.append(
                    "\(sent.status) \(sent.location ?? "") \(cookies) \(sent.text) \(shown.status)"
                )
            }
            #expect(Set(answers).count == 1)
            let letters = try await portal.letters()
            #expect(letters.map { $0["template"] } == ["sign-in", "sign-in-unknown", "sign-in-unknown"])
            // The letter to whom we do not know has no link that signs in.
            #expect(letters[2]["values"]?["link"] == "http://klappa.example/sv/sign-in")
        }
    }

    @Test func `nobody's mailbox is filled`() async throws {
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            for _ in 0..<8 {
                _ = try await ask(portal.stranger(), "maja@skane.example")
                let sent = try await ask(portal.stranger(), "unknown@skane.example")
                #expect(sent.status == 303)
            }
            let letters = try await portal.letters()
            #expect(letters.filter { $0["to"] == "maja@skane.example" }.count == 5)
            #expect(letters.filter { $0["to"] == "unknown@skane.example" }.count == 1)
        }
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "/api/v1/crew", "/sv/../\u{7}", "x",
    ])
    func `nobody is led elsewhere after signing in`(then: String) async throws {
        #expect(SignInPages.local(then) == nil)
        try await Portal.with { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            _ = try await ask(browser, "maja@skane.example", then: then.filter { $0 != "\u{7}" })
            let link = try await link(portal)
            let done = try await browser.post(link, [:], from: try await browser.get(link))
            #expect(done.location == (then.hasPrefix("/sv/") ? "/sv/../" : "/sv/account"))
        }
    }

    @Test func `what is no address for mail comes back with the error at its field`() async throws {
        try await Portal.with { portal in
            let browser = portal.stranger()
            let answer = try await ask(browser, "maja")
            #expect(answer.status == 400)
            #expect(answer.text.contains(##"<a href="#email">"##))
            #expect(answer.text.contains(#"value="maja""#))
            #expect(answer.text.contains("namn@exempel.se"))
        }
    }

    @Test func `links name the configured address, whatever the host of the request says`() async throws {
        try await Portal.with(origin: nil) { portal in
            try await open(portal, "maja@skane.example")
            let browser = portal.stranger()
            let page = try await browser.get("/sv/sign-in")
            _ = try await browser.post(
                "/sv/sign-in",
                ["email": "maja@skane.example"],
                from: page,
                headers: [.init("Host")!: "evil.example"]
            )
            guard case .string(let link)? = try await portal.letters().last?["values"]?["link"] else {
                throw NoLetter()
            }
            #expect(!link.contains("evil"))
        }
    }

    @Test func `a first form opens an account when its link is used, and none before`() async throws {
        try await Portal.with { portal in
            let databases = portal.database.databases
            let browser = Secret.random()
            func ask(_ email: String) async throws -> SessionQueries.Outcome {
                let token = Secret.random()
                let request = SessionQueries.Request(
                    email: email,
                    name: "Ny Person",
                    language: .en,
                    then: "/en/crew"
                )
                try await SessionQueries.ask(
                    request,
                    token: token,
                    browser: browser,
                    link: "http://klappa.example/en/sign-in/\(token.text)",
                    askAgain: "http://klappa.example/en/sign-in",
                    databases.member
                )
                return try await SessionQueries.signIn(
                    token,
                    browser: browser,
                    session: .random(),
                    device: nil,
                    databases.member
                )
            }
            try await open(portal, "maja@skane.example")
            let outcomes = [try await ask("ny@klappa.example"), try await ask("MAJA@skane.example")]
            #expect(outcomes == [.signedIn(then: "/en/crew"), .signedIn(then: "/en/crew")])
            let letters = try await portal.letters()
            #expect(letters.map { $0["template"] } == ["welcome", "sign-in"])
            let rows = try await portal.database.root.query(
                "SELECT name, language FROM klappa.account ORDER BY created_at"
            )
            #expect(try rows.map { try $0.decode(String.self, "name") } == ["Maja Lind", "Ny Person"])
            #expect(try rows.last?.decode(String.self, "language") == "en")
        }
    }
}
