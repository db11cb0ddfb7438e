import Foundation
import Postgres
import Testing

@testable import Registry

/// What the database itself holds inquiries to: numbers, steps, deadlines, offices, handovers, the producer's link.
struct InquirySchemaTests {
    /// Files an inquiry as the public form does.
    ///
    /// - Returns: its id.
    @discardableResult
    static func file(
        _ title: String,
        region: String = "skane",
        link: String = UUID().uuidString,
        _ database: SchemaDatabase
    ) async throws -> UUID {
        let rows = try await database.member.query(
            """
            SELECT f.id FROM klappa.file_inquiry(jsonb_build_object('title', \(title), 'region', \(region),
                'contacts', jsonb_build_array(jsonb_build_object('name', 'Ada Ek', 'email', 'ada@example.se')),
                'phases', '[{"kind": "shoot", "days": [{"from": "2027-05-03", "to": "2027-05-14"}]}]'::jsonb,
                'crew', '[{"role": "gaffer", "count": 2}]'::jsonb, 'locationTypes', '["barn"]'::jsonb),
                sha256(\(link)::bytea)) AS f
            """
        )
        return try #require(rows.first).decode(UUID.self, "id")
    }

    // MARK: Numbers and deadlines

    @Test
    func `case numbers have no gaps, whoever comes at the same time and whatever is rolled back`()
        async throws
    {
        try await SchemaDatabase.with { database in
            struct Abandoned: Error {}
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        do {
                            try await database.member.transaction { transaction in
                                try await transaction.execute(
                                    "SELECT klappa.file_inquiry(jsonb_build_object('title', 'x'), sha256(\(UUID().uuidString)::bytea))"
                                )
                                if number.isMultiple(of: 4) { throw Abandoned() }
                            }
                        } catch is Abandoned {}
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await database.owner.query(
                "SELECT number FROM klappa.inquiry ORDER BY number"
            )
            let numbers = try rows.map { try $0.decode(String.self, "number") }
            let year = Day.todayInStockholm.components.year
            #expect(numbers == (1...30).map { String(format: "SYD-%d-%04d", year, $0) })
            #expect(try await SchemaCheckTests.run("case_numbers_have_no_gaps.sql", database) == 0)
        }
    }

    @Test(arguments: [
        ("2026-11-24 10:00:00+01", "2026-11-25 10:00:00+01"),  // Tuesday
        ("2026-11-26 23:30:00+01", "2026-11-27 23:30:00+01"),  // Thursday, late
        ("2026-11-27 15:00:00+01", "2026-11-30 15:00:00+01"),  // Friday
        ("2026-11-28 02:00:00+01", "2026-12-01 08:00:00+01"),  // Saturday
        ("2026-11-29 23:59:00+01", "2026-12-01 08:00:00+01"),  // Sunday
        ("2026-10-23 12:00:00+02", "2026-10-26 12:00:00+01"),  // over the change of the clock
    ])
    func `the first answer is due on the next weekday`(_ received: String, _ due: String) async throws {
        try await SchemaDatabase.with { database in
            let right = try await database.count(
                "SELECT (klappa.first_answer_due(\(received)::text::timestamptz) = \(due)::text::timestamptz)::int::bigint AS n",
                database.owner
            )
            #expect(right == 1)
        }
    }

