internal import CLibpq

/// Owns a `PGcancel`: asks the server to cancel what a connection is doing.
///
/// **Why `@unchecked Sendable` holds:** libpq documents `PQcancel` as the one call that any thread may make, and a
/// `PGcancel` is never changed after it has been made
/// (<https://www.postgresql.org/docs/15/libpq-cancel.html>). It is freed once, in `deinit`.
final class CancelHandle: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQfreeCancel(pointer)
    }

    /// Dials the server and blocks until it has taken the request. Must not run on the reactor or a task's thread.
    /// False: the request could not be delivered.
    func cancel() -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            PQcancel(pointer, buffer.baseAddress, 256) == 1
        }
    }
}
