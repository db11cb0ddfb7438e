internal import NIOCore

/// What the two guards of one connection know together. Confined to the event loop of its channel.
final class ConnectionState {
    /// Where the client is in what it sends.
    enum Phase: Equatable {
        /// Between requests: nothing of the next one has arrived.
        case idle
        /// In the head of a request.
        case head
        /// In the body of a request.
        case body
        /// Refused: whatever still arrives is thrown away.
        case refused
    }

    var phase = Phase.idle
    /// Bytes of the head so far.
    var headBytes = 0
    /// Whether the request line is complete.
    var sawFirstLine = false
    /// Whether the request line ends in `HTTP/` and two digits, as far as could be seen.
    var namesVersion = false
    /// The request line, when all of it came in one read.
    var requestLine = ByteBuffer()
    /// Bytes of the body so far.
    var bodyBytes = 0
    /// Requests that were passed on and are not yet answered.
    var outstanding = 0
    /// Whether the answer to the oldest of them has begun.
    var isAnswering = false
    /// Whether the connection ends with the next complete answer.
    var closesAfterAnswer = false
    /// Versions of the outstanding requests, oldest first: whether each is HTTP/1.0.
    var versions10: [Bool] = []
}
