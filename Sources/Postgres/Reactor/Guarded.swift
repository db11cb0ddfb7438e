internal import Synchronization

/// A value behind a lock.
///
/// The standard library's `Mutex` waits by system calls that the thread sanitizer does not see, so it would report
/// every value handed from one thread to another. The atomic, released before each unlock and acquired after each lock,
/// shows it the order that the mutex keeps; on the machine it costs a load and a store.
///
/// The mutex knows its owner by the number of the thread, which it reads from the thread's own storage. Inlined into an
/// asynchronous function, an optimized build reads that number once and keeps it across an `await`, though another
/// thread may go on there: the process then ends at the unlock. So taking the lock is never inlined.
struct Guarded<Value: Sendable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>
    private let edge = Atomic<UInt8>(0)

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    /// Runs `body` while nobody else can. It must be short and must not call out.
    @inline(never)
    borrowing func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { value in
            _ = edge.load(ordering: .acquiring)
            defer { edge.store(0, ordering: .releasing) }
            return body(&value)
        }
    }
}
