import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// Changing the common strategy, through the API and on pages.
struct StrategyEditTests {
    private static func send(
        _ portal: Portal,
        _ key: BearerKey?,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSON? = nil,
        ifMatch: String? = nil
    ) async throws -> (status: Int, body: JSON) {
        var headers: HTTPFields = [:]
        if let key { headers[.authorization] = "Bearer \(key.text)" }
        if body != nil { headers[.contentType] = "application/json" }
        headers[.ifMatch] = ifMatch
        let response = try await portal.client.execute(
            uri: "/api/v1/strategy/" + path,
            method: method,
            headers: headers,
            body: body?.bytes
        )
        return (response.status.code, try JSONParser.parse(response.body))
    }

    @Test func `every part is listed as its description says, and the examples fit`() async throws {
        try await Portal.with { portal in
            for operation in StrategyEditRoutes.operations(portal.database.databases) {
                let schema = try #require(operation.response.schema)
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.id)")
                if let body = operation.body {
                    #expect(body.schema.errors(in: body.example).isEmpty, "\(operation.id)")
                }
                guard operation.method == .get else { continue }
                let response = try await portal.client.execute(uri: operation.path, method: .get)
                #expect(response.status == .ok, "\(operation.id)")
                let body = try JSONParser.parse(response.body)
                #expect(schema.errors(in: body).prefix(3).isEmpty, "\(operation.id)")
                #expect(body["items"]?.array?.isEmpty == false, "\(operation.id)")
            }
        }
    }

    @Test func `an administrator replaces a commitment, others do not`() async throws {
        try await Portal.with { portal in
            let place = "commitments/market_1_reply_time"
            let body: JSON = ["level": 1, "name": ["sv": "Svara på en dag", "en": "Answer in a day"]]
            #expect(try await Self.send(portal, nil, .put, place, body, ifMatch: "\"1-a\"").status == 401)
            for right in [Right.searcher, .commissioner, .regionAdministrator] {
                let key = try await portal.key(right)
                let refused = try await Self.send(portal, key, .put, place, body, ifMatch: "\"1-a\"")
                #expect(refused.status == 403, "\(right)")
            }
            let key = try await portal.key(.administrator)
            #expect(try await Self.send(portal, key, .put, place, body).status == 428)
            let changed = try await Self.send(portal, key, .put, place, body, ifMatch: "\"1-a\"")
            #expect(changed.status == 200)
            #expect(changed.body["edited"] == true && changed.body["example"] == false)
            #expect(changed.body["name"]?["en"] == "Answer in a day")
            #expect(try await Self.send(portal, key, .put, place, body, ifMatch: "\"1-a\"").status == 412)
            #expect(
                try await Self.send(portal, key, .put, "commitments/nothing", body, ifMatch: "\"1-a\"").status
                    == 404
            )
        }
    }

    @Test func `a new commitment is missing in every region, and takes no chosen level away`() async throws {
        try await Portal.with { portal in
            let account = try await portal.database.account(.administrator)
            try await portal.database.approve(upTo: 1, of: 12, as: account)
            try await portal.database.member.execute(
                StrategySchemaTests.level(2, of: 12),
                settings: SchemaDatabase.settings(account)
            )
            let key = try await portal.key(.administrator)
            let body: JSON = [
                "code": "market_1_website", "priority": "market", "level": 1,
                "name": ["sv": "Egen webbsida", "en": "A site of its own"],
            ]
            #expect(try await Self.send(portal, key, .post, "commitments", body).status == 201)
            #expect(try await Self.send(portal, key, .post, "commitments", body).status == 409)
            let plan = try await portal.client.execute(uri: "/api/v1/regions/skane/level", method: .get)
            let level = try JSONParser.parse(plan.body)
            #expect(level["reached"] == 0)
            #expect(level["chosen"]?["level"] == 2)
            #expect(level["missing"]?.array?.first?["commitments"] == ["market_1_website"])
            #expect(
                try await SchemaCheckTests.run("chosen_levels_rest_on_evidence.sql", portal.database) == 0
            )
        }
    }

    @Test(arguments: ["sv", "en"])
    func `an administrator changes every part on pages; others are refused`(language: String) async throws {
        try await Portal.with { portal in
            let base = "/\(language)/strategy/edit"
            let office = try await portal.member("Ove", .regionAdministrator, region: "skane")
            #expect(try await office.get(base).status == 403)
            #expect(try await portal.stranger().get(base).status == 303)
            let administrator = try await portal.member("Ada", .administrator)
            let overview = try await administrator.get(base)
            #expect(overview.status == 200)
            for part in StrategyPart.allCases {
                let link = try #require(
                    overview.text.firstMatch(
                        of: try Regex(
                            "href=\"(\(base)/\(part)/(?!new)[^\"]+)\"",
                            as: (Substring, Substring).self
                        )
                    )
                )
                let page = try await administrator.get(String(link.1))
                #expect(page.status == 200, "\(part)")
                #expect(page.text.contains(#"name="version" value="1""#), "\(part)")
                // The other language leads to the same row.
                let other = link.1.replacing(
                    "/\(language)/",
                    with: language == "sv" ? "/en/" : "/sv/",
                    maxReplacements: 1
                )
                #expect(page.text.contains("<a class=\"lang\" href=\"\(other)\""), "\(part)")
                if part.canGrow { #expect(try await administrator.get("\(base)/\(part)/new").status == 200) }
            }
            let place = "\(base)/commitments/market_1_reply_time"
            let page = try await administrator.get(place)
            let empty = try await administrator.post(
                place,
                ["version": "1", "level": "9", "nameSv": "Ny"],
                from: page
            )
            #expect(empty.status == 400)
            #expect(empty.text.contains(#"value="Ny""#))
            let fields: KeyValuePairs = [
                "version": "1", "level": "1", "nameSv": "Ny", "nameEn": "New", "indicator": "",
            ]
            #expect(try await administrator.post(place, fields, from: page).status == 303)
            let clash = try await administrator.post(place, fields, from: page)
            #expect(clash.status == 412)
            let shown = try await portal.stranger().get("/\(language)/strategy")
            #expect(shown.text.contains(language == "sv" ? ">Ny" : ">New"))
            #expect(!shown.text.contains("/strategy/edit"))
        }
    }
}
