import Foundation
import Logging
import Postgres
import Testing
import Web

@testable import Registry

/// Letters that ask whether a listing is still right, what becomes of one that nobody confirms, and the link [BX-11, CD-13].
struct RenewalTests {
    private static func upkeep(_ portal: Portal) throws -> RenewalUpkeep {
        RenewalUpkeep(
            portal.database.worker,
            texts: try Site().texts,
            origin: "http://klappa.example",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Public listings of every kind whose owner can be asked, confirmed today; and one that nobody can be asked about.
    private static func arrange(_ portal: Portal) async throws -> (owner: Caller, ids: [String: UUID]) {
        let database = portal.database
        let owner = try await portal.member("Åsa Lind", email: "asa@example.se")
        let ids = [
            "person": try await database.person("Åsa Lind", account: owner.account),
            "location": try await database.location("Ladan", account: owner.account),
            "company": try await database.company("Ljus AB"), "nobody": try await database.person("Bo Ek"),
        ]
        for (kind, id) in ids {
            try await database.root.execute(
                """
                INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
                VALUES (\(id), 'publication', 'x', klappa.today(), 'x')
                """
            )
            let table = SQL(unsafe: kind == "nobody" ? "person" : kind)
            try await database.root.execute(
                "UPDATE klappa.\(table) SET invented = false, renewed_on = klappa.today() WHERE id = \(id)"
            )
        }
        // Nobody's account, but it names an address itself.
        try await database.root.execute("UPDATE klappa.company SET account = NULL")
        try await database.root.execute(
            """
            INSERT INTO klappa.contact_field (subject, kind, value)
            VALUES (\(ids["company"] as UUID?), 'email', 'ljus@example.se')
            """
        )
        return (owner, ids)
    }

    private static func published(_ portal: Portal) async throws -> [String] {
        try await portal.database.root.query(
            """
            SELECT x.name FROM (
                SELECT name FROM klappa.crew_public UNION ALL SELECT name FROM klappa.location_public
                UNION ALL SELECT name FROM klappa.company_public) AS x ORDER BY x.name
            """
        ).map { try $0.decode(String.self, "name") }
    }

    private static func links(_ portal: Portal) async throws -> [String: [String]] {
        var links: [String: [String]] = [:]
        for letter in try await portal.letters() {
            let to = letter["to"]?.string ?? ""
            let link = letter["values"]?["link"]?.string?.replacing("http://klappa.example", with: "") ?? ""
            links["\(to) \(letter["template"]?.string ?? "")", default: []].append(link)
        }
        return links
    }

    @Test func `an owner is asked twice, then the listing leaves the public list, and is told so`()
        async throws
    {
        try await Portal.with { portal in
            let (_, ids) = try await Self.arrange(portal)
            let upkeep = try Self.upkeep(portal)
            let today = Day.todayInStockholm
            func work(_ age: Int) async throws -> [Int] {
                let done = try await upkeep.work(on: today + age)
                return [done.asked, done.lapsed]
            }
            #expect(try await work(334) == [0, 0])
            #expect(try await work(335) == [3, 0])
            #expect(try await work(335) == [0, 0], "nobody is asked twice on the same day")
            #expect(try await work(357) == [0, 0])
            #expect(try await work(358) == [3, 0])
            #expect(try await work(364) == [0, 0])
            #expect(try await Self.published(portal).count == 4)
            #expect(try await work(365) == [0, 3])
            #expect(try await Self.published(portal) == ["Bo Ek"], "whom nobody can ask stays")
            #expect(try await work(900) == [0, 0])
            let letters = try await Self.links(portal)
            #expect(letters["asa@example.se renewal-1"]?.count == 2)
            #expect(letters["asa@example.se renewal-3"]?.count == 2)
            #expect(letters["ljus@example.se renewal-2"]?.count == 1)
            let log = try await portal.database.root.query(
                """
                SELECT t.writer FROM klappa.change c JOIN klappa.change_transaction t USING (transaction)
                WHERE c.subject = \(ids["person"] as UUID?) AND 'state' = ANY (c.columns) AND c.operation = 'update'
                """
            )
            #expect(try log.map { try $0.decode(String.self, "writer") }.last == "klappa_worker")
        }
    }

    @Test func `when the work had rested for years everyone is still asked twice first`() async throws {
        try await Portal.with { portal in
            _ = try await Self.arrange(portal)
            let upkeep = try Self.upkeep(portal)
            let late = Day.todayInStockholm + 2000
            var lapsed: [Int] = []
            for day in [0, 1, 6, 7, 8, 13, 14] { lapsed.append(try await upkeep.work(on: late + day).lapsed) }
            #expect(lapsed == [0, 0, 0, 0, 0, 0, 3])
        }
    }

    @Test(arguments: ["person", "location", "company"])
    func `opening the link changes nothing, pressing the button renews, also what has lapsed`(kind: String)
        async throws
    {
        try await Portal.with { portal in
            let (owner, ids) = try await Self.arrange(portal)
            let table = SQL(unsafe: kind)
            try await portal.database.root.execute(
                "UPDATE klappa.\(table) SET renewed_on = klappa.today() - 400 WHERE NOT invented AND account IS NOT NULL"
            )
            try await portal.database.root.execute(
                "UPDATE klappa.company SET renewed_on = klappa.today() - 400"
            )
            let upkeep = try Self.upkeep(portal)
            for day in [0, 7, 14] { try await upkeep.work(on: .todayInStockholm + day) }
            let to = kind == "company" ? "ljus@example.se" : "asa@example.se"
            let link = try #require(try await Self.links(portal)["\(to) renewal-1"]?.first)
            func state() async throws -> String {
                let row = try await portal.database.root.query(
                    """
                    SELECT state || ' ' || (klappa.today() - renewed_on) AS state FROM klappa.\(table)
                    WHERE id = \(ids[kind] as UUID?)
                    """
                ).first
                return try #require(row).decode(String.self, "state")
            }
            #expect(try await state() == "lapsed 400")
            let stranger = portal.stranger()
            let page = try await stranger.get(link)
            #expect(page.status == 200 && page.text.contains("<button"))
            #expect(try await state() == "lapsed 400")
            #expect(try await stranger.post(link, [:], from: nil).status == 403)
            #expect(try await stranger.post(link, [:], from: page).location == link)
            #expect(try await state() == "published 0")
            let after = try await stranger.get(link.replacing("/sv/", with: "/en/"))
            #expect(
                after.text.contains("nothing more to do") && !after.text.contains("<button class=\"b rape\"")
            )
            // It is good once: a year later it confirms nothing.
            try await portal.database.root.execute(
                "UPDATE klappa.\(table) SET renewed_on = klappa.today() - 300 WHERE id = \(ids[kind] as UUID?)"
            )
            _ = try await stranger.post(link, [:], from: page)
            #expect(try await state() == "published 300")
            let unknown = "/sv/renew/\(Secret.random().text)"
            #expect(try await stranger.get(unknown).status == 404)
            if kind == "person" {
                let log = try await portal.database.count(
                    """
                    SELECT count(*) AS n FROM klappa.change c JOIN klappa.change_transaction t USING (transaction)
                    WHERE 'renewed_on' = ANY (c.columns) AND t.account = \(owner.account as UUID?)
                    """,
                    portal.database.root
                )
                #expect(log == 1, "the log names the owner")
            }
        }
    }

    @Test func `what its owner hid is not shown again by a link`() async throws {
        try await Portal.with { portal in
            let (_, ids) = try await Self.arrange(portal)
            try await Self.upkeep(portal).work(on: .todayInStockholm + 340)
            let link = try #require(try await Self.links(portal)["ljus@example.se renewal-1"]?.first)
            try await portal.database.root.execute("UPDATE klappa.company SET state = 'hidden'")
            let page = try await portal.stranger().get(link)
            #expect(page.text.contains("inget att bekräfta"))
            _ = try await portal.stranger().post(link, [:], from: page)
            let states = try await portal.database.root.query(
                "SELECT state FROM klappa.company WHERE id = \(ids["company"] as UUID?)"
            ).map { try $0.decode(String.self, "state") }
            #expect(states == ["hidden"])
            #expect(!(try await Self.published(portal)).contains("Ljus AB"))
        }
    }
}
