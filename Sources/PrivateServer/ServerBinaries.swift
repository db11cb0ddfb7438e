import Glibc

/// The programs of one PostgreSQL installation.
public struct ServerBinaries: Equatable, Sendable {
    /// Directory of `initdb`, `pg_ctl` and `postgres`.
    public let directory: String
    /// Major version, such as 15.
    public let version: Int
    /// Whether PostGIS is installed for it.
    public let hasPostGIS: Bool

    /// An installation by its parts.
    public init(directory: String, version: Int, hasPostGIS: Bool = true) {
        self.directory = directory
        self.version = version
        self.hasPostGIS = hasPostGIS
    }

    /// The oldest version that has multiranges, `bit_count` and what else the schema needs.
    public static let oldestVersion = 15

    /// The directories that are looked into, most wanted first: Debian's, those of other systems, then `PATH`.
    static func candidates(path: String) -> [String] {
        let debian = (Files.names(in: "/usr/lib/postgresql") ?? [])
            .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
            .map { "/usr/lib/postgresql/\($0)/bin" }
        let others = (Files.names(in: "/usr") ?? []).filter { $0.hasPrefix("pgsql-") }.map {
            "/usr/\($0)/bin"
        }
        let onPath = path.split(separator: ":").map(String.init)
        return debian + others + ["/usr/local/pgsql/bin"] + onPath
    }

    /// The directory that holds the extensions' control files of an installation, by the usual layouts.
    static func hasPostGIS(directory: String, version: Int) -> Bool {
        let base = directory.split(separator: "/").dropLast().joined(separator: "/")
        return [
            "/usr/share/postgresql/\(version)/extension", "/\(base)/share/extension",
            "/\(base)/share/postgresql/extension", "/usr/share/pgsql/extension",
        ].contains { access("\($0)/postgis.control", R_OK) == 0 }
    }

    /// The version in the output of `postgres --version`, such as `postgres (PostgreSQL) 15.18 (Debian …)`.
    static func version(in output: String) -> Int? {
        guard let start = output.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(output[start.upperBound...].prefix { $0.isNumber })
    }
}
