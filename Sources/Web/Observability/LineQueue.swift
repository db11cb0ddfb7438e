internal import Dispatch
internal import Foundation
internal import NIOConcurrencyHelpers
internal import NIOCore

/// Lines on their way to a file descriptor, written by a thread of its own in batches.
final class LineQueue: Sendable {
    /// Bytes that may wait.
    static let capacity = 4 << 20
    /// How long the first line of a batch waits for others, in microseconds.
    private static let pause: UInt32 = 20_000

    private struct State {
        var waiting = ByteBuffer()
        var isWriting = false
        var lost = 0
        var isStarted = false
    }

    private let descriptor: Int32
    private let state = NIOLockedValueBox(State())
    private let bell = DispatchSemaphore(value: 0)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether everything has been written.
    var isEmpty: Bool { state.withLockedValue { $0.waiting.readableBytes == 0 && !$0.isWriting } }

    /// Takes a line without its line feed.
    func append(_ line: ByteBuffer) {
        let (mustStart, mustRing) = state.withLockedValue { state in
            guard state.waiting.readableBytes + line.readableBytes < Self.capacity else {
                state.lost += 1
                return (false, false)
            }
            let isFirst = state.waiting.readableBytes == 0 && !state.isWriting
            state.waiting.writeImmutableBuffer(line)
            state.waiting.writeInteger(UInt8(ascii: "\n"))
            defer { state.isStarted = true }
            return (!state.isStarted, isFirst)
        }
        if mustStart {
            let thread = Thread { [self] in
                while true { work() }
            }
            thread.name = "log"
            thread.start()
        }
        if mustRing { bell.signal() }
    }

    /// Waits for lines and writes until none are left.
    private func work() {
        bell.wait()
        while true {
            usleep(Self.pause)
            var batch = ByteBuffer()
            let lost = state.withLockedValue { state in
                swap(&batch, &state.waiting)
                state.isWriting = batch.readableBytes > 0
                defer { if state.isWriting { state.lost = 0 } }
                return state.lost
            }
            guard batch.readableBytes > 0 else { return }
            if lost > 0 {
                let line: JSON = [
                    "time": .string(Timestamp.now.rfc3339), "level": "warning", "logger": "access",
                    "message": "lines lost: nobody read the log", "count": .integer(Int64(lost)),
                ]
                batch.writeImmutableBuffer(line.bytes)
                batch.writeInteger(UInt8(ascii: "\n"))
            }
            batch.withUnsafeReadableBytes { LogSink.write($0, to: descriptor) }
        }
    }
}
