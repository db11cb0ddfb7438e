public import FoundationEssentials

extension String: PostgresEncodable, PostgresDecodable {
    /// `text`
    public static var postgresType: PostgresType { .text }
    /// UTF-8.
    public func encode(into writer: inout PostgresWriter) { writer.write(utf8: self) }
    /// Reads every text type, `json`, `jsonb`, and types of the database whose binary form is text: enums, domains
    /// over text, `citext`. Anything is readable from results asked for as text.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText || cell.type.isText || cell.type.isOfDatabase {
            self = try cell.text()
        } else if cell.type == .jsonb {
            self = try JSONText(from: cell).text
        } else {
            throw .decoding(
                "\(cell.type) cannot be read as String; cast it to text or ask for textResults"
            )
        }
    }
}

extension Array: PostgresEncodable where Element: PostgresEncodable {
    /// Bytes are `bytea`; everything else is the array type of the element.
    public static var postgresType: PostgresType {
        Element.self == UInt8.self ? .bytea : Element.postgresArrayType
    }
    /// Arrays of bytes have an array type, other arrays have none of their own.
    public static var postgresArrayType: PostgresType {
        Element.self == UInt8.self ? PostgresType(rawValue: 1001) : Element.postgresArrayType
    }
    /// One dimension, counted from 1; bytes as they are.
    public func encode(into writer: inout PostgresWriter) {
        // Asking for the element first: an empty array of anything casts to an empty array of bytes.
        if Element.self == UInt8.self, let bytes = self as? [UInt8] {
            writer.write(bytes)
            return
        }
        writer.write(Int32(isEmpty ? 0 : 1))
        writer.write(Int32(contains { $0.isPostgresNull } ? 1 : 0))
        writer.write(Element.postgresElementType.rawValue)
        if isEmpty { return }
        writer.write(Int32(count))
        writer.write(Int32(1))
        for element in self {
            if element.isPostgresNull {
                writer.write(Int32(-1))
            } else {
                writer.writeCounted { element.encode(into: &$0) }
            }
        }
    }
}

extension PostgresEncodable {
    /// The element type that an array names: texts for values that are bound without a type.
    fileprivate static var postgresElementType: PostgresType {
        postgresType == .unspecified ? .text : postgresType
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// Reads `bytea` as bytes, and arrays of at most one dimension.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if Element.self == UInt8.self {
            guard !cell.isText, cell.type == .bytea || cell.type.isOfDatabase else {
                throw .decoding("\(cell.type) cannot be read as [UInt8]")
            }
            self = try cell.withBytes { bytes in [UInt8](bytes) as? [Element] ?? [] }
            return
        }
        guard !cell.isText else { throw .decoding("arrays are read from binary results only") }
        self = try cell.withBytes { bytes throws(PostgresError) in
            var reader = PostgresReader(bytes)
            let dimensions = try reader.read(Int32.self)
            _ = try reader.read(Int32.self)
            let type = PostgresType(rawValue: try reader.read(UInt32.self))
            if dimensions == 0 {
                try reader.finish()
                return []
            }
            guard dimensions == 1 else { throw .decoding("arrays of several dimensions are not read") }
            let count = Int(try reader.read(Int32.self))
            _ = try reader.read(Int32.self)
            // Every element takes four bytes at least, so a lying count cannot reserve much.
            guard count >= 0, count <= reader.remaining / 4 else {
                throw .decoding("the array's length is wrong")
            }
            var elements: [Element] = []
            elements.reserveCapacity(count)
            for _ in 0..<count {
                let memory = try reader.takeCounted()
                elements.append(try Element(from: PostgresCell(type: type, memory: memory)))
            }
            try reader.finish()
            return elements
        }
    }
}

/// Only within `[UInt8]`, which is `bytea`: PostgreSQL has no number of one byte.
extension UInt8: PostgresEncodable, PostgresDecodable {
    /// `smallint`; as elements of an array bytes are `bytea` instead.
    public static var postgresType: PostgresType { .int2 }
    /// Two bytes.
    public func encode(into writer: inout PostgresWriter) { writer.write(Int16(self)) }
    /// Reads an integer that fits.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        guard let value = try UInt8(exactly: Int16(from: cell)) else {
            throw .decoding("the value does not fit in UInt8")
        }
        self = value
    }
}

extension UUID: PostgresEncodable, PostgresDecodable {
    /// `uuid`
    public static var postgresType: PostgresType { .uuid }
    /// Sixteen bytes in written order.
    public func encode(into writer: inout PostgresWriter) {
        withUnsafeBytes(of: uuid) { writer.append($0) }
    }
    /// Reads `uuid`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText {
            guard let value = try UUID(uuidString: cell.text()) else {
                throw .decoding("the text is not a UUID")
            }
            self = value
        } else {
            self = try cell.read(.uuid, as: "UUID") { reader throws(PostgresError) in
                UUID(uuid: try reader.take(16).loadUnaligned(as: uuid_t.self))
            }
        }
    }
}

/// JSON that stays text: nothing is parsed on the way from or to the database.
public struct JSONText: Hashable, Sendable, PostgresEncodable, PostgresDecodable {
    /// The JSON document.
    public var text: String

    /// Takes the document as it is; the server checks it.
    public init(_ text: String) {
        self.text = text
    }

    /// `jsonb`, which the server also accepts for `json` columns.
    public static var postgresType: PostgresType { .jsonb }

    /// The version byte 1, then the text.
    public func encode(into writer: inout PostgresWriter) {
        writer.write(UInt8(1))
        writer.write(utf8: text)
    }

    /// Reads `json` and `jsonb`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        if cell.isText || cell.type == .json {
            text = try cell.text()
            return
        }
        text = try cell.read(.jsonb, as: "JSONText") { reader throws(PostgresError) in
            guard try reader.read(UInt8.self) == 1 else {
                throw .decoding("this version of jsonb is not known")
            }
            guard let text = String(validating: try reader.take(reader.remaining), as: UTF8.self) else {
                throw .decoding("the value is not UTF-8")
            }
            return text
        }
    }
}
