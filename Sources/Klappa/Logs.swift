import Glibc
import Logging
import Web

/// Where log messages go: lines of JSON, or plain sentences when a person sits at the terminal.
enum Logs {
    /// Sends the messages of the whole process to the standard error; once, by `serve`.
    static func bootstrap(level: Logger.Level) {
        let isTerminal = isatty(2) != 0
        LoggingSystem.bootstrap { label in
            if isTerminal { return PlainLogHandler(logLevel: level) }
            return JSONLogHandler(label: label, sink: .standardError, logLevel: level)
        }
    }

    /// What a command says while it works: sentences on the standard error.
    static func command(level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: "klappa") { _ in PlainLogHandler(logLevel: level) }
        logger.logLevel = level
        return logger
    }
}

/// Writes each message as a sentence on the standard error, with its level when that is a warning or worse.
struct PlainLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(logLevel: Logger.Level) { self.logLevel = logLevel }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = event.level >= .warning ? "\(event.level): " : ""
        line += event.message.description
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        // One line a message, whatever is in it.
        line = line.replacing("\n", with: " ") + "\n"
        var text = line
        text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    }
}
