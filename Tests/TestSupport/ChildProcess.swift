import Glibc
import Synchronization

/// A program that a test runs: its output, its end, and signals to it. It is killed when the test process ends.
///
/// ```swift
/// let child = try ChildProcess("/usr/bin/sort", ["--version"])
/// let ending = try await child.ending()          // ending.status == 0
/// ```
public final class ChildProcess: Sendable {
    /// How a program ended.
    public struct Ending: Equatable, Sendable {
        /// What it returned; 128 and the signal's number when a signal ended it.
        public let status: Int32
        /// What it wrote on its standard output.
        public let output: String
        /// What it wrote on its standard error.
        public let errors: String
    }

    /// Its number.
    public let id: Int32
    private let folder: String
    private let writeEnd: Int32
    private let guardian: Int32
    private let status = Mutex<Int32?>(nil)

    /// A program cannot be started.
    public struct Failure: Error {
        /// The program.
        public let program: String
        /// The kernel's reason.
        public let reason: Int32
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: its path.
    ///   - arguments: its arguments.
    ///   - environment: its whole environment.
    public init(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws {
        folder = TestServer.temporaryDirectory()
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let files = (input: "/dev/null", output: folder + "/output", errors: folder + "/errors")
        id = try Self.spawn(
            program,
            arguments,
            variables,
            input: .path(files.input),
            files.output,
            files.errors
        )
        var ends: [Int32] = [0, 0]
        Watchdog.makePipe(&ends)
        writeEnd = ends[1]
        let script = #"trap '' HUP INT TERM; cat >/dev/null; kill -KILL "$1"; rm -rf -- "$2""#
        guardian = try Self.spawn(
            "/usr/bin/setsid",
            ["/bin/sh", "-c", script, "guardian", String(id), folder],
            ["PATH=/usr/bin:/bin"],
            input: .descriptor(ends[0]),
            "/dev/null",
            "/dev/null"
        )
        close(ends[0])
    }

    private enum Input {
        case path(String)
        case descriptor(Int32)
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ variables: [String],
        input: Input,
        _ output: String,
        _ errors: String
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch input {
        case .path(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .descriptor(let end): posix_spawn_file_actions_adddup2(&actions, end, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        Watchdog.closeOthers(&actions)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) }
        environment.append(nil)
        defer { (words + environment).forEach { free($0) } }
        var id: pid_t = 0
        let result = posix_spawn(&id, program, &actions, nil, words, environment)
        guard result == 0 else { throw Failure(program: program, reason: result) }
        return id
    }

    deinit {
        if poll() == nil { kill(id, SIGKILL) }
        finish()
    }

    /// What it has written on its standard output so far.
    public var output: String { Self.text(folder + "/output") }

    /// What it has written on its standard error so far.
    public var errors: String { Self.text(folder + "/errors") }

    /// Sends a signal.
    public func signal(_ number: Int32) { kill(id, number) }

    /// Waits for its end.
    ///
    /// - Throws: ``NeverHappened`` when it goes on longer than the limit; it is killed then.
    public func ending(within limit: Duration = .seconds(60)) async throws -> Ending {
        do {
            try await eventually("the program ends; it said: \(errors)", within: limit) { poll() != nil }
        } catch {
            signal(SIGKILL)
            throw error
        }
        return Ending(status: poll() ?? -1, output: output, errors: errors)
    }

    /// Whether it still runs.
    public var isRunning: Bool { poll() == nil }

    private func poll() -> Int32? {
        status.withLock { status in
            if status == nil {
                var word: Int32 = 0
                if waitpid(id, &word, WNOHANG) == id {
                    status = word & 0x7f == 0 ? (word >> 8) & 0xff : 128 + (word & 0x7f)
                }
            }
            return status
        }
    }

    /// The guardian goes before the number of its ward can be given to somebody else.
    private func finish() {
        kill(guardian, SIGKILL)
        var word: Int32 = 0
        waitpid(guardian, &word, 0)
        close(writeEnd)
        for name in ["output", "errors"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }
}
