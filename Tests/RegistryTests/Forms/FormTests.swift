import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

struct FormTests {
    private func form(_ values: [(String, String)]) throws -> Form {
        Form(Wording(try Site().texts, in: .sv), values)
    }

    @Test func `a form without its token, with another's or from elsewhere is refused`() async throws {
        try await Portal.with { portal in
            let (maja, bo, stranger) = (
                try await portal.member("Maja Lind"), try await portal.member("Bo"), portal.stranger()
            )
            let own = try await maja.get("/sv/account")
            let fields: KeyValuePairs = ["name": "Ny", "language": "sv"]
            let missing = try await maja.post("/sv/account", fields, from: nil)
            #expect(missing.status == 403)
            #expect(missing.text.contains("Formuläret är för gammalt"))
            let foreign = try await maja.post("/sv/account", fields, from: try await bo.get("/sv/account"))
            #expect(foreign.status == 403)
            let strangers = try await maja.post(
                "/sv/account",
                fields,
                from: try await stranger.get("/sv/sign-in")
            )
            #expect(strangers.status == 403)
            let elsewhere = try await maja.post(
                "/sv/account",
                fields,
                from: own,
                headers: [.secFetchSite: "cross-site"]
            )
            #expect(elsewhere.status == 403)
            let text = try await maja.post(
                "/sv/account",
                fields,
                from: own,
                headers: [.contentType: "text/plain"]
            )
            #expect(text.status == 415)
            let names = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.account WHERE name = 'Ny'",
                portal.database.root
            )
            #expect(names == 0)
            let good = try await maja.post(
                "/sv/account",
                fields,
                from: own,
                headers: [.secFetchSite: "same-origin"]
            )
            #expect(good.status == 303)
        }
    }

    @Test func `a stranger's form holds in the browser that was shown it`() async throws {
        try await Portal.with { portal in
            let (one, other) = (portal.stranger(), portal.stranger())
            let page = try await one.get("/sv/sign-in")
            _ = try await other.get("/sv/sign-in")
            let foreign = try await other.post("/sv/sign-in", ["email": "a@b.se"], from: page)
            #expect(foreign.status == 403)
            let without = try await portal.stranger().post("/sv/sign-in", ["email": "a@b.se"], from: page)
            #expect(without.status == 403)
            let good = try await one.post("/sv/sign-in", ["email": "a@b.se"], from: page)
            #expect(good.status == 303)
        }
    }

    @Test func `a token is printed differently each time and fits only its secret`() {
        let secret = Secret.random()
        let token = FormToken(secret: secret.bytes)
        let (one, other) = (token.printed, token.printed)
        #expect(one != other)
        #expect(token.matches(one) && token.matches(other))
        #expect(!FormToken(secret: Secret.random().bytes).matches(one))
        for wrong in ["", "x", String(one.dropLast()), one + "A", "é"] { #expect(!token.matches(wrong)) }
    }

    @Test func `all that is wrong is found at once, and what was typed stays`() throws {
        var form = try form([
            ("name", "  "), ("note", String(repeating: "å", count: 11)), ("email", "a@b"),
            ("region", "atlantis"),
            ("count", "1 0 0 0"), ("day", "2027-02-30"), ("dates", "i morgon"), ("url", "ftp://x.se"),
        ])
        #expect(form.text("name", upTo: 10).isEmpty)
        #expect(form.optionalText("note", upTo: 10) == nil)
        _ = form.email("email")
        #expect(form.choice("region", of: ["skane"]) == nil)
        #expect(form.number("count", in: 1...999) == nil)
        #expect(form.day("day") == nil)
        _ = form.days("dates", today: Day(number: 0))
        _ = form.link("url")
        #expect(
            form.errors.map(\.field) == ["name", "note", "email", "region", "count", "day", "dates", "url"]
        )
        #expect(form.status == 400)
        #expect(form["count"] == "1 0 0 0")
        #expect(form.error("note")?.contains("11") == true)
    }

    @Test func `what is right is read`() throws {
        var form = try form([
            ("name", " Maja "), ("email", "maja@exempel.se"), ("region", "skane"), ("tags", "b"),
            ("tags", "a"),
            ("tags", "b"), ("count", "1 000"), ("metres", "2,5"), ("day", "2027-02-28"),
            ("url", "exempel.se"),
            ("dates", "1–3 mars 2027"),
        ])
        #expect(form.text("name", upTo: 4) == "Maja")
        #expect(form.email("email") == "maja@exempel.se")
        #expect(form.choice("region", of: ["skane"]) == "skane")
        #expect(form.choices("tags", of: ["a", "b", "c"]) == ["b", "a"])
        #expect(form.number("count", in: 1...1000) == 1000)
        #expect(form.decimal("metres", in: 0...10) == 2.5)
        #expect(form.day("day") == Day("2027-02-28"))
        #expect(form.link("url") == "https://exempel.se")
        #expect(form.days("dates", today: Day(number: 0)).ranges.count == 1)
        #expect(form.optionalText("nothing", upTo: 5) == nil)
        #expect(form.isValid && form.status == 200)
    }

    @Test(arguments: ["a=%", "a=%zz", "a=%00", "a=%ff", "%c3=1"])
    func `what is no text is refused`(body: String) {
        #expect(throws: Problem.self) { try FormBody(body) }
    }

    @Test func `a body is read in order, line ends are one character`() throws {
        let body = try FormBody("a=1&b=x+y%0D%0Az&a=2&c&d=")
        #expect(body.pairs.map { "\($0.name)=\($0.value)" } == ["a=1", "b=x y\nz", "a=2", "c=", "d="])
        #expect(throws: Problem.self) {
            try FormBody(Array(repeating: "a=1", count: 1001).joined(separator: "&"))
        }
    }
}
