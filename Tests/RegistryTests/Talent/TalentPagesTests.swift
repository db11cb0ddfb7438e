import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

extension Caller {
    /// Sends a form with files as a browser does.
    func postFiles(
        _ address: String,
        _ fields: [(String, String)],
        files: [(field: String, name: String, bytes: [UInt8])] = [],
        from page: Page
    ) async throws -> Page {
        var body: [UInt8] = []
        for (name, value) in fields + [("csrf", page.token ?? "")] {
            body += Array(
                "--b0undary\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
            )
        }
        for file in files {
            let head = "form-data; name=\"\(file.field)\"; filename=\"\(file.name)\""
            body += Array("--b0undary\r\nContent-Disposition: \(head)\r\n\r\n".utf8) + file.bytes + [13, 10]
        }
        body += Array("--b0undary--\r\n".utf8)
        let cookie = cookies.withLock { $0 }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let response = try await portal.client.execute(
            uri: address,
            method: .post,
            headers: [.contentType: "multipart/form-data; boundary=b0undary", .cookie: cookie],
            body: ByteBuffer(bytes: body)
        )
        return Page(
            status: response.status.code,
            text: String(buffer: response.body),
            headers: response.headers
        )
    }

    /// Follows where an answer leads.
    func follow(_ page: Page) async throws -> Page { try await get(try #require(page.location)) }
}

/// A manager opens a call, people apply, decisions go out, the list moves, a participant becomes crew.
struct TalentPagesTests {
    private func manager(_ portal: Portal, _ scene: TalentScene) async throws -> Caller {
        let manager = try await portal.member("Mia Manager")
        let account = try #require(manager.account)
        try await portal.database.root.execute(
            """
            INSERT INTO klappa.grants (account, "right", organisation)
            VALUES (\(account), 'programme_manager', \(scene.organisation))
            """
        )
        return manager
    }

    private func apply(_ portal: Portal, _ call: String, _ name: String) async throws -> (Caller, String) {
        let caller = try await portal.member(name, email: "\(name.lowercased())@example.se")
        let address = "/sv/calls/\(call)/apply"
        let page = try await caller.get(address)
        #expect(page.status == 200)
        let sent = try await caller.postFiles(
            address,
            [
                ("version", "0"), ("name", name), ("region", "skane"), ("q-varfor", "Därför"),
                ("submit", "yes"),
            ],
            from: page
        )
        #expect(sent.status == 303, "\(sent.text)")
        return (caller, try #require(sent.location))
    }

    private func decide(_ manager: Caller, _ address: String, _ outcome: String) async throws -> Caller.Page {
        let own = address.replacing("/sv/applications/", with: "/sv/manage/applications/")
        let page = try await manager.get(own)
        let version = try #require(page.text.firstMatch(of: /name="version" value="([0-9]+)"/)).1
        return try await manager.post(
            own,
            ["eligibility": "in_consideration", "outcome": outcome, "note": "", "version": String(version)],
            from: page
        )
    }

    @Test
    func `the journey of a call, from its writing to a participant who becomes crew`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let mia = try await manager(portal, scene)
            // The manager writes a programme, a call and its form.
            let overview = try await mia.get("/sv/manage")
            #expect(overview.text.contains("Manuslabbet"))
            let new = "/sv/manage/programmes/\(scene.programme.uuidString.lowercased())/calls/new"
            let first = try await mia.get(new)
            let fields: KeyValuePairs<String, String> = [
                "version": "0", "state": "published", "titleSv": "Första ljuset", "titleEn": "First light",
                "guidelinesSv": "- Läs", "guidelinesEn": "- Read", "opensAt": "2026-01-01T08:00",
                "closesAt": "2099-01-01T15:00", "places": "8", "acceptedSv": "Välkommen hit!",
            ]
            let made = try await mia.post(new, fields, from: first)
            #expect(made.status == 303, "\(made.text)")
            let form = try await mia.follow(made)
            let questions = try #require(made.location)
            let added = try await mia.post(
                questions,
                [
                    "kind": "short_text", "labelSv": "Varför?", "labelEn": "Why?", "required": "yes",
                    "longest": "200",
                ],
                from: form
            )
            #expect(added.status == 303, "\(added.text)")
            let call = try #require(questions.firstMatch(of: /calls\/([0-9a-f-]{36})/)).1
            let stranger = try await portal.stranger().get("/sv/calls/\(call)")
            #expect(stranger.text.contains("Första ljuset") && stranger.text.contains("Varför?"))

            // Nine people apply in time, the tenth too late.
            var applicants: [(Caller, String)] = []
            for number in 1...9 { applicants.append(try await apply(portal, String(call), "Namn\(number)")) }
            try await portal.database.root.execute(
                "UPDATE klappa.call SET closes_at = now() - interval '1 second' WHERE title_sv = 'Första ljuset'"
            )
            applicants.append(try await apply(portal, String(call), "Namn10"))
            let list = try await mia.get("/sv/manage/calls/\(call)")
            #expect(list.text.contains("Namn10") && list.text.contains("Sen"))
            #expect(try await portal.letters().count == 10)

            // Eight are selected, a ninth does not fit and waits with the tenth.
            for (_, address) in applicants[..<8] {
                #expect(try await decide(mia, address, "selected").status == 303)
            }
            let full = try await decide(mia, applicants[8].1, "selected")
            #expect(full.status == 409 && full.text.contains("Alla platser är tagna"))
            for (_, address) in applicants[8...] {
                #expect(try await decide(mia, address, "waiting").status == 303)
            }
            let before = try await applicants[0].0.get(applicants[0].1)
            #expect(before.text.contains("Inlämnad") && !before.text.contains("Du är antagen"))
            let letters = try await mia.get("/sv/manage/calls/\(call)/letters")
            #expect(letters.text.contains("Skicka 10 brev") && letters.text.contains("Välkommen hit!"))
            let sent = try await mia.post("/sv/manage/calls/\(call)/letters", [:], from: letters)
            #expect(sent.status == 303, "\(sent.text)")
            #expect(try await portal.letters().count == 20)
            #expect(try await applicants[0].0.get(applicants[0].1).text.contains("Du är antagen"))
            let again = try await mia.get("/sv/manage/calls/\(call)/letters")
            #expect(again.text.contains("Alla som fått ett beslut har fått veta det."))

            // One gives up a place: the first who waits gets it, and a letter.
            let (quitter, theirs) = applicants[1]
            let quit = try await quitter.post(theirs + "/withdraw", [:], from: try await quitter.get(theirs))
            #expect(quit.status == 303)
            let upkeep = TalentUpkeep(
                portal.database.worker,
                texts: try Site().texts,
                origin: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            #expect(try await upkeep.tellMoved() == 1)
            #expect(try await upkeep.tellMoved() == 0)
            #expect(try await applicants[8].0.get(applicants[8].1).text.contains("Du är antagen"))
            #expect(try await applicants[9].0.get(applicants[9].1).text.contains("På väntelistan"))
            let programme = scene.programme.uuidString.lowercased()
            let file = try await mia.get("/sv/manage/programmes/\(programme)/participants.csv")
            #expect(file.text.contains("Namn9") && file.text.split(separator: "\r\n").count == 10)

            // A participant becomes crew in one step, with consent.
            let (crew, address) = applicants[0]
            let page = try await crew.get(address)
            let without = try await crew.post(
                address + "/listing",
                ["role": "gaffer", "region": "skane"],
                from: page
            )
            #expect(without.status == 400 && without.text.contains("Kryssa i att du vill visas"))
            let listed = try await crew.post(
                address + "/listing",
                ["role": "gaffer", "region": "skane", "consent": "yes"],
                from: page
            )
            #expect(listed.status == 303, "\(listed.text)")
            #expect(
                try await scene.text(
                    """
                    SELECT p.state || ' ' || p.name AS n FROM klappa.person p
                    JOIN klappa.participant t ON t.person = p.id JOIN klappa.consent c ON c.subject = p.id
                    """
                ) == "in_review Namn1"
            )
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, portal.database) == 0, "\(check)")
            }
        }
    }

    @Test
    func `a draft keeps what is wrong too, is seen by nobody else, and is offered again in another call`()
        async throws
    {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let mia = try await manager(portal, scene)
            let ada = try await portal.member("Ada Ek", email: "ada@example.se")
            let address = "/sv/calls/\(scene.call.uuidString.lowercased())/apply"
            let first = try await ada.get(address)
            let fields = [
                ("version", "0"), ("name", "Ada Ek"), ("q-why", String(repeating: "x", count: 25)),
                ("q-idea", "En idé"),
            ]
            let wrong = try await ada.postFiles(address, fields + [("save", "yes")], from: first)
            #expect(wrong.status == 400 && wrong.text.contains("Korta svaret till 20 tecken; nu är det 25."))
            let kept = try await ada.get(address)
            #expect(kept.text.contains(String(repeating: "x", count: 25)) && kept.text.contains("En idé"))
            #expect(
                !(try await mia.get("/sv/manage/calls/\(scene.call.uuidString.lowercased())")).text.contains(
                    "Ada Ek"
                )
            )
            // An older window must not overwrite it.
            let stale = try await ada.postFiles(address, fields + [("save", "yes")], from: first)
            #expect(stale.status == 412)
            let done = try await ada.postFiles(
                address,
                [
                    ("version", "1"), ("name", "Ada Ek"), ("q-why", "Kort"), ("q-idea", "En idé"),
                    ("submit", "yes"),
                ],
                from: kept
            )
            #expect(done.status == 303, "\(done.text)")
            let own = try await ada.follow(done)
            #expect(own.text.contains("En idé") && own.text.contains("Inlämnad"))
            // The next call asks the same in other places: it is filled in.
            let next = UUID.version7()
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.call (id, programme, state, title_sv, title_en, guidelines_sv, guidelines_en, opens_at,
                    closes_at, places)
                SELECT \(next), programme, state, 'Hösten', 'Autumn', 'Läs.', 'Read.', opens_at, closes_at, places
                FROM klappa.call
                """
            )
            try await portal.database.root.execute(
                """
                INSERT INTO klappa.question (call, code, place, kind, label_sv, label_en, longest)
                VALUES (\(next), 'other', 1, 'long_text', 'Idé', 'Idea', 500)
                """
            )
            let reused = try await ada.get("/sv/calls/\(next.uuidString.lowercased())/apply")
            #expect(reused.text.contains("En idé") && reused.text.contains("Ifyllt med det du skrev i Våren"))
        }
    }

    @Test
    func `a stranger who applies gets a link by mail, and others' applications are not there`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let stranger = portal.stranger()
            let address = "/sv/calls/\(scene.call.uuidString.lowercased())/apply"
            let begin = try await stranger.get(address)
            #expect(begin.status == 200 && begin.text.contains("Skicka länken"))
            let asked = try await stranger.post(
                address,
                ["name": "Ada", "email": "ada@example.se"],
                from: begin
            )
            #expect(asked.status == 303)
            #expect(try await portal.letters().count == 1)
            let bo = try await scene.send("Bo")
            let own = "/sv/applications/\(bo.uuidString.lowercased())"
            #expect(try await stranger.get(own).status == 303)
            let eva = try await portal.member("Eva")
            let managed = "/sv/manage/applications/\(bo.uuidString.lowercased())"
            for hidden in [
                own, own + "/files/cv", managed, "/sv/manage/calls/\(scene.call.uuidString.lowercased())",
                "/sv/manage/calls/\(scene.call.uuidString.lowercased())/applications.csv",
            ] {
                #expect(try await eva.get(hidden).status == 404, "\(hidden)")
            }
            #expect(try await eva.get("/sv/manage").status == 403)
            let mine = try await portal.member("Bo", email: "BO@example.se")
            #expect(try await mine.get(own).status == 200)
            #expect(try await mine.get("/en/applications").text.contains("Spring"))
        }
    }

    @Test
    func `two managers' clash shows both, and what a spreadsheet would run is harmless`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let mia = try await manager(portal, scene)
            let bo = try await scene.send("Bo", answers: #"{"why": "=HYPERLINK(1)"}"#)
            let own = "/sv/manage/applications/\(bo.uuidString.lowercased())"
            let page = try await mia.get(own)
            let fields: KeyValuePairs<String, String> = [
                "eligibility": "in_consideration", "outcome": "waiting", "note": "Min", "version": "1",
            ]
            #expect(try await mia.post(own, fields, from: page).status == 303)
            let clash = try await mia.post(
                own,
                ["eligibility": "incomplete", "outcome": "undecided", "note": "Din", "version": "1"],
                from: page
            )
            #expect(clash.status == 412 && clash.text.contains("Min") && clash.text.contains("Din"))
            #expect(try await scene.text("SELECT note AS n FROM klappa.assessment") == "Min")
            let csv = try await mia.get(
                "/sv/manage/calls/\(scene.call.uuidString.lowercased())/applications.csv"
            )
            #expect(csv.text.contains("\"'=HYPERLINK(1)\""))
            #expect(csv.headers[.contentType] == "text/csv; charset=utf-8")
        }
    }

    @Test
    func `an administrator adds an organisation, and nobody else`() async throws {
        try await Portal.with { portal in
            let root = try await portal.member("Rut", .administrator)
            let page = try await root.get("/sv/manage/organisations")
            let fields: KeyValuePairs = [
                "name": "Åsnens filmverkstad", "email": "hej@asnen.example", "url": "",
            ]
            #expect(try await root.post("/sv/manage/organisations", fields, from: page).status == 303)
            #expect(try await root.get("/sv/manage/organisations").text.contains("Åsnens filmverkstad"))
            let eva = try await portal.member("Eva")
            #expect(try await eva.get("/sv/manage/organisations").status == 403)
            let own = try await eva.get("/sv/account")
            #expect(try await eva.post("/sv/manage/organisations", fields, from: own).status == 403)
            let count = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.organisation",
                portal.database.root
            )
            #expect(count == 1)
        }
    }

    @Test
    func `a file is kept once, given to applicant and manager, and to nobody else`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "answers-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Portal.with(answers: folder) { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let mia = try await manager(portal, scene)
            let ada = try await portal.member("Ada", email: "ada@example.se")
            let address = "/sv/calls/\(scene.call.uuidString.lowercased())/apply"
            let page = try await ada.get(address)
            let pdf = Array("%PDF-1.4 cv".utf8)
            let fields = [("version", "0"), ("name", "Ada"), ("q-why", "Kort")]
            let wrong = try await ada.postFiles(
                address,
                fields + [("submit", "yes")],
                files: [("q-cv", "cv.pdf", [0x4D, 0x5A, 0, 1])],
                from: page
            )
            #expect(wrong.status == 400 && wrong.text.contains("Välj en pdf"))
            let sent = try await ada.postFiles(
                address,
                [("version", "1"), ("name", "Ada"), ("q-why", "Kort"), ("submit", "yes")],
                files: [("q-cv", "../../cv å.pdf", pdf)],
                from: page
            )
            #expect(sent.status == 303, "\(sent.text)")
            let file = try #require(sent.location) + "/files/cv"
            for reader in [ada, mia] {
                let answer = try await reader.get(file)
                #expect(answer.status == 200 && answer.text == "%PDF-1.4 cv")
                #expect(answer.headers[.contentType] == "application/pdf")
            }
            let others = [
                try await portal.member("Eva"),
                try await portal.member("Kim", .commissioner, region: "skane"),
            ]
            for other in others { #expect(try await other.get(file).status == 404) }
            #expect(try await portal.stranger().get(file).status == 303)
            #expect(
                try await scene.text("SELECT name AS n FROM klappa.answer_file") == "cv å.pdf"
            )
            let again = try AnswerFiles(folder: folder).keep(pdf)
            #expect(again.count == 32)
            let kept = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
                $0.contains("/")
            }
            #expect(kept.count == 1)
        }
    }

    @Test(arguments: ["sv", "en"])
    func `the public pages are there in both languages`(_ language: String) async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let stranger = portal.stranger()
            for address in [
                "programmes", "programmes?region=skane&open=true&q=skriv", "programmes?type=film_camp",
                "programmes/manus",
                "calls/\(scene.call.uuidString.lowercased())",
                "calls/\(scene.call.uuidString.lowercased())/apply",
            ] {
                #expect(try await stranger.get("/\(language)/\(address)").status == 200, "\(address)")
            }
            for address in ["programmes/nobody", "calls/nobody", "calls/\(UUID.version7().uuidString)/apply"]
            {
                #expect(try await stranger.get("/\(language)/\(address)").status == 404, "\(address)")
            }
        }
    }
}
