/// What the first word of a statement tells about where it may run.
enum StatementKind: Equatable {
    /// Runs anywhere.
    case ordinary
    /// Changes the session or its transaction: on a shared connection it would reach other callers.
    case ofSession
    /// Moves data outside of results.
    case copy

    init(_ text: String) {
        self = Self.named(Self.firstWord(text))
    }

    private static func named(_ word: String) -> StatementKind {
        switch word {
        case "copy": .copy
        case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare",
            "deallocate",
            "set", "reset", "discard", "listen", "unlisten", "load", "declare", "lock":
            .ofSession
        default: .ordinary
        }
    }

    /// The first word in lower case, after blanks and comments; empty when it is longer than any that matters.
    static func firstWord(_ text: String) -> String {
        var bytes = text.utf8[...]
        skipping: while let byte = bytes.first {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C,
                UInt8(ascii: ";"):
                bytes = bytes.dropFirst()
            case UInt8(ascii: "-") where bytes.dropFirst().first == byte:
                bytes = bytes.drop { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "/") where bytes.dropFirst().first == UInt8(ascii: "*"):
                bytes = afterComment(bytes)
            default:
                break skipping
            }
        }
        let word = bytes.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        if word.count > 10 { return "" }
        return String(decoding: word.map { $0 | 0x20 }, as: UTF8.self)
    }

    /// Comments of this kind nest.
    private static func afterComment(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var rest = bytes.dropFirst(2)
        var depth = 1
        while depth > 0, let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "*"), rest.first == UInt8(ascii: "/") {
                rest = rest.dropFirst()
                depth -= 1
            } else if byte == UInt8(ascii: "/"), rest.first == UInt8(ascii: "*") {
                rest = rest.dropFirst()
                depth += 1
            }
        }
        return rest
    }
}

extension SQL {
    /// Refuses what must not run on a connection that others share.
    func checkShared() throws(PostgresError) {
        try check()
        switch StatementKind(text) {
        case .ordinary: return
        case .copy:
            throw PostgresError(.usage, "COPY needs copyIn or copyOut on a lent connection", sql: text)
        case .ofSession:
            throw PostgresError(.usage, "this statement needs a connection of its own: borrow one", sql: text)
        }
    }

    /// Refuses COPY, which would break a connection in pipeline mode.
    func checkLent() throws(PostgresError) {
        try check()
        if StatementKind(text) == .copy {
            throw PostgresError(.usage, "COPY needs copyIn or copyOut", sql: text)
        }
    }
}
