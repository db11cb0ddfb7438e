public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import ServiceLifecycle

/// The HTTP service: the public listener with everything that the routes need around them, and the listener for
/// metrics and health.
///
/// ```swift
/// let server = WebServer(configuration: configuration, routes: routes, boundary: boundary, metrics: metrics, …)
/// try await ServiceGroup(services: [database, server], gracefulShutdownSignals: [.sigterm], logger: logger).run()
/// ```
/// On graceful shutdown it stops accepting, finishes the requests that run, and returns.
public struct WebServer: Service {
    /// The addresses that the listeners really have.
    public struct Addresses: Sendable {
        /// Port of the public listener.
        public let port: Int
        /// Port of the listener for metrics and health, nil when there is none.
        public let adminPort: Int?
    }

    private let configuration: ServerConfiguration
    private let routes: RouteTable
    private let layers: [any MiddlewareProtocol<Request, Response, WebContext>]
    private let boundary: ErrorBoundary
    private let metrics: Prometheus
    private let recorder: RequestRecorder
    private let ready: @Sendable () async -> Readiness
    private let logger: Logger
    private let onRunning: @Sendable (Addresses) async -> Void

    /// - Parameters:
    ///   - configuration: addresses, names, limits.
    ///   - routes: everything that is served, besides health, which is added.
    ///   - layers: of the product, inside the error boundary, outermost first (authentication).
    ///   - boundary: turns errors into problems and pages.
    ///   - metrics: what the admin listener shows.
    ///   - accessLog: one line for each request; nil writes none.
    ///   - ready: asked by `/health/ready`; should answer within seconds.
    ///   - logger: for what happens outside requests.
    ///   - onRunning: called once, when both listeners accept connections.
    public init(
        configuration: ServerConfiguration,
        routes: RouteTable,
        layers: [any MiddlewareProtocol<Request, Response, WebContext>] = [],
        boundary: ErrorBoundary = ErrorBoundary(),
        metrics: Prometheus,
        accessLog: LogSink? = .standardOutput,
        ready: @escaping @Sendable () async -> Readiness = { Readiness([]) },
        logger: Logger,
        onRunning: @escaping @Sendable (Addresses) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.routes = routes
        self.layers = layers
        self.boundary = boundary
        self.metrics = metrics
        recorder = RequestRecorder(metrics: metrics, log: accessLog)
        self.ready = ready
        self.logger = logger
        self.onRunning = onRunning
    }

    /// The router of the public listener, all layers included: what tests without sockets talk to.
    public var router: Router<WebContext> { router(for: publicRoutes, isAdmin: false) }

    private var publicRoutes: RouteTable {
        var routes = routes
        routes.addHealth(ready)
        return routes
    }

    private var adminRoutes: RouteTable {
        var routes = RouteTable()
        routes.addHealth(ready)
        let metrics = metrics
        routes.page("/metrics") { _, _ in
            Answer(
                body: ByteBuffer(string: metrics.text),
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                caching: .none
            )
        }
        return routes
    }

    private func router(for routes: RouteTable, isAdmin: Bool) -> Router<WebContext> {
        let router = Router(context: WebContext.self)
        router.add(
            middleware: Recording(
                recorder: recorder,
                protection: Protection(
                    isSecure: configuration.isSecure,
                    imageSources: configuration.imageSources
                )
            )
        )
        router.add(middleware: boundary)
        if !isAdmin {
            router.add(middleware: Admission(limit: configuration.limits.requests, metrics: metrics))
        }
        router.add(middleware: TidyPaths())
        if !isAdmin { for layer in layers { router.add(middleware: layer) } }
        routes.register(on: router)
        return router
    }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: when a port cannot be had.
    public func run() async throws {
        let running = RunningPorts(expected: configuration.adminPort == nil ? 1 : 2)
        let onRunning = onRunning
        var services: [any Service] = [
            listener(publicRoutes, host: configuration.host, port: configuration.port) { port in
                if let addresses = running.add(port: port) { await onRunning(addresses) }
            }
        ]
        if let adminPort = configuration.adminPort {
            services.append(
                listener(adminRoutes, isAdmin: true, host: configuration.adminHost, port: adminPort) {
                    port in
                    if let addresses = running.add(adminPort: port) { await onRunning(addresses) }
                }
            )
        }
        do {
            try await ServiceGroup(services: services, logger: logger).run()
        } catch {
            await recorder.drain()
            throw error
        }
        await recorder.drain()
    }

    /// One listener with its routes.
    private func listener(
        _ routes: RouteTable,
        isAdmin: Bool = false,
        host: String,
        port: Int,
        onPort: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        let limits = configuration.limits
        let responder = router(for: routes, isAdmin: isAdmin).buildResponder()
        let clock = DateField()
        let hosts = configuration.acceptedHosts
        let recorder = recorder
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let allowances = routes.allowances
        let respond: HTTPChannelHandler.Responder = { [quiet] request, writer, channel in
            let context = WebContext(source: .init(channel: channel, logger: quiet))
            var response = try await responder.respond(to: request, context: context)
            response.headers.append(clock.now)
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // What the client sends broke while the answer went out; another answer must not follow.
                throw ChannelError.inputClosed
            }
        }
        return Server(
            childChannelSetup: GuardedHTTP1(
                responder: respond,
                limits: limits,
                hosts: hosts,
                allowances: allowances,
                observer: recorder
            ),
            configuration: HummingbirdCore.ServerConfiguration(
                address: .hostname(host, port: port),
                backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)
            ),
            onServerRunning: { channel in await onPort(channel.localAddress?.port ?? port) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: quiet
        )
    }
}
