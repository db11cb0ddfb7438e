import FoundationEssentials
import Postgres
import Testing

@testable import Registry
@testable import Web

struct HistoryTests {
    @Test func `a record's history says who changed what, to those who may see the record`() async throws {
        try await Portal.with { portal in
            let database = portal.database
            let owner = try await portal.member("Åsa Öberg")
            let person = try await database.person("Åsa Öberg", account: owner.account)
            let office = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let other = try await portal.member("Bo Berg", .commissioner, region: "halland")
            try await database.member.execute(
                "UPDATE klappa.person SET headline_sv = 'ny', headline_en = 'new' WHERE id = \(person)",
                settings: SchemaDatabase.settings(office.account)
            )
            let databases = database.databases
            let texts = try Site().texts
            func told(_ caller: Caller) async throws -> [String] {
                let reader = Reader.member(account: try #require(caller.account), grants: [])
                let history = try await History.of(person, as: reader, databases)
                guard case .view(let view) = history.view(Wording(texts, in: .sv), reader),
                    case .list(let entries)? = view["entries"]
                else { return [] }
                return entries.map { entry in
                    guard case .text(let who)? = entry["who"], case .texts(let changes)? = entry["changes"]
                    else { return "" }
                    return "\(who): \(changes.joined(separator: "; "))"
                }
            }
            let change = "Profil: rubrik på engelska och rubrik på svenska"
            let seen = (try await told(office), try await told(owner), try await told(other))
            #expect(seen.0.first == "Du: \(change)")
            #expect(seen.1.first == "Maja Lind: \(change)")
            #expect(seen.1.last == "Tjänsten själv: Profil: tillagd; Yrkesroll: tillagd")
            #expect(seen.2.isEmpty)
            let strangers = try await History.of(person, as: .anyone, databases)
            #expect(strangers.isEmpty)
        }
    }

    @Test func `the page of a person has its history for the office, not for others`() async throws {
        try await Portal.with { portal in
            let person = try await portal.database.person("Åsa Öberg")
            let slugs = try await portal.database.root.query(
                "SELECT slug FROM klappa.person WHERE id = \(person)"
            )
            let slug = try slugs[0].decode(String.self, "slug")
            let office = try await portal.member("Maja Lind", .commissioner, region: "skane")
            let shown = try await office.get("/sv/crew/\(slug)")
            #expect(shown.status == 200)
            #expect(shown.text.contains("Historik"))
            for caller in [portal.stranger(), try await portal.member("Siv", .searcher)] {
                let page = try await caller.get("/sv/crew/\(slug)")
                #expect(page.status == 200)
                #expect(!page.text.contains("Historik"))
            }
        }
    }

    @Test func `rows without a subject are found by their key`() async throws {
        try await Portal.with { portal in
            let adam = try await portal.member("Adam", .administrator)
            let reader = Reader.member(account: try #require(adam.account), grants: [])
            let id = UUID.version7()
            try await portal.database.root.execute(
                "INSERT INTO klappa.account (id, name) VALUES (\(id), 'X')"
            )
            let key: JSON = ["id": .string(id.uuidString.lowercased())]
            let history = try await History.of("account", key: key, as: reader, portal.database.databases)
            #expect(history.entries.count == 1)
        }
    }

    @Test(arguments: [
        ("2027-03-12 07:12:30+00", "12 mars 2027 kl. 08.12", "12 March 2027, 08:12"),
        ("2027-07-31 22:05:00+00", "1 augusti 2027 kl. 00.05", "1 August 2027, 00:05"),
    ])
    func `a moment is told in Stockholm's time`(utc: String, sv: String, en: String) async throws {
        try await Portal.with { portal in
            let rows = try await portal.database.root.query("SELECT \(utc)::text::timestamptz AS at")
            let instant = try rows[0].decode(Instant.self, "at")
            let texts = try Site().texts
            #expect(Wording(texts, in: .sv).moment(instant) == sv)
            #expect(Wording(texts, in: .en).moment(instant) == en)
        }
    }
}
