/// A string of bits: PostgreSQL's `bit(n)` and `bit varying`. Bit 0 is the leftmost one.
public struct BitString: Hashable, Sendable {
    /// The number of bits.
    public let count: Int
    /// The bits, eight to a byte, leftmost first; unused bits of the last byte are zero.
    public private(set) var bytes: [UInt8]

    /// So many zeros.
    public init(zeros count: Int) {
        self.count = max(0, count)
        self.bytes = [UInt8](repeating: 0, count: (self.count + 7) / 8)
    }

    /// Takes packed bits; missing bytes are zero, superfluous bits are dropped.
    public init(count: Int, bytes: [UInt8]) {
        self.init(zeros: count)
        for index in self.bytes.indices where index < bytes.count { self.bytes[index] = bytes[index] }
        if self.count % 8 != 0 { self.bytes[self.bytes.count - 1] &= ~(0xFF >> UInt8(self.count % 8)) }
    }

    /// A bit by its place from the left. The place must be in `0..<count`.
    public subscript(index: Int) -> Bool {
        get {
            precondition(index >= 0 && index < count, "bit outside the string")
            return bytes[index >> 3] & (0x80 >> UInt8(index & 7)) != 0
        }
        set {
            precondition(index >= 0 && index < count, "bit outside the string")
            let mask: UInt8 = 0x80 >> UInt8(index & 7)
            if newValue { bytes[index >> 3] |= mask } else { bytes[index >> 3] &= ~mask }
        }
    }

    /// How many bits are set.
    public var ones: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
}

extension BitString: CustomStringConvertible {
    /// The digits: `1011`.
    public var description: String {
        String(decoding: (0..<count).map { self[$0] ? UInt8(ascii: "1") : UInt8(ascii: "0") }, as: UTF8.self)
    }
}

extension BitString: PostgresEncodable, PostgresDecodable {
    /// `bit`: a bound value of type `bit` keeps its own length and works with `bit(n)` without a cast.
    public static var postgresType: PostgresType { .bit }

    /// The number of bits, then the bytes.
    public func encode(into writer: inout PostgresWriter) {
        writer.write(Int32(count))
        writer.write(bytes)
    }

    /// Reads `bit` and `bit varying`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.bit, .varbit, as: "BitString") { reader throws(PostgresError) in
            let count = Int(try reader.read(Int32.self))
            guard count >= 0, (count + 7) / 8 == reader.remaining else {
                throw .decoding("the bit string's length is wrong")
            }
            return BitString(count: count, bytes: [UInt8](try reader.take(reader.remaining)))
        }
    }
}
