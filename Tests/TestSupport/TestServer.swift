import Glibc
import Logging
public import PrivateServer
import Synchronization

/// A throwaway PostgreSQL: a ``PrivateServer`` under a temporary directory, without `fsync`.
///
/// All tests of a process share ``shared()``; a test that hurts its server takes one of its own:
/// ```swift
/// try await TestServer.withOwn { server in
///     server.suspend()
///     …
/// }
/// ```
/// Works as root (the server runs as `postgres`) and as an ordinary user. When the test process ends in whatever way,
/// the server ends and its directory is removed.
public final class TestServer: Sendable {
    /// The server's directory and settings.
    public let server: PrivateServer
    /// Password of every role over TCP, when there is TCP.
    public static let password = "throwaway"
    private let watchdog: Watchdog
    private let lease: Mutex<Lease?>

    /// What a test wants its own server to be like.
    public struct Options: Sendable {
        /// Whether it listens on 127.0.0.1, with scram-sha-256, on a free port.
        public var listens = false
        /// Lines that open `pg_hba.conf`.
        public var authentication: [String] = []
        /// Settings of `postgresql.conf`.
        public var settings: [String: String] = [:]

        /// The socket alone.
        public init(
            listens: Bool = false,
            authentication: [String] = [],
            settings: [String: String] = [:]
        ) {
            self.listens = listens
            self.authentication = authentication
            self.settings = settings
        }
    }

    private static let sharedTask = Task { try await TestServer(Options(listens: true)) }

    /// The server that all tests of this process share; started by the first who asks. It listens on TCP too.
    public static func shared() async throws -> TestServer { try await sharedTask.value }

    /// Lends a server of one's own, stopped and removed afterwards.
    public static func withOwn<Result>(
        _ options: Options = Options(),
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let server = try await TestServer(options)
        do {
            let result = try await body(server)
            await server.watchdog.finish()
            return result
        } catch {
            await server.watchdog.finish()
            throw error
        }
    }

    /// A new directory under `/tmp` that every user may pass through; the test removes it, or a watchdog does.
    public static func temporaryDirectory() -> String {
        var template = Array("/tmp/klappa-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no temporary directory")
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        return path
    }

    private init(_ options: Options) async throws {
        let root = Self.temporaryDirectory()
        watchdog = Watchdog(directory: root, state: root + "/state")
        var configuration = PrivateServer.Configuration()
        configuration.database = "scratch"
        configuration.roles = ["klappa_owner", "klappa_public", "klappa_member", "klappa_worker"]
        configuration.authentication = options.authentication
        configuration.settings = [
            "fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "128MB",
            "max_wal_size": "2GB", "checkpoint_timeout": "1h", "autovacuum_naptime": "1h",
        ]
        configuration.settings.merge(options.settings) { _, given in given }
        if options.listens {
            configuration.address = "127.0.0.1"
            configuration.port = Self.freePort()
            configuration.authentication.append("host all all 127.0.0.1/32 scram-sha-256")
        }
        var quiet = Logger(label: "test-server")
        quiet.logLevel = .warning
        server = try PrivateServer(
            StateDirectory(root + "/state"),
            configuration: configuration,
            startLimit: .seconds(60),
            syncs: false,
            logger: quiet
        )
        do {
            lease = Mutex(try await server.enter(as: .command))
        } catch {
            await watchdog.finish()
            throw error
        }
        if options.listens { try await sql("ALTER ROLE postgres PASSWORD '\(Self.password)'") }
    }

    /// A TCP port of 127.0.0.1 that was free a moment ago.
    public static func freePort() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(
                    bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0
                )
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        return port
    }

    /// How to reach the server as it runs now.
    public var running: RunningServer {
        guard let running = lease.withLock({ $0?.server }) else {
            preconditionFailure("the test server is stopped")
        }
        return running
    }

    /// The conninfo through the socket.
    public func conninfo(role: String = "postgres", database: String = "postgres") -> String {
        running.conninfo(role: role, database: database)
    }

    /// The conninfo through TCP, with the password; only for a server that listens.
    public func tcpConninfo(role: String = "postgres", database: String = "postgres") -> String {
        "host=127.0.0.1 port=\(running.port) dbname='\(database)' user='\(role)' password='\(Self.password)'"
    }

    /// Runs SQL as the superuser through `psql`, and gives back what it printed (unaligned, without titles).
    ///
    /// - Throws: ``TestServerError`` with what `psql` said.
    @discardableResult
    public func sql(_ text: String, database: String = "postgres") async throws -> String {
        try await psql(text, conninfo(database: database))
    }

    // MARK: - Faults

    /// Kills the postmaster at once (`SIGKILL`); its children notice and end.
    public func kill() { Glibc.kill(running.process, SIGKILL) }

    /// Stops the postmaster and all its children in their tracks (`SIGSTOP`): they neither answer nor refuse.
    public func suspend() { signalAll(SIGSTOP) }

    /// Lets them go on.
    public func resume() { signalAll(SIGCONT) }

    /// Stops the server in an orderly way; ``start()`` must follow before it is used again.
    public func stop() async {
        guard let old = lease.withLock({ $0.take() }) else { return }
        await server.leave(old)
    }

    /// Starts the server after ``stop()`` or ``kill()``; recovers if need be.
    public func start() async throws {
        if let old = lease.withLock({ $0.take() }) {
            try await eventually("the killed postmaster is gone") {
                Glibc.kill(old.server.process, 0) != 0 || access("/proc/\(old.server.process)/cwd", F_OK) != 0
            }
            await server.leave(old)
        }
        let new = try await server.enter(as: .command)
        lease.withLock { $0 = new }
    }

    /// Stops and starts it.
    public func restart() async throws {
        await stop()
        try await start()
    }

    private func signalAll(_ signal: Int32) {
        let postmaster = running.process
        // The postmaster first, so that it makes no more children.
        Glibc.kill(postmaster, signal)
        for child in Self.children(of: postmaster) { Glibc.kill(child, signal) }
    }

    /// The children of a process, from `/proc`.
    static func children(of parent: Int32) -> [Int32] {
        guard let file = fopen("/proc/\(parent)/task/\(parent)/children", "re") else { return [] }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ").compactMap {
            Int32($0)
        }
    }
}

/// What `psql` said when it failed.
public struct TestServerError: Error, CustomStringConvertible {
    /// Its words.
    public let output: String
    /// Its words.
    public var description: String { output }
}
