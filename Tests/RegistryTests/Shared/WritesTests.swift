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

/// Two operations as a feature would write them, on the productions of the registry.
struct WritesTests {
    private struct Held: Error {}

    private static let id = Parameter<String>.path(
        "id",
        "The production.",
        pattern: .uuid,
        length: 36...36,
        example: "0190b5a6-5b1c-7d55-a2f4-3f6f1e6f7c11"
    )
    private static let schema = JSONSchema.object([
        .required("title", .string(length: 1...100, example: "Havet"))
    ])

    private static func record(_ id: UUID, _ transaction: Transaction) async throws -> Writes.Current? {
        let rows = try await transaction.query(
            "SELECT version, title FROM klappa.production WHERE id = \(id)"
        )
        guard let row = rows.first else { return nil }
        return (
            try row.decode(Int64.self, "version"), ["title": .string(try row.decode(String.self, "title"))]
        )
    }

    private static func operations(_ databases: Databases, _ runs: Atomic<Int>.Box) -> [Web.Operation] {
        [
            Web.Operation(
                id: "createThing",
                .post,
                "/api/v1/things",
                tag: "Things",
                summary: "",
                description: "",
                security: .optional,
                parameters: [Writes.idempotencyKey],
                body: .init(schema, example: ["title": "Havet"]),
                response: .json("", schema, example: ["title": "Havet"], status: 201),
                problems: [.keyReused]
            ) { input, context in
                try await Writes.create(input, "createThing", databases, as: context.reader) { transaction in
                    runs.value.add(1, ordering: .relaxed)
                    let id = UUID.version7()
                    guard case .string(let title)? = input.body["title"] else { throw Problem(.invalid) }
                    if title == "Trasig" { throw Problem(.conflict) }
                    try await transaction.execute(
                        """
                        INSERT INTO klappa.outbox (kind, payload)
                        VALUES ('test', \(JSONText(#"{"id": "\#(id)"}"#)))
                        """
                    )
                    var answer = Answer.json(["title": .string(title)], status: .created, version: 7)
                    answer.headers[.location] = "/api/v1/things/\(id)"
                    return answer
                }
            },
            Web.Operation(
                id: "changeThing",
                .put,
                "/api/v1/things/{id}",
                tag: "Things",
                summary: "",
                description: "",
                security: .optional,
                parameters: [Self.id, Writes.ifMatch],
                body: .init(schema, example: ["title": "Havet"]),
                response: .json("", schema, example: ["title": "Havet"]),
                problems: [.notFound, .preconditionRequired, .preconditionFailed]
            ) { input, context in
                guard let id = UUID(uuidString: input[Self.id]),
                    case .string(let title)? = input.body["title"]
                else {
                    throw Problem(.notFound)
                }
                let version = try await Writes.change(input[Writes.ifMatch], databases, as: context.reader) {
                    transaction,
                    version in
                    try await transaction.query(
                        """
                        UPDATE klappa.production SET title = \(title) WHERE id = \(id) AND version = \(version)
                        RETURNING version
                        """
                    ).first?.decode(Int64.self, "version")
                } current: { transaction in
                    try await record(id, transaction)
                }
                return .json(["title": .string(title)], version: version)
            },
        ]
    }

    private func serve(
        _ body:
            @escaping @Sendable (SchemaDatabase, any TestClientProtocol, Atomic<Int>.Box) async throws -> Void
    ) async throws {
        try await SchemaDatabase.with { database in
            // The worker writes productions; here it stands for a member who may.
            let databases = Databases(open: database.open, member: database.worker, worker: database.worker)
            let members = Databases(open: database.open, member: database.member, worker: database.worker)
            let runs = Atomic<Int>.Box()
            var table = RouteTable()
            table.add([Self.operations(members, runs)[0], Self.operations(databases, runs)[1]])
            let server = WebServer(
                configuration: ServerConfiguration(),
                routes: table,
                layers: [Authentication(members)],
                boundary: ErrorBoundary(translate: ErrorMap.problem),
                metrics: Prometheus(),
                accessLog: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await Application(router: server.router).test(.router) { try await body(database, $0, runs) }
        }
    }

    private func send(
        _ client: any TestClientProtocol,
        _ method: HTTPRequest.Method,
        _ path: String,
        title: String,
        _ fields: [String: String]
    ) async throws -> (status: Int, headers: HTTPFields, body: JSON) {
        var headers: HTTPFields = [.contentType: "application/json"]
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let response = try await client.execute(
            uri: path,
            method: method,
            headers: headers,
            body: ByteBuffer(string: #"{"title": "\#(title)"}"#)
        )
        return (response.status.code, response.headers, JSON(response.body) ?? .null)
    }

    private func production(_ database: SchemaDatabase) async throws -> UUID {
        let id = UUID.version7()
        try await database.worker.execute(
            """
            INSERT INTO klappa.production (id, slug, title, production_type)
            VALUES (\(id), 'havet', 'Havet', 'short_film')
            """
        )
        return id
    }

    @Test func `without If-Match 428, with a stale one 412 and both versions`() async throws {
        try await serve { database, client, _ in
            let path = "/api/v1/things/\(try await production(database))"
            let absent = try await send(client, .put, path, title: "Ett", [:])
            #expect(absent.status == 428)
            #expect(absent.body["code"] == "version-required")
            let first = try await send(client, .put, path, title: "Ett", ["If-Match": "\"1-0f3a\""])
            #expect(first.status == 200)
            for stale in ["\"1-0f3a-gz\"", "W/\"2\"", "\"abc\"", "\"\""] {
                let late = try await send(client, .put, path, title: "Två", ["If-Match": stale])
                #expect(late.status == 412, "\(stale)")
                #expect(late.body["currentVersion"] == 2)
                #expect(late.body["current"]?["title"] == "Ett")
            }
            let sent = try await send(client, .put, path, title: "Två", ["If-Match": "\"1\""])
            #expect(sent.body["sentVersion"] == 1)
            let nonsense = try await send(client, .put, path, title: "Två", ["If-Match": "1"])
            #expect(nonsense.status == 400)
            let nobody = try await send(
                client,
                .put,
                "/api/v1/things/\(UUID())",
                title: "x",
                ["If-Match": "\"1\""]
            )
            #expect(nobody.status == 404)
        }
    }

    @Test func `of six changes at once with one version exactly one wins`() async throws {
        try await serve { database, client, _ in
            let path = "/api/v1/things/\(try await production(database))"
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await send(client, .put, path, title: "T\(number)", ["If-Match": "\"1-x\""])
                            .status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 412, 412, 412, 412, 412])
        }
    }

