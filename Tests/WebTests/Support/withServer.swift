import Logging
import ServiceLifecycle

@testable import Web

/// Runs a server on loopback for as long as the body runs.
func withServer<Value: Sendable>(
    limits: ServerLimits = ServerLimits(),
    routes: RouteTable = Sample.routes(),
    metrics: Prometheus = Prometheus(),
    log: LogSink = LogSink(),
    ready: @escaping @Sendable () async -> Readiness = { Readiness([]) },
    _ body:
        @escaping @Sendable (WebServer.Addresses, _ stop: @escaping @Sendable () async -> Void) async throws
        -> Value
) async throws -> Value {
    let (stream, continuation) = AsyncStream.makeStream(of: WebServer.Addresses.self)
    let server = Sample.server(limits: limits, routes: routes, metrics: metrics, log: log, ready: ready) {
        addresses in
        continuation.yield(addresses)
        continuation.finish()
    }
    let group = ServiceGroup(
        services: [server],
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var addresses = stream.makeAsyncIterator()
        guard let running = await addresses.next() else { throw CancellationError() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(running) { await group.triggerGracefulShutdown() })
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}

/// Waits until a condition holds, letting other tasks run; gives up after many tries.
func eventually(_ condition: @Sendable () async -> Bool) async -> Bool {
    let end = ContinuousClock.now.advanced(by: .seconds(20))
    while ContinuousClock.now < end {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
