import Foundation
import TestSupport

/// The built program as a child process.
enum Program {
    /// Starts it with nothing in its environment but what is given.
    static func start(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ChildProcess {
        var environment = environment
        environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin"
        environment["HOME"] = "/tmp"
        environment["SWIFT_BACKTRACE"] = "enable=no"
        return try ChildProcess(TestedProgram.path, arguments, environment: environment)
    }

    /// Runs it to its end.
    static func run(_ arguments: [String], _ environment: [String: String] = [:]) async throws
        -> ChildProcess.Ending
    {
        try await start(arguments, environment).ending()
    }

    /// Starts `serve` on free ports and waits until it listens.
    static func serve(_ arguments: [String] = [], _ environment: [String: String]) async throws -> Running {
        let child = try start(["serve", "--port", "0", "--admin-port", "0"] + arguments, environment)
        let running = Running(child: child)
        do {
            try await eventually("it serves", within: .seconds(120)) {
                running.port != nil || !child.isRunning
            }
        } catch {
            throw ServeFailed(words: child.errors)
        }
        guard running.port != nil else { throw ServeFailed(words: child.errors) }
        return running
    }

    /// A `serve` that listens.
    struct Running: Sendable {
        let child: ChildProcess

        /// The port that it says it listens on; nil before it does.
        var port: Int? {
            guard let found = child.errors.firstRange(of: "Serving on http://127.0.0.1:") else { return nil }
            return Int(child.errors[found.upperBound...].prefix { $0.isNumber })
        }

        /// An address of it.
        func url(_ path: String) -> String { "http://127.0.0.1:\(port ?? 0)\(path)" }

        /// Ends it in order.
        func stop() async throws -> ChildProcess.Ending {
            child.signal(SIGTERM)
            return try await child.ending()
        }
    }
}

/// `serve` ended, or did not begin, and this is what it said.
struct ServeFailed: Error, CustomStringConvertible {
    let words: String
    var description: String { "serve did not serve: \(words)" }
}
