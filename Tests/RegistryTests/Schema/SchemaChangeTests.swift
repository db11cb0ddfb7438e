import Foundation
import Postgres
import Registry
import Synchronization
import Testing

/// The log of changes: what it says, that it stays, that its order is the order of the commits, and that erasure
/// empties it.
struct SchemaChangeTests {
    @Test
    func `every write is logged with who, which row, which columns, before and after`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            let office = try await database.account(.commissioner, region: "skane")
            try await database.member.execute(
                "UPDATE klappa.person SET headline_sv = 'ny', travel_radius = 50 WHERE id = \(person)",
                settings: SchemaDatabase.settings(office)
            )
            let rows = try await database.worker.query(
                """
                SELECT t.account, t.writer, c.kind, c.key ->> 'id' AS id, c.subject, c.operation, c.columns,
                    v.before::text AS before, v.after::text AS after
                FROM klappa.change_transaction t
                JOIN klappa.change c USING (transaction)
                JOIN klappa.change_value v USING (transaction, n)
                WHERE c.operation = 'update'
                """
            )
            #expect(rows.count == 1)
            let row = try #require(rows.first)
            #expect(try row.decode(UUID.self, "account") == office)
            #expect(try row.decode(String.self, "writer") == "klappa_member")
            #expect(try row.decode(String.self, "kind") == "person")
            #expect(try row.decode(String.self, "id") == person.uuidString.lowercased())
            #expect(try row.decode(UUID.self, "subject") == person)
            #expect(try row.decode([String].self, "columns") == ["headline_sv", "travel_radius"])
            #expect(try row.decode(String.self, "before") == #"{"headline_sv": null, "travel_radius": null}"#)
            #expect(try row.decode(String.self, "after") == #"{"headline_sv": "ny", "travel_radius": 50}"#)
        }
    }

    @Test
    func `nobody rewrites the log, not even its owner`() async throws {
        try await SchemaDatabase.with { database in
            try await database.person("Åsa")
            let attempts: [SQL] = [
                "UPDATE klappa.change SET kind = 'x'", "DELETE FROM klappa.change",
                "TRUNCATE klappa.change CASCADE",
                "UPDATE klappa.change_value SET after = NULL", "TRUNCATE klappa.change_value",
                "DELETE FROM klappa.change_transaction",
            ]
            for attempt in attempts {
                for client in [database.worker, database.member, database.owner] {
                    #expect(
                        await database.refusal(attempt, client)?.sqlState == .insufficientPrivilege,
                        "\(attempt)"
                    )
                }
            }
            let forged: SQL = "INSERT INTO klappa.change_transaction (writer) VALUES ('x')"
            for client in [database.worker, database.member] {
                #expect(await database.refusal(forged, client)?.sqlState == .insufficientPrivilege)
            }
        }
    }

    @Test
    func `a transaction cannot write under another's name in the log`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            for _ in 0..<2 {
                try await database.worker.execute(
                    "UPDATE klappa.person SET travel_radius = coalesce(travel_radius, 0) + 1 WHERE id = \(person)",
                    settings: [("klappa.transaction", "1")]
                )
            }
            let n = try await database.count(
                "SELECT count(DISTINCT transaction) AS n FROM klappa.change WHERE operation = 'update'",
                database.worker
            )
            #expect(n == 2)
        }
    }

    /// Sixteen writers write for a few seconds, with `KLAPPA_LONG=1` for a minute: people, calendars and cases, some of
    /// them rolled back, and one follower reads what becomes visible.
    @Test
    func `a follower of the positions misses nothing and reads nothing twice under sixteen writers`()
        async throws
    {
        let isLong = ProcessInfo.processInfo.environment["KLAPPA_LONG"] == "1"
        let span = Duration.seconds(isLong ? 60 : 3)
        try await SchemaDatabase.with { database in
            var people: [UUID] = []
            for number in 0..<16 { people.append(try await database.person("Person \(number)")) }
            let begin = try await database.count(
                "SELECT coalesce(max(position), 0) AS n FROM klappa.change_transaction",
                database.worker
            )
            let writing = Flag()
            try await withThrowingTaskGroup(of: [Int64].self) { group in
                group.addTask { try await Self.follow(from: begin, until: writing, database) }
                let committed = try await withThrowingTaskGroup(of: Int.self) { writes in
                    for (number, person) in people.enumerated() {
                        writes.addTask { try await Self.write(number, person, for: span, database) }
                    }
                    return try await writes.reduce(0, +)
                }
                writing.end()
                let seen = try await group.next() ?? []
                #expect(committed > 100)
                #expect(seen.count == committed)
                #expect(Set(seen).count == seen.count)
                // Nor is there anything that the follower did not see.
                let all = try await database.count(
                    "SELECT count(*) AS n FROM klappa.change_transaction WHERE position > \(begin)",
                    database.worker
                )
                #expect(all == Int64(seen.count))
            }
        }
    }

    /// Reads what is new until nobody writes any more; gives the transactions in the order in which they were seen.
    private static func follow(from begin: Int64, until writing: Flag, _ database: SchemaDatabase)
        async throws
        -> [Int64]
    {
        var (seen, position) = ([Int64](), begin)
        while true {
            // Asked before reading, so that the last round reads everything.
            let last = writing.isOver
            let rows = try await database.worker.query(
                """
                SELECT transaction, position FROM klappa.change_transaction
                WHERE position > \(position) ORDER BY position
                """
            )
            for row in rows {
                seen.append(try row.decode(Int64.self, "transaction"))
                position = try row.decode(Int64.self, "position")
            }
            if last { return seen }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    private struct Undone: Error {}

    /// One writer: gives how many of its transactions were committed.
    private static func write(_ number: Int, _ person: UUID, for span: Duration, _ database: SchemaDatabase)
        async throws -> Int
    {
        let end = ContinuousClock.now + span
        var (round, committed) = (0, 0)
        // On a busy machine too, every writer writes some.
        while ContinuousClock.now < end || round < 10 {
            round += 1
            let statement: SQL =
                switch round % 3 {
                case 0:
                    """
                    SELECT klappa.file_inquiry(jsonb_build_object('title', \("Havet \(number).\(round)")::text),
                        sha256(\("\(number) \(round)")::text::bytea))
                    """
                case 1:
                    "UPDATE klappa.person SET travel_radius = \(Int16(round % 900 + 1)) WHERE id = \(person)"
                default:
                    "UPDATE klappa.person SET headline_sv = \("Rubrik \(round)") WHERE id = \(person)"
                }
            do {
                try await database.worker.transaction { transaction in
                    try await transaction.execute(statement)
                    if round.isMultiple(of: 7) { throw Undone() }
                }
                committed += 1
            } catch is Undone {}
        }
        return committed
    }

    /// Whether something is over, told from one task to another.
    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isOver: Bool { state.withLock { $0 } }
        func end() { state.withLock { $0 = true } }
    }

    @Test
    func `erasing a person leaves an empty row, the count, and none of their words`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Hemligasson")
            try await database.fill(person)
            try await database.worker.execute(
                "UPDATE klappa.person SET headline_sv = 'hemlig rubrik' WHERE id = \(person)"
            )
            let rows = try await database.worker.query("SELECT klappa.erase(\(person)) AS erased")
            #expect(try rows.first?.decode(Bool.self, "erased") == true)
            #expect(try await database.count("SELECT count(*) AS n FROM klappa.person", database.worker) == 1)
            for table in try await database.tables("Base") {
                let n = try await database.count(
                    """
                    SELECT count(*) AS n FROM klappa.\(identifier: table) AS t
                    WHERE t::text ~* '(hemlig|a@example|https://example|2027-03-01)'
                    """,
                    database.root
                )
                #expect(n == 0, "\(table)")
            }
            try await database.root.execute("ANALYZE")
            let samples = try await database.count(
                "SELECT count(*) AS n FROM pg_stats WHERE schemaname = 'klappa' AND pg_stats::text ~* 'hemlig'",
                database.root
            )
            #expect(samples == 0)
        }
    }
}
