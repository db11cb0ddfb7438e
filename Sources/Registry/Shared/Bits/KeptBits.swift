internal import Foundation

/// Turned bits in the memory of this process, chunk by chunk, each with the stamp that the database gave it.
///
/// A count asks the database for the stamps first, in the statement that answers all else; a chunk with another stamp
/// is read again. So a count is exact in the snapshot of its question, however old the memory is.
actor KeptBits {
    /// A chunk as it was read, in one snapshot with its stamp.
    struct Chunk: Sendable {
        let number: Int32
        let stamp: UUID
        let bits: BitChunk
    }

    private let load: @Sendable ([Int32]) async throws -> [Chunk]
    private var kept: [Int32: Chunk] = [:]
    private var loading: Task<[Chunk], any Error>?

    /// - Parameter load: reads chunks by number; those that are gone may be missing.
    init(load: @escaping @Sendable ([Int32]) async throws -> [Chunk]) { self.load = load }

    /// The chunks with exactly these stamps; nil when one of them has changed since its stamp was read, and the question
    /// is to be asked again.
    func chunks(_ stamps: [Int32: UUID]) async throws -> [Int32: BitChunk]? {
        // What another question is reading may be what is missing here.
        while let loading, !missing(stamps).isEmpty { _ = await loading.result }
        let wanted = missing(stamps)
        if !wanted.isEmpty {
            let task = Task { [load] in try await load(wanted) }
            loading = task
            defer { if loading == task { loading = nil } }
            for chunk in try await task.value { kept[chunk.number] = chunk }
        }
        var chunks: [Int32: BitChunk] = [:]
        for (number, stamp) in stamps {
            guard let chunk = kept[number], chunk.stamp == stamp else { return nil }
            chunks[number] = chunk.bits
        }
        return chunks
    }

    private func missing(_ stamps: [Int32: UUID]) -> [Int32] {
        stamps.filter { kept[$0.key]?.stamp != $0.value }.keys.sorted()
    }
}
