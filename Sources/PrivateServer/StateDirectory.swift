import Glibc

/// Where a private PostgreSQL keeps what it knows.
///
/// ```
/// /var/lib/klappa/
///   data/             the cluster; data.new while it is being made
///   socket/           .s.PGSQL.5432, unless the path is too long: then under /tmp
///   photos/           pictures by their hash, if the service keeps them here
///   postgresql.log    what the server says; the one before is postgresql.log.1
///   serve.lock        held by the one `klappa serve`
///   use.lock          held, shared, by everyone who uses the server
///   start.lock        held while somebody starts or stops it
///   letters/          letters that were not sent, unless a command sends them
///   answers/          files that applicants have handed in
///   erasures.log      what was erased, by ids; replayed after a backup was restored
/// ```
public struct StateDirectory: Equatable, Sendable {
    /// The directory itself, absolute, links resolved.
    public let path: String

    /// A directory by its path; a relative one is taken from the working directory.
    public init(_ path: String) {
        var absolute = path
        if !path.hasPrefix("/"), let working = getcwd(nil, 0) {
            absolute = String(cString: working) + "/" + path
            free(working)
        }
        while absolute.count > 1 && absolute.hasSuffix("/") { absolute.removeLast() }
        self.path = Files.resolved(absolute)
    }

    /// `/var/lib/klappa` for root; otherwise `$XDG_STATE_HOME/klappa` or `~/.local/state/klappa`.
    public static func standard(environment: [String: String]) -> StateDirectory {
        if geteuid() == 0 { return StateDirectory("/var/lib/klappa") }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return StateDirectory(state + "/klappa")
        }
        let home =
            environment["HOME"] ?? getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) } ?? "/tmp"
        return StateDirectory(home + "/.local/state/klappa")
    }

    /// The cluster.
    public var data: String { path + "/data" }
    /// The cluster while it is being made; renamed when it is complete.
    var unfinishedData: String { path + "/data.new" }
    /// What PostgreSQL says.
    public var log: String { path + "/postgresql.log" }
    var serveLock: String { path + "/serve.lock" }
    var useLock: String { path + "/use.lock" }
    var startLock: String { path + "/start.lock" }

    /// Names that a state directory may hold; others make it somebody else's.
    static let ownNames: Set<String> = [
        "data", "data.new", "socket", "postgresql.log", "postgresql.log.1", "serve.lock", "use.lock",
        "start.lock", "photos", "answers", "letters", "erasures.log", "lost+found",
    ]

    /// The longest path that fits into `sun_path` of a Unix socket on Linux, the closing zero left out.
    static let longestSocketPath = 107

    /// The directory of the socket: under the state directory, or under `/tmp` where that path would be too long.
    var socketDirectory: String {
        let near = path + "/socket"
        let longest = near.utf8.count + "/.s.PGSQL.65535".utf8.count
        if longest <= Self.longestSocketPath { return near }
        return "/tmp/klappa-" + String(Self.hash(path), radix: 36)
    }

    /// FNV-1a, 64 bits: the same path gives the same name in each process.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
