internal import CZlib
internal import NIOCore

/// A ZIP archive in memory (APPNOTE 6.3.3): what an export of several files is sent as.
///
/// ```swift
/// var archive = ZipArchive()
/// archive.add("account.json", bytes)
/// return archive.finished()
/// ```
/// Names are UTF-8. Entries carry no time, so that the same content is the same archive. Under 4 GiB and 65,535 entries,
/// which everything that fits into memory here is.
public struct ZipArchive: Sendable {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    /// An empty archive.
    public init() {}

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: with `/` between folders; each once.
    ///   - bytes: made smaller when that helps, unless `isPacked`.
    ///   - isPacked: for pictures and the like, which do not shrink.
    public mutating func add(_ name: String, _ bytes: [UInt8], isPacked: Bool = false) {
        let packed = isPacked ? nil : Self.deflated(bytes)
        let data = packed.map { $0.count < bytes.count ? $0 : bytes } ?? bytes
        let method: UInt16 = data.count < bytes.count ? 8 : 0
        let sum = bytes.withUnsafeBufferPointer {
            UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
        }
        let place = UInt32(body.count)
        // Needs 2.0; bit 11: the name is UTF-8; 1 January 1980.
        var shared: [UInt8] = []
        Self.put(UInt16(20), &shared)
        Self.put(UInt16(1 << 11), &shared)
        Self.put(method, &shared)
        Self.put(UInt16(0), &shared)
        Self.put(UInt16(0x21), &shared)
        Self.put(sum, &shared)
        Self.put(UInt32(data.count), &shared)
        Self.put(UInt32(bytes.count), &shared)
        Self.put(UInt16(name.utf8.count), &shared)
        Self.put(UInt16(0), &shared)
        Self.put(UInt32(0x0403_4B50), &body)
        body += shared
        body += name.utf8
        body += data
        Self.put(UInt32(0x0201_4B50), &directory)
        Self.put(UInt16(20), &directory)
        directory += shared
        // Comment, disk, attributes inside and outside: none.
        directory += [UInt8](repeating: 0, count: 10)
        Self.put(place, &directory)
        directory += name.utf8
        count += 1
    }

    /// The whole archive.
    public func finished() -> [UInt8] {
        var all = body + directory
        Self.put(UInt32(0x0605_4B50), &all)
        Self.put(UInt32(0), &all)
        Self.put(count, &all)
        Self.put(count, &all)
        Self.put(UInt32(directory.count), &all)
        Self.put(UInt32(body.count), &all)
        Self.put(UInt16(0), &all)
        return all
    }

    private static func put<Number: FixedWidthInteger>(_ number: Number, _ bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    /// The bytes as a bare deflate stream (RFC 1951); nil when zlib has no memory for it.
    private static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard klappa_deflate_init(&stream, 6) == Z_OK else { return nil }
        // zlib keeps its state outside Swift until it is told to let go.
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        return input.withUnsafeMutableBufferPointer { source -> [UInt8]? in
            var isWhole = false
            let output = [UInt8](unsafeUninitializedCapacity: bound) { target, written in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(bound)
                // The bound promises that one call is enough.
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
                written = isWhole ? bound - Int(stream.avail_out) : 0
            }
            return isWhole ? output : nil
        }
    }
}
