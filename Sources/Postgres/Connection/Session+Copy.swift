internal import DequeModule

/// COPY, step by step, while the session's wire is owned. <https://www.postgresql.org/docs/15/libpq-copy.html>
extension Session {
    /// Which way the data goes.
    enum CopyDirection { case into, out }

    /// Starts a COPY; afterwards the wire is owned until it has ended.
    /// - Throws: the server's refusal; kind `usage` when the statement is no COPY of that direction.
    func startCopy(_ text: String, _ direction: CopyDirection, timeout: Duration) async throws(PostgresError)
    {
        try await takeWire()
        copyAtEnd = false
        let deadline = Deadline(after: timeout)
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
            let (_, failure) = try await drain(until: deadline)
            releaseWire()
            if result.status == .failure { throw result.error().about(text) }
            let direction = direction == .into ? "FROM STDIN" : "TO STDOUT"
            throw failure ?? PostgresError(.usage, "this needs a statement COPY … \(direction)", sql: text)
        } catch {
            if exclusive { try await abandonWire(after: error) }
            throw error
        }
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
        do throws(PostgresError) {
            while true {
                let taken = handle.putCopyEnd(failure: failure)
                if taken == 1 { break }
                guard taken == 0 else { throw broken() }
                try await flushAll(until: deadline)
            }
            try await flushAll(until: deadline)
            let (last, failure) = try await drain(until: deadline)
            releaseWire()
            if let failure { throw failure }
            return last?.affectedRows ?? 0
        } catch {
            if exclusive { try await abandonWire(after: error) }
            throw error
        }
    }

    /// The next rows, as many as have arrived, at most about 64 kB; nil at the end.
    func nextCopy(timeout: Duration) async throws(PostgresError) -> [UInt8]? {
        guard exclusive, isOpen else { throw broken() }
        if copyAtEnd { return nil }
        let deadline = Deadline(after: timeout)
        var rows: [UInt8] = []
        while true {
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
        do throws(PostgresError) {
            let (last, failure) = try await drain(until: Deadline(after: timeout))
            releaseWire()
            if let failure { throw failure }
            return last?.affectedRows ?? 0
        } catch {
            if exclusive { try await abandonWire(after: error) }
            throw error
        }
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
            guard isOpen else { return }
            // Hit by a cancel request that comes late, instead of the next caller.
            waiting.prepend(Segment(internal: "", timeout: .seconds(5)))
            sendWaiting()
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
