import Foundation

/// The folder `sql` as it came with this program: migrations, reference data, checks.
public struct SQLFiles: Sendable {
    /// The steps of the schema, in order.
    public let migrations: [Migration]
    /// The reference data, in the order of loading.
    public let references: [Reference]
    /// The queries that must return no row, by name.
    public let checks: [Check]

    /// One file of reference data with the statement that loads it.
    public struct Reference: Equatable, Sendable {
        /// Name of both files.
        public let name: String
        /// The statement; its one parameter `$1` takes ``json``.
        public let statement: String
        /// Rows as an array of objects, or the GeoJSON as it is.
        public let json: String
        /// SHA-256 of statement and data, in hexadecimal.
        public let checksum: String
    }

    /// One query that must return no row.
    public struct Check: Equatable, Sendable {
        /// The file's name without `.sql`, which reads as the sentence that ought to be true.
        public let name: String
        /// The query.
        public let query: String
    }

    /// Files that are at hand already.
    init(migrations: [Migration], references: [Reference] = [], checks: [Check] = []) throws(MigrationError) {
        self.migrations = try MigrationPlan.checked(migrations)
        self.references = references
        self.checks = checks
    }

    /// The files beside the program, or in the build folder when it is run from there.
    ///
    /// - Throws: ``MigrationError`` when they are not whole.
    public static func bundled() throws(MigrationError) -> SQLFiles {
        try SQLFiles(directory: Bundle.module.bundlePath)
    }

    /// The files of a folder that has `migrations`, `reference` and `checks`.
    ///
    /// - Throws: ``MigrationError`` when a file is missing, misnamed or malformed.
    public init(directory: String) throws(MigrationError) {
        var migrations: [Migration] = []
        for name in try Self.names(in: directory + "/migrations") {
            migrations.append(
                try Migration(fileName: name, text: try Self.text(directory + "/migrations/" + name))
            )
        }
        self.migrations = try MigrationPlan.checked(migrations)
        references = try Self.references(in: directory + "/reference")
        var checks: [Check] = []
        for name in try Self.names(in: directory + "/checks") where name.hasSuffix(".sql") {
            let query = try Self.text(directory + "/checks/" + name)
            checks.append(Check(name: String(name.dropLast(4)), query: query))
        }
        self.checks = checks
    }

    private static func references(in directory: String) throws(MigrationError) -> [Reference] {
        let order = try text(directory + "/ORDER").split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#")
        }
        var result: [Reference] = []
        for name in order {
            let statement = try text(directory + "/" + name + ".sql")
            let table = directory + "/" + name + ".csv"
            let json =
                FileManager.default.fileExists(atPath: table)
                ? try CSVTable(try text(table), name: name + ".csv").json
                : try text(directory + "/" + name + ".geojson")
            let checksum = Migration.checksum(of: statement, json)
            result.append(Reference(name: name, statement: statement, json: json, checksum: checksum))
        }
        return result
    }

    private static func names(in directory: String) throws(MigrationError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw MigrationError(
                .files,
                "The folder \(directory) that belongs to klappa cannot be read; install klappa again, with its "
                    + "klappa_Migrations.resources beside it."
            )
        }
    }

    private static func text(_ path: String) throws(MigrationError) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw MigrationError(
                .files,
                "The file \(path) that belongs to klappa cannot be read; install klappa again."
            )
        }
    }
}
