import Foundation
import Logging
import Migrations
import Postgres
import PrivateServer
import Registry
import ServiceLifecycle
import Web

/// The whole service as one unit of life: database, schema, routes, listeners, and the work beside them.
///
/// On graceful shutdown the listeners finish their requests first, then the connections close, then the private
/// PostgreSQL stops, if nobody else uses it.
struct Serving: Service {
    let database: DatabaseOptions
    let settings: Settings
    let preparation: Backend.Preparation
    let fillsWithInventedPeople: Bool
    let metrics: Prometheus
    let logger: Logger

    func run() async throws {
        try await database.withBackend(settings, as: .service, preparation: preparation, logger: logger) {
            backend in
            if fillsWithInventedPeople { try await fill(backend) }
            let databases = Databases(
                open: try backend.client(for: .open),
                member: try backend.client(for: .member),
                worker: try backend.client(for: .worker)
            )
            do {
                try await serve(databases, backend)
                await Self.close(databases)
            } catch {
                await Self.close(databases)
                throw error
            }
        }
        logger.info("Stopped.")
    }

    /// Invents people where there are none yet.
    private func fill(_ backend: Backend) async throws {
        let logger = logger
        let outcome = try await backend.withClient(for: .worker) { client in
            try await DemoData().load(into: client) { logger.info("Invented \($0) people.") }
        }
        switch outcome {
        case .made(let people, _): logger.info("The registry holds \(people) invented people.")
        case .present(let people): logger.info("The registry holds \(people) invented people already.")
        case .refused(let people):
            logger.warning("The registry holds \(people) real people, so none were invented beside them.")
        }
        let listings = DemoListings()
        if try await backend.withClient(for: .worker, { try await listings.load(into: $0) }) {
            logger.info("Invented \(listings.locations) locations and \(listings.companies) companies.")
        }
        if case .refused = outcome { return }
        try await backend.withClient(for: .worker) { try await DemoSearchers.load(into: $0) }
        if settings.publicURL == nil {
            let words = DemoAccounts.all.map(\.email).joined(separator: ", ")
            Terminal.say(
                "Sign in as one of \(words); the letters lie on the page /sv/letters of this machine."
            )
        }
        // To the standard output: a key has no place in a log.
        let key = try await backend.withClient(for: .worker) { try await DemoData.searcherKey($0) }
        if let key { Terminal.say("A searcher's key, good for a day: \(key.text)") }
    }

    /// Draws photographs of invented locations, while the service runs already: it takes a while.
    private func drawPictures(_ worker: PostgresClient) async {
        do {
            let count = try await DemoListings().addPictures(to: photoStore, worker)
            if count > 0 { logger.info("Drew \(count) pictures of invented locations.") }
        } catch PhotoError.noProgram {
            logger.warning(
                "vipsthumbnail (libvips-tools) is not installed: invented locations have no pictures."
            )
        } catch is CancellationError {
            return
        } catch {
            logger.warning("drawing pictures failed", metadata: ["error": "\(error)"])
        }
    }

    /// The directory of photographs.
    private var photoStore: PhotoStore {
        if let photos = settings.photos { return PhotoStore(URL(filePath: photos)) }
        let state =
            settings.stateDirectory.map { StateDirectory($0) }
            ?? .standard(environment: ProcessInfo.processInfo.environment)
        return PhotoStore(URL(filePath: state.path).appending(path: "photos"))
    }

    /// Serves with a way out to the providers of sign-in, which is closed at the end.
    private func serve(_ databases: Databases, _ backend: Backend) async throws {
        let out = OutgoingHTTP()
        do {
            try await serve(databases, backend, out)
            await out.shutdown()
        } catch {
            await out.shutdown()
            throw error
        }
    }

