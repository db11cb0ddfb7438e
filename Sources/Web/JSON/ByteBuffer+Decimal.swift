public import NIOCore

extension ByteBuffer {
    /// Writes a number that is not negative in decimal digits, with zeros in front up to `digits` of them.
    public mutating func writeDecimal(_ number: Int, digits: Int = 1) {
        precondition(number >= 0, "only what counts is written so")
        var length = 1
        var rest = number / 10
        while rest > 0 {
            length += 1
            rest /= 10
        }
        length = max(length, digits)
        writeWithUnsafeMutableBytes(minimumWritableBytes: length) { bytes in
            var rest = number
            for place in stride(from: length - 1, through: 0, by: -1) {
                bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return length
        }
    }
}
