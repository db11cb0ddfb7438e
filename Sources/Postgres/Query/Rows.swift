/// What a statement answered: rows in order, read where they lie.
///
/// Nothing is decoded before it is asked for. Rows keep the whole answer in memory as long as one of them lives.
public struct Rows: Sendable, RandomAccessCollection {
    let result: ResultHandle?

    init(_ result: ResultHandle?) {
        self.result = result
        self.endIndex = result?.rowCount ?? 0
    }

    /// No row.
    static let none = Rows(nil)

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public let endIndex: Int

    /// The row at a place, counted from 0.
    public subscript(position: Int) -> Row {
        precondition(position >= 0 && position < endIndex, "no such row")
        return Row(result: result, index: position)
    }

    /// Names of the columns in order.
    public var columnNames: [String] { result?.columnNames ?? [] }

    /// How many rows the statement inserted, changed, deleted or selected; 0 for statements that count nothing.
    public var affected: Int { result?.affectedRows ?? 0 }

    /// The server's word for what was done: `SELECT 2`, `INSERT 0 1`, `COMMIT`.
    public var commandTag: String { result?.commandTag ?? "" }
}

/// One row of an answer.
public struct Row: Sendable {
    let result: ResultHandle?
    let index: Int

    /// Reads a column by its name.
    ///
    /// ```swift
    /// let born = try row.decode(Day?.self, "born")
    /// ```
    /// - Throws: kind `decoding` when there is no such column, it is NULL (and `T` no optional), or the type differs.
    public func decode<T: PostgresDecodable>(_: T.Type = T.self, _ name: String) throws(PostgresError) -> T {
        guard let result, let column = result.column(named: name) else {
            throw .decoding("there is no column \(name)")
        }
        return try decode(T.self, column: column, of: result)
    }

    /// Reads a column by its place, counted from 0.
    public func decode<T: PostgresDecodable>(_: T.Type = T.self, at column: Int) throws(PostgresError) -> T {
        guard let result, column >= 0, column < result.columnCount else {
            throw .decoding("there is no column \(column)")
        }
        return try decode(T.self, column: column, of: result)
    }

    private func decode<T: PostgresDecodable>(
        _: T.Type,
        column: Int,
        of result: ResultHandle
    ) throws(PostgresError) -> T {
        do throws(PostgresError) {
            return try result.withCell(row: index, column: column) { cell throws(PostgresError) in
                try T(from: cell)
            }
        } catch {
            throw .decoding("column \(result.columnName(column)): \(error.message)")
        }
    }

    /// Whether the column is NULL; true also when there is no such column.
    public func isNull(_ name: String) -> Bool {
        guard let result, let column = result.column(named: name) else { return true }
        return result.isNull(row: index, column: column)
    }

    /// The column's bytes as they came, for JSON passed through; of `jsonb` the JSON text alone.
    /// - Throws: kind `decoding` when there is no such column or it is NULL.
    public func bytes(_ name: String) throws(PostgresError) -> [UInt8] {
        try withBytes(name) { [UInt8]($0) }
    }

    /// The column's bytes as with ``bytes(_:)``, borrowed during `body` and not copied.
    public func withBytes<T>(
        _ name: String,
        _ body: (UnsafeRawBufferPointer) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        guard let result, let column = result.column(named: name) else {
            throw .decoding("there is no column \(name)")
        }
        return try result.withCell(row: index, column: column) { cell throws(PostgresError) in
            let skipped = cell.type == .jsonb && !cell.isText ? 1 : 0
            return try cell.withBytes { raw throws(PostgresError) in
                try body(UnsafeRawBufferPointer(rebasing: raw.dropFirst(skipped)))
            }
        }
    }
}
