/// What one connection has prepared, by text: least recently used goes first.
///
/// A text is prepared when it comes for the second time, so that texts used once cost the server no memory.
struct StatementCache {
    /// How a statement is to be sent.
    enum Plan: Equatable {
        /// As the unnamed statement.
        case unnamed
        /// Prepare it under this name, then run it.
        case prepare(String)
        /// It is prepared under this name.
        case prepared(String)
    }

    private struct Entry {
        /// Nil until it is prepared.
        var name: String?
        let types: [UInt32]
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var clock: UInt64 = 0
    private var names: UInt64 = 0
    /// Names that have gone from the cache and that the server still has.
    private(set) var evicted: [String] = []

    /// With capacity 0 nothing is ever prepared, as a pooler between client and server needs it.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Decides for one use. After `.prepare` the statement counts as prepared; ``forget(_:)`` takes that back.
    mutating func plan(for sql: borrowing SQL) -> Plan {
        if capacity == 0 { return .unnamed }
        clock += 1
        guard let index = entries.index(forKey: sql.text) else {
            if entries.count >= capacity { evictOldest() }
            entries[sql.text] = Entry(name: nil, types: sql.binds.map(\.type), lastUse: clock)
            return .unnamed
        }
        entries.values[index].lastUse = clock
        let entry = entries.values[index]
        guard entry.types.count == sql.binds.count,
            zip(entry.types, sql.binds).allSatisfy({ $0 == $1.type })
        else { return .unnamed }
        if let name = entry.name { return .prepared(name) }
        names += 1
        let name = "s\(names)"
        entries.values[index].name = name
        return .prepare(name)
    }

    /// The statement is not prepared any more, or never was.
    /// - Parameter gone: false when the server still has it under its old name.
    mutating func forget(_ text: String, gone: Bool) {
        if let name = entries.removeValue(forKey: text)?.name, !gone { evicted.append(name) }
    }

    mutating func takeEvicted() -> [String] {
        defer { evicted = [] }
        return evicted
    }

    private mutating func evictOldest() {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { return }
        forget(oldest, gone: false)
    }
}
