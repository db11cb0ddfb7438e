import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Synchronization
import Testing

@testable import Registry
@testable import Web

/// The whole service on a database of a test, without sockets: pages, API, sign-in.
///
/// ```swift
/// try await Portal.with { portal in
///     let maja = try await portal.member("Maja Lind", .commissioner, region: "skane")
///     let page = try await maja.get("/sv/account")
///     let answer = try await maja.post("/sv/account", ["name": "Maja L", "language": "sv"], from: page)
/// }
/// ```
struct Portal: Sendable {
    let database: SchemaDatabase
    let client: any TestClientProtocol
    let rules: CookieRules

    static func with(
        origin: String? = "http://klappa.example",
        answers: URL? = nil,
        photos: PhotoStore? = nil,
        openID: OpenIDProviders = OpenIDProviders(),
        _ body: @escaping @Sendable (Portal) async throws -> Void
    ) async throws {
        try await SchemaDatabase.with { database in
            let databases = database.databases
            let site = try Site(settings: .init(origin: origin, answers: answers, openID: openID))
            let isSecure = origin?.hasPrefix("https://") ?? false
            let server = WebServer(
                configuration: ServerConfiguration(),
                routes: Routes.table(databases, site: site, photos: photos, origin: origin),
                layers: [Authentication(databases, isSecure: isSecure)],
                boundary: ErrorBoundary(translate: ErrorMap.problem, page: site.problemPage),
                metrics: Prometheus(),
                accessLog: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await Application(router: server.router).test(.router) { client in
                try await body(
                    Portal(database: database, client: client, rules: CookieRules(isSecure: isSecure))
                )
            }
        }
    }

    /// A browser without cookies.
    func stranger() -> Caller { Caller(portal: self) }

    /// A browser in which somebody is signed in: a new account with one right, or none.
    func member(
        _ name: String,
        _ right: Right? = nil,
        region: String? = nil,
        email: String? = nil
    ) async throws -> Caller {
        let account = UUID.version7()
        let email = email ?? "\(account.uuidString.lowercased())@klappa.example"
        try await database.root.execute(
            "INSERT INTO klappa.account (id, name, email) VALUES (\(account), \(name), \(email))"
        )
        if let right {
            try await database.root.execute(
                """
                INSERT INTO klappa.grants (account, "right", region)
                VALUES (\(account), \(right.rawValue), (SELECT no FROM klappa.region WHERE code = \(region as String?)))
                """
            )
        }
        let session = Secret.random()
        try await database.root.execute(
            """
            INSERT INTO klappa.session (account, hash, form_key)
            VALUES (\(account), \(session.hash), \(Secret.random().bytes))
            """
        )
        let caller = Caller(portal: self, account: account)
        caller.cookies.withLock { $0[rules.name(Visit.CookieWord.session)] = session.text }
        return caller
    }

    /// A key for the API, with one right.
    func key(_ right: Right, region: String? = nil) async throws -> BearerKey {
        let key = BearerKey.random()
        _ = try await KeyQueries.issue(
            key,
            for: right,
            name: "A key of a test",
            region: region,
            expiresAt: nil,
            database.worker
        )
        return key
    }

    /// The letters that wait in the outbox, oldest first.
    func letters() async throws -> [JSON] {
        try await database.root.query("SELECT payload FROM klappa.outbox WHERE kind = 'letter' ORDER BY id")
            .map { try #require(JSON(ByteBuffer(string: try $0.decode(String.self, "payload")))) }
    }
}

/// A browser, or a program with a key: keeps its cookies from one request to the next.
final class Caller: Sendable {
    struct Page: Sendable {
        let status: Int
        let text: String
        let headers: HTTPFields

        /// The token of the page's forms.
        var token: String? { text.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.1) } }
        var location: String? { headers[.location] }
    }

    let portal: Portal
    let account: UUID?
    let cookies = Mutex<[String: String]>([:])

    init(portal: Portal, account: UUID? = nil) {
        self.portal = portal
        self.account = account
    }

    /// Asks for a page.
    func get(_ address: String) async throws -> Page { try await send(address, .get, [:], "") }

    /// Sends a form with the token of the page that showed it; of no page none is sent.
    func post(
        _ address: String,
        _ fields: KeyValuePairs<String, String>,
        from page: Page?,
        headers: HTTPFields = [:]
    ) async throws -> Page {
        var query = PageQuery()
        for (name, value) in fields { query.items.append((name, value)) }
        if let token = page?.token { query.items.append(("csrf", token)) }
        var headers = headers
        headers[.contentType] = headers[.contentType] ?? "application/x-www-form-urlencoded"
        return try await send(address, .post, headers, query.encoded)
    }

    /// Sends a form whose fields may come several times, with the token of the page that showed it.
    func post(_ address: String, items: [(String, String)], from page: Page?) async throws -> Page {
        var query = PageQuery()
        for (name, value) in items { query.items.append((name, value)) }
        if let token = page?.token { query.items.append(("csrf", token)) }
        return try await send(
            address,
            .post,
            [.contentType: "application/x-www-form-urlencoded"],
            query.encoded
        )
    }

    /// Sends a form whose fields are made while the test runs, with the token of the page that showed it.
    func post(_ address: String, sent fields: [String: String], from page: Page?) async throws -> Page {
        var query = PageQuery()
        for name in fields.keys.sorted() { query.items.append((name, fields[name] ?? "")) }
        if let token = page?.token { query.items.append(("csrf", token)) }
        return try await send(
            address,
            .post,
            [.contentType: "application/x-www-form-urlencoded"],
            query.encoded
        )
    }

    private func send(
        _ address: String,
        _ method: HTTPRequest.Method,
        _ headers: HTTPFields,
        _ body: String
    ) async throws -> Page {
        var headers = headers
        let sent = cookies.withLock { $0 }
        if !sent.isEmpty { headers[.cookie] = sent.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let buffer = body.isEmpty ? nil : ByteBuffer(string: body)
        let response = try await portal.client.execute(
            uri: address,
            method: method,
            headers: headers,
            body: buffer
        )
        for field in response.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let isGone = field.contains("Max-Age=0")
            cookies.withLock { $0[String(pair[0])] = isGone ? nil : String(pair[1]) }
        }
        return Page(
            status: response.status.code,
            text: String(buffer: response.body),
            headers: response.headers
        )
    }
}

extension SchemaDatabase {
    /// As the service has them.
    var databases: Databases { Databases(open: open, member: member, worker: worker) }
}