    @Test
    func `the first answer stops the clock, notes do not, and none of them is an edit`() async throws {
        try await SchemaDatabase.with { database in
            let inquiry = try await Self.file("Havet", database)
            let office = try await database.account(.commissioner, region: "skane")
            func answered() async throws -> Int64 {
                try await database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry WHERE answered_at IS NOT NULL AND version = 1",
                    database.member,
                    as: office
                )
            }
            for (kind, expected) in [("note", 0), ("call", 0), ("answer", 1), ("answer", 1)]
                as [(String, Int64)]
            {
                try await database.member.execute(
                    "INSERT INTO klappa.inquiry_entry (inquiry, kind, body) VALUES (\(inquiry), \(kind), 'Hej')",
                    settings: SchemaDatabase.settings(office)
                )
                #expect(try await answered() == expected, "\(kind)")
            }
        }
    }

    // MARK: Steps

    @Test
    func `a case takes exactly the steps of the table`() async throws {
        try await SchemaDatabase.with { database in
            let inquiry = try await Self.file("Havet", database)
            let office = try await database.account(.commissioner, region: "skane")
            let statuses = try await database.open.query("SELECT code FROM klappa.inquiry_status")
                .map { try $0.decode(String.self, "code") }
            let rules = Set(
                try await database.open.query(
                    "SELECT from_status || ' ' || to_status AS step FROM klappa.inquiry_transition"
                ).map { try $0.decode(String.self, "step") }
            )
            #expect(statuses.count == 20 && rules.count > 100)
            let loss: SQL =
                "lost_reason = 'unknown', winner = 'unknown', spend_forgone_unknown = true, knowable_unknown = true"
            let none: SQL =
                "lost_reason = NULL, winner = NULL, spend_forgone_unknown = false, knowable_unknown = false"
            for before in statuses {
                for after in statuses where after != before {
                    // The worker may put a case anywhere.
                    try await database.worker.execute(
                        "UPDATE klappa.inquiry SET status = \(before), \(before == "lost" ? loss : none) WHERE id = \(inquiry)"
                    )
                    let refusal = await database.refusal(
                        "UPDATE klappa.inquiry SET status = \(after), \(after == "lost" ? loss : none) WHERE id = \(inquiry)",
                        database.member,
                        as: office
                    )
                    #expect((refusal == nil) == rules.contains("\(before) \(after)"), "\(before) \(after)")
                    if let refusal { #expect(refusal.constraint == "inquiry_status_step") }
                }
            }
        }
    }

    @Test(arguments: [
        "lost_reason = NULL", "winner = NULL", "winner = 'place'", "winning_place = 'Estland'",
        "spend_forgone_unknown = false", "knowable_unknown = false", "spend_forgone = 1",
        "knowable_on = '2026-01-01'",
    ])
    func `no case is lost without reason, winner, what is forgone and since when that was to be known`(
        _ missing: String
    ) async throws {
        try await SchemaDatabase.with { database in
            try await Self.file("Havet", database)
            let office = try await database.account(.commissioner, region: "skane")
            let whole: SQL = """
                UPDATE klappa.inquiry SET status = 'lost', lost_reason = 'total_cost', winner = 'none',
                    spend_forgone_unknown = true, knowable_unknown = true
                """
            let refusal = try #require(
                await database.refusal(
                    "WITH x AS (SELECT 1) UPDATE klappa.inquiry SET status = 'lost', \(SQL(unsafe: Self.loss(but: missing)))",
                    database.member,
                    as: office
                )
            )
            #expect(
                ["inquiry_lost_with_reason", "inquiry_winning_place_named"].contains(refusal.constraint),
                "\(refusal)"
            )
            #expect(await database.refusal(whole, database.member, as: office) == nil)
        }
    }

    private static func loss(but missing: String) -> String {
        let column = missing.prefix { $0 != " " }
        let whole = [
            "lost_reason = 'total_cost'", "winner = 'none'", "spend_forgone_unknown = true",
            "knowable_unknown = true",
        ]
        return (whole.filter { !$0.hasPrefix(column + " ") } + [missing]).joined(separator: ", ")
    }

    @Test
    func `the timeline is append-only, whoever asks`() async throws {
        try await SchemaDatabase.with { database in
            try await Self.file("Havet", database)
            let office = try await database.account(.commissioner, region: "skane")
            for statement in [
                "UPDATE klappa.inquiry_entry SET body = 'x'", "DELETE FROM klappa.inquiry_entry",
                "TRUNCATE klappa.inquiry_entry",
            ] as [SQL] {
                for (client, account) in [
                    (database.member, office as UUID?), (database.worker, nil), (database.owner, nil),
                    (database.root, nil),
                ] {
                    let refusal = await database.refusal(statement, client, as: account)
                    #expect(refusal?.sqlState == .insufficientPrivilege, "\(statement)")
                }
            }
        }
    }
}
