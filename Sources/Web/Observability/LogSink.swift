internal import Foundation
internal import NIOCore
internal import Synchronization

/// Where log lines go: a file descriptor, one `write` for each line, so that lines of several processes do not mix.
public final class LogSink: Sendable {
    /// Standard error.
    public static let standardError = LogSink(descriptor: 2)
    /// Standard output.
    public static let standardOutput = LogSink(descriptor: 1)

    private let descriptor: Int32
    private let keeps: Bool
    private let kept = Mutex<[String]>([])

    /// - Parameter descriptor: stays the caller's to close.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        keeps = false
    }

    /// A sink that keeps its lines for tests.
    public init() {
        descriptor = -1
        keeps = true
    }

    /// What a keeping sink has received, without line feeds.
    public var lines: [String] { kept.withLock { $0 } }

    /// Writes one line; a failure to log is not reported anywhere.
    func write(_ line: JSON) {
        write(line.bytes)
    }

    /// Writes one line that is text already, without its line feed.
    func write(_ line: ByteBuffer) {
        if keeps {
            kept.withLock { $0.append(String(buffer: line)) }
            return
        }
        var bytes = line
        bytes.writeInteger(UInt8(ascii: "\n"))
        bytes.withUnsafeReadableBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while !rest.isEmpty {
                let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
