/// A Swift value that can be read from a column.
public protocol PostgresDecodable {
    /// Reads the value.
    /// - Throws: kind `decoding` when the cell is NULL, of another type, or malformed. Never quotes the value.
    init(from cell: borrowing PostgresCell) throws(PostgresError)
}

/// One column of one row, valid only during the call that received it.
public struct PostgresCell: ~Copyable {
    /// The column's type; unspecified for values sent as text.
    public let type: PostgresType
    /// Whether the bytes are PostgreSQL's text form.
    public let isText: Bool
    // Belongs to the result, which the row keeps alive during the call.
    private let memory: UnsafeRawBufferPointer?

    init(type: PostgresType, isText: Bool = false, memory: UnsafeRawBufferPointer?) {
        self.type = type
        self.isText = isText
        self.memory = memory
    }

    /// Whether the cell is NULL.
    public var isNull: Bool { memory == nil }

    /// The bytes, to be read within `body`.
    /// - Throws: kind `decoding` for NULL, and what `body` throws.
    public func withBytes<T>(
        _ body: (UnsafeRawBufferPointer) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        guard let memory else { throw .decoding("NULL where a value is needed") }
        return try body(memory)
    }

    /// The cell as text.
    /// - Throws: kind `decoding` for NULL or bytes that are not UTF-8.
    public func text() throws(PostgresError) -> String {
        try withBytes { bytes throws(PostgresError) in
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .decoding("the value is not UTF-8")
            }
            return text
        }
    }

    /// Refuses every type but these.
    func expect(_ types: PostgresType..., as swiftType: String) throws(PostgresError) {
        for expected in types where expected == type { return }
        throw .decoding("\(type) cannot be read as \(swiftType)")
    }

    /// Reads the binary form to its end; refuses text form and every type but these.
    func read<T>(
        _ types: PostgresType...,
        as swiftType: String,
        _ body: (inout PostgresReader) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        guard !isText else { throw .decoding("\(swiftType) is read from binary results only") }
        var known = false
        for expected in types where expected == type { known = true }
        guard known else { throw .decoding("\(type) cannot be read as \(swiftType)") }
        return try withBytes { bytes throws(PostgresError) in
            var reader = PostgresReader(bytes)
            let value = try body(&reader)
            try reader.finish()
            return value
        }
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// NULL becomes nil.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = cell.isNull ? nil : try Wrapped(from: cell)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Reads the raw value; one that the enum does not know is a decoding error.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        guard let value = try Self(rawValue: RawValue(from: cell)) else {
            throw .decoding("the value is not a case of \(Self.self)")
        }
        self = value
    }
}
