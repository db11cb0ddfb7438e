import Glibc

/// A lock on a file (`flock(2)`), given back by the kernel when its holder ends in whatever way.
///
/// The descriptor is closed on `exec`, so that no child keeps the lock alive.
struct FileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// How a lock is held.
    enum Mode {
        /// Beside other shared holders.
        case shared
        /// Alone.
        case exclusive
    }

    /// Opens, and creates if needed, the file; holds nothing yet.
    ///
    /// - Throws: ``PrivateServerError`` when the file can be neither opened nor made.
    init(_ path: String, owner: ServerUser?) throws(PrivateServerError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.failure("write", path) }
        if let owner, geteuid() == 0 { fchown(descriptor, owner.id, owner.group) }
    }

    deinit { close(descriptor) }

    /// Takes or changes the lock if that is possible at once; a lock held before may be lost when it is not.
    func take(_ mode: Mode) -> Bool {
        flock(descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
    }

    /// Takes the lock, asking again every 20 ms for as long as `limit`; false when the time is up.
    func take(_ mode: Mode, within limit: Duration) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: limit)
        while !take(mode) {
            guard clock.now < end else { return false }
            // Asked again even when cancelled: giving a lock up half-way helps nobody.
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// Gives the lock back.
    func release() { _ = flock(descriptor, LOCK_UN) }

    /// Writes who holds the lock into the file, for the sentence that others get to read.
    func note(_ text: String) {
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, text.utf8.count, 0) }
    }
}
