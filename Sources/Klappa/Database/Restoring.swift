import ArgumentParser
import Foundation
import Glibc
import Logging
import Migrations
import Postgres
import PrivateServer
import Registry

/// Puts a dump in the place of a private database, by the programs of its PostgreSQL.
struct Restoring {
    let lease: Lease
    let server: PrivateServer
    let settings: Settings
    let logger: Logger

    /// The name under which a dump lies until it is whole.
    private var beside: String { lease.server.database + "_restored" }

    /// Restores, migrates, erases again, and only then changes places.
    ///
    /// - Returns: how many rows knew somebody again.
    func restore(_ dump: String, _ entries: [ErasureLedger.Entry]) async throws -> Int {
        let programs = try await directory()
        try await sql("DROP DATABASE IF EXISTS \"\(beside)\" WITH (FORCE)", programs)
        try await sql("CREATE DATABASE \"\(beside)\" TEMPLATE template0", programs)
        try await load(dump, programs)
        // What belongs to the database itself is in no dump of its content.
        try await sql("REVOKE TEMPORARY, CREATE ON DATABASE \"\(beside)\" FROM PUBLIC", programs)
        let migrator = Migrator(try SQLFiles.bundled(), logger: logger)
        try await withClient("postgres") { try await migrator.migrate($0) }
        let erased = try await withClient("klappa_worker") { worker in
            let count = try await ErasureReplay.run(entries, worker)
            try await worker.execute(
                "SELECT klappa.refresh_statistics()",
                lane: .search,
                deadline: .seconds(600)
            )
            return count
        }
        try await sql("DROP DATABASE \"\(lease.server.database)\" WITH (FORCE)", programs)
        try await sql("ALTER DATABASE \"\(beside)\" RENAME TO \"\(lease.server.database)\"", programs)
        return erased
    }

    private func withClient<Result>(
        _ role: String,
        _ body: (PostgresClient) async throws -> Result
    ) async throws -> Result {
        let client = try PostgresClient(
            try PostgresConfiguration(lease.server.conninfo(role: role, database: beside)),
            logger: logger
        )
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    // MARK: PostgreSQL's programs

    private var place: [String] {
        [
            "--host", lease.server.socketDirectory, "--port", String(lease.server.port), "--username",
            "postgres",
        ]
    }

    /// Where the programs of the cluster's own version lie.
    private func directory() async throws -> String {
        let text = try String(contentsOfFile: server.directory.data + "/PG_VERSION", encoding: .utf8)
        let version = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        let installed = await server.programs.installed(
            only: settings.binaries,
            path: ProcessInfo.processInfo.environment["PATH"] ?? ""
        )
        guard let found = installed.first(where: { $0.version == version }) else {
            throw ValidationError(
                "PostgreSQL \(text) with its programs psql and pg_restore is not installed."
            )
        }
        return found.directory
    }

    private func sql(_ text: String, _ programs: String) async throws {
        try await run(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", "postgres", "--command",
                text,
            ],
            programs
        )
    }

    /// Hands the dump to the server's user, whose programs read it.
    private func load(_ dump: String, _ programs: String) async throws {
        let files = FileManager.default
        var template = Array("/tmp/klappa-restore-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ValidationError("There is no room for a copy in /tmp.") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Nothing is left to say when a copy cannot be removed.
        defer { try? files.removeItem(atPath: folder) }
        let copy = folder + "/dump"
        try files.copyItem(atPath: dump, toPath: copy)
        if geteuid() == 0 {
            for path in [folder, copy] { chown(path, server.programs.user.id, server.programs.user.group) }
        }
        let isArchive =
            try FileHandle(forReadingFrom: URL(filePath: copy)).read(upToCount: 5) == Data("PGDMP".utf8)
        if isArchive {
            try await run("pg_restore", ["--exit-on-error", "--dbname", beside, copy], programs)
        } else {
            try await run(
                "psql",
                [
                    "--no-psqlrc", "--quiet", "--output", "/dev/null", "--set", "ON_ERROR_STOP=1", "--dbname",
                    beside,
                    "--file", copy,
                ],
                programs
            )
        }
    }

    private func run(_ program: String, _ arguments: [String], _ programs: String) async throws {
        let ending = try await server.programs.run(program, in: programs, place + arguments)
        guard ending.succeeded else {
            throw ValidationError("\(program) failed; the database is as it was. It said: \(ending.output)")
        }
    }
}
