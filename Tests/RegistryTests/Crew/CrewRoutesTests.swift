import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

struct CrewRoutesTests {
    /// Serves the operations of crew on a database with a few people, who are known all year.
    private func serve(
        _ body: @Sendable (any TestClientProtocol, [Web.Operation], CrewBench) async throws -> Void
    ) async throws {
        try await CrewBench.with { bench in
            let year = DayRange(first: bench.firstDay, last: bench.firstDay + 364)
            try await bench.add("Anna Ek", municipality: "1280", known: year)
            try await bench.add(
                "Bo Berg",
                municipality: "1286",
                known: year,
                busy: DayMultirange([DayRange(first: bench.firstDay + 10, last: bench.firstDay + 12)])
            )
            try await bench.add("Cia Dal", role: "location_manager", region: "halland", visibility: "nobody")
            let operations = CrewRoutes.operations(bench.directory)
            var table = RouteTable()
            table.add(operations)
            let server = WebServer(
                configuration: ServerConfiguration(),
                routes: table,
                layers: [],
                metrics: Prometheus(),
                accessLog: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await Application(router: server.router).test(.router) { client in
                try await body(client, operations, bench)
            }
        }
    }

    private func get(_ client: any TestClientProtocol, _ query: String) async throws -> (Int, JSON) {
        let response = try await client.execute(uri: "/api/v1/crew" + query, method: .get)
        return (response.status.code, try JSONParser.parse(response.body))
    }

    @Test func `every answer is as its description says, and so are the examples`() async throws {
        try await serve { client, operations, bench in
            for operation in operations {
                let schema = try #require(operation.response.schema)
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.id)")
                if let body = operation.body { #expect(body.schema.errors(in: body.example).isEmpty) }
            }
            let list = try #require(operations[0].response.schema)
            let (from, to) = (bench.firstDay + 9, bench.firstDay + 13)
            for query in [
                "", "?facets=all", "?dates=\(from)/\(to)&coverage=any&near=55.6,13.0&facets=role,region",
                "?q=platschef", "?q=anna", "?dates=1999-01-01&coverage=any", "?sort=name&limit=1", "?page=7",
                "?near=0,0&radius=1", "?home=true&region=skane", "?local=false&region=skane",
            ] {
                let (status, body) = try await get(client, query)
                #expect(status == 200, "\(query)")
                #expect(list.errors(in: body).prefix(3).isEmpty, "\(query)")
            }
        }
    }

    @Test func `an item says how its days are`() async throws {
        try await serve { client, _, bench in
            let (from, to) = (bench.firstDay + 9, bench.firstDay + 13)
            let (_, body) = try await get(client, "?dates=\(from)/\(to)&coverage=any&near=55.6,13.0")
            let items = try #require(body["items"]?.array)
            #expect(items.map { $0["name"] } == ["Anna Ek", "Bo Berg", "Cia Dal"])
            let partial: JSON = [
                "state": "partial", "needed": 5, "free": 2, "held": 0, "busy": 3, "unknown": 0,
                "clashes": [
                    [
                        "from": .string((bench.firstDay + 10).description),
                        "to": .string((bench.firstDay + 12).description), "kind": "busy",
                    ]
                ],
            ]
            #expect(items[1]["availability"] == partial)
            #expect(items[2]["availability"] == ["state": "hidden", "needed": 5])
            #expect(items[2]["distanceKm"] == .null)
            #expect(items[2]["contact"]?["via"]?["region"] == "halland")
            let next = try #require(try await get(client, "?limit=1").1["next"]?.string)
            let (_, second) = try await get(client, "?limit=1&cursor=\(next)")
            #expect(second["items"]?.array?.first?["name"] == "Bo Berg")
        }
    }

    @Test func `a record has a tag of its version and hash, and answers 304 and 404`() async throws {
        try await serve { client, operations, bench in
            let (_, list) = try await get(client, "?q=anna")
            let slug = try #require(list["items"]?.array?.first?["slug"]?.string)
            let uri = "/api/v1/crew/" + slug
            let response = try await client.execute(uri: uri, method: .get)
            let body = try JSONParser.parse(response.body)
            #expect(try #require(operations[1].response.schema).errors(in: body).prefix(3).isEmpty)
            let tag = try #require(response.headers[.eTag])
            #expect(tag.hasPrefix("\"\(body["version"]?.integer ?? 0)-"))
            let again = try await client.execute(uri: uri, method: .get, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.body.readableBytes == 0)
            let missing = try await client.execute(uri: "/api/v1/crew/nobody", method: .get)
            #expect(missing.status == .notFound)
        }
    }

    @Test(arguments: [
        ("?role=wizard", ["role"]), ("?region=skane,narnia&grade=king", ["grade"]),
        ("?region=skane,narnia&certificate=x", ["region", "certificate"]), ("?limit=0", ["limit"]),
        ("?limit=-1", ["limit"]), ("?limit=101", ["limit"]), ("?limit=ten", ["limit"]), ("?page=0", ["page"]),
        ("?dates=2027-02-30", ["dates"]),
        ("?dates=2027-01-01/", ["dates"]),
        // As many as are written count, also when they are one day.
        ("?dates=" + Array(repeating: "2027-03-01", count: 51).joined(separator: ","), ["dates"]),
        ("?near=91,0", ["near"]), ("?near=55.6", ["near"]),
        ("?near=1e5,nan", ["near"]), ("?near=55,13&radius=0", ["radius"]),
        ("?cursor=abc", ["cursor"]),
        ("?colour=red&role=a&role=b", ["colour", "role"]),
        ("?facets=role,moon", ["facets"]), ("?q=", ["q"]), ("?coverage=some", ["coverage"]),
    ])
    func `what cannot be answered is refused by name`(query: String, fields: [String]) async throws {
        try await serve { client, _, _ in
            let (status, body) = try await get(client, query)
            #expect(status == 400)
            #expect(body["errors"]?.array?.map { $0["field"]?.string } == fields)
        }
    }

    @Test func `a crew is filled and its gaps are told`() async throws {
        try await serve { client, operations, bench in
            func staff(_ body: String) async throws -> (Int, JSON) {
                let response = try await client.execute(
                    uri: "/api/v1/crew/staffing",
                    method: .post,
                    headers: [.contentType: "application/json"],
                    body: ByteBuffer(string: body)
                )
                return (response.status.code, try JSONParser.parse(response.body))
            }
            let day = bench.firstDay + 10
            let (status, body) = try await staff(
                #"{"dates":[{"from":"\#(day)","to":"\#(day)"}],"regions":["skane","halland"],"#
                    + #""posts":[{"role":"gaffer","count":2},{"role":"location_manager","count":1,"grade":"trainee"}]}"#
            )
            #expect(status == 200)
            #expect(try #require(operations[2].response.schema).errors(in: body).prefix(3).isEmpty)
            let posts = try #require(body["posts"]?.array)
            #expect(posts.map { $0["filled"] } == [1, 0])
            #expect(posts.map { $0["gap"] } == [1, 1])
            #expect(posts[0]["people"]?.array?.map { $0["name"] } == ["Anna Ek"])
            #expect(body["regions"]?["halland"]?["posts"]?.array?.map { $0["gap"] } == [2, 1])

            for (wrong, pointers) in [
                (
                    #"{"dates":[{"from":"2027-03-01","to":"2027-03-01"}],"posts":[{"role":"wizard","count":1}]}"#,
                    ["/posts/0/role"]
                ),
                (
                    #"{"dates":[{"from":"2027-03-01","to":"2027-03-01"}],"posts":[{"role":"gaffer","count":0}]}"#,
                    ["/posts/0/count"]
                ),
                (#"{"dates":[],"posts":[]}"#, ["/dates", "/posts"]),
                (
                    #"{"dates":[{"from":"2027-03-01","to":"2027-03-01"}],"posts":[{"role":"gaffer","count":1,"grade":["king"]}]}"#,
                    ["/posts/0/grade/0"]
                ),
            ] {
                let (status, body) = try await staff(wrong)
                #expect(status == 400, "\(wrong)")
                #expect(body["errors"]?.array?.map { $0["pointer"]?.string } == pointers, "\(wrong)")
            }
        }
    }
}
