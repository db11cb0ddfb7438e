import ArgumentParser
import Dispatch
import Foundation
import Web

/// What is known of whom a command talks to.
enum Terminal {
    /// The language of the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`): Swedish when it says so, else English.
    static var language: Language {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first {
            !$0.isEmpty
        }
        return locale?.hasPrefix("sv") == true ? .sv : .en
    }

    /// Writes a line on the standard output at once, also when that is a file or a pipe.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

    /// Reads an option.
    static func language(named name: String) throws -> Language {
        guard let language = Language(rawValue: name) else {
            throw ValidationError("A language is sv or en.")
        }
        return language
    }
}

/// One line on the standard error that says how far something is: rewritten in place at a terminal, else written
/// anew every few seconds.
struct ProgressLine {
    private let isTerminal = isatty(2) != 0
    private let isShown: Bool
    private var shownAt: ContinuousClock.Instant?
    private var isDirty = false

    init(isShown: Bool = true) { self.isShown = isShown }

    /// Shows the text, unless another was shown just now.
    mutating func show(_ text: String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let shownAt, now - shownAt < (isTerminal ? .milliseconds(200) : .seconds(5)) { return }
        if shownAt == nil, !isTerminal {
            // What is over in a moment needs no line in a log.
            shownAt = now
            return
        }
        shownAt = now
        isDirty = isTerminal
        write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
    }

    /// Takes the line away.
    mutating func clear() {
        if isDirty { write("\r\u{1B}[K") }
        isDirty = false
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Lets Ctrl-C and a request to end cancel a command's work, so that what it began is undone before the program ends.
enum Interruption {
    /// Runs the work; SIGINT and SIGTERM cancel it, and then the program says so and returns 130.
    static func obeying<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws
        -> Result
    {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        do {
            return try await task.value
        } catch  where task.isCancelled {
            FileHandle.standardError.write(Data("Interrupted; what had been begun was undone.\n".utf8))
            throw ExitCode(130)
        }
    }
}
