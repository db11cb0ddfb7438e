public import Logging
public import Postgres

/// Brings a database up to date with this program: migrations in order, once, under a lock; then the reference data.
///
/// ```swift
/// let migrator = Migrator(try SQLFiles.bundled(), logger: logger)
/// let report = try await migrator.migrate(client)      // client of klappa_owner, or of a superuser the first time
/// ```
///
/// - Of several programs that start at once one migrates, the others wait and then find nothing to do.
/// - A migration and its line in the ledger are one transaction: a migrator that is killed can simply be run again.
/// - Nothing is applied when anything does not fit: a gap, an edited file, a database newer than the program.
public struct Migrator: Sendable {
    /// The files that are applied.
    public let files: SQLFiles
    let logger: Logger

    /// A migrator for a set of files; it says at `info` what it applies.
    public init(_ files: SQLFiles, logger: Logger) {
        self.files = files
        self.logger = logger
    }

    /// What a run did.
    public struct Report: Equatable, Sendable {
        /// Names of the migrations that were applied now.
        public var applied: [String] = []
        /// Names of the reference data that were loaded now.
        public var loaded: [String] = []

        /// Whether there was nothing to do.
        public var isEmpty: Bool { applied.isEmpty && loaded.isEmpty }
    }

    /// How a database compares with the program.
    public struct Status: Equatable, Sendable {
        /// What the database has had.
        public let applied: [AppliedMigration]
        /// What is yet to be applied, in order.
        public let pending: [Migration]
        /// Reference data that are missing or differ.
        public let pendingReferences: [String]

        /// Whether nothing is to be done.
        public var isCurrent: Bool { pending.isEmpty && pendingReferences.isEmpty }
    }

    /// The key of the advisory lock: `klappa` in ASCII, as a number.
    static let lockKey: Int64 = 0x6b6c_6170_7061

    /// Applies what is pending.
    ///
    /// - Parameters:
    ///   - client: of `klappa_owner`; of a superuser while the roles and extensions do not exist.
    ///   - limit: longest wait for another migrator.
    /// - Throws: ``MigrationError``, or `PostgresError` when the database cannot be reached.
    @discardableResult
    public func migrate(_ client: PostgresClient, waitingFor limit: Duration = .seconds(600)) async throws
        -> Report
    {
        try await client.withConnection { lock in
            try await take(lock, within: limit)
            do {
                let report = try await apply(client)
                try await lock.execute("SELECT pg_advisory_unlock(\(Self.lockKey))")
                return report
            } catch {
                // The first error is the one to tell; with the connection the lock goes as well.
                _ = try? await lock.execute("SELECT pg_advisory_unlock(\(Self.lockKey))")
                throw error
            }
        }
    }

    /// Compares, and changes nothing. Needs no more than the right to read the ledger.
    ///
    /// - Throws: ``MigrationError`` when files and database contradict each other.
    public func status(_ client: PostgresClient) async throws -> Status {
        let applied = try await Ledger.applied(client)
        let plan = try MigrationPlan(files: files.migrations, applied: applied)
        let loaded = try await Ledger.loaded(client)
        return Status(
            applied: applied,
            pending: plan.pending,
            pendingReferences: files.references.filter { loaded[$0.name] != $0.checksum }.map(\.name)
        )
    }

    /// Refuses a database whose schema is older or newer than this program.
    ///
    /// - Throws: ``MigrationError``.
    public func requireCurrent(_ client: PostgresClient) async throws {
        let pending = try await status(client).pending
        guard let first = pending.first else { return }
        throw MigrationError(
            .pending,
            "The database lacks \(pending.count) migration(s), from \(first.name) on; run klappa migrate, or serve with "
                + "--migrate."
        )
    }

    private func take(_ lock: PostgresConnection, within limit: Duration) async throws {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: limit)
        var isWaiting = false
        while true {
            let rows = try await lock.query("SELECT pg_try_advisory_lock(\(Self.lockKey)) AS taken")
            if try rows.first?.decode(Bool.self, "taken") == true { return }
            guard clock.now < end else {
                throw MigrationError(
                    .busy,
                    "Another klappa has been migrating this database for more than \(limit.components.seconds) s; wait for "
                        + "it, or end its connection (pg_stat_activity)."
                )
            }
            if !isWaiting { logger.info("Another klappa is migrating this database; waiting for it.") }
            isWaiting = true
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func apply(_ client: PostgresClient) async throws -> Report {
        var report = Report()
        let plan = try MigrationPlan(files: files.migrations, applied: try await Ledger.applied(client))
        for migration in plan.pending {
            logger.info("Applying migration \(migration.name).")
            do {
                try await apply(migration, client)
            } catch let error as PostgresError {
                throw MigrationError.explaining(error, in: migration.name)
            }
            report.applied.append(migration.name)
        }
        report.loaded = try await ReferenceLoader(files: files.references, logger: logger).load(client)
        return report
    }

    /// How long one migration, or loading the reference data, may take: as long as the data are many. The commit counts
    /// too, where every person may be projected anew; waiting for a lock is bounded by the migrations themselves.
    static let limit: Duration = .seconds(6 * 3600)

    private func apply(_ migration: Migration, _ client: PostgresClient) async throws {
        let start = ContinuousClock.now
        if migration.isTransactional {
            try await client.transaction(deadline: Self.limit) { transaction in
                try await transaction.script(migration.text)
                if migration.number == 1 { try await transaction.script(Ledger.creation) }
                try await transaction.execute(Self.remembering(migration, since: start))
            }
        } else {
            try await client.withConnection(deadline: Self.limit) { try await $0.script(migration.text) }
            try await client.execute(Self.remembering(migration, since: start))
        }
    }

    private static func remembering(_ migration: Migration, since start: ContinuousClock.Instant) -> SQL {
        let milliseconds = Int32(clamping: Int((ContinuousClock.now - start) / .milliseconds(1)))
        return """
            INSERT INTO klappa.migration (number, name, checksum, milliseconds)
            VALUES (\(Int32(migration.number)), \(migration.name), \(migration.checksum), \(milliseconds))
            """
    }
}
