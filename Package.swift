// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioConcurrency: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "klappa",
    products: [
        .executable(name: "klappa", targets: ["Klappa"]),
        .library(name: "Postgres", targets: ["Postgres"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Postgres", dependencies: ["CLibpq", collections, logging, metrics], swiftSettings: settings),
        .target(
            name: "PrivateServer",
            dependencies: [logging, subprocess, systemPackage],
            swiftSettings: settings
        ),
        .target(
            name: "Migrations",
            dependencies: ["Postgres", crypto, logging],
            exclude: ["sql/README.md"],
            resources: [.copy("sql/migrations"), .copy("sql/reference"), .copy("sql/checks")],
            swiftSettings: settings
        ),
        .target(name: "Availability", swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                "CZlib", crypto, httpTypes, hummingbird, lifecycle, logging, metrics, mustache, nioConcurrency, nioCore,
                nioHTTP, nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Registry",
            dependencies: [
                "Availability", "Postgres", "Web", asyncHTTPClient, collections, crypto, cryptoExtras, httpTypes,
                hummingbird, jwtKit, logging, metrics, nioConcurrency, nioCore, nioHTTP, subprocess, systemPackage,
            ],
            resources: [.copy("Templates"), .copy("Assets"), .copy("Texts")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Klappa",
            dependencies: [
                "Migrations", "Postgres", "PrivateServer", "Registry", "Web",
                argumentParser, hummingbird, lifecycle, logging, metrics, nioCore, unixSignals,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "TestSupport",
            dependencies: ["Migrations", "Postgres", "PrivateServer", logging],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: settings),
        .testTarget(name: "PostgresServerTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "PrivateServerTests",
            dependencies: ["PrivateServer", "Postgres", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(name: "MigrationsTests", dependencies: ["Migrations", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "AvailabilityTests", dependencies: ["Availability"], swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: ["Web", httpTypes, hummingbird, hummingbirdTesting, lifecycle, logging, metrics, nioCore, nioPosix],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Availability", "Registry", "TestSupport", "Web", asyncHTTPClient, crypto, cryptoExtras, httpTypes,
                hummingbird, hummingbirdTesting, logging, nioCore, nioHTTP,
            ],
            exclude: ["Site/Pages"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KlappaTests",
            dependencies: [
                "Klappa", "Postgres", "PrivateServer", "Registry", "TestSupport", argumentParser, asyncHTTPClient,
                nioCore, nioHTTP,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BrowserTests",
            dependencies: ["TestSupport", asyncHTTPClient],
            swiftSettings: settings
        ),
    ]
)
