internal import Glibc

/// Where the server is, who asks, and what the client may use.
///
/// ```swift
/// var configuration = try PostgresConfiguration("postgresql://klappa@db1,db2/klappa?target_session_attrs=primary")
/// configuration.limits.lent = 8
/// ```
///
/// What the string leaves out comes from libpq's environment variables (`PGHOST`, `PGPASSFILE`, …) and password and
/// service files, as for `psql`. Over TCP to another machine the server's certificate is verified (`verify-full`)
/// unless the string says otherwise.
public struct PostgresConfiguration: Sendable {
    /// libpq's options by keyword (<https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PARAMKEYWORDS>).
    public var options: [String: String]

    /// Shown by the server in `pg_stat_activity`; also the name of the pool in metrics.
    public var applicationName = "postgres-swift"

    /// Set on every new connection of the lent side and of the lanes, for example `["search_path": "app, public"]`.
    public var sessionSettings: [String: String] = [:]

    /// How many connections and callers there may be.
    public var limits = Limits()

    /// How long things may take.
    public var deadlines = Deadlines()

    /// Whether a pooler in transaction mode (pgbouncer) stands between: nothing is prepared by name, and settings
    /// travel with every statement. LISTEN needs an address without pooler.
    public var transactionPooling = false

    /// How many connections and callers there may be.
    public struct Limits: Sendable {
        /// Connections of the lane for short statements. More than two seldom pay on few cores.
        public var shortLane = 2
        /// Connections of the lane for searches; as many searches run at once.
        public var searchLane = 3
        /// Connections lent for transactions, COPY and statements that need one alone.
        public var lent = 8
        /// Callers that may wait for a lent connection; one more is refused at once.
        public var waitingForLent = 200
        /// Callers that may wait in a lane, for a connection or an answer; one more is refused at once.
        public var waitingInLane = 2_000
        /// Prepared statements kept per connection.
        public var preparedStatements = 200

        /// The defaults.
        public init() {}
    }

    /// How long things may take.
    public struct Deadlines: Sendable {
        /// One attempt to reach one address, TLS and authentication included.
        public var connect: Duration = .seconds(5)
        /// Waiting for a lent connection.
        public var acquire: Duration = .seconds(5)
        /// A statement in the lane for short statements.
        public var short: Duration = .seconds(5)
        /// A statement in the lane for searches.
        public var search: Duration = .seconds(10)
        /// A statement on a lent connection.
        public var statement: Duration = .seconds(60)
        /// A script, a COPY without progress, and the end of a COPY.
        public var script: Duration = .seconds(600)
        /// How often a listener proves that notifications arrive.
        public var heartbeat: Duration = .seconds(30)
        /// How long an idle connection is kept.
        public var idle: Duration = .seconds(600)
        /// How long a connection is used at all, give or take a tenth.
        public var lifetime: Duration = .seconds(1800)

        /// The defaults.
        public init() {}
    }

    /// Takes a conninfo string or a URI, several hosts included.
    /// - Throws: kind `configuration`; the string is not quoted.
    public init(_ conninfo: String) throws(PostgresError) {
        options = try Conninfo.parse(conninfo)
        if let name = options["application_name"] { applicationName = name }
    }

    /// The role that connects.
    public var user: String? {
        get { options["user"] }
        set { options["user"] = newValue }
    }

    /// Its password.
    public var password: String? {
        get { options["password"] }
        set { options["password"] = newValue }
    }

    /// The database.
    public var database: String? {
        get { options["dbname"] }
        set { options["dbname"] = newValue }
    }

    /// Host names, addresses or socket directories, separated by commas.
    public var host: String? {
        get { options["host"] }
        set { options["host"] = newValue }
    }

    /// Ports, separated by commas.
    public var port: String? {
        get { options["port"] }
        set { options["port"] = newValue }
    }
}

extension PostgresConfiguration: CustomStringConvertible {
    /// Host, database and role; never the password.
    public var description: String {
        let place = host ?? options["hostaddr"] ?? options["service"] ?? "default host"
        return "\(place) database \(database ?? "default") user \(user ?? "default")"
    }
}

extension PostgresConfiguration {
    /// One server as the configuration names it, before its name has been looked up.
    struct Target: Equatable, Sendable {
        var host: String?
        var hostaddr: String?
        var port: String?

        /// Whether the name must be looked up.
        var needsLookup: Bool {
            guard let host, hostaddr == nil else { return false }
            return !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@")
        }

        /// Whether bytes to it may pass through a network.
        var isRemote: Bool {
            let place = hostaddr ?? host ?? ""
            if place.isEmpty || place.hasPrefix("/") || place.hasPrefix("@") { return false }
            return place != "localhost" && !place.hasPrefix("127.") && place != "::1"
        }
    }

    /// The servers in the order in which they are tried.
    /// - Throws: kind `configuration` when the lists do not match.
    func targets() throws(PostgresError) -> [Target] {
        let environment = Conninfo.defaults()
        // A service file may name the host: libpq reads it, so nothing is split here.
        let usesService = options["service"] != nil
        let hosts = Self.list(options["host"] ?? (usesService ? nil : environment["host"]))
        let addresses = Self.list(options["hostaddr"] ?? (usesService ? nil : environment["hostaddr"]))
        let ports = Self.list(options["port"] ?? (usesService ? nil : environment["port"]))
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || addresses.isEmpty || hosts.count == addresses.count else {
            throw PostgresError(
                .configuration,
                "there are \(hosts.count) hosts and \(addresses.count) addresses"
            )
        }
        guard ports.count <= 1 || ports.count == count else {
            throw PostgresError(.configuration, "there are \(count) hosts and \(ports.count) ports")
        }
        return (0..<count).map { index in
            Target(
                host: hosts.isEmpty ? nil : hosts[index],
                hostaddr: addresses.isEmpty ? nil : addresses[index],
                port: ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index]
            )
        }
    }

    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// libpq's parameters for one attempt.
    func parameters(for target: Target, sessionAttributes: String?) -> [(String, String)] {
        var result = options
        let environment = Conninfo.defaults()
        for (key, value) in [("host", target.host), ("hostaddr", target.hostaddr), ("port", target.port)] {
            result[key] = value
        }
        result["target_session_attrs"] = sessionAttributes
        result["application_name"] = applicationName
        result["client_encoding"] = "UTF8"
        result["gssencmode"] = result["gssencmode"] ?? "disable"
        result["connect_timeout"] = nil
        if target.isRemote {
            let given = result["sslmode"] ?? getenv("PGSSLMODE").map { String(cString: $0) }
            result["sslmode"] = given ?? "verify-full"
            result["keepalives_idle"] = result["keepalives_idle"] ?? "30"
            result["keepalives_interval"] = result["keepalives_interval"] ?? "5"
            result["keepalives_count"] = result["keepalives_count"] ?? "3"
            result["tcp_user_timeout"] = result["tcp_user_timeout"] ?? "15000"
        }
        let verifies = result["sslmode"]?.hasPrefix("verify") == true
        if verifies, result["sslrootcert"] == nil, environment["sslrootcert"] == nil {
            // libpq 15 looks only at ~/.postgresql/root.crt; the machine's authorities are the better default.
            let own = (getenv("HOME").map { String(cString: $0) } ?? "") + "/.postgresql/root.crt"
            let system = "/etc/ssl/certs/ca-certificates.crt"
            if access(own, R_OK) != 0, access(system, R_OK) == 0 { result["sslrootcert"] = system }
        }
        return result.sorted { $0.key < $1.key }
    }
}
