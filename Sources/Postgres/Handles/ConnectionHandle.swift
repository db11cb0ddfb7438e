internal import CLibpq
internal import Glibc

/// Owns a `PGconn`: a thin name for each libpq call that the client uses.
///
/// Every call must come from the reactor's thread; libpq allows one thread at a time per connection
/// (<https://www.postgresql.org/docs/15/libpq-threading.html>). Only ``CancelHandle`` may leave it.
/// After ``close()`` every call answers as for a broken connection.
struct ConnectionHandle: ~Copyable {
    private var pointer: OpaquePointer?

    /// Begins to connect. No name is looked up when the parameters carry `hostaddr` or a socket directory.
    init(parameters: [(String, String)]) {
        let names = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer {
            for copy in names + values { free(copy) }
        }
        let nameList = names.map { UnsafePointer($0) }
        let valueList = values.map { UnsafePointer($0) }
        pointer = PQconnectStartParams(nameList, valueList, 0)
        if let pointer {
            // The SQLSTATE of a refused connection is only in the verbose text.
            PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
            PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        }
    }

    deinit {
        PQfinish(pointer)
    }

    /// Says goodbye and closes the socket. Take the socket out of epoll first.
    mutating func close() {
        PQfinish(pointer)
        pointer = nil
    }

    /// What `PQconnectPoll` asks for.
    enum Progress { case read, write, done, failed }

    func pollConnect() -> Progress {
        switch PQconnectPoll(pointer) {
        case PGRES_POLLING_READING: .read
        case PGRES_POLLING_WRITING: .write
        case PGRES_POLLING_OK: .done
        default: .failed
        }
    }

    var isBroken: Bool { PQstatus(pointer) == CONNECTION_BAD }
    var socket: Int32 { PQsocket(pointer) }
    var errorMessage: String { PQerrorMessage(pointer).map { String(cString: $0) } ?? "" }
    var serverVersion: Int { Int(PQserverVersion(pointer)) }
    var backendProcess: Int32 { PQbackendPID(pointer) }
    var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }
    var isEncrypted: Bool { PQsslInUse(pointer) == 1 }

    func parameter(_ name: String) -> String? {
        PQparameterStatus(pointer, name).map { String(cString: $0) }
    }

    func tlsAttribute(_ name: String) -> String? {
        PQsslAttribute(pointer, name).map { String(cString: $0) }
    }

    /// Readies a new connection for pipelines: nothing blocks from here on.
    func startWork() -> Bool {
        PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        return PQsetnonblocking(pointer, 1) == 0 && PQenterPipelineMode(pointer) == 1
    }

    func enterPipeline() -> Bool { PQenterPipelineMode(pointer) == 1 }
    func exitPipeline() -> Bool { PQexitPipelineMode(pointer) == 1 }

    /// Takes in what the socket has. False: the connection is broken.
    func consumeInput() -> Bool { PQconsumeInput(pointer) == 1 }
    var isBusy: Bool { PQisBusy(pointer) == 1 }

    /// What a flush left behind.
    enum Flush { case done, pending, failed }

    func flush() -> Flush {
        switch PQflush(pointer) {
        case 0: .done
        case 1: .pending
        default: .failed
        }
    }

    func nextResult() -> ResultHandle? {
        PQgetResult(pointer).map { ResultHandle(owning: $0) }
    }

    func sendSync() -> Bool { PQpipelineSync(pointer) == 1 }
    func sendSimple(_ text: String) -> Bool { PQsendQuery(pointer, text) == 1 }

    /// The next notification; libpq's memory is freed before it returns.
    func nextNotification() -> (channel: String, payload: String)? {
        guard let notify = PQnotifies(pointer) else { return nil }
        defer { PQfreemem(notify) }
        return (String(cString: notify.pointee.relname), String(cString: notify.pointee.extra))
    }

    /// What is needed to cancel this connection's statement from another thread.
    func cancelHandle() -> CancelHandle? {
        PQgetCancel(pointer).map { CancelHandle(owning: $0) }
    }
}

extension ConnectionHandle {
    /// Sends Parse for a named statement.
    func sendPrepare(name: String, _ sql: borrowing SQL) -> Bool {
        let types = sql.binds.map(\.type)
        return PQsendPrepare(pointer, name, sql.text, Int32(types.count), types) == 1
    }

    /// Sends Bind and Execute for a prepared statement.
    func sendPrepared(name: String, _ sql: borrowing SQL) -> Bool {
        let format: Int32 = sql.textResults ? 0 : 1
        return withParameters(sql) { count, values, lengths, formats in
            PQsendQueryPrepared(pointer, name, count, values, lengths, formats, format) == 1
        }
    }

    /// Sends Parse, Bind and Execute for the unnamed statement.
    func sendUnnamed(_ sql: borrowing SQL) -> Bool {
        let types = sql.binds.map(\.type)
        let format: Int32 = sql.textResults ? 0 : 1
        let text = sql.text
        return withParameters(sql) { count, values, lengths, formats in
            PQsendQueryParams(pointer, text, count, types, values, lengths, formats, format) == 1
        }
    }

    /// Lends the values in libpq's form. libpq copies them before it returns; a NULL pointer means SQL's NULL, so
    /// an empty value points at a byte that is there.
    private func withParameters(
        _ sql: borrowing SQL,
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Bool
    ) -> Bool {
        let binds = sql.binds
        let count = binds.count
        if count == 0 { return body(0, nil, nil, nil) }
        return sql.values.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: Optional<UnsafePointer<CChar>>.self, capacity: count) {
                values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    for (index, bind) in binds.enumerated() {
                        var value: UnsafePointer<CChar>?
                        if bind.length >= 0 {
                            let start = bytes.baseAddress.map { $0 + bind.offset } ?? Self.nothing
                            value = start.assumingMemoryBound(to: CChar.self)
                        }
                        values.initializeElement(at: index, to: value)
                        numbers.initializeElement(at: index, to: Int32(max(0, bind.length)))
                        numbers.initializeElement(at: count + index, to: 1)
                    }
                    return body(
                        Int32(count),
                        values.baseAddress,
                        numbers.baseAddress,
                        numbers.baseAddress.map { UnsafePointer($0 + count) }
                    )
                }
            }
        }
    }

    /// A byte to point at for empty values. **Why `nonisolated(unsafe)` holds:** written once before first use,
    /// read by nobody (every length is 0), never freed.
    private nonisolated(unsafe) static let nothing = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
    )
}

extension ConnectionHandle {
    /// Hands over COPY data: 1 taken, 0 would block, −1 failed.
    func putCopyData(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        PQputCopyData(pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
    }

    /// Ends COPY data, with a reason when it must fail: 1 taken, 0 would block, −1 failed.
    func putCopyEnd(failure: String?) -> Int32 {
        PQputCopyEnd(pointer, failure)
    }

    /// What COPY sent next.
    enum CopyChunk { case data([UInt8]), wait, end, failed }

    func nextCopyChunk() -> CopyChunk {
        var buffer: UnsafeMutablePointer<CChar>?
        let length = PQgetCopyData(pointer, &buffer, 1)
        switch length {
        case 0: return .wait
        case -1: return .end
        case ..<0: return .failed
        default:
            defer { PQfreemem(buffer) }
            return .data([UInt8](UnsafeRawBufferPointer(start: buffer, count: Int(length))))
        }
    }
}
