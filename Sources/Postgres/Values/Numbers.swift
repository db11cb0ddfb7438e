extension Bool: PostgresEncodable, PostgresDecodable {
    /// `boolean`
    public static var postgresType: PostgresType { .bool }
    /// One byte.
    public func encode(into writer: inout PostgresWriter) { writer.write(UInt8(self ? 1 : 0)) }
    /// Reads `boolean`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText {
            self = try cell.text() == "t"
        } else {
            self = try cell.read(.bool, as: "Bool") { reader throws(PostgresError) in
                try reader.read(UInt8.self) != 0
            }
        }
    }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    /// `smallint`
    public static var postgresType: PostgresType { .int2 }
    /// Two bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(self) }
    /// Reads any integer type whose value fits.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) { self = try integer(from: cell) }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    /// `integer`
    public static var postgresType: PostgresType { .int4 }
    /// Four bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(self) }
    /// Reads any integer type whose value fits.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) { self = try integer(from: cell) }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// Eight bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(self) }
    /// Reads any integer type.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) { self = try integer(from: cell) }
}

extension Int: PostgresEncodable, PostgresDecodable {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// Eight bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(Int64(self)) }
    /// Reads any integer type.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) { self = try integer(from: cell) }
}

/// Reads `smallint`, `integer`, `bigint` and `oid` alike; a value too large for the wanted type is refused.
private func integer<T: FixedWidthInteger>(from cell: borrowing PostgresCell) throws(PostgresError) -> T {
    if cell.isText {
        guard let value = try T(cell.text()) else { throw .decoding("the text is not a fitting integer") }
        return value
    }
    let type = cell.type
    let wide: Int64 = try cell.withBytes { bytes throws(PostgresError) in
        var reader = PostgresReader(bytes)
        let value: Int64 =
            switch type {
            case .int2: try Int64(reader.read(Int16.self))
            case .int4: try Int64(reader.read(Int32.self))
            case .int8: try reader.read(Int64.self)
            case .oid: try Int64(reader.read(UInt32.self))
            default: throw .decoding("\(type) cannot be read as \(T.self)")
            }
        try reader.finish()
        return value
    }
    guard let value = T(exactly: wide) else { throw .decoding("the value does not fit in \(T.self)") }
    return value
}

extension Float: PostgresEncodable, PostgresDecodable {
    /// `real`
    public static var postgresType: PostgresType { .float4 }
    /// Four bytes, IEEE 754.
    public func encode(into writer: inout PostgresWriter) { writer.write(bitPattern) }
    /// Reads `real`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.float4, as: "Float") { reader throws(PostgresError) in
            Float(bitPattern: try reader.read(UInt32.self))
        }
    }
}

extension Double: PostgresEncodable, PostgresDecodable {
    /// `double precision`
    public static var postgresType: PostgresType { .float8 }
    /// Eight bytes, IEEE 754.
    public func encode(into writer: inout PostgresWriter) { writer.write(bitPattern) }
    /// Reads `double precision` and `real`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText {
            let text = try cell.text()
            guard let value = Double(text) else { throw .decoding("the text is not a number") }
            self = value
        } else if cell.type == .float4 {
            self = Double(try Float(from: cell))
        } else {
            self = try cell.read(.float8, as: "Double") { reader throws(PostgresError) in
                Double(bitPattern: try reader.read(UInt64.self))
            }
        }
    }
}
