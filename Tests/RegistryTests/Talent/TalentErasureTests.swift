import Foundation
import Logging
import Postgres
import Testing

@testable import Registry
@testable import Web

/// What an applicant may have erased, and what is left; files that nobody needs; questions edited in place.
struct TalentErasureTests {
    private func upkeep(_ portal: Portal, _ folder: URL) throws -> TalentUpkeep {
        TalentUpkeep(
            portal.database.worker,
            texts: try Site().texts,
            origin: nil,
            answers: folder,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func files(_ folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains("/") }
    }

    @Test func `an erased application leaves an empty row, its number, and none of its words`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "answers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Portal.with(answers: folder) { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let ada = try await portal.member("Ada Hemligman", email: "hemlig@example.se")
            let address = "/sv/calls/\(scene.call.uuidString.lowercased())/apply"
            let page = try await ada.get(address)
            let sent = try await ada.postFiles(
                address,
                [
                    ("version", "0"), ("name", "Ada Hemligman"), ("phone", "070-1740605"),
                    ("q-why", "En hemlig sak"), ("submit", "yes"),
                ],
                files: [("q-cv", "hemlig.pdf", Array("%PDF-1.4 hemlig".utf8))],
                from: page
            )
            #expect(sent.status == 303, "\(sent.text)")
            let own = try #require(sent.location)
            let id = try #require(UUID(uuidString: String(own.suffix(36))))
            let bo = try await scene.send("Bo")
            try await scene.decide(id, "selected")
            try await scene.decide(bo, "waiting")
            try await scene.tell(id, "accepted")

            // Nobody else erases it: not a stranger, not the manager, not another account.
            let eva = try await portal.member("Eva")
            let theirs = try await eva.get("/sv/account")
            #expect(try await eva.post(own + "/erase", [:], from: theirs).status == 404)
            #expect(try await ada.get(own).status == 200)

            let form = try await ada.get(own)
            #expect(form.text.contains(own + "/erase"))
            #expect(try await ada.post(own + "/erase", [:], from: form).status == 303)
            #expect(try await ada.get(own).status == 404)
            #expect(
                try await scene.text("SELECT name AS n FROM klappa.application WHERE id = \(id)") == "–"
            )
            #expect(
                try await scene.text("SELECT arrival::text AS n FROM klappa.application WHERE id = \(id)")
                    == "1"
            )
            // The place went to who waited.
            #expect(try await scene.outcomes("selected") == 1)
            for table in try await portal.database.tables("Base") where table != "account" {
                let n = try await portal.database.count(
                    """
                    SELECT count(*) AS n FROM klappa.\(identifier: table) AS t
                    WHERE t::text ~* '(hemlig|070-1740605)'
                    """,
                    portal.database.root
                )
                #expect(n == 0, "\(table)")
            }
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, portal.database) == 0, "\(check)")
            }
            // The file goes a day later.
            let upkeep = try upkeep(portal, folder)
            #expect(try await upkeep.sweep() == 0)
            #expect(try files(folder).count == 1)
            #expect(try await upkeep.sweep(now: Date(timeIntervalSinceNow: 90_000)) == 1)
            #expect(try files(folder).isEmpty)
        }
    }

    @Test func `files that an answer needs stay, those of a draft thrown away go`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "answers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Portal.with(answers: folder) { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let address = "/sv/calls/\(scene.call.uuidString.lowercased())/apply"
            var drafts: [Caller] = []
            for name in ["Ada", "Bo"] {
                let caller = try await portal.member(name, email: "\(name.lowercased())@example.se")
                let saved = try await caller.postFiles(
                    address,
                    [("version", "0"), ("name", name), ("save", "yes")],
                    files: [("q-cv", "cv.txt", Array("Mitt CV, \(name)".utf8))],
                    from: try await caller.get(address)
                )
                #expect(saved.status == 303, "\(saved.text)")
                drafts.append(caller)
            }
            #expect(try files(folder).count == 2)
            let form = try await drafts[0].get(address)
            let discard = try #require(form.text.firstMatch(of: /action="([^"]+\/discard)"/)).1
            #expect(try await drafts[0].post(String(discard), [:], from: form).status == 303)
            // Nothing of a draft that was thrown away is remembered.
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.change_value v WHERE v::text LIKE '%ada@example.se%' OR v::text LIKE '%cv.txt%Ada%'",
                    portal.database.root
                ) == 0
            )
            let later = Date(timeIntervalSinceNow: 90_000)
            let upkeep = try upkeep(portal, folder)
            #expect(try await upkeep.sweep(now: later) == 1)
            #expect(try await upkeep.sweep(now: later) == 0)
            #expect(try files(folder).count == 1)
            let kept = try #require(
                try await drafts[1].get(address).text.firstMatch(of: /href="([^"]+\/files\/cv)"/)
            )
            #expect(try await drafts[1].get(String(kept.1)).text == "Mitt CV, Bo")
        }
    }

    @Test func `a question is edited in place, by its managers only, and a clash shows both texts`()
        async throws
    {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let mia = try await portal.member("Mia Manager")
            let account = try #require(mia.account)
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.grants (account, "right", organisation)
                VALUES (\(account), 'programme_manager', \(scene.organisation))
                """
            )
            let bo = try await scene.send("Bo")
            let list = "/sv/manage/calls/\(scene.call.uuidString.lowercased())/questions"
            let page = try await mia.get(list)
            let why = try #require(
                try await scene.text("SELECT id::text AS n FROM klappa.question WHERE code = 'why'")
            )
            let id = try #require(UUID(uuidString: why))
            let own = "\(list)/\(why)"
            #expect(page.text.contains("href=\"\(own)\""))
            let form = try await mia.get(own)
            #expect(form.status == 200)
            let version = try #require(form.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let fields = [
                "version": String(version), "kind": "long_text", "labelSv": "Varför just du?",
                "labelEn": "Why you?", "required": "yes", "longest": "900",
            ]
            let saved = try await mia.post(own, sent: fields, from: form)
            #expect(saved.status == 303, "\(saved.text)")
            #expect(
                try await scene.text(
                    "SELECT code || ' ' || label_sv AS n FROM klappa.question WHERE id = \(id)"
                )
                    == "why Varför just du?"
            )
            // What was handed in keeps its question.
            let kept = try await scene.text(
                "SELECT snapshot::text AS n FROM klappa.application WHERE id = \(bo)"
            )
            #expect(kept?.contains("Varför?") == true)
            let stale = try await mia.post(
                own,
                sent: fields.merging(["labelSv": "Min text"]) { $1 },
                from: form
            )
            #expect(stale.status == 412)
            #expect(stale.text.contains("Min text") && stale.text.contains("Varför just du?"))
            let wrong = try await mia.post(own, sent: fields.merging(["labelSv": ""]) { $1 }, from: form)
            #expect(wrong.status == 400)
            let eva = try await portal.member("Eva")
            #expect([403, 404].contains(try await eva.get(own).status))
            let theirs = try await eva.get("/sv/account")
            #expect([403, 404].contains(try await eva.post(own, sent: fields, from: theirs).status))
        }
    }
}