    @Test func `the same key gives the same answer once and for all, another request under it 422`()
        async throws
    {
        try await serve { database, client, runs in
            let key = ["Idempotency-Key": "k-1"]
            let first = try await send(client, .post, "/api/v1/things", title: "Havet", key)
            let again = try await send(client, .post, "/api/v1/things", title: "Havet", key)
            #expect(first.status == 201 && again.status == 201)
            #expect(first.headers[.location] == again.headers[.location])
            #expect(first.body == again.body)
            #expect(first.headers[.idempotencyReplayed] == nil)
            #expect(again.headers[.idempotencyReplayed] == "true")
            let other = try await send(client, .post, "/api/v1/things", title: "Landet", key)
            #expect(other.status == 422)
            #expect(runs.value.load(ordering: .relaxed) == 1)
            // Without a key, and under another one, it is another thing.
            for fields in [[:], ["Idempotency-Key": "k-2"]] {
                let new = try await send(client, .post, "/api/v1/things", title: "Havet", fields)
                #expect(new.headers[.location] != first.headers[.location])
            }
            for wrong in ["a b", "å", String(repeating: "x", count: 256)] {
                let refused = try await send(
                    client,
                    .post,
                    "/api/v1/things",
                    title: "x",
                    ["Idempotency-Key": wrong]
                )
                #expect(refused.status == 400, "\(wrong)")
            }
            _ = database
        }
    }

    @Test func `eight at once under one key make one thing and hear the same`() async throws {
        try await serve { database, client, _ in
            let locations = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await send(
                            client,
                            .post,
                            "/api/v1/things",
                            title: "Havet",
                            ["Idempotency-Key": "k"]
                        )
                        .headers[.location]
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(locations).count == 1 && locations.first != .some(nil))
            let rows = try await database.count("SELECT count(*) AS n FROM klappa.outbox", database.root)
            #expect(rows == 1)
        }
    }

    @Test func `what failed is not remembered, and a key is its owner's and a day old at most`() async throws
    {
        try await serve { database, client, runs in
            let key = ["Idempotency-Key": "k"]
            let failed = try await send(client, .post, "/api/v1/things", title: "Trasig", key)
            #expect(failed.status == 409)
            let first = try await send(client, .post, "/api/v1/things", title: "Havet", key)
            #expect(first.status == 201)
            let bearer = BearerKey.random()
            _ = try await KeyQueries.issue(
                bearer,
                for: .searcher,
                name: "Another",
                region: nil,
                expiresAt: nil,
                database.worker
            )
            let others = try await send(
                client,
                .post,
                "/api/v1/things",
                title: "Annat",
                key.merging(["Authorization": "Bearer \(bearer.text)"]) { $1 }
            )
            #expect(others.status == 201)
            try await database.root.execute(
                "UPDATE klappa.idempotency SET expires_at = expires_at - interval '24 hours' WHERE account IS NULL"
            )
            let next = try await send(client, .post, "/api/v1/things", title: "Landet", key)
            #expect(next.status == 201)
            #expect(next.headers[.location] != first.headers[.location])
            #expect(runs.value.load(ordering: .relaxed) == 4)
        }
    }
}

extension Atomic where Value == Int {
    /// A counter that closures can share.
    final class Box: Sendable {
        let value = Atomic<Int>(0)
    }
}
