internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// The way out: requests that the service makes itself, to providers of sign-in.
///
/// Every one is bounded: five seconds in all, 256 KiB of answer, no redirect followed, https unless the host is this very
/// machine. Nothing of a request or an answer is logged.
///
/// ```swift
/// let way = OutgoingHTTP()
/// let answer = try await way.send(OutgoingRequest(address))
/// await way.shutdown()
/// ```
public final class OutgoingHTTP: Sendable {
    private let client: HTTPClient

    /// A client of its own, which must be shut down.
    public init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(3), read: .seconds(5), write: .seconds(5))
        configuration.decompression = .disabled
        configuration.connectionPool.idleTimeout = .seconds(20)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends the connections.
    public func shutdown() async {
        // What is still open dies with the process.
        try? await client.shutdown()
    }

    /// Sends a request and takes in the whole answer.
    ///
    /// - Throws: ``OpenIDError/unreachable``, whatever the reason.
    func send(_ request: OutgoingRequest) async throws(OpenIDError) -> OutgoingAnswer {
        guard OutgoingRequest.isAllowed(request.address) else {
            throw .unreachable("the address is not https")
        }
        var wire = HTTPClientRequest(url: request.address)
        wire.method = request.form == nil ? .GET : .POST
        wire.headers.add(name: "Accept", value: "application/json")
        if let authorization = request.authorization {
            wire.headers.add(name: "Authorization", value: authorization)
        }
        if let form = request.form {
            wire.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            wire.body = .bytes(ByteBuffer(string: form))
        }
        do {
            let response = try await client.execute(wire, timeout: .seconds(5))
            let body = try await response.body.collect(upTo: 256 << 10)
            return OutgoingAnswer(status: Int(response.status.code), body: body)
        } catch {
            throw .unreachable("\(type(of: error))")
        }
    }
}

/// What is asked of a provider.
struct OutgoingRequest: Sendable {
    /// The whole address.
    var address: String
    /// The `Authorization` field.
    var authorization: String?
    /// A form to be posted; nil asks with GET.
    var form: String?

    init(_ address: String, authorization: String? = nil, form: String? = nil) {
        self.address = address
        self.authorization = authorization
        self.form = form
    }

    /// Whether an address may be asked: https with a host, or http on this very machine; no user, no fragment.
    static func isAllowed(_ address: String) -> Bool {
        guard address.utf8.count <= 2000, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return false }
        return parts.scheme == "https" || parts.scheme == "http" && isLoopback(host)
    }

    /// Whether a host is this machine.
    static func isLoopback(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
    }
}

/// What a provider answered.
struct OutgoingAnswer: Sendable {
    var status: Int
    var body: ByteBuffer
}
