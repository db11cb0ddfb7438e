import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import Registry
@testable import Web

/// The provider that `deploy/install --test` installs; a machine that cannot reach the package index tests the rest.
enum RealProvider {
    static let program = URL(filePath: #filePath)
        .appending(path: "../../../../../.build/tools/bin/oidc-provider-mock").standardizedFileURL.path
    static let isInstalled = FileManager.default.isExecutableFile(atPath: RealProvider.program)
}

/// The whole flow against a provider that somebody else wrote, `oidc-provider-mock` of `deploy/install --test`, over real
/// connections: discovery, keys, authorization, code, token.
@Suite(.enabled(if: RealProvider.isInstalled, "oidc-provider-mock is not installed"))
struct RealProviderTests {
    /// Runs the provider on a free port.
    private static func with(
        _ arguments: [String] = [],
        _ body: (_ issuer: String, HTTPClient) async throws -> Void
    ) async throws {
        let port = try freePort()
        let child = try ChildProcess(
            RealProvider.program,
            ["--port", "\(port)", "--require-nonce", "true"] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"]
        )
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(redirectConfiguration: .disallow)
        )
        let issuer = "http://127.0.0.1:\(port)"
        do {
            try await eventually("the provider answers", within: .seconds(60)) {
                (try? await client.execute(HTTPClientRequest(url: issuer + "/jwks"), timeout: .seconds(2)))?
                    .status == .ok
            }
            try await body(issuer, client)
        } catch {
            child.signal(9)
            try? await client.shutdown()
            throw error
        }
        child.signal(9)
        try await client.shutdown()
        _ = try await child.ending()
    }

    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Says who one is on the provider's form, as a browser would, and gives where it sends the browser back.
    private static func authorize(_ location: String?, _ form: String, _ client: HTTPClient) async throws
        -> String
    {
        var request = HTTPClientRequest(url: try #require(location))
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form))
        let answer = try await client.execute(request, timeout: .seconds(10))
        #expect(answer.status == .found)
        let back = try #require(answer.headers.first(name: "Location"))
        #expect(back.hasPrefix("http://klappa.example/sign-in/return/real?"))
        return back.replacing("http://klappa.example", with: "")
    }

    private static func provider(_ issuer: String) -> OpenIDProvider {
        OpenIDProvider(
            key: "real",
            name: "Regionen",
            issuer: issuer,
            clientID: "klappa",
            clientSecret: "a secret",
            rolesClaim: "groups",
            roles: [ClaimedRole(value: "film", right: .commissioner, scope: "skane")]
        )
    }

    private static let maja =
        #"{"sub": "maja", "email": "maja@skane.example", "email_verified": true, "name": "Maja Lind", "groups": ["film"]}"#
    private static let bo = #"{"sub": "bo", "email": "bo@skane.example", "email_verified": false}"#

    @Test func `a real provider signs staff in, with rights, again, and not whom it does not vouch for`()
        async throws
    {
        try await Self.with(["--user-claims", Self.maja, "--user-claims", Self.bo]) { issuer, client in
            try await Self.withWayOut { out in
                try await Self.walk(issuer, client, out)
            }
        }
    }

    private static func withWayOut(_ body: (OutgoingHTTP) async throws -> Void) async throws {
        let out = OutgoingHTTP()
        do {
            try await body(out)
            await out.shutdown()
        } catch {
            await out.shutdown()
            throw error
        }
    }

    private static func walk(_ issuer: String, _ client: HTTPClient, _ out: OutgoingHTTP) async throws {
        try await Portal.with(openID: OpenIDProviders([provider(issuer)], through: out)) { portal in
            for _ in 0..<2 {
                let browser = portal.stranger()
                let away = try await browser.get("/sv/sign-in/with/real?then=/sv/inquiries")
                #expect(away.location?.hasPrefix("\(issuer)/oauth2/authorize?") == true)
                let done = try await browser.get(try await Self.authorize(away.location, "sub=maja", client))
                #expect(done.status == 303)
                #expect(done.location == "/sv/inquiries")
                let inbox = try await browser.get("/sv/inquiries")
                #expect(inbox.status == 200)
                #expect(inbox.text.contains("Maja Lind"))
            }
            let browser = portal.stranger()
            let away = try await browser.get("/en/sign-in/with/real")
            let refused = try await browser.get(try await Self.authorize(away.location, "sub=bo", client))
            #expect(refused.status == 403)
            #expect(refused.text.contains("Your email address is not confirmed"))
            let again = try await browser.get("/en/sign-in/with/real")
            let denied = try await browser.get(
                try await Self.authorize(again.location, "action=deny", client)
            )
            #expect(denied.status == 403)
            #expect(denied.text.contains("Inloggningen avbröts"))
        }
    }

    @Test func `a provider that starts anew with another key signs in without a restart of ours`()
        async throws
    {
        try await Self.withWayOut { out in try await Self.rotate(out) }
    }

    private static func rotate(_ out: OutgoingHTTP) async throws {
        let moved = Mutex("")
        // The client knows one issuer; the way there is turned to where the provider runs now.
        try await Self.with(["--user-claims", Self.maja]) { first, client in
            moved.withLock { $0 = first }
            let keys = OpenIDClient(Self.provider(first)) { request throws(OpenIDError) in
                let to = moved.withLock { $0 }
                var request = request
                if request.address.hasSuffix("/jwks") { request.address = to + "/jwks" }
                return try await out.send(request)
            }
            let before = try await Self.firstKey(first, client)
            _ = try await keys.key(before, for: "RS256")
            try await Self.with { second, client in
                moved.withLock { $0 = second }
                let after = try await Self.firstKey(second, client)
                #expect(after != before)
                _ = try await keys.key(after, for: "RS256")
            }
        }
    }

    private static func firstKey(_ issuer: String, _ client: HTTPClient) async throws -> String? {
        let answer = try await client.execute(HTTPClientRequest(url: issuer + "/jwks"), timeout: .seconds(5))
        let body = try await answer.body.collect(upTo: 100_000)
        return JSON(body)?["keys"]?.array?.first?["kid"]?.string
    }
}
