extension PrivateServer {
    /// The settings of a private PostgreSQL, as the text of its files.
    ///
    /// The files are written before each start, so that they follow the version of klappa; an operator's own settings
    /// go into `postgresql.conf` (`ALTER SYSTEM` works as well), which is never touched again.
    public struct Configuration: Sendable {
        /// The database that is made with the cluster.
        public var database = "klappa"
        /// The roles to which the service's user may connect, beside the superuser `postgres`.
        public var roles: [String] = []
        /// Port: it names the socket, and is listened on when there is an ``address``.
        public var port = 5432
        /// Address for TCP; nil means the socket alone.
        public var address: String?
        /// Lines put before ours into `pg_hba.conf`, for instance to let TCP in by password.
        public var authentication: [String] = []
        /// More settings, by name; they win over ours.
        public var settings: [String: String] = [:]

        /// The settings of a service of its own.
        public init() {}

        /// The file that `postgresql.conf` includes, and by which a cluster of ours is known.
        static let fileName = "klappa.conf"

        /// `klappa.conf`.
        func text(socketDirectory: String) -> String {
            var values = [
                "listen_addresses": address ?? "",
                "port": String(port),
                "unix_socket_directories": "\"\(socketDirectory)\"",
                "unix_socket_permissions": "0700",
                "max_connections": "100",
                "shared_buffers": "256MB",
                "jit": "off",
                "timezone": "UTC",
                "log_timezone": "UTC",
                "lc_messages": "C",
                "log_line_prefix": "%m [%p] %q%u@%d ",
            ]
            values.merge(settings) { _, given in given }
            let lines = values.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.quoted($0.value))" }
            return "# Written by klappa before each start; own settings belong into postgresql.conf.\n"
                + lines.joined(separator: "\n") + "\n"
        }

        /// `pg_hba.conf`: the socket, for whom the ident map names.
        var hostBasedAuthentication: String {
            "# Written by klappa before each start.\n" + authentication.map { $0 + "\n" }.joined()
                + "local all all peer map=klappa\nlocal replication all peer map=klappa\n"
        }

        /// `pg_ident.conf`: the service's user and the server's may be any of the roles, and the superuser.
        func identMap(users: [String]) -> String {
            var lines = ["# Written by klappa before each start."]
            for user in users {
                for role in ["postgres"] + roles {
                    lines.append("klappa \(Self.mapped(user)) \(Self.mapped(role))")
                }
            }
            return lines.joined(separator: "\n") + "\n"
        }

        /// A value as `postgresql.conf` wants it.
        static func quoted(_ value: String) -> String {
            "'" + value.replacing("'", with: "''") + "'"
        }

        private static func mapped(_ name: String) -> String {
            "\"" + name.replacing("\"", with: "\"\"") + "\""
        }
    }
}
