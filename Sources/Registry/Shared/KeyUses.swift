public import FoundationEssentials
internal import NIOConcurrencyHelpers

/// Notes the use of keys, at most once a minute for each key and process: the note is for the list of keys, not for
/// counting.
public final class KeyUses: Sendable {
    private let note: @Sendable (UUID) async throws -> Void
    private let noted = NIOLockedValueBox<[UUID: ContinuousClock.Instant]>([:])

    /// - Parameter note: stores that a key was used now; a failure is forgotten, for the request must not fail by it.
    public init(_ note: @escaping @Sendable (UUID) async throws -> Void) {
        self.note = note
    }

    /// Notes a use, unless one was noted in the last minute.
    func note(_ key: UUID) async {
        let now = ContinuousClock.now
        let isDue = noted.withLockedValue { noted in
            if let last = noted[key], last.duration(to: now) < .seconds(60) { return false }
            if noted.count > 10_000 { noted = [:] }
            noted[key] = now
            return true
        }
        // Only the list of keys misses this use.
        if isDue { try? await note(key) }
    }
}
