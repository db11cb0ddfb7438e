import Glibc
import Synchronization

/// The use of a private server by this process: the locks it holds, and how to reach the server.
///
/// Made by ``PrivateServer/withServer(as:_:)`` and valid inside its closure.
public final class Lease: Sendable {
    let useLock: FileLock
    let serveLock: FileLock
    private let running: Mutex<RunningServer?>

    /// Opens the locks; a `serve` takes its own at once.
    ///
    /// - Throws: ``PrivateServerError`` when another `serve` has it.
    init(_ directory: StateDirectory, user: ServerUser, use: PrivateServer.Use) throws(PrivateServerError) {
        useLock = try FileLock(directory.useLock, owner: user)
        serveLock = try FileLock(directory.serveLock, owner: user)
        running = Mutex(nil)
        if case .service = use {
            guard serveLock.take(.exclusive) else {
                throw .inUse(by: Files.text(directory.serveLock) ?? "", directory)
            }
            serveLock.note(String(getpid()))
        }
    }

    /// How to reach the server; the process changes when it had to be started again.
    public var server: RunningServer {
        guard let server = now() else {
            preconditionFailure("a lease is lent only after its server has started")
        }
        return server
    }

    // Neither is inlined: an optimized asynchronous function would keep the number of the thread, by which the mutex
    // knows its owner, across an `await`.
    @inline(never)
    private func now() -> RunningServer? { running.withLock { $0 } }

    @inline(never)
    func update(_ server: RunningServer) { running.withLock { $0 = server } }
}
