import Glibc
public import Logging

/// A PostgreSQL of klappa's own: made, started, adopted after a crash and stopped without anybody's help.
///
/// ```swift
/// let server = try PrivateServer(StateDirectory.standard(environment: environment), logger: logger)
/// try await server.withServer(as: .command) { running in
///     try await work(running.conninfo(role: "klappa_owner"))
/// }
/// ```
///
/// - The server listens on a Unix socket in a directory of its own, and lets in by `peer` whom the ident map names.
/// - Any number of processes use one server: the first starts it, the last stops it, `serve` is alone among its like.
/// - A process that is killed leaves a running server behind; the next one adopts it.
/// - A refusal changes nothing. A cluster appears under its name only when it is complete.
public struct PrivateServer: Sendable {
    /// Where everything lies.
    public let directory: StateDirectory
    /// The settings with which it is started.
    public let configuration: PrivateServer.Configuration
    package let programs: ServerPrograms
    let onlyBinaries: String?
    let searchPath: String
    let startLimit: Duration
    let syncs: Bool
    let logger: Logger

    /// Who uses the server.
    public enum Use: Sendable {
        /// `klappa serve`: one for each directory.
        case service
        /// Any other command: as many as there are.
        case command
    }

    /// A private server by its directory; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - directory: where it lives.
    ///   - configuration: its settings.
    ///   - binaries: directory of `initdb`, `pg_ctl` and `postgres`; nil looks for them.
    ///   - searchPath: `PATH`, where programs are looked for last.
    ///   - startLimit: longest wait for a start (recovery after a crash included) or for another starter.
    ///   - syncs: whether a new cluster is written through to the disk; false only for throwaway servers.
    ///   - logger: gets progress at `info`.
    /// - Throws: ``PrivateServerError`` when there is no user to run it.
    public init(
        _ directory: StateDirectory,
        configuration: PrivateServer.Configuration = PrivateServer.Configuration(),
        binaries: String? = nil,
        searchPath: String = "",
        startLimit: Duration = .seconds(300),
        syncs: Bool = true,
        logger: Logger
    ) throws(PrivateServerError) {
        self.directory = directory
        self.configuration = configuration
        self.programs = ServerPrograms(user: try ServerUser.forServer())
        self.onlyBinaries = binaries
        self.searchPath = searchPath
        self.startLimit = startLimit
        self.syncs = syncs
        self.logger = logger
    }

    /// Runs `body` with the server, which is started if nobody has, and stopped afterwards if nobody else needs it.
    ///
    /// - Throws: ``PrivateServerError``, or what `body` throws.
    public func withServer<Result>(
        as use: Use,
        _ body: (Lease) async throws -> Result
    ) async throws -> Result {
        let lease = try await enter(as: use)
        do {
            let result = try await body(lease)
            await leave(lease)
            return result
        } catch {
            await leave(lease)
            throw error
        }
    }

    /// Begins to use the server; ``leave(_:)`` must follow.
    package func enter(as use: Use) async throws(PrivateServerError) -> Lease {
        let installed = await programs.installed(only: onlyBinaries, path: searchPath)
        if case .refuse(let error) = plan(installed) { throw error }
        try Files.makeDirectory(directory.path, mode: 0o700, owner: programs.user)
        // An empty directory that an administrator has made ready may still be root's.
        if geteuid() == 0 { chown(directory.path, programs.user.id, programs.user.group) }
        let lease = try Lease(directory, user: programs.user, use: use)
        try await transition(lease) { () async throws(PrivateServerError) in
            guard lease.useLock.take(.shared) else { throw .busy(directory, limit: startLimit) }
            lease.update(try await start(installed))
        }
        return lease
    }

    /// Stops using the server, and stops the server when this was the last use of it. Works in a cancelled task too.
    package func leave(_ lease: Lease) async {
        // A task of its own: whoever is cancelled still has to put the server away.
        await Task {
            do throws(PrivateServerError) {
                try await transition(lease) { () async throws(PrivateServerError) in
                    guard lease.useLock.take(.exclusive) else { return }
                    try await stop()
                }
            } catch {
                logger.warning("\(error)")
            }
            lease.useLock.release()
            lease.serveLock.release()
        }.value
    }

    /// Starts the server again if it has died; true when it had. For the one who keeps a service running.
    package func revive(_ lease: Lease) async throws(PrivateServerError) -> Bool {
        if case .alive = DirectoryState.postmaster(directory) { return false }
        let installed = await programs.installed(only: onlyBinaries, path: searchPath)
        try await transition(lease) { () async throws(PrivateServerError) in
            lease.update(try await start(installed))
        }
        return true
    }

    /// Does something while nobody else starts or stops the server.
    private func transition(
        _ lease: Lease,
        _ body: () async throws(PrivateServerError) -> Void
    ) async throws(PrivateServerError) {
        let lock = try FileLock(directory.startLock, owner: programs.user)
        guard await lock.take(.exclusive, within: startLimit) else {
            throw .busy(directory, limit: startLimit)
        }
        try await body()
    }

    /// What to do with the directory as it is now.
    func plan(_ installed: [ServerBinaries]) -> StartPlan {
        let state = DirectoryState.observe(directory, user: programs.user)
        return StartPlan.decide(state, in: directory, user: programs.user, installed: installed)
    }
}
