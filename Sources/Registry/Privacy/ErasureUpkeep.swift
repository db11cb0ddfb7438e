internal import Crypto
public import Foundation
public import Logging
public import Postgres

/// Finishes erasures: writes them to the ledger, and takes away what lies outside the rows: pictures, files of answers, letters
/// that are kept as files, words of the search, samples of the planner.
///
/// The rows themselves were emptied in the transaction that erased them, which also noted what is left to do; a process that
/// dies in between leaves the note for the next one. Any number of processes may run it.
public struct ErasureUpkeep: Sendable {
    private let worker: PostgresClient
    private let ledger: ErasureLedger
    private let photos: PhotoStore?
    private let answers: AnswerFiles?
    private let letters: KeptLetters?
    private let logger: Logger

    /// - Parameters:
    ///   - worker: of `klappa_worker`.
    ///   - answers: where the files of answers lie.
    ///   - letters: those that no command sends.
    public init(
        _ worker: PostgresClient,
        ledger: ErasureLedger,
        photos: PhotoStore? = nil,
        answers: URL? = nil,
        letters: KeptLetters? = nil,
        logger: Logger
    ) {
        self.worker = worker
        self.ledger = ledger
        self.photos = photos
        self.answers = answers.map { AnswerFiles(folder: $0) }
        self.letters = letters
        self.logger = logger
    }

    /// Works until the task is cancelled. Errors are logged and tried again later.
    public func run(pause: Duration = .seconds(2)) async {
        while !Task.isCancelled {
            do {
                try await work()
            } catch is CancellationError {
                return
            } catch {
                logger.warning("erasures wait to be finished", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Finishes what waits.
    ///
    /// - Returns: how many erasures were swept.
    @discardableResult
    public func work() async throws -> Int {
        try await enter()
        return try await sweep()
    }

    /// Writes to the ledger what is not there yet. A crash between file and commit writes a line twice, never not at all.
    private func enter() async throws {
        let ledger = ledger
        try await worker.transaction { transaction in
            let rows = try await transaction.query(
                """
                SELECT e.id, e.kind, e.key FROM klappa.erasure e
                WHERE e.ledgered_at IS NULL ORDER BY e.id LIMIT 1000 FOR UPDATE SKIP LOCKED
                """
            )
            guard !rows.isEmpty else { return }
            let entries = try rows.map {
                ErasureLedger.Entry(
                    kind: try $0.decode(String.self, "kind"),
                    key: try $0.decode(UUID.self, "key")
                )
            }
            try ledger.append(entries, at: Date())
            let ids = try rows.map { try $0.decode(UUID.self, "id") }
            try await transaction.execute(
                "UPDATE klappa.erasure SET ledgered_at = now() WHERE id = ANY (\(ids))"
            )
        }
    }

    private struct Waiting: Sendable {
        let id: UUID
        let key: UUID
        let address: [UInt8]?
        let files: [String]
    }

    private func sweep() async throws -> Int {
        let waiting = try await worker.query(
            "SELECT e.id, e.key, e.address, e.files FROM klappa.erasure e WHERE e.swept_at IS NULL ORDER BY e.id LIMIT 1000"
        ).map {
            Waiting(
                id: try $0.decode(UUID.self, "id"),
                key: try $0.decode(UUID.self, "key"),
                address: try $0.decode([UInt8]?.self, "address"),
                files: try $0.decode([String].self, "files")
            )
        }
        guard !waiting.isEmpty else { return 0 }
        for one in waiting {
            try await remove(one.files)
            try letters?.remove(to: one.address, about: one.key)
        }
        try await CrewUpkeep(worker, logger: logger).sweepWords()
        try await worker.execute("SELECT klappa.refresh_statistics()", lane: .search, deadline: .seconds(600))
        let ids = waiting.map(\.id)
        try await worker.execute(
            "UPDATE klappa.erasure SET swept_at = now(), address = NULL, files = '{}' WHERE id = ANY (\(ids))"
        )
        return waiting.count
    }

    /// Removes files at once, unless somebody else has the same.
    private func remove(_ files: [String]) async throws {
        guard !files.isEmpty else { return }
        let rows = try await worker.query(
            """
            SELECT p.hash AS name FROM klappa.photo p WHERE p.hash = ANY (\(files))
            UNION
            SELECT encode(f.hash, 'hex') FROM klappa.answer_file f
            WHERE f.hash = ANY (ARRAY(SELECT decode(n, 'hex') FROM unnest(\(files)::text[]) AS n))
            """
        )
        let kept = Set(try rows.map { try $0.decode(String.self, "name") })
        for file in files where !kept.contains(file) {
            _ = try photos?.remove(file, before: .distantFuture)
            _ = try answers?.remove(sha256: file)
        }
    }
}

/// Erases again what the ledger remembers, in a database that was restored from a backup.
public enum ErasureReplay {
    /// - Parameter worker: of `klappa_worker`.
    /// - Returns: how many rows knew somebody again and are empty now.
    public static func run(_ entries: [ErasureLedger.Entry], _ worker: PostgresClient) async throws -> Int {
        var count = 0
        // Accounts last: their applications are found by them.
        let ordered = entries.filter { $0.kind != "account" } + entries.filter { $0.kind == "account" }
        for entry in ordered {
            let rows = try await worker.query(
                "SELECT klappa.replay_erasure(\(entry.kind), \(entry.key)) AS done"
            )
            if try rows.first?.decode(Bool.self, "done") == true { count += 1 }
        }
        return count
    }
}
