import Foundation
import NIOCore
import Testing

@testable import Web

/// The log of requests, written behind their backs.
@Suite struct LogSinkTests {
    private func line(_ number: Int) -> ByteBuffer {
        ByteBuffer(string: "{\"n\":\(number),\"filler\":\"\(String(repeating: "x", count: 200))\"}")
    }

    @Test func `queued lines arrive whole and in order`() async throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let reader = Reader(pipe)
        for number in 0..<2000 { sink.queue(line(number)) }
        await sink.drain()
        try pipe.fileHandleForWriting.close()
        let lines = await reader.text().split(separator: "\n")
        #expect(lines.count == 2000)
        for (number, line) in lines.enumerated() {
            #expect(try JSONParser.parse(ByteBuffer(substring: line))["n"] == .integer(Int64(number)))
        }
    }

    @Test func `a log that nobody reads holds nobody up, and says what was lost`() async throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        // A pipe takes 64 kB: what comes after must not wait for a reader.
        let count = 3 * LineQueue.capacity / 200
        for number in 0..<count { sink.queue(line(number)) }
        let reader = Reader(pipe)
        // The reader is there now: the next batch tells.
        for _ in 0..<200 where !sink.isDrained { await sink.drain() }
        sink.queue(line(count))
        await sink.drain()
        try pipe.fileHandleForWriting.close()
        let values = try await reader.text().split(separator: "\n").map {
            try JSONParser.parse(ByteBuffer(substring: $0))
        }
        let lost = values.compactMap { value -> Int64? in
            if case .integer(let number) = value["count"] { number } else { nil }
        }
        let arrived = values.filter { $0["n"] != nil }.count
        #expect(lost.reduce(0, +) > 0)
        #expect(arrived + Int(lost.reduce(0, +)) == count + 1)
    }

    /// Reads a pipe to its end on a thread of its own: the threads of tasks must not wait in `read`.
    private final class Reader: Sendable {
        private let read = AsyncStream<Data>.makeStream()

        init(_ pipe: Pipe) {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread { [read] in
                read.continuation.yield((try? handle.readToEnd()) ?? Data())
                read.continuation.finish()
            }
        }

        func text() async -> String {
            await read.stream.reduce(into: "") { $0 += String(decoding: $1, as: UTF8.self) }
        }
    }
}
