import Foundation
import Postgres
import Testing

@testable import Registry

struct KeyQueriesTests {
    @Test
    func `a key is found by its holder's text, with its right, until it is revoked`() async throws {
        try await SchemaDatabase.with { database in
            let key = BearerKey.random()
            let id = try #require(
                try await KeyQueries.issue(
                    key,
                    for: .commissioner,
                    name: "Case system",
                    region: "skane",
                    expiresAt: nil,
                    database.worker
                )
            )
            let holder = try #require(try await KeyQueries.holder(of: key, database.open))
            #expect(holder.key == id)
            #expect(holder.right == .commissioner)
            let stranger = try await KeyQueries.holder(of: .random(), database.open)
            #expect(stranger == nil)
            let revocations = [
                try await KeyQueries.revoke(id, database.worker),
                try await KeyQueries.revoke(id, database.worker),
            ]
            #expect(revocations == [true, false])
            let late = try await KeyQueries.holder(of: key, database.open)
            #expect(late == nil)
            let keys = try await KeyQueries.list(database.worker)
            #expect(keys.map { $0.state(at: .now) } == [.revoked])
            #expect(keys.map(\.regions) == [["skane"]])
        }
    }

    @Test
    func `an expired key, a closed account and a taken right hold nothing`() async throws {
        try await SchemaDatabase.with { database in
            let expired = BearerKey.random()
            _ = try await KeyQueries.issue(
                expired,
                for: .searcher,
                name: "Old",
                region: nil,
                expiresAt: Instant(Date(timeIntervalSinceNow: -1)),
                database.worker
            )
            let holder = try await KeyQueries.holder(of: expired, database.open)
            #expect(holder == nil)
            let keys = try await KeyQueries.list(database.worker)
            #expect(keys.map { $0.state(at: .now) } == [.expired])
            for sabotage in ["UPDATE klappa.account SET state = 'closed'", "DELETE FROM klappa.grants"] {
                let key = BearerKey.random()
                _ = try await KeyQueries.issue(
                    key,
                    for: .searcher,
                    name: "Living",
                    region: nil,
                    expiresAt: Instant(Date(timeIntervalSinceNow: 60)),
                    database.worker
                )
                let before = try await KeyQueries.holder(of: key, database.open)
                #expect(before?.right == .searcher)
                try await database.owner.execute(SQL(unsafe: sabotage))
                let after = try await KeyQueries.holder(of: key, database.open)
                #expect(after == nil)
            }
        }
    }

    @Test
    func `a key for a region that does not exist is not made`() async throws {
        try await SchemaDatabase.with { database in
            let id = try await KeyQueries.issue(
                .random(),
                for: .commissioner,
                name: "Nowhere",
                region: "skone",
                expiresAt: nil,
                database.worker
            )
            #expect(id == nil)
            let keys = try await KeyQueries.list(database.worker)
            #expect(keys.isEmpty)
            #expect(
                try await database.count("SELECT count(*) AS n FROM klappa.account", database.worker) == 0
            )
        }
    }

    @Test
    func `use is noted at most once a minute and leaves the version alone`() async throws {
        try await SchemaDatabase.with { database in
            _ = try await database.account(.searcher)
            let key = try #require(try await KeyQueries.list(database.worker).first)
            #expect(key.lastUsedAt == nil)
            try await KeyQueries.noteUse(of: key.id, database.member)
            let used = try #require(try await KeyQueries.list(database.worker).first)
            #expect(used.lastUsedAt != nil)
            try await KeyQueries.noteUse(of: key.id, database.member)
            let again = try await KeyQueries.list(database.worker).first
            #expect(again == used)
            #expect(try await database.count("SELECT version AS n FROM klappa.api_key", database.worker) == 1)
        }
    }

    @Test
    func `no key and no hash stands in a dump of the log`() async throws {
        try await SchemaDatabase.with { database in
            let key = BearerKey.random()
            _ = try await KeyQueries.issue(
                key,
                for: .searcher,
                name: "K",
                region: nil,
                expiresAt: nil,
                database.worker
            )
            let hash = key.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let n = try await database.count(
                """
                SELECT count(*) AS n FROM klappa.change_value v
                WHERE strpos(v::text, \(key.text)) > 0 OR strpos(v::text, \(hash)) > 0
                """,
                database.worker
            )
            #expect(n == 0)
        }
    }
}