    /// Serves, with the work beside it; when the listeners have ended that work is cancelled.
    private func serve(_ databases: Databases, _ backend: Backend, _ out: OutgoingHTTP) async throws {
        let way = Mail.way(
            settings,
            environment: ProcessInfo.processInfo.environment,
            isDemonstration: fillsWithInventedPeople
        )
        var kept: KeptLetters?
        var keptForNow: KeptLetters?
        if case .kept(let letters) = way {
            keptForNow = letters
            logger.notice("No mail is sent; letters are kept in \(letters.directory)")
            if fillsWithInventedPeople, settings.publicURL == nil { kept = letters }
        }
        let state =
            settings.stateDirectory.map { StateDirectory($0) }
            ?? .standard(environment: ProcessInfo.processInfo.environment)
        let site = try Site(
            settings: .init(
                origin: settings.publicURL,
                contact: settings.contact,
                answers: URL(filePath: state.path).appending(path: "answers"),
                tiles: settings.tiles.map { .init(address: $0, attribution: settings.tilesAttribution) },
                keptLetters: kept,
                openID: OpenIDProviders(settings.providers, through: out)
            )
        )
        let server = try webServer(databases, site)
        let carrier = LetterCarrier(databases.worker, texts: site.letters, way: way, logger: logger)
        let photos = PhotoUpkeep(databases.worker, photoStore, logger: logger)
        let upkeep = CrewUpkeep(databases.worker, logger: logger)
        let talent = TalentUpkeep(
            databases.worker,
            texts: site.texts,
            origin: settings.publicURL,
            answers: URL(filePath: state.path).appending(path: "answers"),
            logger: logger
        )
        let renewal = RenewalUpkeep(
            databases.worker,
            texts: site.texts,
            origin: settings.publicURL,
            logger: logger
        )
        let erasures = ErasureUpkeep(
            databases.worker,
            ledger: ErasureLedger(Self.ledger(in: state)),
            photos: photoStore,
            answers: URL(filePath: state.path).appending(path: "answers"),
            letters: keptForNow,
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await erasures.run() }
            group.addTask { await upkeep.run() }
            group.addTask { await renewal.run() }
            group.addTask { await photos.run() }
            group.addTask { await talent.run() }
            if fillsWithInventedPeople { group.addTask { await drawPictures(databases.worker) } }
            group.addTask { await carrier.run() }
            if let privateServer = backend.server, let lease = backend.lease {
                let keeper = PrivateServerKeeper(server: privateServer, lease: lease, logger: logger)
                group.addTask { await keeper.run() }
            }
            defer { group.cancelAll() }
            try await server.run()
        }
    }

    /// The file that remembers what was erased.
    static func ledger(in state: StateDirectory) -> String { state.path + "/erasures.log" }

    private func webServer(_ databases: Databases, _ site: Site) throws -> WebServer {
        var configuration = Web.ServerConfiguration()
        configuration.host = settings.host
        configuration.port = settings.port
        configuration.adminHost = settings.adminHost
        configuration.adminPort = settings.adminPort
        configuration.publicURL = settings.publicURL
        configuration.hosts = settings.hosts
        // An application may carry files; everything else has its own, lower limit.
        configuration.limits.body = max(configuration.limits.body, 12 << 20)
        if let tiles = settings.tiles {
            configuration.imageSources = [Site.Settings.Tiles(address: tiles, attribution: nil).origin]
        }
        let probe = ReadinessProbe(
            database: databases.open,
            migrator: Migrator(try SQLFiles.bundled(), logger: logger),
            logger: logger
        )
        let logger = logger
        let host = settings.host
        return WebServer(
            configuration: configuration,
            routes: Routes.table(databases, site: site, photos: photoStore, origin: settings.publicURL),
            layers: [Authentication(databases, isSecure: settings.publicURL?.hasPrefix("https://") ?? false)],
            boundary: ErrorBoundary(translate: ErrorMap.problem, page: site.problemPage),
            metrics: metrics,
            ready: { await probe.check() },
            logger: logger,
            onRunning: { addresses in
                let name = host.contains(":") ? "[\(host)]" : host
                logger.info("Serving on http://\(name):\(addresses.port)")
                if let port = addresses.adminPort { logger.info("Metrics and health on port \(port)") }
            }
        )
    }

    private static func close(_ databases: Databases) async {
        for client in [databases.open, databases.member, databases.worker] { await client.close() }
    }
}
