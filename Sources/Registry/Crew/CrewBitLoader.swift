internal import Foundation
internal import Postgres

/// Reads chunks of `crew_bits` into memory.
struct CrewBitLoader: Sendable {
    let database: PostgresClient

    /// One statement for each chunk: its rows and its stamp in one snapshot, and few megabytes at a time.
    func load(_ chunks: [Int32]) async throws -> [KeptBits.Chunk] {
        var loaded: [KeptBits.Chunk] = []
        for chunk in chunks {
            if let chunk = try await load(chunk) { loaded.append(chunk) }
        }
        return loaded
    }

    private func load(_ chunk: Int32) async throws -> KeptBits.Chunk? {
        let rows = try await database.query(
            """
            SELECT s.stamp, b.kind, b.value, b.grade, b.bits
            FROM klappa.crew_bits_stamp s
            LEFT JOIN klappa.crew_bits b ON b.chunk = s.chunk
            WHERE s.chunk = \(chunk)
            """,
            lane: .search
        )
        guard let first = rows.first else { return nil }
        var masks: [BitChunk.Key: BitMask] = [:]
        for row in rows where !row.isNull("kind") {
            let key = BitChunk.Key(
                kind: try row.decode(at: 1),
                value: try row.decode(at: 2),
                part: try row.decode(at: 3)
            )
            masks[key] = try row.mask("bits", size: CrewFacetQueries.chunk)
        }
        return KeptBits.Chunk(
            number: chunk,
            stamp: try first.decode(UUID.self, "stamp"),
            bits: BitChunk(size: CrewFacetQueries.chunk, masks)
        )
    }
}

extension Row {
    /// A `bit` string as a mask; nobody where it is NULL.
    func mask(_ column: String, size: Int) throws(PostgresError) -> BitMask {
        if isNull(column) { return BitMask(none: size) }
        // The number of bits comes first.
        return try withBytes(column) { BitMask(size: size, packed: .init(rebasing: $0.dropFirst(4))) }
    }

    /// An array of places as a mask; nobody where it is NULL.
    func places(_ column: String, size: Int) throws(PostgresError) -> BitMask {
        var mask = BitMask(none: size)
        for place in try decode([Int32]?.self, column) ?? [] { mask.insert(Int(place)) }
        return mask
    }
}
