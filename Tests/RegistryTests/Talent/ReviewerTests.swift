import Foundation
import HTTPTypes
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

@Suite struct ReviewerTests {
    /// A portal with the scene, its manager signed in.
    private func with(
        _ body: @escaping @Sendable (Portal, TalentScene, _ manager: Caller) async throws -> Void
    ) async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let manager = try await signIn(portal, scene.manager)
            try await body(portal, scene, manager)
        }
    }

    private func signIn(_ portal: Portal, _ account: UUID) async throws -> Caller {
        let session = Secret.random()
        try await portal.database.root.execute(
            """
            INSERT INTO klappa.session (account, hash, form_key)
            VALUES (\(account), \(session.hash), \(Secret.random().bytes))
            """
        )
        let caller = Caller(portal: portal, account: account)
        caller.cookies.withLock { $0[portal.rules.name(Visit.CookieWord.session)] = session.text }
        return caller
    }

    private func page(_ application: UUID) -> String {
        "/en/manage/applications/\(application.uuidString.lowercased())"
    }

    private func give(
        _ manager: Caller,
        _ application: UUID,
        to email: String = "rita@outside.example",
        which: String = "this"
    ) async throws -> Caller.Page {
        let shown = try await manager.get(page(application))
        return try await manager.post(
            page(application) + "/reviewers",
            ["reviewer": email, "reviewerName": "Rita Rask", "which": which],
            from: shown
        )
    }

    private func reviewer(_ portal: Portal, _ email: String = "rita@outside.example") async throws -> Caller {
        let rows = try await portal.database.root.query(
            "SELECT id FROM klappa.account WHERE email = \(email)"
        )
        return try await signIn(portal, try #require(rows.first).decode(UUID.self, "id"))
    }

    @Test func `a reviewer reads one application and assesses it, which its manager reads`() async throws {
        try await with { portal, scene, manager in
            let ada = try await scene.send("Ada")
            let bo = try await scene.send("Bo")
            let given = try await give(manager, ada)
            #expect(given.status == 303)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "reviewer-given" && letter["to"] == "rita@outside.example")
            let rita = try await reviewer(portal)
            let list = try await rita.get("/en/reviews")
            #expect(list.text.contains("Ada") && !list.text.contains("Bo<"))
            let path = "/en/reviews/\(ada.uuidString.lowercased())"
            let shown = try await rita.get(path)
            #expect(shown.status == 200 && shown.text.contains("Därför"))
            let none = try await rita.post(path, ["version": "1"], from: shown)
            #expect(none.status == 400)
            let said = try await rita.post(
                path,
                ["version": "1", "grade": "4", "note": "Stark <idé>"],
                from: shown
            )
            #expect(said.status == 303)
            let stale = try await rita.post(path, ["version": "1", "grade": "1"], from: shown)
            #expect(stale.status == 412)
            let seen = try await manager.get(page(ada))
            #expect(seen.text.contains("Rita Rask") && seen.text.contains("Stark &lt;idé&gt;"))
            let other = try await rita.get("/en/reviews/\(bo.uuidString.lowercased())")
            #expect(other.status == 404)
        }
    }

    @Test func `and nothing else: no outcome, no letters, no list, no other's words, no other application`()
        async throws
    {
        try await with { portal, scene, manager in
            let ada = try await scene.send("Ada")
            let bo = try await scene.send("Bo")
            _ = try await give(manager, ada)
            _ = try await give(manager, bo, to: "sten@outside.example")
            let rita = try await reviewer(portal)
            for address in [
                page(ada), "/en/manage", "/en/manage/calls/\(scene.call.uuidString.lowercased())",
                "/en/applications/\(ada.uuidString.lowercased())",
            ] {
                let answer = try await rita.get(address)
                #expect(answer.status == 404 || answer.status == 403, "\(address) \(answer.status)")
            }
            let reader = Reader.member(account: try #require(rita.account), grants: [])
            for table in ["application", "assessment", "decision", "participant"] {
                let rows = try await portal.database.member.query(
                    "SELECT 1 AS one FROM klappa.\(identifier: table)",
                    settings: reader.settings
                )
                #expect(rows.isEmpty, "\(table)")
            }
            let reviews = try await portal.database.member.query(
                "SELECT application FROM klappa.application_review",
                settings: reader.settings
            )
            #expect(reviews.count == 1)
            for statement in [
                "INSERT INTO klappa.application_review (application, call, account) VALUES ('\(bo)', '\(scene.call)', '\(reader.account!)')",
                "UPDATE klappa.application_review SET application = '\(bo)'",
                "SELECT klappa.give_to_reviewer(ARRAY['\(bo)']::uuid[], 'x@x.example', NULL, 'sv')",
            ] {
                await #expect(throws: PostgresError.self) {
                    try await portal.database.member.execute(
                        SQL(unsafe: statement),
                        settings: reader.settings
                    )
                }
            }
        }
    }

    @Test func `taken back at once, with what was said; withdrawn ones are gone too`() async throws {
        try await with { portal, scene, manager in
            let ada = try await scene.send("Ada")
            let bo = try await scene.send("Bo")
            _ = try await give(manager, ada, which: "all")
            let rita = try await reviewer(portal)
            let both = try await rita.get("/en/reviews")
            #expect(both.text.contains("2 wait for your assessment"))
            let shown = try await manager.get(page(ada))
            let take = String(
                try #require(shown.text.firstMatch(of: /action="([^"]+\/reviewers\/[0-9a-f-]+)"/)).1
            )
            let stranger = try await signIn(portal, scene.otherManager)
            let foreign = try await stranger.post(take, [:], from: try await stranger.get("/en/account"))
            #expect(foreign.status == 404)
            let taken = try await manager.post(take, [:], from: shown)
            #expect(taken.status == 303)
            let gone = try await rita.get("/en/reviews/\(ada.uuidString.lowercased())")
            #expect(gone.status == 404)
            try await portal.database.member.execute(
                "SELECT klappa.withdraw_application(\(bo))",
                settings: [("klappa.account", scene.manager.uuidString.lowercased())]
            )
            let none = try await rita.get("/en/reviews")
            #expect(none.text.contains("You have no applications to review"))
        }
    }

    @Test func `only who manages the call gives, never to themselves or to the applicant`() async throws {
        try await with { portal, scene, manager in
            let ada = try await scene.send("Ada")
            let stranger = try await signIn(portal, scene.otherManager)
            let foreign = try await stranger.post(
                page(ada) + "/reviewers",
                ["reviewer": "x@x.example", "which": "this"],
                from: try await stranger.get("/en/account")
            )
            #expect(foreign.status == 404)
            let own = try await give(manager, ada, to: "manager@example.se")
            #expect(own.status == 400 && own.text.contains("That address cannot review"))
            _ = try await give(manager, ada, to: "ada@example.se")
            let kept = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.application_review",
                portal.database.root
            )
            #expect(kept == 0)
            let wrong = try await give(manager, ada, to: "nonsense")
            #expect(wrong.status == 400)
        }
    }
}
