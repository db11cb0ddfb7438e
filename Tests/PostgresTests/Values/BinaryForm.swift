@testable import Postgres

/// The binary form of a value, as it would travel.
func binary(_ value: some PostgresEncodable) -> [UInt8] {
    var writer = PostgresWriter()
    value.encode(into: &writer)
    return writer.bytes
}

/// Reads a value from bytes, as if a column of that type held them.
func decode<T: PostgresDecodable>(
    _: T.Type,
    _ bytes: [UInt8]?,
    as type: PostgresType,
    isText: Bool = false
) throws(PostgresError) -> T {
    guard let bytes else {
        return try T(from: PostgresCell(type: type, isText: isText, memory: nil))
    }
    // Exactly as much memory as there are bytes: a read past the end would be seen by the address sanitizer.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    return try T(from: PostgresCell(type: type, isText: isText, memory: UnsafeRawBufferPointer(memory)))
}

/// What comes back when a value has been written and read.
func roundTrip<T: PostgresEncodable & PostgresDecodable>(_ value: T) throws(PostgresError) -> T {
    try decode(T.self, value.isPostgresNull ? nil : binary(value), as: T.postgresType)
}
