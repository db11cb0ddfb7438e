import HTTPTypes
import Hummingbird
import Logging
import NIOCore

@testable import Web

/// A small service with one of everything, which the tests of this target share.
enum Sample {
    static let limit = Parameter.integer("limit", "How many.", in: 1...100, default: 20)
    static let role = Parameter.list("role", "Roles.", of: .string(pattern: .slug, example: "gaffer"))
    static let place = Parameter.list("place", "Regions.", of: .code(of: "region", example: "skane"))
    static let name = Parameter.path("name", "A name.", example: "asa")

    struct Greeting: Decodable {
        var name: String
        var count: Int?
    }

    static let greeting = JSONSchema.object(
        named: "Greeting",
        [
            .required("name", .string(length: 1...20, example: "Åsa")),
            .optional("count", .integer(1...3, example: 2)),
            .optional(
                "from",
                .either(
                    .array(of: .code(of: "region", example: "skane")),
                    .code(of: "region", example: "skane")
                )
            ),
        ]
    )

    static let echoed = JSONSchema.object(
        named: "Echo",
        [
            .required("limit", .integer(example: 20)),
            .required("role", .array(of: .string(example: "gaffer"))),
        ]
    )

    static let operations: [Web.Operation] = [
        Operation(
            id: "echo",
            .get,
            "/api/v1/echo",
            tag: "Samples",
            summary: "Echo",
            description: "Answers what was asked.",
            security: .optional,
            parameters: [limit, role, place],
            response: .json("The echo.", echoed, example: ["limit": 20, "role": ["gaffer"]])
        ) { input, _ in
            .json(
                ["limit": .integer(Int64(input[limit])), "role": .array(input[role].map(JSON.string))],
                version: 7
            )
        },
        Operation(
            id: "greet",
            .post,
            "/api/v1/greetings",
            tag: "Samples",
            summary: "Greet",
            description: "Greets.",
            body: .init(greeting, example: ["name": "Åsa"], limit: 1000),
            response: .json("The greeting.", greeting, example: ["name": "Åsa"], status: 201),
            problems: [.conflict]
        ) { input, _ in
            let greeting = try input.decode(Greeting.self)
            return .json(["name": .string(greeting.name)], status: .created)
        },
        Operation(
            id: "getName",
            .get,
            "/api/v1/names/{name}",
            tag: "Samples",
            summary: "Name",
            description: "Answers the name.",
            parameters: [name],
            response: .json("The name.", .map(of: .string()), example: ["name": "asa"]),
            problems: [.notFound]
        ) { input, _ in
            if input[name] == "nobody" { throw Problem(.notFound) }
            return .json(["name": .string(input[name])])
        },
    ]

    struct Secret: Error {
        let text = "SELECT password FROM account"
    }

    static let large = String(repeating: "Ljussättare på Österlen. ", count: 400)

    /// The operations and some pages; `more` adds what one test needs.
    static func routes(_ more: (inout RouteTable) -> Void = { _ in }) -> RouteTable {
        var routes = RouteTable()
        routes.add(operations)
        routes.codes = { ["region": ["halland", "skane"]] }
        routes.page("/sv/large") { _, _ in .html(large, language: .sv) }
        routes.page("/sv/broken") { _, _ in throw Secret() }
        routes.page("/api/v1/broken") { _, _ in throw Secret() }
        more(&routes)
        return routes
    }

    static func server(
        limits: ServerLimits = ServerLimits(),
        routes: RouteTable = routes(),
        boundary: ErrorBoundary = ErrorBoundary(),
        metrics: Prometheus = Prometheus(),
        log: LogSink = LogSink(),
        publicURL: String? = nil,
        ready: @escaping @Sendable () async -> Readiness = { Readiness([]) },
        onRunning: @escaping @Sendable (WebServer.Addresses) async -> Void = { _ in }
    ) -> WebServer {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.adminPort = 0
        configuration.limits = limits
        configuration.publicURL = publicURL
        return WebServer(
            configuration: configuration,
            routes: routes,
            boundary: boundary,
            metrics: metrics,
            accessLog: log,
            ready: ready,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onRunning: onRunning
        )
    }
}
