import FoundationEssentials
import Postgres
import Testing
import Web

@testable import Registry

/// Claims of listings that nobody owns: who may make, see and decide them.
struct ClaimTests {
    private static func claim(_ person: UUID, _ account: UUID, _ database: SchemaDatabase) async throws
        -> UUID?
    {
        try await database.member.transaction(settings: SchemaDatabase.settings(account)) {
            try await ClaimQueries.claim(person, message: "Vi har setts i Ystad", $0)
        }
    }

    private static func waiting(_ account: UUID, _ database: SchemaDatabase) async throws -> [WaitingClaim] {
        try await database.member.transaction(settings: SchemaDatabase.settings(account)) {
            try await ClaimQueries.waiting($0)
        }
    }

    private static func code(_ body: () async throws -> UUID?) async throws -> String? {
        do {
            _ = try await body()
            return nil
        } catch let problem as Problem {
            return problem.code.code
        }
    }

    @Test func `the office of the region gives a listing to who claims it, and nobody else does`()
        async throws
    {
        try await SchemaDatabase.with { database in
            let texts = try Site().letters
            let person = try await database.person("Ylva Strand")
            let ylva = try await database.human("ylva@example.se")
            let office = try await database.account(.commissioner, region: "skane")
            let others = try await database.account(.regionAdministrator, region: "kalmar")
            let id = try #require(try await Self.claim(person, ylva, database))
            #expect(try await Self.claim(person, ylva, database) == id, "asking again adds nothing")

            #expect(try await Self.waiting(ylva, database).isEmpty)
            #expect(try await Self.waiting(others, database).isEmpty)
            let found = try await Self.waiting(office, database)
            let claim = try #require(found.first)
            #expect(found.count == 1 && claim.email == "ylva@example.se" && claim.name == "Ylva Strand")
            #expect(claim.message == "Vi har setts i Ystad" && claim.region == "skane")

            for account in [ylva, others] {
                let done = try await database.member.transaction(settings: SchemaDatabase.settings(account)) {
                    try await ClaimQueries.accept(claim, letters: texts, link: "http://k/sv/me/listing", $0)
                }
                #expect(!done)
            }
            let done = try await database.member.transaction(settings: SchemaDatabase.settings(office)) {
                try await ClaimQueries.accept(claim, letters: texts, link: "http://k/sv/me/listing", $0)
            }
            #expect(done)
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.person WHERE id = \(person)",
                    database.member,
                    as: ylva
                ) == 1
            )
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.outbox WHERE payload::text LIKE '%claim-accepted%'",
                    database.root
                ) == 1
            )
            // Decided once: the same claim waits no more.
            let again = try await database.member.transaction(settings: SchemaDatabase.settings(office)) {
                try await ClaimQueries.refuse(claim, reason: "Nej", letters: texts, $0)
            }
            #expect(!again)
        }
    }

    @Test func `a refused claimant reads why, and owns nothing`() async throws {
        try await SchemaDatabase.with { database in
            let texts = try Site().letters
            let person = try await database.person("Ylva Strand")
            let falk = try await database.human("falk@example.se")
            let office = try await database.account(.commissioner, region: "skane")
            _ = try await Self.claim(person, falk, database)
            let claim = try #require(try await Self.waiting(office, database).first)
            let done = try await database.member.transaction(settings: SchemaDatabase.settings(office)) {
                try await ClaimQueries.refuse(claim, reason: "Vi känner Ylva.", letters: texts, $0)
            }
            #expect(done)
            let own = try await database.member.transaction(settings: SchemaDatabase.settings(falk)) {
                try await ClaimQueries.own(falk, $0)
            }
            #expect(own.map(\.state) == [.refused] && own.first?.reason == "Vi känner Ylva.")
            #expect(own.first?.listing?.name == "Ylva Strand")
            #expect(
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.person WHERE account IS NOT NULL",
                    database.root
                ) == 0
            )
        }
    }

    @Test func `a listing with an owner, and one that is not public, cannot be claimed`() async throws {
        try await SchemaDatabase.with { database in
            let me = try await database.human("me@example.se")
            let other = try await database.human("other@example.se")
            let owned = try await database.person("Ada Lind", account: other)
            let hidden = try await database.person("Bo Lind", state: "hidden")
            #expect(try await Self.code { try await Self.claim(owned, me, database) } == "listing-owned")
            #expect(try await Self.claim(hidden, me, database) == nil)
            let mine = try await database.person("Cia Lind", state: "in_review", account: me)
            let free = try await database.person("Dag Lind")
            #expect(try await Self.code { try await Self.claim(free, me, database) } == "one-listing")
            try await database.root.execute("UPDATE klappa.person SET account = NULL WHERE id = \(mine)")
            for name in ["En", "To", "Tre"] {
                _ = try await Self.claim(try await database.person("\(name) Lind"), me, database)
            }
            #expect(try await Self.code { try await Self.claim(free, me, database) } == "claims-wait")
        }
    }

    @Test func `of two accounts that claim one listing the second to be accepted is refused`() async throws {
        try await SchemaDatabase.with { database in
            let texts = try Site().letters
            let person = try await database.person("Ylva Strand")
            let office = try await database.account(.commissioner, region: "skane")
            for name in ["ylva", "falk"] {
                _ = try await Self.claim(person, try await database.human("\(name)@example.se"), database)
            }
            let waiting = try await Self.waiting(office, database)
            #expect(waiting.count == 2)
            var codes: [String?] = []
            for claim in waiting {
                codes.append(
                    try await Self.code {
                        try await database.member.transaction(settings: SchemaDatabase.settings(office)) {
                            _ = try await ClaimQueries.accept(claim, letters: texts, link: "http://k", $0)
                        }
                        return nil
                    }
                )
            }
            #expect(codes == [nil, "listing-owned"])
        }
    }

    @Test func `a draft that the claimant had begun gives way to the claimed listing`() async throws {
        try await SchemaDatabase.with { database in
            let texts = try Site().letters
            let person = try await database.person("Ylva Strand")
            let ylva = try await database.human("ylva@example.se")
            let office = try await database.account(.commissioner, region: "skane")
            let draft = try await database.person("Ylva S", state: "draft", account: ylva)
            _ = try await Self.claim(person, ylva, database)
            let claim = try #require(try await Self.waiting(office, database).first)
            _ = try await database.member.transaction(settings: SchemaDatabase.settings(office)) {
                try await ClaimQueries.accept(claim, letters: texts, link: "http://k", $0)
            }
            let states = try await database.root.query("SELECT id, state FROM klappa.person ORDER BY state")
                .map { (try $0.decode(UUID.self, "id"), try $0.decode(String.self, "state")) }
            #expect(states.map(\.0) == [draft, person] && states.map(\.1) == ["erased", "published"])
        }
    }
}
