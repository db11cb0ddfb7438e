import ArgumentParser
import Foundation
import Migrations
import Postgres
import PrivateServer
import Registry

/// `klappa restore`: puts a backup in the place of a private database, and erases again what was erased since.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup into the private PostgreSQL and replay the ledger of erasures.",
        discussion: """
            The dump is restored beside the database, migrated, and everybody whom the ledger names is erased from it; only \
            then does it take the place of the one that was there. Nothing may serve meanwhile. Without a dump the ledger \
            alone is replayed, in a database that was restored by other means.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Argument(
        help: "A dump that pg_dump has written, as an archive (-Fc) or as SQL; none only replays the ledger."
    )
    var dump: String?

    @Option(
        help:
            "A ledger of erasures; several where several machines serve. erasures.log in the state directory when none is given."
    )
    var ledger: [String] = []

    func validate() throws {
        for file in [dump].compactMap({ $0 }) + ledger where !FileManager.default.isReadableFile(atPath: file)
        {
            throw ValidationError("\(file) cannot be read.")
        }
        if dump != nil, database.databaseURL != nil {
            throw ValidationError(
                "A given database is restored by pg_restore; then run klappa restore without a dump, which replays the ledger."
            )
        }
    }

    func run() async throws {
        let settings = try database.settings()
        let state =
            settings.stateDirectory.map { StateDirectory($0) }
            ?? .standard(environment: ProcessInfo.processInfo.environment)
        let files = ledger.isEmpty ? [Serving.ledger(in: state)] : ledger
        var entries: [ErasureLedger.Entry] = []
        for file in files {
            let read = try ErasureLedger(file).entries()
            entries += read.entries
            if read.unreadable > 0 {
                Terminal.say("\(file) has \(read.unreadable) lines that cannot be read; they were left out.")
            }
        }
        guard let dump else {
            let erased = try await database.withBackend(settings) { try await Self.replay(entries, $0) }
            print("Replayed \(entries.count) erasures; \(erased) rows knew somebody again.")
            return
        }
        // Alone, as the one that serves: nobody may see what is not erased yet.
        try await database.withBackend(settings, as: .service) { backend in
            guard let lease = backend.lease, let server = backend.server else {
                throw ValidationError("Only a private database is restored from a dump.")
            }
            let restoring = Restoring(
                lease: lease,
                server: server,
                settings: settings,
                logger: backend.logger
            )
            let erased = try await restoring.restore(dump, entries)
            print("Restored \(dump); replayed \(entries.count) erasures, \(erased) rows knew somebody again.")
        }
    }

    private static func replay(_ entries: [ErasureLedger.Entry], _ backend: Backend) async throws -> Int {
        try await backend.withClient(for: .worker) { worker in
            let count = try await ErasureReplay.run(entries, worker)
            try await worker.execute(
                "SELECT klappa.refresh_statistics()",
                lane: .search,
                deadline: .seconds(600)
            )
            return count
        }
    }
}
