import Foundation
import Postgres
import Testing

@testable import Registry
@testable import Web

/// The pages on which an office keeps its plan, as a browser without scripts uses them.
struct PlanPagesTests {
    @Test(arguments: ["sv", "en"])
    func `a region administrator adds evidence, approves it and chooses a level`(language: String)
        async throws
    {
        try await Portal.with { portal in
            let office = try await portal.member("Maja Lind", .regionAdministrator, region: "skane")
            let base = "/\(language)/strategy/skane"
            let account = try #require(office.account)
            try await portal.database.approve(upTo: 1, except: ["talent_1_shared_calls"], of: 12, as: account)

            let page = try await office.get("\(base)/edit/level")
            #expect(page.status == 200)
            let version = try #require(
                page.text.firstMatch(of: /name="version" value="(\d+)"/).map { String($0.1) }
            )
            let level: KeyValuePairs = [
                "version": version, "level": "2", "from": "2026-01-01", "to": "2190-12-31", "decision": "§ 4",
            ]
            let refused = try await office.post("\(base)/edit/level", level, from: page)
            #expect(refused.status == 400)
            #expect(
                refused.text.contains(
                    language == "sv" ? "Sprid gemensamma utlysningar" : "Promote shared calls"
                )
            )
            #expect(refused.text.contains(##"href="#level""##))
            #expect(refused.text.contains(#"value="§ 4""#), "what was typed stays")

            let add = try await office.get("\(base)/edit/evidence/new?commitment=talent_1_shared_calls")
            #expect(add.text.contains(#"<option value="talent_1_shared_calls" selected>"#))
            let key = try #require(add.text.firstMatch(of: /name="key" value="([^"]+)"/).map { String($0.1) })
            let evidence: KeyValuePairs = [
                "key": key, "commitment": "talent_1_shared_calls", "textSv": "Sju utlysningar", "value": "7",
            ]
            for _ in 0..<2 {
                let sent = try await office.post("\(base)/edit/evidence/new", evidence, from: add)
                #expect(sent.status == 303)
            }
            let overview = try await office.get("\(base)/edit")
            let links = overview.text.matches(
                of: /href="([^"]+\/edit\/evidence\/[0-9a-f-]{36})">Sju utlysningar/
            )
            #expect(links.count == 1, "sent twice, added once")
            let one = String(try #require(links.first).1)
            let form = try await office.get(one)
            let approved = try await office.post(
                one,
                ["version": "1", "textSv": "Sju utlysningar", "value": "7", "do": "approve"],
                from: form
            )
            #expect(approved.status == 303)
            let again = try await office.get("\(base)/edit/level")
            let now = try #require(
                again.text.firstMatch(of: /name="version" value="(\d+)"/).map { String($0.1) }
            )
            let taken = try await office.post(
                "\(base)/edit/level",
                ["version": now, "level": "2", "from": "2026-01-01", "to": "2190-12-31"],
                from: again
            )
            #expect(taken.status == 303)
            let history = try await office.get("\(base)/history")
            #expect(history.text.contains("Maja Lind"))
            let stranger = try await portal.stranger().get(base)
            #expect(stranger.text.contains("Sju utlysningar"))
            #expect(!stranger.text.contains("Maja Lind") && !stranger.text.contains("/edit"))

            let withdrawn = try await office.post(
                one,
                ["version": "2", "textSv": "Sju utlysningar", "value": "7", "do": "withdraw"],
                from: form
            )
            #expect(withdrawn.status == 400)
            #expect(withdrawn.text.contains(language == "sv" ? "Sänk nivån först" : "Lower the level first"))
        }
    }

    @Test func `two who change the same row: the second sees both texts and may send again`() async throws {
        try await Portal.with { portal in
            let first = try await portal.member("Maja", .regionAdministrator, region: "skane")
            let second = try await portal.member("Per", .administrator)
            try await portal.database.root.execute(
                "INSERT INTO klappa.region_goal (region, priority, title_sv) VALUES (12, 'market', 'Gammal')"
            )
            let overview = try await first.get("/sv/strategy/skane/edit")
            let place = String(
                try #require(overview.text.firstMatch(of: /href="([^"]+\/edit\/goals\/[0-9a-f-]{36})"/)).1
            )
            let (page, other) = (try await first.get(place), try await second.get(place))
            let fields: (String) -> KeyValuePairs<String, String> = {
                ["version": "1", "priority": "market", "titleSv": $0, "do": "save"]
            }
            #expect(try await first.post(place, fields("Majas"), from: page).status == 303)
            let clash = try await second.post(place, fields("Pers"), from: other)
            #expect(clash.status == 412)
            #expect(clash.text.contains("Majas") && clash.text.contains(#"value="Pers""#))
            #expect(clash.text.contains(#"name="version" value="2""#))
        }
    }

    @Test func `commissioners read, strangers are led to sign in, other offices are refused`() async throws {
        try await Portal.with { portal in
            try await portal.database.root.execute(
                "INSERT INTO klappa.region_goal (region, priority, title_sv) VALUES (12, 'market', 'Ett mål')"
            )
            let reader = try await portal.member("Rut", .commissioner, region: "skane")
            let page = try await reader.get("/sv/strategy/skane/edit")
            #expect(page.status == 200 && page.text.contains("Ett mål"))
            #expect(!page.text.contains("/edit/goals/"))
            let sent = try await reader.post(
                "/sv/strategy/skane/edit/goals/new",
                ["priority": "market", "titleSv": "Nej"],
                from: page
            )
            #expect(sent.status == 403)
            let other = try await portal.member("Ove", .regionAdministrator, region: "halland")
            for path in ["edit", "edit/level", "edit/goals/new", "history"] {
                #expect(try await other.get("/sv/strategy/skane/\(path)").status == 403, "\(path)")
                #expect(
                    try await portal.stranger().get("/sv/strategy/skane/\(path)").status == 303,
                    "\(path)"
                )
            }
            #expect(try await reader.get("/sv/strategy/smaland/edit").status == 404)
            #expect(try await reader.get("/sv/strategy/skane/edit/nothing/new").status == 404)
        }
    }

    @Test func `a form without its token is refused`() async throws {
        try await Portal.with { portal in
            let office = try await portal.member("Maja", .regionAdministrator, region: "skane")
            let sent = try await office.post(
                "/sv/strategy/skane/edit/goals/new",
                ["priority": "market", "titleSv": "Mål"],
                from: nil
            )
            #expect(sent.status == 403)
            let count = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.region_goal",
                portal.database.root
            )
            #expect(count == 0)
        }
    }
}
