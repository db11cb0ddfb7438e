import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Testing

@testable import Registry
@testable import Web

struct VocabularyRoutesTests {
    /// Serves the lists of a migrated database.
    private func serve(_ body: @Sendable (any TestClientProtocol, [Web.Operation]) async throws -> Void)
        async throws
    {
        try await SchemaDatabase.with { database in
            let queries = VocabularyQueries(database.open)
            let operations = VocabularyRoutes.operations(
                database.open,
                VocabularyCatalogue { try await queries.load() }
            )
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
                try await body(client, operations)
            }
        }
    }

    @Test
    func `every list answers whole and as its description says`() async throws {
        let counts = [
            "regions": 6, "municipalities": 77, "departments": 25, "roles": 220, "languages": 54,
            "certificates": 53,
            "location-types": 167, "company-categories": 43, "location-features": 61, "production-types": 27,
            "programme-types": 28,
            "inquiry-statuses": 20, "lead-sources": 26, "lost-reasons": 21, "film-bodies": 7,
        ]
        try await serve { client, operations in
            #expect(operations.count == counts.count)
            for operation in operations {
                let response = try await client.execute(uri: operation.path, method: .get)
                #expect(response.status == .ok, "\(operation.path)")
                #expect(response.headers[.eTag] != nil)
                let body = try JSONParser.parse(response.body)
                #expect(
                    body["total"]?.integer == counts[String(operation.path.split(separator: "/").last ?? "")]
                )
                #expect(body["items"]?.array?.count == body["total"]?.integer)
                let schema = try #require(operation.response.schema)
                #expect(schema.errors(in: body).prefix(3).isEmpty, "\(operation.path)")
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.path)")
            }
        }
    }

    @Test
    func `municipalities can be narrowed to regions, roles to departments`() async throws {
        try await serve { client, _ in
            let totals = [
                ("/api/v1/municipalities?region=halland", 6),
                ("/api/v1/municipalities?region=halland,skane", 39),
                ("/api/v1/roles?department=locations", 9),
            ]
            for (uri, total) in totals {
                let response = try await client.execute(uri: uri, method: .get)
                #expect(try JSONParser.parse(response.body)["total"]?.integer == total, "\(uri)")
            }
        }
    }

    @Test
    func `an unknown code is refused and named`() async throws {
        try await serve { client, _ in
            let response = try await client.execute(
                uri: "/api/v1/municipalities?region=skane,skone",
                method: .get,
                headers: [.acceptLanguage: "sv"]
            )
            #expect(response.status == .badRequest)
            let error = try JSONParser.parse(response.body)["errors"]?.array?.first
            #expect(error?["field"]?.string == "region")
            #expect(error?["code"]?.string == "unknown-value")
            #expect(error?["message"]?.string == "Okänt värde: skone.")
        }
    }

    @Test
    func `a list has a tag that answers 304, and changes with its content`() async throws {
        try await SchemaDatabase.with { database in
            let queries = VocabularyQueries(database.open)
            let before = try await queries.list(.lostReasons, filter: [])
            try await database.owner.execute(
                "UPDATE klappa.lost_reason SET name_sv = 'Nytt' WHERE code = 'total_cost'"
            )
            let after = try await queries.list(.lostReasons, filter: [])
            #expect(after.version == before.version + 1)
        }
    }

    @Test
    func `the reference data lead from titles in both languages to one role`() async throws {
        try await SchemaDatabase.with { database in
            let vocabularies = try await VocabularyQueries(database.open).load()
            #expect(vocabularies.role(titled: "platschef") == vocabularies.role(titled: "Location Manager"))
            #expect(vocabularies.role(titled: "ljussattare")?.code == "gaffer")
            #expect(
                vocabularies.regions.map(\.code) == [
                    "blekinge", "halland", "jonkoping", "kalmar", "kronoberg", "skane",
                ]
            )
            #expect(vocabularies.regions.allSatisfy { $0.contact.name != nil && $0.contact.url != nil })
            for role in vocabularies.roles {
                for title in [role.name.sv, role.name.en] + role.aliases {
                    #expect(vocabularies.role(titled: title) == role, "\(title)")
                }
            }
        }
    }
}
