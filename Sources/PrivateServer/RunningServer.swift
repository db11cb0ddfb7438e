/// A private PostgreSQL that accepts connections: what a client needs to reach it.
public struct RunningServer: Equatable, Sendable {
    /// Process of the postmaster.
    public let process: Int32
    /// Directory of the Unix socket.
    public let socketDirectory: String
    /// Port: names the socket, and is the TCP port when one is open.
    public let port: Int
    /// The database that was made with the cluster.
    public let database: String

    /// The conninfo for a role through the socket, values quoted as libpq wants them.
    public func conninfo(role: String, database: String? = nil) -> String {
        let values = [
            ("host", socketDirectory), ("port", String(port)), ("dbname", database ?? self.database),
            ("user", role),
        ]
        return values.map { "\($0)='\($1.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'" }
            .joined(separator: " ")
    }
}
