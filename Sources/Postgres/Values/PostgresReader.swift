/// Reads the binary form of a value, never past its end.
///
/// It borrows memory that belongs to a result: it must not outlive the call that received it.
struct PostgresReader: ~Copyable {
    private let base: UnsafeRawBufferPointer
    private var offset = 0

    init(_ base: UnsafeRawBufferPointer) {
        self.base = base
    }

    var remaining: Int { base.count - offset }

    mutating func read<T: FixedWidthInteger>(_: T.Type = T.self) throws(PostgresError) -> T {
        let bytes = try take(MemoryLayout<T>.size)
        return T(bigEndian: bytes.loadUnaligned(as: T.self))
    }

    mutating func take(_ count: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .decoding("the value ends too early") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: base[offset..<offset + count])
    }

    /// Bytes after their four-byte length; nil for the length −1, which is NULL.
    mutating func takeCounted() throws(PostgresError) -> UnsafeRawBufferPointer? {
        let length = try Int(read(Int32.self))
        return length == -1 ? nil : try take(length)
    }

    mutating func finish() throws(PostgresError) {
        guard remaining == 0 else { throw .decoding("the value is longer than its type allows") }
    }
}
