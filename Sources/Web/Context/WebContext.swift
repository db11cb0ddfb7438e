public import Hummingbird
internal import Logging
internal import NIOCore

/// What every layer knows about the request that it serves.
///
/// A value: middleware changes its own copy and passes that on. The product's notion of who is asking lives in
/// ``identity``, which this module never looks into.
public struct WebContext: RequestContext {
    /// What the framework keeps.
    public var coreContext: CoreRequestContextStorage
    /// Drawn anew for each request; also in the answer and in the log.
    public let requestID = RequestID()
    /// The trace that the request belongs to, when the client sent a well-formed one.
    public var traceParent: TraceParent?
    /// The reader's language: the one in a page's address, else by `Accept-Language`, else Swedish.
    public var language: Language = .sv
    /// The path of the request, decoded by nobody.
    public internal(set) var path = ""
    /// Who asks: put here by the authentication of the product, opaque to this module.
    public var identity: (any Sendable)?
    /// The address of the peer as the socket tells it (the proxy's, behind a proxy); nil for a Unix socket.
    public var peer: String? { channel.remoteAddress?.ipAddress }
    private let channel: any Channel

    /// Made by the framework for each request.
    public init(source: Source) {
        channel = source.channel
        coreContext = .init(source: source)
    }

    /// The logger, whose lines name the request.
    var requestLogger: Logger {
        var logger = logger
        logger[metadataKey: "request"] = .string(requestID.description)
        return logger
    }
}
