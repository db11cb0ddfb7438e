internal import CLibpq
internal import Glibc

/// Threads for calls that block: name lookups and cancel requests. Each has a thread of its own for its time, so
/// that one that hangs holds up nobody else.
enum BlockingThread {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new, detached thread. The name has at most 15 characters.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let created = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                pthread_setname_np(pthread_self(), start.name)
                start.body()
                return nil
            },
            context.toOpaque()
        )
        pthread_attr_destroy(&attributes)
        if created != 0 {
            // No thread to be had: better to block once than to lose the work.
            context.takeRetainedValue().body()
        }
    }
}
