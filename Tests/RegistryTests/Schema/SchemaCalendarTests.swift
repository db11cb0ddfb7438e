import FoundationEssentials
import Postgres
import Registry
import Testing

/// Bookings cannot overlap, holds may, and both of one subject happen in one order.
struct SchemaCalendarTests {
    @Test
    func `bookings may share gaps but no day`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            func book(_ days: String) async -> PostgresError? {
                await database.refusal(
                    "INSERT INTO klappa.booking (subject, days) VALUES (\(person), \(days)::text::datemultirange)",
                    database.worker
                )
            }
            #expect(await book("{[2027-04-01,2027-04-03),[2027-04-10,2027-04-12)}") == nil)
            #expect(await book("{[2027-04-03,2027-04-10)}") == nil)
            let overlap = await book("{[2027-04-02,2027-04-03)}")
            #expect(overlap?.constraint == "booking_no_overlap")
            #expect(overlap?.sqlState == .exclusionViolation)
            try await database.worker.execute(
                "UPDATE klappa.booking SET state = 'cancelled' WHERE days @> date '2027-04-02'"
            )
            #expect(await book("{[2027-04-02,2027-04-03)}") == nil)
            let revived = await database.refusal(
                "UPDATE klappa.booking SET state = 'confirmed'",
                database.worker
            )
            #expect(revived?.constraint == "booking_no_overlap")
        }
    }

    @Test
    func `of a hundred confirmations of one day at once exactly one succeeds`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do {
                            try await database.worker.transaction { transaction in
                                _ = try await transaction.query("SELECT klappa.lock_subject(\(person))")
                                try await transaction.execute(
                                    "INSERT INTO klappa.booking (subject, days) VALUES (\(person), '{[2027-05-01,2027-05-02)}')"
                                )
                            }
                            return "booked"
                        } catch {
                            return (error as? PostgresError)?.constraint ?? "\(error)"
                        }
                    }
                }
                return await group.reduce(into: [:]) { counts, outcome in counts[outcome, default: 0] += 1 }
            }
            #expect(outcomes == ["booked": 1, "booking_no_overlap": 99])
        }
    }

    @Test
    func `a hold's rank on a day is one more than the earlier active holds of that day`() async throws {
        try await SchemaDatabase.with { database in
            let person = try await database.person("Åsa")
            var holds: [UUID] = []
            for days in [
                "{[2027-05-01,2027-05-10)}", "{[2027-05-05,2027-05-15)}", "{[2027-05-05,2027-05-06)}",
            ] {
                let id = UUID.version7()
                holds.append(id)
                try await database.worker.execute(
                    "INSERT INTO klappa.hold (id, subject, days) VALUES (\(id), \(person), \(days)::text::datemultirange)"
                )
            }
            func ranks(_ day: String) async throws -> [Int32?] {
                var ranks: [Int32?] = []
                for hold in holds {
                    let rows = try await database.worker.query(
                        "SELECT klappa.hold_rank(\(hold), \(day)::text::date) AS rank"
                    )
                    ranks.append(try rows.first?.decode(Int32?.self, "rank"))
                }
                return ranks
            }
            #expect(try await ranks("2027-05-01") == [1, nil, nil])
            #expect(try await ranks("2027-05-05") == [1, 2, 3])
            #expect(try await ranks("2027-05-12") == [nil, 1, nil])
            try await database.worker.execute(
                "UPDATE klappa.hold SET state = 'released' WHERE id = \(holds[0])"
            )
            #expect(try await ranks("2027-05-05") == [nil, 1, 2])
        }
    }

    @Test
    func `a calendar entry stays with its subject`() async throws {
        try await SchemaDatabase.with { database in
            let (one, other) = (try await database.person("Åsa"), try await database.person("Bo"))
            try await database.worker.execute(
                "INSERT INTO klappa.block (subject, days) VALUES (\(one), '{[2027-05-01,2027-05-02)}')"
            )
            let refusal = await database.refusal(
                "UPDATE klappa.block SET subject = \(other)",
                database.worker
            )
            #expect(refusal?.constraint == "block_subject_fixed")
        }
    }
}
