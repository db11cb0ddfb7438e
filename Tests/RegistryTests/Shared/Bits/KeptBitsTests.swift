import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Registry

/// What is kept in memory is used only with the stamps of the database.
struct KeptBitsTests {
    private static func chunk(_ number: Int32, _ stamp: UUID) -> KeptBits.Chunk {
        .init(number: number, stamp: stamp, bits: BitChunk(size: 64, [:]))
    }

    @Test func `a chunk is read once for each stamp`() async throws {
        let stamps = [UUID(), UUID(), UUID()]
        let reads = Mutex<[[Int32]]>([])
        let now = Mutex(stamps[0])
        let kept = KeptBits { chunks in
            reads.withLock { $0.append(chunks) }
            return chunks.map { Self.chunk($0, now.withLock { $0 }) }
        }
        #expect(try await kept.chunks([:])?.isEmpty == true)
        #expect(try await kept.chunks([1: stamps[0], 2: stamps[0]])?.count == 2)
        #expect(try await kept.chunks([1: stamps[0]])?.count == 1)
        now.withLock { $0 = stamps[1] }
        #expect(try await kept.chunks([1: stamps[0], 2: stamps[1]])?.count == 2)
        #expect(reads.withLock { $0 } == [[1, 2], [2]])
    }

    @Test func `what changed after its stamp was read is asked for again`() async throws {
        let kept = KeptBits { chunks in chunks.map { Self.chunk($0, UUID()) } }
        #expect(try await kept.chunks([1: UUID()]) == nil)
    }

    @Test func `many at once read one after the other`() async throws {
        let stamp = UUID()
        let reads = Mutex(0)
        let kept = KeptBits { chunks in
            reads.withLock { $0 += 1 }
            try await Task.sleep(for: .milliseconds(20))
            return chunks.map { Self.chunk($0, stamp) }
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 { group.addTask { try await kept.chunks([1: stamp, 2: stamp])?.count } }
            for try await count in group { #expect(count == 2) }
        }
        #expect(reads.withLock { $0 } == 1)
    }

    @Test func `a failure to read is nobody else's`() async throws {
        let stamp = UUID()
        let isBroken = Mutex(true)
        let kept = KeptBits { chunks in
            if isBroken.withLock({ $0 }) { throw CancellationError() }
            return chunks.map { Self.chunk($0, stamp) }
        }
        await #expect(throws: CancellationError.self) { try await kept.chunks([1: stamp]) }
        isBroken.withLock { $0 = false }
        #expect(try await kept.chunks([1: stamp])?.count == 1)
    }

    @Test func `every change of rows is a new stamp`() async throws {
        try await CrewBench.with { bench in
            var seen: Set<String> = []
            func isNew(_ table: String, after change: SQL?, _ role: PostgresClient) async throws -> Bool {
                if let change { try await role.execute(change) }
                let rows = try await bench.databases.open.query(
                    "SELECT coalesce(string_agg(stamp::text, ',' ORDER BY chunk), '') FROM klappa.\(identifier: table)"
                )
                return seen.insert(try rows[0].decode(String.self, at: 0)).inserted
            }
            let worker = bench.databases.worker
            let bits: SQL =
                "INSERT INTO klappa.crew_bits (kind, value, chunk, bits) VALUES ('role', 'x', 3, B'1'::bit(15360))"
            #expect(try await isNew("crew_bits_stamp", after: bits, worker))
            #expect(
                try await isNew("crew_bits_stamp", after: "UPDATE klappa.crew_bits SET bits = ~bits", worker)
            )
            #expect(try await isNew("crew_bits_stamp", after: nil, worker) == false)
            #expect(try await isNew("crew_bits_stamp", after: "DELETE FROM klappa.crew_bits", worker))

            var random = SeededNumbers(seed: 3)
            var naive = NaiveLocations(count: 6, firstDay: bench.firstDay, bench.vocabularies, using: &random)
            for index in naive.places.indices {
                naive.places[index].state = "published"
                naive.places[index].visibility = "anyone"
            }
            try await naive.write(worker)
            #expect(try await isNew("location_stamp", after: nil, worker))
            let id = naive.places[0].id
            let days = DayMultirange([DayRange(bench.firstDay + 200)])
            for change in [
                "UPDATE klappa.location SET renewed_on = renewed_on + 1 WHERE id = \(id)",
                "UPDATE klappa.location SET name = 'Lada' WHERE id = \(naive.places[1].id)",
                "INSERT INTO klappa.block (subject, days) VALUES (\(id), \(days))",
                "UPDATE klappa.location SET availability_visibility = 'nobody' WHERE id = \(id)",
                "SELECT klappa.erase_listing(\(id))",
            ] as [SQL] {
                #expect(try await isNew("location_stamp", after: change, worker), "\(change.text)")
            }
        }
    }
}
