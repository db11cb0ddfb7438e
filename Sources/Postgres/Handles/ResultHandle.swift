internal import CLibpq
internal import Glibc

/// Owns a `PGresult` and frees it with its last reference.
///
/// It is shared by the rows of an answer, hence a class. **Why `@unchecked Sendable` holds:** after `PQgetResult` has
/// returned it, libpq keeps no reference to a result and never writes to it again; every function used here only
/// reads it; the pointer is immutable and freed once, in `deinit`.
/// <https://www.postgresql.org/docs/15/libpq-exec.html#LIBPQ-EXEC-SELECT-INFO>
final class ResultHandle: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Takes ownership of the pointer.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    /// What kind of answer it is.
    enum Status {
        case rows, command, empty, failure, aborted, sync, copyIn, copyOut, copyBoth
    }

    var status: Status {
        switch PQresultStatus(pointer) {
        case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: .rows
        case PGRES_COMMAND_OK: .command
        case PGRES_EMPTY_QUERY: .empty
        case PGRES_PIPELINE_SYNC: .sync
        case PGRES_PIPELINE_ABORTED: .aborted
        case PGRES_COPY_IN: .copyIn
        case PGRES_COPY_OUT: .copyOut
        case PGRES_COPY_BOTH: .copyBoth
        default: .failure
        }
    }

    var rowCount: Int { Int(PQntuples(pointer)) }
    var columnCount: Int { Int(PQnfields(pointer)) }
    var columnNames: [String] { (0..<columnCount).map(columnName) }
    var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }
    var affectedRows: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    func columnName(_ column: Int) -> String {
        PQfname(pointer, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// The first column of that name. `PQfnumber` would fold case and allocate; a comparison per column is cheaper.
    func column(named name: String) -> Int? {
        name.withCString { wanted in
            for column in 0..<PQnfields(pointer) where strcmp(PQfname(pointer, column), wanted) == 0 {
                return Int(column)
            }
            return nil
        }
    }

    func isNull(row: Int, column: Int) -> Bool {
        PQgetisnull(pointer, Int32(row), Int32(column)) == 1
    }

    /// Lends a cell. Row and column must exist.
    func withCell<T>(
        row: Int,
        column: Int,
        _ body: (borrowing PostgresCell) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        let row = Int32(row)
        let column = Int32(column)
        var memory: UnsafeRawBufferPointer?
        if PQgetisnull(pointer, row, column) == 0 {
            memory = UnsafeRawBufferPointer(
                start: PQgetvalue(pointer, row, column),
                count: Int(PQgetlength(pointer, row, column))
            )
        }
        let cell = PostgresCell(
            type: PostgresType(rawValue: PQftype(pointer, column)),
            isText: PQfformat(pointer, column) == 0,
            memory: memory
        )
        // The cell's memory lives in the result, which must not go before the body has ended.
        return try withExtendedLifetime(self) { () throws(PostgresError) in try body(cell) }
    }

    /// The error that a failed answer describes.
    func error() -> PostgresError {
        let state = field(clibpq_diag_sqlstate).map { SQLState(rawValue: $0) }
        var message =
            field(clibpq_diag_message) ?? PQresultErrorMessage(pointer).map { String(cString: $0) } ?? ""
        var server = PostgresError.ServerFields()
        server.hint = field(clibpq_diag_hint)
        server.detail = field(clibpq_diag_detail)
        server.context = field(clibpq_diag_context).map(Redaction.withoutQuotedInput)
        server.schema = field(clibpq_diag_schema)
        server.table = field(clibpq_diag_table)
        server.column = field(clibpq_diag_column)
        server.constraint = field(clibpq_diag_constraint)
        server.position = field(clibpq_diag_position).flatMap { Int($0) }
        switch state?.classCode {
        case "22":
            message = Redaction.withoutQuotes(Redaction.withoutQuotedInput(message))
            server.detail = nil
        case "23":
            server.detail = nil
        default: break
        }
        guard let state else {
            // Without a code the text is libpq's own: the connection is gone.
            let text = message.split(separator: "\n").first.map(String.init) ?? "the connection was lost"
            return PostgresError(.connectionLost, text, retry: .unknown)
        }
        return PostgresError(
            .server,
            message,
            retry: ErrorRules.retry(state),
            sqlState: state,
            server: server
        )
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(pointer, code).map { String(cString: $0) }
    }
}
