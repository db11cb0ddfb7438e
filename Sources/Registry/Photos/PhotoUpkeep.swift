public import Foundation
public import Logging
public import Postgres

/// Takes away pictures that no row names any longer: of listings that were erased, or that their owners removed.
///
/// A picture is stored before its row is written, and a row may bring a stored picture back, so only what nobody has wanted
/// for a day is touched. Any number of processes may run it.
public struct PhotoUpkeep: Sendable {
    private let worker: PostgresClient
    private let store: PhotoStore
    private let logger: Logger

    /// How long a picture may lie without a row.
    static let grace: TimeInterval = 86_400

    /// - Parameter worker: of `klappa_worker`.
    public init(_ worker: PostgresClient, _ store: PhotoStore, logger: Logger) {
        self.worker = worker
        self.store = store
        self.logger = logger
    }

    /// Works until the task is cancelled. Errors are logged and tried again later.
    public func run(pause: Duration = .seconds(6 * 3600)) async {
        while !Task.isCancelled {
            do {
                let count = try await sweep()
                if count > 0 { logger.info("swept pictures", metadata: ["count": "\(count)"]) }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("sweeping pictures failed", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Takes away what no row has named since a moment.
    ///
    /// - Parameter moment: nil for a day ago.
    /// - Returns: how many pictures went.
    @discardableResult
    public func sweep(before moment: Date? = nil) async throws -> Int {
        let moment = moment ?? Date(timeIntervalSinceNow: -Self.grace)
        var count = 0
        var rest = try store.hashes(before: moment).sorted()[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(1000))
            rest = rest.dropFirst(1000)
            let named = try await worker.query(
                "SELECT DISTINCT hash FROM klappa.photo WHERE hash = ANY (\(some))"
            )
            let kept = Set(try named.map { try $0.decode(String.self, "hash") })
            for hash in some where !kept.contains(hash) {
                if try store.remove(hash, before: moment) { count += 1 }
            }
        }
        return count
    }
}
