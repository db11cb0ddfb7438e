internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// The channel of one HTTP/1.1 connection with the guards in place:
///
/// ```
/// socket ─ ByteGuard ─ encoder/parser ─ RequestGuard ─ HTTPTypes codec ─ handlers
/// ```
struct GuardedHTTP1: ServerChildChannel, HTTPChannelHandler {
    /// A connection, and the news that nobody waits for its answers any more.
    struct Connection: ServerChildChannelValue {
        let http: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        let abandoned: EventLoopFuture<Void>
        var channel: any Channel { http.channel }
    }

    let responder: HTTPChannelHandler.Responder
    let limits: ServerLimits
    let hosts: Set<String>
    let allowances: Allowances
    let observer: any RequestObserver

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            let abandoned = channel.eventLoop.makePromise(of: Void.self)
            let state = ConnectionState()
            let guardian = RequestGuard(
                on: channel.eventLoop,
                state: state,
                limits: limits,
                hosts: hosts,
                allowances: allowances,
                observer: observer,
                abandoned: abandoned
            )
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            decoderLimits.maxHeaderFieldSize = max(limits.headerBytes, limits.target)
            decoderLimits.maxHeaderListSize = limits.headerBytes + limits.target
            decoderLimits.maxHeaderFieldCount = limits.headerCount
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteGuard(state: state, guardian: guardian, limits: limits))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,  // The handlers answer in order.
                withErrorHandling: false,  // The guard does it.
                withOutboundHeaderValidation: false,  // HTTPTypes has validated the fields.
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoderLimits
            )
            try pipeline.addHandler(guardian)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            let http = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            return Connection(http: http, abandoned: abandoned.futureResult)
        }
    }

    /// Serves the connection until it ends; a handler whose client has gone is cancelled.
    func handle(value: Connection, logger: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await handleHTTP(asyncChannel: value.http, logger: logger) }
            // The promise behind it never fails.
            group.addTask { try? await value.abandoned.get() }
            await group.next()
            group.cancelAll()
        }
    }
}
