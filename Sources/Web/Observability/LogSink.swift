internal import Foundation
internal import NIOConcurrencyHelpers
internal import NIOCore

/// Where log lines go: a file descriptor, or an array for tests.
///
/// What the service has to say about itself is written at once, one `write` for each line, so that lines of several
/// processes do not mix. Lines that come with every request are ``queue(_:)``d: they cost no system call each, and a
/// reader of the log that stands still holds no request up.
public final class LogSink: Sendable {
    /// Standard error.
    public static let standardError = LogSink(descriptor: 2)
    /// Standard output.
    public static let standardOutput = LogSink(descriptor: 1)

    private let descriptor: Int32
    private let keeps: Bool
    private let kept = NIOLockedValueBox<[String]>([])
    private let queue: LineQueue

    /// - Parameter descriptor: stays the caller's to close.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        keeps = false
        queue = LineQueue(descriptor: descriptor)
    }

    /// A sink that keeps its lines for tests.
    public init() {
        descriptor = -1
        keeps = true
        queue = LineQueue(descriptor: -1)
    }

    /// What a keeping sink has received, without line feeds.
    public var lines: [String] { kept.withLockedValue { $0 } }

    /// Writes one line; a failure to log is not reported anywhere.
    func write(_ line: JSON) {
        if keep(line.bytes) { return }
        var bytes = line.bytes
        bytes.writeInteger(UInt8(ascii: "\n"))
        bytes.withUnsafeReadableBytes { Self.write($0, to: descriptor) }
    }

    /// Hands over one line that is text already, without its line feed: it is written within some 20 ms. When more
    /// than 4 MiB wait, lines are lost, and a line says how many.
    func queue(_ line: ByteBuffer) {
        if keep(line) { return }
        queue.append(line)
    }

    /// Whether everything that was queued is written.
    var isDrained: Bool { queue.isEmpty }

    /// Waits until what was queued is written, but no longer than a second.
    func drain() async {
        let deadline = ContinuousClock.now + .seconds(1)
        while !queue.isEmpty, .now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    }

    private func keep(_ line: ByteBuffer) -> Bool {
        if keeps { kept.withLockedValue { $0.append(String(buffer: line)) } }
        return keeps
    }

    /// Writes everything, or gives up at the first error.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }
}
