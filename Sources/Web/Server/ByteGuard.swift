internal import NIOCore

/// Watches the bytes before the parser sees them: starts and stops the deadline of the head, refuses lines that are
/// too long before they are collected, and throws away what a refused client still sends.
final class ByteGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let state: ConnectionState
    private let guardian: RequestGuard
    private let limits: ServerLimits

    init(state: ConnectionState, guardian: RequestGuard, limits: ServerLimits) {
        self.state = state
        self.guardian = guardian
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch state.phase {
        case .refused: return
        case .idle:
            state.phase = .head
            state.headBytes = 0
            state.sawFirstLine = false
            state.requestLine = ByteBuffer()
            guardian.headBegan()
            inspectHead(bytes)
        case .head: inspectHead(bytes)
        case .body: break
        }
        if state.phase != .refused { context.fireChannelRead(data) }
    }

    private func inspectHead(_ bytes: ByteBuffer) {
        if !state.sawFirstLine {
            if let line = bytes.line {
                // An empty line before the request line is allowed (RFC 9112 section 2.2).
                let length = state.headBytes + line.readableBytes
                state.sawFirstLine = length > 1
                state.namesVersion = line.endsWithVersion
                state.requestLine =
                    line.getSlice(
                        at: line.readerIndex,
                        length: min(line.readableBytes, limits.target)
                    ) ?? line
                if length > limits.target + 32 { return guardian.refuse(Problem(.uriTooLong)) }
            } else if state.headBytes + bytes.readableBytes > limits.target + 32 {
                return guardian.refuse(Problem(.uriTooLong))
            }
        }
        // Bytes of a body that came with the head are counted too: only the parser knows where the head ends.
        let containsEnd = bytes.hasHeadEnd
        state.headBytes += bytes.readableBytes
        if !containsEnd, state.headBytes > limits.target + limits.headerBytes {
            guardian.refuse(Problem(.headersTooLarge))
        }
    }
}

extension ByteBuffer {
    /// The bytes before the first line feed; nil without one.
    fileprivate var line: ByteBuffer? {
        let length = withUnsafeReadableBytes { bytes in bytes.firstIndex(of: UInt8(ascii: "\n")) }
        return length.flatMap { getSlice(at: readerIndex, length: $0) }
    }

    /// Whether these bytes, the request line without its line feed, end like `HTTP/1.1` and a carriage return.
    fileprivate var endsWithVersion: Bool {
        withUnsafeReadableBytes { bytes in
            let end = bytes.suffix(9)
            let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
            guard end.count == 9, end.starts(with: "HTTP/".utf8) else { return false }
            let first = end.startIndex
            return digits.contains(end[first + 5]) && end[first + 6] == UInt8(ascii: ".")
                && digits.contains(end[first + 7]) && end[first + 8] == UInt8(ascii: "\r")
        }
    }

    /// Whether an empty line stands somewhere in these bytes.
    fileprivate var hasHeadEnd: Bool {
        withUnsafeReadableBytes { bytes in
            var run = 0
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "\n"):
                    run += 1
                    if run == 2 { return true }
                case UInt8(ascii: "\r"): break
                default: run = 0
                }
            }
            return false
        }
    }
}
