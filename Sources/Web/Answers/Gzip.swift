internal import CZlib
internal import NIOCore

/// Compression of whole answers (RFC 1952).
enum Gzip {
    /// Types that shrink; pictures and fonts are compressed already.
    static func isWorthwhile(_ contentType: String) -> Bool {
        contentType.hasPrefix("text/") || contentType.hasPrefix("application/json")
            || contentType.hasPrefix("application/problem+json") || contentType.hasPrefix("image/svg+xml")
            || contentType.hasPrefix("application/javascript") || contentType.hasPrefix("application/xml")
            || contentType.hasPrefix("application/geo+json") || contentType.hasPrefix("application/ld+json")
    }

    /// The bytes in a gzip wrapper; nil when zlib has no memory for it.
    ///
    /// - Parameter level: 1 (fast) to 9 (small). 5 costs about 10 ms for a megabyte of JSON.
    static func compress(_ input: ByteBuffer, level: Int32 = 5) -> ByteBuffer? {
        var stream = z_stream()
        guard klappa_gzip_init(&stream, level) == Z_OK else { return nil }
        // zlib keeps its state outside Swift until it is told to let go.
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(input.readableBytes)))
        var output = ByteBuffer()
        output.reserveCapacity(bound)
        var input = input
        let finished = input.readWithUnsafeMutableReadableBytes { source -> (Int, Bool) in
            let written = output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { target in
                stream.next_in = source.bindMemory(to: UInt8.self).baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(target.count)
                // The bound promises that one call is enough.
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : 0
            }
            return (source.count, written > 0)
        }
        return finished ? output : nil
    }
}
