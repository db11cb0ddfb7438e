import ArgumentParser
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import UnixSignals
import Web

/// `klappa serve`: the service, until SIGTERM or Ctrl-C.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Serve pages and API; without configuration on a private PostgreSQL and http://127.0.0.1:8080."
    )

    @OptionGroup var database: DatabaseOptions

    @Option(help: "Address to listen on (KLAPPA_HOST).")
    var host: String?

    @Option(help: "Port to listen on; 0 takes a free one (KLAPPA_PORT).")
    var port: String?

    @Option(help: "Port for metrics and health; 0 takes a free one, off has none (KLAPPA_ADMIN_PORT).")
    var adminPort: String?

    @Flag(help: "Apply pending migrations to a given database first; a private one always is.")
    var migrate = false

    @Flag(help: "Fill an empty registry with invented people first, marked as such wherever they are shown.")
    var demo = false

    @Flag(name: .customLong("check-config"), help: "Only say whether the configuration fits, and what it is.")
    var checkConfiguration = false

    func run() async throws {
        var environment = ProcessInfo.processInfo.environment
        if let host { environment[SettingKey.host.name] = host }
        if let port { environment[SettingKey.port.name] = port }
        if let adminPort { environment[SettingKey.adminPort.name] = adminPort }
        let settings = try database.settings(environment: environment)
        if checkConfiguration {
            print(Settings.summary(of: environment))
            print("The configuration fits.")
            return
        }
        Logs.bootstrap(level: settings.logLevel)
        let metrics = Prometheus()
        MetricsSystem.bootstrap(metrics)
        try Listening.check(host: settings.host, port: settings.port, option: "--port")
        if let port = settings.adminPort {
            try Listening.check(host: settings.adminHost, port: port, option: "--admin-port")
        }
        let logger = Logger(label: "klappa")
        let serving = Serving(
            database: database,
            settings: settings,
            preparation: migrate ? .migrate : .usual,
            fillsWithInventedPeople: demo,
            metrics: metrics,
            logger: logger
        )
        var quiet = logger
        quiet.logLevel = max(settings.logLevel, .notice)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: serving, successTerminationBehavior: .gracefullyShutdownGroup)
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        // Whoever has not finished by then is cancelled; systemd and its like wait 30 seconds or more.
        configuration.maximumGracefulShutdownDuration = .seconds(28)
        try await ServiceGroup(configuration: configuration).run()
    }
}
