/// What a running PostgreSQL says of itself in `postmaster.pid`.
///
/// The lines are fixed in PostgreSQL's `src/include/utils/pidfile.h`: process, data directory, start, port, socket
/// directory, listen address, shared memory, status.
struct PostmasterFile: Equatable, Sendable {
    /// Process of the postmaster.
    let process: Int32
    /// Port, which also names the socket.
    let port: Int
    /// Directory of the socket; empty when there is none.
    let socketDirectory: String
    /// `starting`, `stopping`, `ready` or `standby`; empty while it has just begun.
    let status: String

    /// Reads the file's text; nil when it is not, or not yet wholly, written.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 5, let process = Int32(lines[0]), process > 1, let port = Int(lines[3]) else {
            return nil
        }
        self.process = process
        self.port = port
        socketDirectory = String(lines[4])
        status = lines.count >= 8 ? String(lines[7].drop { $0 == " " }.prefix { $0 != " " }) : ""
    }

    /// A description by its parts.
    init(process: Int32, port: Int, socketDirectory: String, status: String) {
        self.process = process
        self.port = port
        self.socketDirectory = socketDirectory
        self.status = status
    }

    /// Whether connections are accepted.
    var isReady: Bool { status == "ready" || status == "standby" }
}
