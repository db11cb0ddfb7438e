import Foundation
import TestSupport
import Testing

/// Lends a suite the real service over a database full of invented people.
struct DemonstrationService: SuiteTrait, TestScoping {
    /// The address of the service, without a slash at its end.
    @TaskLocal static var root = ""

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            let environment = [
                "DATABASE_URL": database.conninfo(), "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
                "HOME": "/tmp", "KLAPPA_LETTERS": "/tmp/klappa-letters-\(database.name)",
                "SWIFT_BACKTRACE": "enable=no",
            ]
            let people = ["demo", "--people", "400", "--seed", "7"]
            let demo = try await ChildProcess(TestedProgram.path, people, environment: environment).ending()
            guard demo.status == 0 else { throw BrowserError(words: "demo: \(demo.errors)") }
            // Told that it demonstrates, it shows its letters; the people are there already.
            let arguments = ["serve", "--demo", "--port", "0", "--admin-port", "off"]
            let service = try ChildProcess(TestedProgram.path, arguments, environment: environment)
            defer {
                service.signal(SIGTERM)
                // Perhaps no letter was written.
                try? FileManager.default.removeItem(atPath: "/tmp/klappa-letters-\(database.name)")
            }
            try await eventually("the service listens", within: .seconds(120)) {
                service.errors.contains("Serving on ") || !service.isRunning
            }
            guard let found = service.errors.firstMatch(of: /Serving on (http:\/\/127\.0\.0\.1:\d+)/) else {
                throw BrowserError(words: "serve: \(service.errors)")
            }
            try await Self.$root.withValue(String(found.1)) { try await function() }
            service.signal(SIGTERM)
            _ = try await service.ending()
        }
    }
}

extension Trait where Self == DemonstrationService {
    /// The real service with invented people; its address is ``DemonstrationService/root``.
    static var demonstrationService: DemonstrationService { DemonstrationService() }
}
