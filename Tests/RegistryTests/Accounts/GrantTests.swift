import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

struct GrantTests {
    private func offers(_ portal: Portal) async throws -> [(String, Caller)] {
        [
            ("administrator", try await portal.member("Adam", .administrator)),
            (
                "region_administrator of Skåne",
                try await portal.member("Rut", .regionAdministrator, region: "skane")
            ),
            ("region_administrator everywhere", try await portal.member("Rolf", .regionAdministrator)),
            ("commissioner of Skåne", try await portal.member("Maja", .commissioner, region: "skane")),
            ("commissioner everywhere", try await portal.member("Max", .commissioner)),
            ("searcher", try await portal.member("Siv", .searcher)),
            ("programme_manager", try await portal.member("Pia", .programmeManager)),
            ("reviewer", try await portal.member("Rickard", .reviewer)),
            ("nobody", try await portal.member("Nils")),
        ]
    }

    /// The whole table: who gives and takes which right in which scope, asked of the database itself.
    @Test func `administrators give everywhere, region administrators in their region, others nothing`()
        async throws
    {
        try await Portal.with { portal in
            let someone = try #require(try await portal.member("Någon").account)
            for (who, caller) in try await offers(portal) {
                let giver = try #require(caller.account)
                let reader = Reader.member(account: giver, grants: [])
                for right in Right.allCases {
                    for region in ["skane", "halland", nil] where right != .administrator || region == nil {
                        let mayGive =
                            who == "administrator"
                            || right != .administrator
                                && (who == "region_administrator of Skåne" && region == "skane"
                                    || who == "region_administrator everywhere" && region != nil)
                        do {
                            try await portal.database.member.transaction(settings: reader.settings) {
                                transaction in
                                try await transaction.execute(
                                    """
                                    INSERT INTO klappa.grants (account, "right", region, given_by)
                                    VALUES (\(someone), \(right.rawValue),
                                        (SELECT no FROM klappa.region WHERE code = \(region as String?)), \(giver))
                                    """
                                )
                            }
                            #expect(mayGive, "\(who) gave \(right) in \(region ?? "everywhere")")
                        } catch let error as PostgresError {
                            #expect(error.sqlState == .insufficientPrivilege)
                            #expect(!mayGive, "\(who) could not give \(right) in \(region ?? "everywhere")")
                            try await portal.database.root.execute(
                                """
                                INSERT INTO klappa.grants (account, "right", region)
                                VALUES (\(someone), \(right.rawValue),
                                    (SELECT no FROM klappa.region WHERE code = \(region as String?)))
                                """
                            )
                        }
                        let taken = try await portal.database.member.execute(
                            "DELETE FROM klappa.grants WHERE account = \(someone)",
                            settings: reader.settings
                        )
                        #expect(
                            taken == (mayGive ? 1 : 0),
                            "\(who) took \(right) in \(region ?? "everywhere")"
                        )
                        try await portal.database.root.execute(
                            "DELETE FROM klappa.grants WHERE account = \(someone)"
                        )
                    }
                }
            }
        }
    }

    @Test func `nobody gives or takes a right of their own, or in another's name`() async throws {
        try await Portal.with { portal in
            let adam = try #require(try await portal.member("Adam", .administrator).account)
            let other = try #require(try await portal.member("Eva", .administrator).account)
            let own = await portal.database.refusal(
                "INSERT INTO klappa.grants (account, \"right\", given_by) VALUES (\(adam), 'searcher', \(adam))",
                portal.database.member,
                as: adam
            )
            #expect(own?.sqlState == .insufficientPrivilege)
            let name = await portal.database.refusal(
                "INSERT INTO klappa.grants (account, \"right\", given_by) VALUES (\(other), 'searcher', \(other))",
                portal.database.member,
                as: adam
            )
            #expect(name?.sqlState == .insufficientPrivilege)
            let taken = try await portal.database.member.execute(
                "DELETE FROM klappa.grants",
                settings: SchemaDatabase.settings(adam)
            )
            #expect(taken == 1)
        }
    }

    @Test(arguments: Language.allCases)
    func `a right is given on the page, with a letter, and taken again`(language: Language) async throws {
        try await Portal.with { portal in
            let rut = try await portal.member("Rut", .regionAdministrator, region: "skane")
            let page = try await rut.get("/\(language)/grants")
            #expect(page.status == 200)
            #expect(!page.text.contains("value=\"administrator\""))
            #expect(!page.text.contains("value=\"region:halland\""))
            let given = try await rut.post(
                "/\(language)/grants",
                [
                    "email": "maja@skane.example", "name": "Maja Lind", "right": "commissioner",
                    "scope": "region:skane", "letters": "en",
                ],
                from: page
            )
            #expect(given.status == 303)
            let letter = try #require(try await portal.letters().last)
            #expect(letter["template"] == "invitation")
            #expect(letter["language"] == "en")
            #expect(letter["values"]?["right"] == "Film commissioner")
            #expect(letter["values"]?["scope"] == "Skåne")
            #expect(
                letter["values"]?["link"] == "http://klappa.example/en/sign-in?email=maja%40skane.example"
            )
            let after = try await rut.get("/\(language)/grants")
            #expect(after.text.contains("Maja Lind"))
            // The invited person signs in and is a commissioner.
            let maja = portal.stranger()
            _ = try await maja.post(
                "/en/sign-in",
                ["email": "maja@skane.example"],
                from: try await maja.get("/en/sign-in")
            )
            let link = try #require(try await portal.letters().last?["values"]?["link"]?.string)
            let path = String(link.trimmingPrefix("http://klappa.example"))
            _ = try await maja.post(path, [:], from: try await maja.get(path))
            let account = try await maja.get("/en/account")
            #expect(account.text.contains("Film commissioner"))
            let taking = try #require(after.text.firstMatch(of: /action="([^"]*\/grants\/[^"]+)"/))
            let taken = try await rut.post(String(taking.1), [:], from: after)
            #expect(taken.status == 303)
            let without = try await maja.get("/en/account")
            #expect(!without.text.contains("Film commissioner"))
            let again = try await rut.post(String(taking.1), [:], from: after)
            #expect(again.status == 404)
        }
    }

    @Test func `what the page does not offer is refused`() async throws {
        try await Portal.with { portal in
            let rut = try await portal.member(
                "Rut",
                .regionAdministrator,
                region: "skane",
                email: "rut@skane.example"
            )
            let page = try await rut.get("/sv/grants")
            for (right, scope) in [
                ("administrator", "everywhere"), ("commissioner", "region:halland"),
                ("commissioner", "everywhere"),
                ("", ""), ("king", "region:skane"),
            ] {
                let refused = try await rut.post(
                    "/sv/grants",
                    ["email": "x@y.se", "right": right, "scope": scope, "letters": "sv"],
                    from: page
                )
                #expect(refused.status == 400, "\(right) \(scope)")
            }
            let own = try await rut.post(
                "/sv/grants",
                [
                    "email": "rut@skane.example", "right": "commissioner", "scope": "region:skane",
                    "letters": "sv",
                ],
                from: page
            )
            #expect(own.status == 400)
            let letters = try await portal.letters()
            #expect(letters.isEmpty)
        }
    }

    @Test func `others neither see the page nor take what it lists`() async throws {
        try await Portal.with { portal in
            let held = UUID.version7()
            let someone = try #require(try await portal.member("Någon").account)
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.grants (id, account, "right", region) VALUES (\(held), \(someone), 'commissioner', 13)
                """
            )
            for (who, caller) in try await offers(portal) where !who.contains("administrator") {
                let page = try await caller.get("/sv/grants")
                #expect(page.status == 403, "\(who)")
                let own = try await caller.get("/sv/account")
                let taken = try await caller.post("/sv/grants/\(held)", [:], from: own)
                #expect(taken.status == 404, "\(who)")
            }
            let rut = try await portal.member("Rut", .regionAdministrator, region: "skane")
            let page = try await rut.get("/sv/grants")
            #expect(!page.text.contains("Någon"))
            let taken = try await rut.post("/sv/grants/\(held)", [:], from: page)
            #expect(taken.status == 404)
        }
    }

    @Test func `an invitation from the command line opens, gives and writes once`() async throws {
        try await Portal.with { portal in
            let letters = try Site().letters
            func invite(_ email: String, _ right: Right, _ scope: Invitations.Scope) async throws
                -> Invitations.Outcome
            {
                try await Invitations.invite(
                    email,
                    name: nil,
                    right: right,
                    scope: scope,
                    language: .sv,
                    origin: "http://klappa.example",
                    letters: letters,
                    portal.database.worker
                )
            }
            let outcomes = [
                try await invite("maja@skane.example", .administrator, .everywhere),
                try await invite("MAJA@skane.example", .administrator, .everywhere),
                try await invite("maja@skane.example", .commissioner, .region("skane")),
                try await invite("maja@skane.example", .commissioner, .region("atlantis")),
                try await invite("maja@skane.example", .programmeManager, .organisation("nowhere")),
            ]
            #expect(outcomes == [.invited, .alreadyHeld, .invited, .unknownScope, .unknownScope])
            try await portal.database.root.execute("UPDATE klappa.account SET state = 'closed'")
            let closed = try await invite("maja@skane.example", .searcher, .everywhere)
            #expect(closed == .closed)
            let written = try await portal.letters()
            #expect(written.map { $0["values"]?["scope"] } == ["Överallt", "Skåne"])
            let accounts = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.account WHERE name = 'maja'",
                portal.database.root
            )
            #expect(accounts == 1)
        }
    }

    @Test func `nobody but who gives rights opens accounts`() async throws {
        try await Portal.with { portal in
            for (who, caller) in try await offers(portal) where !who.contains("administrator") {
                let refusal = await portal.database.refusal(
                    "SELECT klappa.invite_account('x@y.se', NULL, 'sv')",
                    portal.database.member,
                    as: caller.account
                )
                #expect(refusal?.sqlState == .insufficientPrivilege, "\(who)")
            }
            let nobody = await portal.database.refusal(
                "SELECT klappa.invite_account('x@y.se', NULL, 'sv')",
                portal.database.member
            )
            #expect(nobody?.sqlState == .insufficientPrivilege)
        }
    }
}
