import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// Programmes, calls and applying through the API, on the whole service without sockets.
struct TalentAPITests {
    private func get(_ portal: Portal, _ address: String) async throws -> (Int, JSON) {
        let response = try await portal.client.execute(uri: address, method: .get)
        return (response.status.code, try #require(JSON(response.body)))
    }

    private func apply(
        _ portal: Portal,
        _ scene: TalentScene,
        _ name: String,
        key: String? = nil,
        answers: String = #"{"why": "Därför"}"#
    ) async throws -> (status: Int, body: JSON, isReplayed: Bool) {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let key, let field = HTTPField.Name("Idempotency-Key") { headers[field] = key }
        let body =
            #"{"name": "\#(name)", "email": "\#(name.lowercased())@example.se", "answers": \#(answers)}"#
        let response = try await portal.client.execute(
            uri: "/api/v1/programmes/manus/calls/\(scene.call.uuidString.lowercased())/applications",
            method: .post,
            headers: headers,
            body: ByteBuffer(string: body)
        )
        let replayed = HTTPField.Name("Idempotency-Replayed").flatMap { response.headers[$0] }
        return (response.status.code, try #require(JSON(response.body)), replayed == "true")
    }

    @Test
    func `500 applications at once, 200 of them repeats, are exactly 300, numbered 1 to 300`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let answers = try await withThrowingTaskGroup(of: (Int, Int, Bool).self) { group in
                for number in 1...300 {
                    // Each of the first 200 comes twice, at the same time and under the same key.
                    for _ in 0..<(number <= 200 ? 2 : 1) {
                        group.addTask {
                            // Under more load than it takes the service says 503 at once; a client repeats.
                            var answer = try await apply(portal, scene, "A\(number)", key: "key-\(number)")
                            while answer.status == 503 {
                                try await Task.sleep(for: .milliseconds(20))
                                answer = try await apply(portal, scene, "A\(number)", key: "key-\(number)")
                            }
                            return (
                                number, answer.body["arrival"]?.integer ?? -answer.status, answer.isReplayed
                            )
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 500)
            #expect(answers.filter(\.2).count == 200)
            let byApplicant = Dictionary(grouping: answers, by: \.0).mapValues { Set($0.map(\.1)) }
            #expect(byApplicant.values.allSatisfy { $0.count == 1 })
            #expect(Set(byApplicant.values.flatMap(\.self)) == Set(1...300))
            let numbers = try await portal.database.root.query(
                "SELECT arrival FROM klappa.application ORDER BY arrival"
            ).map { try $0.decode(Int32.self, "arrival") }
            #expect(numbers == Array(1...300))
            #expect(try await portal.letters().count == 300)
            #expect(try await SchemaCheckTests.run("arrivals_have_no_holes.sql", portal.database) == 0)
        }
    }

    @Test
    func `every answer is as its description says, and so are the examples`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let operations = Routes.operations(portal.database.databases, origin: nil).filter {
                $0.tag == "Talent"
            }
            #expect(operations.count == 5)
            for operation in operations {
                let schema = try #require(operation.response.schema)
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.id)")
                if let body = operation.body { #expect(body.schema.errors(in: body.example).isEmpty) }
            }
            let call = scene.call.uuidString.lowercased()
            for (id, address) in [
                ("listProgrammes", "/api/v1/programmes"),
                ("listProgrammes", "/api/v1/programmes?region=skane&open=true"),
                ("listProgrammes", "/api/v1/programmes?q=MANUSLABB&type=writers_lab&priority=talent"),
                ("listProgrammes", "/api/v1/programmes?open=false"),
                ("getProgramme", "/api/v1/programmes/manus"),
                ("getProgramme", "/api/v1/programmes/\(scene.programme.uuidString.lowercased())"),
                ("listCalls", "/api/v1/programmes/manus/calls"),
                ("getCall", "/api/v1/programmes/manus/calls/\(call)"),
            ] {
                let (status, body) = try await get(portal, address)
                #expect(status == 200, "\(address)")
                let schema = try #require(operations.first { $0.id == id }?.response.schema)
                #expect(schema.errors(in: body).prefix(3).isEmpty, "\(address)")
            }
            let (status, body, _) = try await apply(portal, scene, "Ada")
            #expect(status == 201)
            let receipt = try #require(operations.first { $0.id == "createApplication" }?.response.schema)
            #expect(receipt.errors(in: body).isEmpty)
            #expect(try await get(portal, "/api/v1/programmes?open=true").1["total"] == 1)
            #expect(try await get(portal, "/api/v1/programmes?open=false").1["total"] == 0)
        }
    }

    @Test
    func `what is wrong with an application is told all at once, with its place`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            let answers = #"{"role": "actor", "year": 1800, "film": "x", "cv": "a", "shoe/size": "44"}"#
            let (status, body, _) = try await apply(portal, scene, "Ada", answers: answers)
            #expect(status == 400)
            let places = body["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? []
            #expect(
                Set(places) == [
                    "/answers/why", "/answers/role", "/answers/year", "/answers/film", "/answers/cv",
                    "/answers/shoe~1size",
                ]
            )
            #expect(try await scene.text("SELECT count(*)::text AS n FROM klappa.application") == "0")
        }
    }

    @Test
    func `late is kept and marked, closed and unpublished are refused, another body under a key too`()
        async throws
    {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            #expect(try await apply(portal, scene, "Ada", key: "one").status == 201)
            #expect(try await apply(portal, scene, "Bo", key: "one").status == 422)
            try await portal.database.root.execute(
                "UPDATE klappa.call SET closes_at = now() - interval '1 second'"
            )
            let late = try await apply(portal, scene, "Cia")
            #expect(late.status == 201 && late.body["late"] == true)
            try await portal.database.root.execute("UPDATE klappa.call SET state = 'closed'")
            let closed = try await apply(portal, scene, "Dan")
            #expect(closed.status == 409 && closed.body["code"] == "call-not-open")
            try await portal.database.root.execute("UPDATE klappa.call SET state = 'draft'")
            #expect(try await apply(portal, scene, "Eva").status == 404)
            #expect(try await get(portal, "/api/v1/programmes/manus/calls").1["total"] == 0)
            try await portal.database.root.execute("UPDATE klappa.programme SET state = 'draft'")
            #expect(try await get(portal, "/api/v1/programmes").1["total"] == 0)
            #expect(try await get(portal, "/api/v1/programmes/manus").0 == 404)
        }
    }

    @Test(arguments: [
        ("a@b", true), ("a.b+c@d.example", true), ("a@b@c", false), ("@b", false), ("a@", false),
        ("a b@c", false),
        ("a@b\u{85}", false), ("å@b.se", false), ("", false),
    ])
    func `an address is what the description says`(_ address: String, _ fits: Bool) {
        #expect(TalentSchemas.address.accepts(address) == fits)
        #expect((address.wholeMatch(of: /[!-?A-~]+@[!-?A-~]+/) != nil) == fits)
    }

    @Test
    func `an unlisted call is read by its id and found in no list`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            try await portal.database.root.execute("UPDATE klappa.call SET unlisted = true")
            let call = scene.call.uuidString.lowercased()
            #expect(try await get(portal, "/api/v1/programmes/manus/calls/\(call)").0 == 200)
            #expect(try await get(portal, "/api/v1/programmes/manus/calls").1["total"] == 0)
            #expect(try await get(portal, "/api/v1/programmes/manus").1["calls"] == [])
            #expect(try await get(portal, "/api/v1/programmes?open=true").1["total"] == 0)
            let page = try await portal.stranger().get("/sv/programmes")
            #expect(!page.text.contains(call))
        }
    }

    @Test
    func `a cursor goes on where the list ended, and belongs to its filter`() async throws {
        try await Portal.with { portal in
            _ = try await TalentScene.arranged(in: portal.database)
            for number in 1...4 {
                try await portal.database.root.execute(
                    """
                    INSERT INTO klappa.programme (id, slug, organisation, programme_type, priority, name_sv, name_en,
                        summary_sv, summary_en, description_sv, description_en)
                    SELECT klappa.uuid7(), \("p-\(number)"), organisation, programme_type, priority, \("Ö \(number)"), 'X',
                        'x', 'x', 'x', 'x' FROM klappa.programme LIMIT 1
                    """
                )
            }
            try await portal.database.root.transaction { transaction in
                try await transaction.execute(
                    """
                    INSERT INTO klappa.programme_region (programme, region)
                    SELECT id, 12 FROM klappa.programme WHERE state = 'draft'
                    """
                )
                try await transaction.execute("UPDATE klappa.programme SET state = 'published'")
            }
            var (names, cursor): ([String], String?) = ([], nil)
            repeat {
                let (_, body) = try await get(
                    portal,
                    "/api/v1/programmes?limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
                )
                names += body["items"]?.array?.compactMap { $0["name"]?["sv"]?.string } ?? []
                cursor = body["next"]?.string
                #expect(body["total"] == 5)
            } while cursor != nil
            #expect(names == ["Manuslabbet", "Ö 1", "Ö 2", "Ö 3", "Ö 4"])
            let first = try #require(try await get(portal, "/api/v1/programmes?limit=2").1["next"]?.string)
            #expect(try await get(portal, "/api/v1/programmes?region=skane&cursor=\(first)").0 == 409)
            #expect(try await get(portal, "/api/v1/programmes?region=atlantis").0 == 400)
            #expect(try await get(portal, "/api/v1/programmes?type=x").0 == 400)
            let types = try await portal.database.root.query(
                "SELECT code FROM klappa.programme_type ORDER BY sort_order"
            ).map { try $0.decode(String.self, "code") }
            #expect(TalentSchemas.types == types)
            let priorities = try await portal.database.root.query(
                "SELECT code FROM klappa.strategy_priority ORDER BY no"
            ).map { try $0.decode(String.self, "code") }
            #expect(TalentSchemas.priorities == priorities)
        }
    }
}
