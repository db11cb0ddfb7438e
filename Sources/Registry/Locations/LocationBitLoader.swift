internal import Foundation
internal import Postgres

/// Reads chunks of `location_public` into memory and turns them.
struct LocationBitLoader: Sendable {
    let database: PostgresClient

    /// The locations of a chunk.
    static let chunk = 2_048
    /// Chunks that one statement reads.
    private static let batch = 8

    func load(_ chunks: [Int32]) async throws -> [KeptBits.Chunk] {
        var loaded: [KeptBits.Chunk] = []
        for start in stride(from: 0, to: chunks.count, by: Self.batch) {
            loaded += try await read(Array(chunks[start..<min(start + Self.batch, chunks.count)]))
        }
        return loaded
    }

    /// The rows with their stamps in one snapshot.
    private func read(_ chunks: [Int32]) async throws -> [KeptBits.Chunk] {
        let rows = try await database.query(
            """
            SELECT s.chunk, s.stamp, p.no - s.chunk * 2048 AS place, r.code AS region,
                lpad(p.municipality::text, 4, '0') AS municipality, p.types, p.looks, p.tags, y.free
            FROM klappa.location_stamp s
            LEFT JOIN klappa.location_public p ON p.no >= s.chunk * 2048 AND p.no < (s.chunk + 1) * 2048
            LEFT JOIN klappa.region r ON r.no = p.region
            LEFT JOIN klappa.location_day y ON y.id = p.id
            WHERE s.chunk = ANY (\(chunks))
            ORDER BY s.chunk
            """,
            lane: .search
        )
        var loaded: [KeptBits.Chunk] = []
        var turning: (number: Int32, stamp: UUID, rows: LocationBitRows)?
        func finish() {
            guard let turned = turning else { return }
            loaded.append(.init(number: turned.number, stamp: turned.stamp, bits: turned.rows.chunk))
        }
        for row in rows {
            let number = try row.decode(Int32.self, at: 0)
            if turning?.number != number {
                finish()
                turning = (number, try row.decode(at: 1), LocationBitRows())
            }
            if !row.isNull("place") { try turning?.rows.add(row) }
        }
        finish()
        return loaded
    }
}

/// The locations of one chunk on their way to being turned.
private struct LocationBitRows {
    private var masks: [BitChunk.Key: BitMask] = [:]
    private var days = DayRows(size: LocationBitLoader.chunk)

    var chunk: BitChunk { BitChunk(size: LocationBitLoader.chunk, masks, days: days) }

    mutating func add(_ row: Row) throws(PostgresError) {
        let place = Int(try row.decode(Int32.self, at: 2))
        set("live", "", place)
        set("region", try row.decode(at: 3), place)
        set("municipality", try row.decode(at: 4), place)
        for value in try row.decode([String].self, at: 5) { set("type", value, place) }
        for value in try row.decode([String].self, at: 6) { set("look", value, place) }
        for value in try row.decode([String].self, at: 7) { set("feature", value, place) }
        if let free = try row.decode(BitString?.self, at: 8) { days.set(free.bytes, at: place) }
    }

    private mutating func set(_ kind: String, _ value: String, _ place: Int) {
        masks[.init(kind: kind, value: value), default: BitMask(none: LocationBitLoader.chunk)].insert(place)
    }
}
