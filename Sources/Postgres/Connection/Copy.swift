internal import Synchronization

/// Takes data for a `COPY … FROM STDIN`.
///
/// Data is collected and sent in pieces of 64 kB; a write returns when the server has taken what came before, so
/// memory stays bounded however fast the source is.
public final class CopyWriter: Sendable {
    private let verbs: Verbs
    private let pending = Guarded(Pending())
    private let isDone = Atomic<Bool>(false)

    private struct Pending {
        /// What has been written and not been sent.
        var bytes: [UInt8] = []
        /// Whether a task's data is on its way.
        var isSending = false
    }

    init(_ verbs: Verbs) {
        self.verbs = verbs
    }

    /// Adds data in the form that the statement names: text, CSV or binary. Rows may be split between writes.
    /// - Throws: kinds `timeout`, `cancelled`, `connectionLost`; `usage` while another task's data is being sent. A row
    ///   that the server refuses is reported when the closure has ended, by `copyIn`.
    public func write(_ bytes: some Collection<UInt8>) async throws(PostgresError) {
        if isDone.load(ordering: .acquiring) { throw PostgresError(.closed, "the COPY has ended") }
        let (isRefused, full): (Bool, [UInt8]?) = pending.withLock { pending in
            if pending.isSending { return (true, nil) }
            pending.bytes.append(contentsOf: bytes)
            if pending.bytes.count < 65_536 { return (false, nil) }
            pending.isSending = true
            defer { pending.bytes = [] }
            return (false, pending.bytes)
        }
        // The pieces of both would be mixed up.
        if isRefused { throw .usage("only one task at a time may write into a COPY") }
        if let full {
            defer { pending.withLock { $0.isSending = false } }
            try await verbs.session.putCopy(full, timeout: verbs.scriptTimeout)
        }
    }

    /// Adds text in UTF-8.
    public func write(_ text: String) async throws(PostgresError) {
        try await write(text.utf8)
    }

    func finish() async throws(PostgresError) {
        isDone.store(true, ordering: .releasing)
        let rest = pending.withLock { pending in
            defer { pending.bytes = [] }
            return pending.bytes
        }
        if !rest.isEmpty { try await verbs.session.putCopy(rest, timeout: verbs.scriptTimeout) }
    }

    func abandon() {
        isDone.store(true, ordering: .releasing)
        pending.withLock { $0.bytes = [] }
    }
}

/// Gives the data of a `COPY … TO STDOUT`, in pieces of whole rows, once.
///
/// Nothing more is fetched than is read.
public final class CopyReader: AsyncSequence, Sendable {
    /// One or more whole rows.
    public typealias Element = [UInt8]

    private let verbs: Verbs
    private let isAtEnd = Atomic<Bool>(false)
    private let isDone = Atomic<Bool>(false)

    init(_ verbs: Verbs) {
        self.verbs = verbs
    }

    var hasReachedEnd: Bool { isAtEnd.load(ordering: .acquiring) }

    func finish() {
        isDone.store(true, ordering: .releasing)
    }

    func next() async throws(PostgresError) -> [UInt8]? {
        if isDone.load(ordering: .acquiring) { throw PostgresError(.closed, "the COPY has ended") }
        if hasReachedEnd { return nil }
        let chunk = try await verbs.session.nextCopy(timeout: verbs.scriptTimeout)
        if chunk == nil { isAtEnd.store(true, ordering: .releasing) }
        return chunk
    }

    /// Walks over the data.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let reader: CopyReader

        /// The next rows; nil after the last.
        public mutating func next() async throws(PostgresError) -> [UInt8]? {
            try await reader.next()
        }

        /// The next rows; nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> [UInt8]? {
            try await reader.next()
        }
    }

    /// Starts to walk where the last walk stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: self)
    }
}

extension Verbs {
    func copyIn(_ sql: SQL, _ body: (CopyWriter) async throws -> Void) async throws -> Int {
        let text = try copyText(sql)
        try await session.startCopy(text, .into, timeout: scriptTimeout)
        let writer = CopyWriter(self)
        do {
            try await body(writer)
            try await writer.finish()
        } catch {
            writer.abandon()
            let session = session
            // In a task of its own, since the caller's may be cancelled.
            await Task { await session.leaveCopyIn() }.value
            throw error
        }
        do throws(PostgresError) {
            return try await session.endCopyIn(failure: nil, timeout: scriptTimeout)
        } catch {
            throw error.about(text)
        }
    }

    func copyOut<T>(_ sql: SQL, _ body: (CopyReader) async throws -> T) async throws -> T {
        let text = try copyText(sql)
        try await session.startCopy(text, .out, timeout: scriptTimeout)
        let reader = CopyReader(self)
        let value: T
        do {
            value = try await body(reader)
        } catch {
            reader.finish()
            await session.leaveCopyOut()
            throw error
        }
        reader.finish()
        if reader.hasReachedEnd {
            _ = try await session.endCopyOut(timeout: scriptTimeout)
        } else {
            await session.leaveCopyOut()
        }
        return value
    }

    private func copyText(_ sql: SQL) throws(PostgresError) -> String {
        try check()
        try sql.check()
        if !sql.binds.isEmpty { throw .usage("COPY takes no bound values") }
        return sql.text
    }
}

extension Transaction {
    /// Sends data by `COPY … FROM STDIN`.
    ///
    /// ```swift
    /// let count = try await transaction.copyIn("COPY crew_import (line, name) FROM STDIN") { writer in
    ///     for row in rows { try await writer.write("\(row.line)\t\(row.name)\n") }
    /// }
    /// ```
    /// When the closure throws nothing is kept and its error is thrown; the transaction has then failed.
    /// - Returns: the number of rows.
    @discardableResult
    public func copyIn(_ sql: SQL, _ body: (CopyWriter) async throws -> Void) async throws -> Int {
        try await verbs.copyIn(sql, body)
    }

    /// Receives data by `COPY … TO STDOUT`.
    ///
    /// Leaving before the end stops the COPY, which makes the transaction fail.
    public func copyOut<T>(_ sql: SQL, _ body: (CopyReader) async throws -> T) async throws -> T {
        try await verbs.copyOut(sql, body)
    }
}

extension PostgresConnection {
    /// Sends data by `COPY … FROM STDIN`, as ``Transaction/copyIn(_:_:)`` does.
    /// - Returns: the number of rows.
    @discardableResult
    public func copyIn(_ sql: SQL, _ body: (CopyWriter) async throws -> Void) async throws -> Int {
        try await verbs.copyIn(sql, body)
    }

    /// Receives data by `COPY … TO STDOUT`. Leaving before the end stops the COPY.
    public func copyOut<T>(_ sql: SQL, _ body: (CopyReader) async throws -> T) async throws -> T {
        try await verbs.copyOut(sql, body)
    }
}
