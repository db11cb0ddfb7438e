/// Collects the binary form of values, one after the other.
///
/// Numbers go in network order, as the [protocol](https://www.postgresql.org/docs/15/protocol-overview.html) wants.
public struct PostgresWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// Appends an integer, most significant byte first.
    @inlinable
    public mutating func write<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { append($0) }
    }

    /// Appends the bytes as they are.
    public mutating func write(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
    }

    /// Appends the UTF-8 form of a text.
    public mutating func write(utf8 value: String) {
        var value = value
        value.withUTF8 { bytes.append(contentsOf: $0) }
    }

    @usableFromInline
    mutating func append(_ raw: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: raw)
    }

    /// Appends what `body` writes, after its length as four bytes.
    public mutating func writeCounted(_ body: (inout PostgresWriter) -> Void) {
        let start = bytes.count
        write(Int32(0))
        body(&self)
        let length = UInt32(truncatingIfNeeded: bytes.count - start - 4)
        withUnsafeBytes(of: length.bigEndian) { raw in
            for (offset, byte) in raw.enumerated() { bytes[start + offset] = byte }
        }
    }
}
