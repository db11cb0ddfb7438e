internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Stands between the parser and the handlers of one connection: judges heads, answers what is refused, keeps the
/// deadlines, says `100 Continue`, ends connections in an orderly way.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: ConnectionState
    private let limits: ServerLimits
    private let hosts: Set<String>
    private let allowances: Allowances
    private let observer: any RequestObserver
    /// Succeeds when nobody waits for an answer any more.
    private let abandoned: EventLoopPromise<Void>
    private var context: ChannelHandlerContext?
    private let deadline: Alarm
    private let writeDeadline: Alarm
    private var abandonment: Scheduled<Void>?
    private var pendingWrites = 0
    private var completedWrites = 0
    private var waitingRefusal: Refusal?
    private var waitsToContinue = false
    private var acceptLanguage: String?

    init(
        on loop: any EventLoop,
        state: ConnectionState,
        limits: ServerLimits,
        hosts: Set<String>,
        allowances: Allowances,
        observer: any RequestObserver,
        abandoned: EventLoopPromise<Void>
    ) {
        self.state = state
        self.limits = limits
        self.hosts = hosts
        self.allowances = allowances
        self.observer = observer
        self.abandoned = abandoned
        deadline = Alarm(loop)
        writeDeadline = Alarm(loop)
    }

    // MARK: Life of the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { connected() }
    }

    func channelActive(context: ChannelHandlerContext) {
        connected()
        context.fireChannelActive()
    }

    private func connected() {
        observer.connectionOpened()
        schedule(limits.headerDeadline) { $0.close() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        observer.connectionClosed()
        deadline.end()
        writeDeadline.end()
        abandonment?.cancel()
        self.context = nil
        if state.phase == .body {
            // The handler must not take half a body for the whole.
            context.fireErrorCaught(HTTPParserError.invalidEOFState)
        }
        abandoned.succeed()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            state.closesAfterAnswer = true
            if state.outstanding == 0, state.phase == .idle, pendingWrites == 0 {
                return context.close(promise: nil)
            }
            schedule(limits.shutdownDeadline) { $0.close() }
        case ChannelEvent.inputClosed:
            if state.outstanding == 0 || state.phase == .refused {
                if pendingWrites == 0 { return context.close(promise: nil) }
                state.closesAfterAnswer = true
            } else {
                abandonment = context.eventLoop.scheduleTask(in: .init(limits.abandonment)) { [abandoned] in
                    abandoned.succeed()
                }
            }
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func close() { context?.close(promise: nil) }

    private func schedule(_ delay: Duration, _ action: @escaping (RequestGuard) -> Void) {
        guard context != nil else { return }
        deadline.set(after: delay) { [weak self] in
            if let self { action(self) }
        }
    }

    // MARK: From the client

    /// The first byte of a request has arrived.
    func headBegan() {
        schedule(limits.headerDeadline) { $0.refuse(Problem(.requestTimeout)) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state.phase != .refused else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            acceptLanguage = head.headers.first(name: "Accept-Language")
            do throws(Problem) {
                let judged = try RequestHead.judge(head, limits: limits, hosts: hosts)
                if HTTPMethod.served.contains(head.method) == false {
                    throw unknownMethod(in: "\(head.method.rawValue) \(judged.target) HTTP/1.1")
                }
                head.uri = judged.target
                begin(judged)
                context.fireChannelRead(wrapInboundOut(.head(head)))
            } catch {
                refuse(error)
            }
        case .body(let bytes):
            state.bodyBytes += bytes.readableBytes
            guard state.bodyBytes <= limits.body else { return refuse(Problem(.contentTooLarge)) }
            context.fireChannelRead(data)
        case .end:
            state.phase = .idle
            deadline.clear()
            // An answer may have gone out before the body was complete.
            if state.outstanding == 0 { schedule(limits.idleDeadline) { $0.close() } }
            context.fireChannelRead(data)
        }
    }

    private func begin(_ head: RequestHead) {
        state.phase = .body
        state.bodyBytes = 0
        state.outstanding += 1
        state.versions10.append(head.isVersion10)
        if !head.keepsAlive { state.closesAfterAnswer = true }
        if head.framing == .none {
            deadline.clear()
        } else {
            schedule(limits.bodyDeadline) { $0.refuse(Problem(.requestTimeout)) }
        }
        if head.expectsContinue {
            if state.outstanding == 1 { sendContinue() } else { waitsToContinue = true }
        }
    }

    private func sendContinue() {
        waitsToContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context?.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard state.phase != .refused else { return }
        switch error {
        case HTTPParserError.invalidEOFState:
            // The client left in the middle of a request.
            context.fireErrorCaught(error)
            if state.phase == .head { refuse(Problem(.malformed)) } else { close() }
        case HTTPParserError.invalidMethod: refuse(unknownMethod(in: String(buffer: state.requestLine)))
        case let error as HTTPParserError:
            refuse(Problem(error, isFirstLine: !state.sawFirstLine, namesVersion: state.namesVersion))
        case is ChannelError, is IOError: close()
        default: refuse(Problem(.malformed))
        }
    }

    /// 405 for a method that the parser does not know, when the address is one of ours; 501 otherwise.
    private func unknownMethod(in requestLine: String) -> Problem {
        let words = requestLine.split(separator: " ")
        guard words.count == 3, HTTPField.Name(String(words[0])) != nil,
            let allow = allowances.allow(for: words[1])
        else { return Problem(.notImplemented) }
        return Problem(.methodNotAllowed, headers: [.allow: allow])
    }

    // MARK: Refusing

    /// Answers with a problem, then ends the connection: at once, or after the answers that come before.
    func refuse(_ problem: Problem) {
        guard state.phase != .refused, let context else { return }
        let wasInBody = state.phase == .body
        state.phase = .refused
        let refusal = Refusal(problem: problem, language: Language(acceptLanguage: acceptLanguage))
        observer.refused(refusal)
        if wasInBody {
            // The body belongs to the last request that was passed on; its handler learns that no more will come.
            context.fireErrorCaught(HTTPParserError.invalidEOFState)
        }
        // What is refused in its body may have been answered already: nothing more is said then.
        if wasInBody, state.outstanding == 0 { return linger() }
        let before = wasInBody ? state.outstanding - 1 : state.outstanding
        if before == 0, !state.isAnswering {
            write(refusal)
        } else if wasInBody, before == 0 {
            // The answer has begun: nothing sensible can follow it.
            linger()
        } else {
            waitingRefusal = refusal
        }
    }

    private func write(_ refusal: Refusal) {
        guard let context else { return }
        waitingRefusal = nil
        let (head, body) = refusal.parts
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state.outstanding = 0
        state.closesAfterAnswer = true
        linger()
    }

    /// Closes our side, then the whole connection when the client has done so or has had time to read: closing at
    /// once would reset the connection and take the answer away again (RFC 9112 section 9.6).
    private func linger() {
        state.phase = .refused
        schedule(limits.linger) { $0.close() }
        context?.close(mode: .output, promise: nil)
    }

    // MARK: To the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // After a refusal only answers to earlier requests still go out.
        if state.phase == .refused, waitingRefusal == nil {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            state.isAnswering = true
            let isVersion10 = state.versions10.first ?? false
            if state.closesAfterAnswer && state.outstanding == 1 || waitingRefusal != nil {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            } else if isVersion10 {
                head.headers.replaceOrAdd(name: "Connection", value: "keep-alive")
            }
            if isVersion10, !head.headers.contains(name: "Content-Length") {
                // Without chunks the end of the connection is the end of the body.
                head.version = .http1_0
                head.headers.replaceOrAdd(name: "Connection", value: "close")
                state.closesAfterAnswer = true
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: watched(promise, context))
        case .end:
            context.write(data, promise: watched(promise, context))
            answered(context)
        }
    }

    private func answered(_ context: ChannelHandlerContext) {
        state.isAnswering = false
        state.outstanding -= 1
        if !state.versions10.isEmpty { state.versions10.removeFirst() }
        if state.outstanding == 0 {
            abandonment?.cancel()
            abandonment = nil
        }
        if let refusal = waitingRefusal, state.outstanding <= 0 {
            context.flush()
            write(refusal)
        } else if state.closesAfterAnswer, state.outstanding == 0 {
            context.flush()
            linger()
        } else if waitsToContinue, state.outstanding == 1 {
            context.flush()
            sendContinue()
        } else if state.phase == .idle, state.outstanding == 0 {
            schedule(limits.idleDeadline) { $0.close() }
        }
    }

    /// A promise that tells the write deadline of progress.
    private func watched(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext)
        -> EventLoopPromise<Void>
    {
        let watched = promise ?? context.eventLoop.makePromise()
        pendingWrites += 1
        if !writeDeadline.isSet { setWriteDeadline() }
        watched.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            guard let self else { return }
            pendingWrites -= 1
            completedWrites += 1
            if pendingWrites == 0 {
                writeDeadline.clear()
                if state.closesAfterAnswer, state.outstanding == 0, state.phase == .idle { close() }
            }
        }
        return watched
    }

    private func setWriteDeadline() {
        let seen = completedWrites
        writeDeadline.set(after: limits.writeDeadline) { [weak self] in
            guard let self, pendingWrites > 0 else { return }
            if completedWrites == seen { close() } else { setWriteDeadline() }
        }
    }
}

extension HTTPMethod {
    /// The methods that routes may have or refuse by themselves.
    fileprivate static let served: [HTTPMethod] = [
        .GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE, .CONNECT,
    ]
}

/// Hears of what never reaches a handler.
protocol RequestObserver: Sendable {
    func connectionOpened()
    func connectionClosed()
    func refused(_ refusal: Refusal)
}
