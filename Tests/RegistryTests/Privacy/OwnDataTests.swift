import Foundation
import HTTPTypes
import Logging
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

/// What somebody is told, given and rid of.
struct OwnDataTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `the export holds every column that the inventory lists`() async throws {
        try await Portal.with { portal in
            let scene = try await OwnDataScene(portal)
            let data = try await scene.data(portal)
            let rows = try await portal.database.root.query(
                """
                SELECT u."table" AS name, u."column" AS col FROM klappa.column_use u
                WHERE u.exported AND u.kind = 'personal' AND u."table" = ANY (\(OwnDataScene.tables))
                """
            )
            #expect(rows.count > 100)
            for row in rows {
                let (table, column) = (
                    try row.decode(String.self, "name"), try row.decode(String.self, "col")
                )
                // A struck credit would leave the listing.
                if "\(table).\(column)" == "credit.struck_reason" { continue }
                let found = data.tables.first { $0.name == table }?.rows.contains {
                    $0[column] != nil && $0[column] != .null
                }
                #expect(found == true, "\(table).\(column) is not in the export")
            }
            for table in OwnDataScene.tables {
                #expect(
                    OwnData.parts.contains { $0.tables.contains(table) },
                    "the page does not tell of \(table)"
                )
            }
        }
    }

    @Test func `every seeded word is in the archive, as JSON and as CSV, and nobody else's is`() async throws
    {
        try await Portal.with { portal in
            let scene = try await OwnDataScene(portal)
            try await portal.database.fill(try await portal.database.person("Eva Främmande"))
            let data = try await scene.data(portal)
            let json = data.tables.map(\.text).joined()
            let csv = data.tables.map { String(decoding: OwnDataArchive.csv($0.rows), as: UTF8.self) }
                .joined()
            for word in [
                "Hemliga Namnet", OwnDataScene.email, "hemlig-slug", "hemlig anledning", "Hemlig Eftertext",
                "Hemlig Firma",
                "hemlig rubrik", "hemlig headline", "hemlig levnad", "hemlig biography",
                "hemlig.kontakt@example.se",
                "hemlig.example", "hemlig länk", "hemlig blankett", "hemlig roll", "hemlig vädjan",
                "hemlig vägran",
                "Hemliga Bolaget", "Hemligt alias", "Hemliga Ladan", "Hemliga vägen 1", "Hemlig Ägare",
                "hemlig bild",
                "hemlig återsändning", "Hemligt förslag", "hemlig nyckel", "Hemlig Inloggning", "createThing",
                "13.123456", "2027-03-01", "2031-01-17",
            ] {
                #expect(json.contains(word), "\(word)")
                #expect(csv.contains(word), "\(word)")
            }
            #expect(!json.contains("Eva Främmande"))
            #expect(!json.contains("a@example.org"))

            let page = try await scene.caller.get("/sv/account/data")
            #expect(page.status == 200, "\(page.text)")
            #expect(page.text.contains("Inspelningsplatser och företag"))
            let file = try await scene.caller.get("/en/account/data/export")
            #expect(file.status == 200)
            #expect(file.headers[.contentType] == "application/zip")
            #expect(file.text.hasPrefix("PK\u{3}\u{4}"))
            #expect(try await portal.stranger().get("/sv/account/data/export").status == 303)
        }
    }

    /// What a dump, the planner and the folders still know.
    private func remains(_ database: String, _ client: PostgresClient, _ folder: URL?) async throws
        -> [String]
    {
        var found = try await ServerProgram.dump(database).split(separator: "\n").filter {
            $0.lowercased().contains("hemlig")
        }.map(String.init)
        let samples = try await client.query(
            "SELECT tablename || '.' || attname AS name FROM pg_stats WHERE schemaname = 'klappa' AND pg_stats::text ~* 'hemlig'"
        )
        found += try samples.map { try $0.decode(String.self, "name") }
        guard let folder else { return found }
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let bytes = FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data()
            if String(decoding: bytes, as: UTF8.self).lowercased().contains("hemlig") { found.append(name) }
        }
        return found
    }

    private func counts(_ database: SchemaDatabase) async throws -> [Int64] {
        var counts: [Int64] = []
        for table in ["account", "person", "company", "location", "subject"] {
            counts.append(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.\(identifier: table)",
                    database.root
                )
            )
        }
        return counts
    }

    @Test
    func
        `whoever is erased is in no dump, no file and no sample, and a backup of yesterday does not bring them back`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "erasure-\(UUID().uuidString)")
        let photos = PhotoStore(folder.appending(path: "photos"))
        let picture = String(repeating: "0c", count: 32)
        for name in ["\(picture).jpg", "\(picture)-small.jpg"] {
            let place = folder.appending(path: "photos/0c/\(name)")
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("hemlig bild".utf8).write(to: place)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let letters = KeptLetters(folder.appending(path: "letters").path)
        try await Portal.with(photos: photos) { portal in
            let database = portal.database
            let scene = try await OwnDataScene(portal, picture: picture)
            try letters.keep(Self.letter(to: OwnDataScene.email), number: 1)
            try letters.keep(Self.letter(to: "office@example.se"), number: 2, about: scene.person)
            try letters.keep(Self.letter(to: "office@example.se", "Något annat"), number: 3)
            try await database.root.execute("ANALYZE")
            let before = try await counts(database)
            let name = try await database.root.query("SELECT current_database()::text AS name").first?
                .decode(String.self, "name")
            let database1 = try #require(name)
            let yesterday = folder.appending(path: "yesterday.sql")
            try Data(try await ServerProgram.dump(database1).utf8).write(to: yesterday)

            let ask = try await scene.caller.get("/sv/account/data/erase")
            #expect(ask.status == 200, "\(ask.text)")
            #expect(try await scene.caller.post("/sv/account/data/erase", [:], from: ask).status == 400)
            let done = try await scene.caller.post("/sv/account/data/erase", ["sure": "yes"], from: ask)
            #expect(done.status == 303, "\(done.text)")
            #expect(done.location == "/sv")
            #expect(try await scene.caller.get("/sv/account").status == 303)

            let ledger = ErasureLedger(folder.appending(path: "erasures.log").path)
            let upkeep = ErasureUpkeep(
                database.worker,
                ledger: ledger,
                photos: photos,
                answers: folder.appending(path: "answers"),
                letters: letters,
                logger: Self.quiet
            )
            #expect(try await upkeep.work() == 4)
            #expect(try await upkeep.work() == 0)
            let dump = try Data(contentsOf: yesterday)
            try FileManager.default.removeItem(at: yesterday)
            #expect(try await remains(database1, database.root, folder) == [])
            #expect(letters.count == 1)
            #expect(try await counts(database) == before)
            for check in try SchemaCheckTests.checks() {
                #expect(try await SchemaCheckTests.run(check, database) == 0, "\(check)")
            }
            let entries = try ledger.entries()
            #expect(entries.entries.count == 4)
            #expect(entries.entries.contains(.init(kind: "account", key: scene.account)))

            try dump.write(to: yesterday)
            try await restore(yesterday.path, as: database1 + "_restored", entries.entries)
        }
    }

    /// Yesterday's backup beside the database: it knows them, and after the ledger was replayed it does not.
    private func restore(_ dump: String, as name: String, _ entries: [ErasureLedger.Entry]) async throws {
        let server = try await TestServer.shared()
        try await server.sql("CREATE DATABASE \(name) TEMPLATE template0")
        _ = try await ServerProgram.run(
            "psql",
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", server.conninfo(database: name),
                "-f", dump,
            ]
        )
        func client(_ role: String) throws -> PostgresClient {
            try PostgresClient(
                try PostgresConfiguration(server.conninfo(role: role, database: name)),
                logger: Self.quiet
            )
        }
        let (root, worker) = (try client("postgres"), try client("klappa_worker"))
        #expect(try await remains(name, root, nil) != [])
        #expect(try await ErasureReplay.run(entries, worker) > 0)
        #expect(try await ErasureReplay.run(entries, worker) == 0)
        try await CrewUpkeep(worker, logger: Self.quiet).sweepWords()
        try await worker.execute("SELECT klappa.refresh_statistics()")
        #expect(try await remains(name, root, nil) == [])
        await root.close()
        await worker.close()
        try await server.sql("DROP DATABASE \(name) WITH (FORCE)")
    }

    private static func letter(to address: String, _ body: String = "Hemliga Profilen har skrivit.")
        -> MailMessage
    {
        MailMessage(
            from: "klappa@localhost",
            to: address,
            subject: "Brev",
            body: body,
            id: "1@localhost",
            date: Date(timeIntervalSince1970: 1_800_000_000)
        )
    }

    @Test func `what the archive rules keep is named before, and stays locked`() async throws {
        try await Portal.with { portal in
            let talent = try await TalentScene.arranged(in: portal.database)
            let (open, decided) = (try await talent.send("Ada"), try await talent.send("Bo"))
            try await talent.decide(decided, "selected")
            try await talent.tell(decided, "accepted")
            let bo = try await portal.member("Bo", email: "bo@example.se")
            try await portal.database.root.execute(
                """
                SELECT klappa.file_inquiry('{"title": "Havet", "region": "skane", "contacts": [{"name": "Bo", "email": "bo@example.se"}]}', sha256('a'))
                """
            )
            let page = try await bo.get("/sv/account/data/erase")
            #expect(page.text.contains("Havet"), "\(page.text)")
            #expect(page.text.contains("gav dig en plats"))
            #expect(try await bo.post("/sv/account/data/erase", ["sure": "yes"], from: page).status == 303)
            let database = portal.database
            let left = try await database.root.query(
                "SELECT name, email FROM klappa.application WHERE id = \(decided) AND account IS NULL"
            )
            #expect(try left.first?.decode(String.self, "name") == "Bo")
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry_contact WHERE name = 'Bo' AND locked",
                    database.root
                ) == 1
            )
            let ada = try await portal.member("Ada", email: "ada@example.se")
            let empty = try await ada.get("/sv/account/data/erase")
            #expect(!empty.text.contains("Det här måste vara kvar"))
            #expect(try await ada.post("/sv/account/data/erase", ["sure": "yes"], from: empty).status == 303)
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.application WHERE id = \(open) AND erased_at IS NOT NULL",
                    database.root
                ) == 1
            )
        }
    }

    @Test func `the last administrator stays until there is another`() async throws {
        try await Portal.with { portal in
            let only = try await portal.member("Ann", .administrator)
            let page = try await only.get("/sv/account/data/erase")
            let refused = try await only.post("/sv/account/data/erase", ["sure": "yes"], from: page)
            #expect(refused.status == 400)
            #expect(refused.text.contains("enda administratören"))
            _ = try await portal.member("Ulf", .administrator)
            #expect(try await only.post("/sv/account/data/erase", ["sure": "yes"], from: page).status == 303)
        }
    }

    @Test func `a ledger keeps its lines, also after one that a crash cut short`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let ledger = ErasureLedger(file)
        #expect(try ledger.entries().entries.isEmpty)
        let entries = (1...3).map { _ in ErasureLedger.Entry(kind: "listing", key: .version7()) }
        try ledger.append([entries[0]], at: Date())
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("2026-11-24T21:04:11Z acc".utf8))
        try handle.close()
        try ledger.append([entries[1], entries[2], entries[1]], at: Date())
        let read = try ledger.entries()
        #expect(read.entries == entries)
        #expect(read.unreadable == 1)
    }
}
