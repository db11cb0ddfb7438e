internal import Foundation
public import Logging
public import Postgres

/// What has to be done for searches from time to time: turned bits brought up to date, the window of days moved at
/// the turn of the year, words swept that nobody has any more.
///
/// Answers are exact without it, only slower: facets count people with outdated bits from their rows. Any number of
/// processes may run it; for each piece of work one is enough, and a lock of the database lets the others pass.
public struct CrewUpkeep: Sendable {
    private let worker: PostgresClient
    private let logger: Logger

    /// - Parameter worker: of `klappa_worker`.
    public init(_ worker: PostgresClient, logger: Logger) {
        self.worker = worker
        self.logger = logger
    }

    /// Works until the task is cancelled. Errors are logged and tried again later.
    ///
    /// - Parameter pause: between looking for outdated bits.
    public func run(pause: Duration = .seconds(2)) async {
        var sweptAt: ContinuousClock.Instant?
        while !Task.isCancelled {
            do {
                try await refreshBits()
                if sweptAt.map({ .now - $0 > .seconds(600) }) ?? true {
                    try await moveWindow()
                    try await sweepWords()
                    sweptAt = .now
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("upkeep of crew failed", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Brings all bits up to date, chunk by chunk, each in a transaction of its own.
    ///
    /// - Returns: how many chunks were written; 0 also when another process is at it.
    @discardableResult
    public func refreshBits() async throws -> Int {
        var chunks = 0
        while try await refreshChunk() { chunks += 1 }
        return chunks
    }

    /// One snapshot for all reading: who changes afterwards is marked anew, and that mark stays.
    private func refreshChunk() async throws -> Bool {
        let database = worker
        return try await database.transaction(TransactionOptions(isolation: .repeatableRead)) { transaction in
            let locked = try await transaction.query("SELECT pg_try_advisory_xact_lock(7002)")
            guard try locked.first?.decode(Bool.self, at: 0) == true else { return false }
            let dirty = try await transaction.query(
                "SELECT no / 15360 AS chunk FROM klappa.crew_dirty ORDER BY stamp LIMIT 1"
            )
            guard let chunk = try dirty.first?.decode(Int32.self, at: 0) else { return false }
            try await CrewBitQueries(transaction: transaction, chunk: chunk).refresh()
            return true
        }
    }

    /// Lets the three years of days begin with this year. Takes a while once a year; nothing else otherwise.
    ///
    /// - Returns: whether it moved.
    @discardableResult
    public func moveWindow() async throws -> Bool {
        let rows = try await worker.query(
            "SELECT klappa.move_crew_window(date_trunc('year', klappa.today())::date) AS moved",
            lane: .search,
            deadline: .seconds(600)
        )
        return try rows.first?.decode(Bool.self, "moved") ?? false
    }

    /// Forgets words that are in nobody's names any more, and repetitions.
    public func sweepWords() async throws {
        try await worker.transaction { transaction in
            // Who adds a name holds the same lock, shared, until it is seen here.
            let locked = try await transaction.query("SELECT pg_try_advisory_xact_lock(7003)")
            guard try locked.first?.decode(Bool.self, at: 0) == true else { return }
            try await transaction.execute(
                """
                DELETE FROM klappa.crew_word w
                WHERE NOT EXISTS (
                        SELECT FROM klappa.crew_public c WHERE c.names @@ ('''' || w.word || '''')::tsquery)
                    OR EXISTS (SELECT FROM klappa.crew_word k WHERE k.word = w.word AND k.ctid < w.ctid)
                """
            )
        }
    }
}
