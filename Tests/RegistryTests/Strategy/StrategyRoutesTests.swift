import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

struct StrategyRoutesTests {
    /// Serves the strategy on a database with invented plans.
    static func serve(
        _ body: @Sendable (any TestClientProtocol, [Web.Operation], CrewBench) async throws -> Void
    ) async throws {
        try await CrewBench.with { bench in
            try await DemoStrategy(seed: 1, from: .todayInStockholm).load(into: bench.databases.worker)
            let operations = StrategyRoutes.operations(bench.databases)
            var table = RouteTable()
            table.add(operations)
            let server = WebServer(
                configuration: ServerConfiguration(),
                routes: table,
                layers: [Authentication(bench.databases)],
                metrics: Prometheus(),
                accessLog: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await Application(router: server.router).test(.router) { client in
                try await body(client, operations, bench)
            }
        }
    }

    @Test func `every answer is as its description says, and so are the examples`() async throws {
        try await Self.serve { client, operations, _ in
            for operation in operations {
                let schema = try #require(operation.response.schema)
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.id)")
                if let body = operation.body { #expect(body.schema.errors(in: body.example).isEmpty) }
                guard operation.method == .get else { continue }
                for code in ["blekinge", "halland", "jonkoping", "kalmar", "kronoberg", "skane"] {
                    let uri = operation.path.replacing("{code}", with: code)
                    let response = try await client.execute(uri: uri, method: .get)
                    #expect(response.status == .ok, "\(uri)")
                    let errors = schema.errors(in: try JSONParser.parse(response.body))
                    #expect(errors.prefix(3).isEmpty, "\(uri)")
                    #expect(response.headers[.eTag] != nil)
                }
            }
        }
    }

    @Test func `the level says what is chosen, reached and missing`() async throws {
        try await Self.serve { client, _, _ in
            let response = try await client.execute(uri: "/api/v1/regions/blekinge/level", method: .get)
            let body = try JSONParser.parse(response.body)
            #expect(body["chosen"]?["level"] == 3)
            #expect(body["reached"] == 2)
            let missing = try #require(body["missing"]?.array)
            #expect(missing.map { $0["level"] } == [3])
            #expect(missing[0]["commitments"]?.array?.contains("market_3_film_office") == true)
            #expect(body["periods"]?.array?.count == 2)
        }
    }

    @Test func `a region that there is not is a 404, and an odd one a 400`() async throws {
        try await Self.serve { client, _, _ in
            for path in ["level", "plan"] {
                let gone = try await client.execute(uri: "/api/v1/regions/smaland/\(path)", method: .get)
                #expect(gone.status == .notFound)
                let odd = try await client.execute(uri: "/api/v1/regions/Sk%C3%A5ne/\(path)", method: .get)
                #expect(odd.status == .badRequest)
            }
        }
    }

    @Test func `the office sees its whole plan with its key, others what is public`() async throws {
        try await Self.serve { client, _, bench in
            try await bench.database.sql(
                """
                INSERT INTO klappa.region_evidence (region, commitment, text_sv, state)
                VALUES (12, 'market_1_reply_time', 'UTKAST', 'submitted');
                INSERT INTO klappa.region_action (region, priority, title_sv, responsible, first_day, last_day, public)
                VALUES (12, 'market', 'INTERNT', 'Kultur', '2026-01-01', '2026-12-31', false)
                """
            )
            for (right, region, sees) in [
                (Right.regionAdministrator, "skane", true), (.commissioner, "skane", true),
                (.administrator, nil, true), (.regionAdministrator, "halland", false),
                (.searcher, nil, false),
            ] as [(Right, String?, Bool)] {
                let key = BearerKey.random()
                _ = try await KeyQueries.issue(
                    key,
                    for: right,
                    name: "Nyckel",
                    region: region,
                    expiresAt: nil,
                    bench.databases.worker
                )
                let response = try await client.execute(
                    uri: "/api/v1/regions/skane/plan",
                    method: .get,
                    headers: [.authorization: "Bearer \(key.text)"]
                )
                let text = String(buffer: response.body)
                #expect(response.status == .ok)
                #expect(
                    text.contains("UTKAST") == sees && text.contains("INTERNT") == sees,
                    "\(right) \(region ?? "")"
                )
            }
            let open = try await client.execute(uri: "/api/v1/regions/skane/plan", method: .get)
            #expect(!String(buffer: open.body).contains("UTKAST"))
        }
    }

    @Test func `every change of a plan counts up its version and that of the strategy`() async throws {
        try await Self.serve { client, _, bench in
            func versions() async throws -> [Int64] {
                var versions: [Int64] = []
                for path in ["regions/skane/plan", "regions/skane/level", "strategy"] {
                    let response = try await client.execute(uri: "/api/v1/\(path)", method: .get)
                    let version = try JSONParser.parse(response.body)["version"]
                    versions.append(
                        try #require(version.flatMap { if case .integer(let n) = $0 { n } else { nil } })
                    )
                }
                return versions
            }
            var before = try await versions()
            #expect(before[0] == before[1])
            for statement in [
                "UPDATE klappa.region_action SET result_sv = 'Nytt' WHERE region = 12",
                "INSERT INTO klappa.region_evidence (region, commitment, text_sv) VALUES (12, 'market_1_reply_time', 'Mer')",
                "DELETE FROM klappa.region_goal WHERE region = 12",
            ] {
                try await bench.database.sql(statement)
                let after = try await versions()
                #expect(zip(before, after).allSatisfy { $0 < $1 }, "\(statement)")
                before = after
            }
        }
    }

    @Test func `figures count what anyone may see, region by region`() async throws {
        try await Self.serve { client, _, bench in
            for _ in 0..<3 { try await bench.add("Anna Ek") }
            try await bench.add("Bo Berg", region: "halland")
            let response = try await client.execute(uri: "/api/v1/strategy/figures", method: .get)
            let items = try #require(try JSONParser.parse(response.body)["items"]?.array)
            let crew = try #require(items.first { $0["measure"] == "crew" })
            #expect(crew["regions"]?["skane"] == 3)
            #expect(crew["regions"]?["halland"] == 1)
            #expect(crew["regions"]?["kalmar"] == 0)
            #expect(crew["total"] == 4)
            try await bench.database.sql(
                """
                INSERT INTO klappa.inquiry (source, title, lead_region, offices, answer_due)
                SELECT (SELECT min(code) FROM klappa.lead_source), 'Fråga ' || n, 12, '{12}',
                    now() + interval '1 day'
                FROM generate_series(1, 3) AS n
                """
            )
            let again = try await client.execute(uri: "/api/v1/strategy/figures", method: .get)
            let measures = try #require(try JSONParser.parse(again.body)["items"]?.array)
            let cases = measures.first { $0["measure"] == "inquiries" }
            #expect(cases?["regions"]?["skane"] == 3)
            #expect(!String(buffer: again.body).contains("Fråga"))
        }
    }
}
