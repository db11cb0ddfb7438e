internal import DequeModule

/// COPY, step by step, while the session's wire is owned. <https://www.postgresql.org/docs/15/libpq-copy.html>
extension Session {
    /// Which way the data goes.
    enum CopyDirection { case into, out }

    /// Starts a COPY; afterwards the wire is owned until it has ended.
    /// - Throws: the server's refusal; kind `usage` when the statement is no COPY of that direction.
    func startCopy(_ text: String, _ direction: CopyDirection, timeout: Duration) async throws(PostgresError)
    {
        let deadline = Deadline(after: timeout)
        try await takeWire(until: deadline)
        copyAtEnd = false
        let failure: PostgresError?
        do throws(PostgresError) {
            guard handle.sendSimple(text) else { throw broken() }
            try await flushAll(until: deadline)
            guard let result = try await awaitResult(until: deadline) else { throw broken() }
            switch (result.status, direction) {
            case (.copyIn, .into), (.copyOut, .out): return
            case (.copyIn, _): _ = handle.putCopyEnd(failure: "the data is not coming")
            case (.copyOut, _), (.copyBoth, _): requestCancel()
            default: break
            }
            let rest = try await drain(until: deadline).error
            failure = result.status == .failure ? result.error().about(text) : rest
        } catch {
            try await abandonWire(after: error)
        }
        // From here on the wire may be another's.
        releaseWire()
        let words = direction == .into ? "FROM STDIN" : "TO STDOUT"
        throw failure ?? PostgresError(.usage, "this needs a statement COPY … \(words)", sql: text)
    }

    /// Hands over data and waits until the server has taken nearly all of it: that is the back-pressure.
    func putCopy(_ bytes: [UInt8], timeout: Duration) async throws(PostgresError) {
        guard exclusive, isOpen else { throw broken() }
        let deadline = Deadline(after: timeout)
        var start = 0
        // Larger puts make libpq move its buffer about again and again.
        while start < bytes.count {
            let end = min(start + 65_536, bytes.count)
            let taken = bytes[start..<end].withUnsafeBytes { handle.putCopyData($0) }
            switch taken {
            case 1: start = end
            case 0: break
            default: throw broken()
            }
            try await flushAll(until: deadline)
        }
    }

    /// Ends the data and waits for the outcome.
    /// - Parameter failure: a reason, when the COPY shall fail.
    /// - Returns: the number of rows.
    func endCopyIn(failure: String?, timeout: Duration) async throws(PostgresError) -> Int {
        guard exclusive, isOpen else { throw broken() }
        let deadline = Deadline(after: timeout)
        let outcome: (last: ResultHandle?, error: PostgresError?)
        do throws(PostgresError) {
            while true {
                let taken = handle.putCopyEnd(failure: failure)
                if taken == 1 { break }
                guard taken == 0 else { throw broken() }
                try await flushAll(until: deadline)
            }
            try await flushAll(until: deadline)
            outcome = try await drain(until: deadline)
        } catch {
            try await abandonWire(after: error)
        }
        releaseWire()
        if let error = outcome.error { throw error }
        return outcome.last?.affectedRows ?? 0
    }

    /// The next rows, as many as have arrived, at most about 64 kB; nil at the end.
    func nextCopy(timeout: Duration) async throws(PostgresError) -> [UInt8]? {
        guard exclusive, isOpen else { throw broken() }
        let deadline = Deadline(after: timeout)
        var rows: [UInt8] = []
        while true {
            // Another task may have seen the end while this one waited.
            if copyAtEnd { return rows.isEmpty ? nil : rows }
            switch handle.nextCopyChunk() {
            case .data(let bytes):
                rows.append(contentsOf: bytes)
                if rows.count >= 65_536 { return rows }
            case .wait:
                if !rows.isEmpty { return rows }
                try await wait(for: .read, until: deadline)
                guard handle.consumeInput() else { throw broken() }
            case .end:
                // libpq says so only once.
                copyAtEnd = true
                return rows.isEmpty ? nil : rows
            case .failed:
                throw broken()
            }
        }
    }

    /// Takes the outcome after the last row.
    /// - Returns: the number of rows.
    func endCopyOut(timeout: Duration) async throws(PostgresError) -> Int {
        guard exclusive, isOpen else { throw broken() }
        let outcome: (last: ResultHandle?, error: PostgresError?)
        do throws(PostgresError) {
            outcome = try await drain(until: Deadline(after: timeout))
        } catch {
            try await abandonWire(after: error)
        }
        releaseWire()
        if let error = outcome.error { throw error }
        return outcome.last?.affectedRows ?? 0
    }

    /// Stops a COPY whose writer has given up. The server may be busy with a row and not be reading: it is asked to
    /// cancel before it is told that no more data comes.
    func leaveCopyIn() async {
        guard exclusive, isOpen else { return }
        requestCancel()
        let deadline = Deadline(after: Self.cancelLimit)
        do throws(PostgresError) {
            while handle.putCopyEnd(failure: "the client gave up") == 0 {
                try await flushAll(until: deadline)
            }
            try await flushAll(until: deadline)
            _ = try await drain(until: deadline)
            releaseWire()
        } catch {
            exclusive = false
            lose(error)
        }
    }

    /// Stops a COPY whose reader has left.
    func leaveCopyOut() async {
        do throws(PostgresError) {
            try await abandonWire(after: .cancelled)
        } catch {
            // It is the reason that was handed in.
        }
    }
}
