internal import CLibpq

/// libpq's own reading of connection strings.
enum Conninfo {
    /// The options that a conninfo string or URI gives, nothing added.
    /// - Throws: kind `configuration`. The text never quotes the string, which may hold a password.
    static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard !text.utf8.contains(0), let list = PQconninfoParse(text, &message) else {
            let reason = message.map { String(cString: $0) } ?? "it has a NUL byte"
            PQfreemem(message)
            throw PostgresError(.configuration, "the connection string cannot be read: \(safe(reason))")
        }
        defer { PQconninfoFree(list) }
        return options(list)
    }

    /// The options that libpq takes from the environment and its defaults.
    static func defaults() -> [String: String] {
        guard let list = PQconndefaults() else { return [:] }
        defer { PQconninfoFree(list) }
        return options(list)
    }

    private static func options(_ list: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var result: [String: String] = [:]
        var next = list
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { result[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        return result
    }

    /// libpq quotes parts of the string in its messages; only names of options are let through.
    private static func safe(_ message: String) -> String {
        let line = message.split(separator: "\n").first.map(String.init) ?? ""
        if line.hasPrefix("invalid connection option") { return line }
        return Redaction.withoutQuotes(line)
    }
}
