import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing
import Web

@testable import Registry

@Suite struct AuthenticationTests {
    private static let valid = BearerKey(bytes: Array(repeating: 7, count: 32))
    private static let account = UUID()

    private final class Lookups: Sendable {
        let count = Mutex(0)
    }

    private func run(
        _ lookups: Lookups = Lookups(),
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var table = RouteTable()
        let me: @Sendable (Request, WebContext) async throws -> Answer = { _, context in
            switch context.reader {
            case .anyone: .json(["reader": "anyone"])
            case .member(_, let grants):
                .json(["reader": .array(grants.map { .string($0.right.rawValue) })])
            }
        }
        table.page("/api/v1/me", .get, me)
        table.page("/sv/me", .get, me)
        let authentication = Authentication { key in
            lookups.count.withLock { $0 += 1 }
            guard key == Self.valid else { return nil }
            return KeyHolder(key: UUID(), account: Self.account, right: .searcher, expiresAt: nil)
        }
        let server = WebServer(
            configuration: ServerConfiguration(),
            routes: table,
            layers: [authentication],
            metrics: Prometheus(),
            accessLog: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await Application(router: server.router).test(.router) { client in try await body(client) }
    }

    @Test func `a valid key tells the reader`() async throws {
        try await run { client in
            let headers: HTTPFields = [.authorization: "bearer \(Self.valid.text)"]
            let response = try await client.execute(uri: "/api/v1/me", method: .get, headers: headers)
            #expect(String(buffer: response.body) == #"{"reader":["searcher"]}"#)
            #expect(response.headers[.cacheControl] == "private, no-store")
        }
    }

    @Test func `without a key anyone reads`() async throws {
        try await run { client in
            let response = try await client.execute(uri: "/api/v1/me", method: .get)
            #expect(String(buffer: response.body) == #"{"reader":"anyone"}"#)
        }
    }

    @Test(arguments: [
        "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "klappa_",
        "Bearer klappa_" + String(repeating: "A", count: 42),
        "Bearer klappa_" + String(repeating: "é", count: 43), "Bearer eyJhbGciOiJub25lIn0.e30.",
    ])
    func `what is no key is refused without asking the database`(field: String) async throws {
        let lookups = Lookups()
        try await run(lookups) { client in
            let headers: HTTPFields = [.authorization: field]
            let response = try await client.execute(uri: "/api/v1/me", method: .get, headers: headers)
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
        }
        #expect(lookups.count.withLock { $0 } == 0)
    }

    @Test func `an unknown key is refused, in a query it is an unknown parameter`() async throws {
        try await run { client in
            let headers: HTTPFields = [.authorization: "Bearer \(BearerKey.random().text)"]
            let response = try await client.execute(uri: "/api/v1/me", method: .get, headers: headers)
            #expect(response.status == .unauthorized)
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `pages know no keys`() async throws {
        try await run { client in
            let headers: HTTPFields = [.authorization: "Bearer nonsense"]
            let response = try await client.execute(uri: "/sv/me", method: .get, headers: headers)
            #expect(String(buffer: response.body) == #"{"reader":"anyone"}"#)
        }
    }

    @Test func `the use of a key is noted once a minute`() async {
        let noted = Lookups()
        let uses = KeyUses { _ in noted.count.withLock { $0 += 1 } }
        let key = UUID()
        for _ in 0..<10 { await uses.note(key) }
        await uses.note(UUID())
        #expect(noted.count.withLock { $0 } == 2)
    }

    @Test func `a reader's account reaches row security`() {
        let reader = Reader.member(account: Self.account, rights: [.searcher])
        #expect(reader.settings.map(\.0) == ["klappa.account"])
        #expect(reader.settings.first?.1 == Self.account.uuidString.lowercased())
        #expect(Reader.anyone.settings.isEmpty)
        #expect(reader.seesWhatIsSharedWithSearchers)
        #expect(!Reader.anyone.seesWhatIsSharedWithSearchers)
        #expect(!Reader.member(account: Self.account, rights: [.reviewer]).seesWhatIsSharedWithSearchers)
    }
}
