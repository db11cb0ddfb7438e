import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// Writing a plan through the API: rights, versions, repeats, and what the database refuses told in words.
struct PlanRoutesTests {
    /// Sends JSON with a key.
    private struct Office: Sendable {
        let portal: Portal
        let key: BearerKey?

        init(_ portal: Portal, _ right: Right?, region: String? = nil) async throws {
            self.portal = portal
            key = if let right { try await portal.key(right, region: region) } else { nil }
        }

        func send(
            _ method: HTTPRequest.Method,
            _ path: String,
            _ body: JSON? = nil,
            _ fields: [String: String] = [:]
        ) async throws -> (status: Int, headers: HTTPFields, body: JSON) {
            var headers: HTTPFields = [:]
            if let key { headers[.authorization] = "Bearer \(key.text)" }
            if body != nil { headers[.contentType] = "application/json" }
            for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
            let response = try await portal.client.execute(
                uri: "/api/v1/regions/" + path,
                method: method,
                headers: headers,
                body: body?.bytes
            )
            return (response.status.code, response.headers, try JSONParser.parse(response.body))
        }

        /// The tag of a plan or a level.
        func tag(_ path: String) async throws -> String {
            try #require(try await send(.get, path).headers[.eTag])
        }
    }

    private static let level: JSON = ["level": 2, "from": "2026-01-01", "to": "2190-12-31"]

    @Test func `a level is refused in words that name what is missing, and taken once that is approved`()
        async throws
    {
        try await Portal.with { portal in
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            let account = try await portal.database.account(.regionAdministrator, region: "skane")
            try await portal.database.approve(upTo: 1, except: ["market_1_reply_time"], of: 12, as: account)
            let tag = try await office.tag("skane/level")
            let refused = try await office.send(.put, "skane/level", Self.level, ["If-Match": tag])
            #expect(refused.status == 409)
            #expect(refused.body["code"] == "level-not-carried")
            #expect(refused.body["missing"] == ["market_1_reply_time"])
            let detail = try #require(refused.body["detail"]?.string)
            #expect(detail.contains("Svara på förfrågningar inom en gemensam svarstid"))

            let sent = try await office.send(
                .post,
                "skane/plan/evidence",
                ["commitment": "market_1_reply_time", "text": ["sv": "Median 5,3 timmar"], "value": 5.3]
            )
            #expect(sent.status == 201)
            #expect(sent.body["state"] == "submitted")
            let place = try #require(sent.headers[.location]).replacing("/api/v1/regions/", with: "")
            let approved = try await office.send(
                .put,
                place,
                ["state": "approved", "text": ["sv": "Median 5,3 timmar"], "value": 5.3],
                ["If-Match": "\"1-0\""]
            )
            #expect(approved.status == 200)
            #expect(approved.body["state"] == "approved")
            let taken = try await office.send(
                .put,
                "skane/level",
                Self.level,
                ["If-Match": try await office.tag("skane/level")]
            )
            #expect(taken.status == 200)
            #expect(taken.body["chosen"]?["level"] == 2)

            let removed = try await office.send(.delete, place, nil, ["If-Match": "\"2-0\""])
            #expect(removed.status == 409)
            #expect(removed.body["code"] == "evidence-carries-level")
        }
    }

    @Test func `a new choice ends what was chosen before and replaces what was chosen for later`()
        async throws
    {
        try await Portal.with { portal in
            let office = try await Office(portal, .administrator)
            for (from, to) in [
                ("2023-01-01", "2024-12-31"), ("2025-01-01", "2027-12-31"), ("2024-07-01", "2030-12-31"),
            ] {
                let answer = try await office.send(
                    .put,
                    "kalmar/level",
                    ["level": 1, "from": .string(from), "to": .string(to)],
                    ["If-Match": try await office.tag("kalmar/level")]
                )
                #expect(answer.status == 200)
            }
            let periods = try #require(try await office.send(.get, "kalmar/level").body["periods"]?.array)
            #expect(periods.map { $0["from"] } == ["2023-01-01", "2024-07-01"])
            #expect(periods.map { $0["to"] } == ["2024-06-30", "2030-12-31"])
        }
    }

    @Test func `without a version a change is a 428, with an old one a 412 that tells both`() async throws {
        try await Portal.with { portal in
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            let goal: JSON = ["priority": "market", "title": ["sv": "Ett"]]
            let made = try await office.send(.post, "skane/plan/goals", goal)
            let place = try #require(made.headers[.location]).replacing("/api/v1/regions/", with: "")
            let changed: JSON = ["priority": "market", "title": ["sv": "Två"]]
            #expect(try await office.send(.put, place, changed).status == 428)
            #expect(try await office.send(.put, place, changed, ["If-Match": "\"1-a\""]).status == 200)
            let stale = try await office.send(.put, place, goal, ["If-Match": "\"1-a\""])
            #expect(stale.status == 412)
            #expect(stale.body["currentVersion"] == 2)
            #expect(stale.body["current"]?["title"]?["sv"] == "Två")
            #expect(try await office.send(.put, "skane/level", Self.level).status == 428)
            let old = try await office.send(.put, "skane/level", Self.level, ["If-Match": "\"1-a\""])
            #expect(old.status == 412)
            #expect(old.body["current"]?["region"] == "skane")
        }
    }

    @Test func `of six changes at once with one version exactly one wins`() async throws {
        try await Portal.with { portal in
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            let made = try await office.send(
                .post,
                "skane/plan/goals",
                ["priority": "market", "title": ["sv": "Ett"]]
            )
            let place = try #require(made.headers[.location]).replacing("/api/v1/regions/", with: "")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let body: JSON = ["priority": "market", "title": ["sv": .string("Nr \(number)")]]
                        return try await office.send(.put, place, body, ["If-Match": "\"1-a\""]).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 412, 412, 412, 412, 412])
        }
    }

    @Test func `the same key adds once`() async throws {
        try await Portal.with { portal in
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            let goal: JSON = ["priority": "talent", "title": ["sv": "En gång"]]
            let first = try await office.send(.post, "skane/plan/goals", goal, ["Idempotency-Key": "k1"])
            let second = try await office.send(.post, "skane/plan/goals", goal, ["Idempotency-Key": "k1"])
            #expect(first.status == 201 && second.status == 201)
            #expect(first.body["id"] == second.body["id"])
            #expect(try await office.send(.get, "skane/plan").body["goals"]?.array?.count == 1)
        }
    }

    @Test func `who may not gets 401, 403 or 404 for every write, and nothing is written`() async throws {
        try await Portal.with { portal in
            let owner = try await Office(portal, .regionAdministrator, region: "skane")
            let bodies: [(PlanItem, JSON)] = [
                (.evidence, ["commitment": "market_1_reply_time", "text": ["sv": "x"]]),
                (.goals, ["priority": "market", "title": ["sv": "x"]]),
                (.actions, PlanSchemas.example(.actions, isNew: true)),
            ]
            var places: [(PlanItem, String)] = []
            for (item, body) in bodies {
                let made = try await owner.send(.post, "skane/plan/\(item)", body)
                #expect(made.status == 201, "\(item)")
                places.append(
                    (item, try #require(made.headers[.location]).replacing("/api/v1/regions/", with: ""))
                )
            }
            let before = try await owner.tag("skane/plan")
            let strangers: [(Right?, String?)] = [
                (nil, nil), (.searcher, nil), (.commissioner, "skane"), (.regionAdministrator, "halland"),
                (.commissioner, "halland"),
            ]
            for (right, region) in strangers {
                let stranger = try await Office(portal, right, region: region)
                let refused = right == nil ? [401] : [403, 404]
                let level = try await stranger.send(.put, "skane/level", Self.level, ["If-Match": before])
                #expect(refused.contains(level.status), "\(right as Right?)")
                for (item, body) in bodies {
                    let added = try await stranger.send(.post, "skane/plan/\(item)", body)
                    #expect(refused.contains(added.status), "\(right as Right?) \(item)")
                }
                for (item, place) in places {
                    let body = PlanSchemas.example(item, isNew: false)
                    let changed = try await stranger.send(.put, place, body, ["If-Match": "\"1-a\""])
                    #expect(refused.contains(changed.status), "\(right as Right?) \(item)")
                    let removed = try await stranger.send(.delete, place, nil, ["If-Match": "\"1-a\""])
                    #expect(refused.contains(removed.status), "\(right as Right?) \(item)")
                }
            }
            #expect(try await owner.tag("skane/plan") == before)
        }
    }

    @Test(
        arguments: [
            ("actions", "commitment", ["commitment": "talent_1_shared_calls"] as JSON),
            ("actions", "commitment", ["commitment": "no_such"]),
            ("actions", "priority", ["priority": "nothing", "commitment": nil]),
            ("actions", "goal", ["goal": "0198c0de-7000-7abc-8def-000000000009"]),
        ] as [(String, String, JSON)]
    )
    func `what does not fit what is stored is a 409 that points at the member`(
        kind: String,
        member: String,
        change: JSON
    )
        async throws
    {
        try await Portal.with { portal in
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            guard case .object(var body) = PlanSchemas.example(.actions, isNew: true),
                case .object(let new) = change
            else { return }
            for pair in new.pairs { body[pair.name] = pair.value }
            let answer = try await office.send(.post, "skane/plan/\(kind)", .object(body))
            #expect(answer.status == 409)
            #expect(answer.body["errors"]?.array?.first?["pointer"] == .string("/\(member)"))
        }
    }

    @Test func `a region says how it is reached, and crew of the region tell it at once`() async throws {
        try await Portal.with { portal in
            try await portal.database.person("Anna Ek")
            let version = try await portal.database.count(
                "SELECT version AS n FROM klappa.region WHERE no = 12",
                portal.database.root
            )
            let body: JSON = ["liaison": "Maja Lind", "email": "film@example.se"]
            let tag = ["If-Match": "\"\(version)-a\""]
            for (right, region) in [(Right.commissioner, "skane"), (.regionAdministrator, "halland")] {
                let stranger = try await Office(portal, right, region: region)
                #expect(try await stranger.send(.put, "skane/contact", body, tag).status == 403)
            }
            let office = try await Office(portal, .regionAdministrator, region: "skane")
            #expect(try await office.send(.put, "skane/contact", body).status == 428)
            #expect(
                try await office.send(.put, "skane/contact", ["url": "javascript:alert(1)"], tag).status
                    == 400
            )
            let changed = try await office.send(.put, "skane/contact", body, tag)
            #expect(changed.status == 200)
            #expect(changed.body["liaison"] == "Maja Lind" && changed.body["url"] == .null)
            #expect(try await office.send(.put, "skane/contact", body, tag).status == 412)
            let crew = try await portal.client.execute(uri: "/api/v1/crew?q=anna", method: .get)
            #expect(String(buffer: crew.body).contains("Maja Lind"))
            let page = try await portal.stranger().get("/sv/strategy/skane")
            #expect(page.text.contains("Maja Lind"))
        }
    }

    @Test func `the description says that a change needs If-Match`() throws {
        for operation in PlanRoutes.operations(try Self.nowhere())
        where operation.problems.contains(.preconditionRequired) {
            let header = operation.parameters.first { $0.declaration.name == "If-Match" }
            #expect(header?.declaration.required == true, "\(operation.id)")
        }
    }

    @Test func `examples fit their shapes`() throws {
        for operation in PlanRoutes.operations(try Self.nowhere()) {
            let schema = try #require(operation.response.schema)
            let example = try #require(operation.response.example)
            #expect(schema.errors(in: example).isEmpty, "\(operation.id)")
            if let body = operation.body {
                #expect(body.schema.errors(in: body.example).isEmpty, "\(operation.id)")
            }
        }
    }

    private static func nowhere() throws -> Databases {
        let client = try PostgresClient(
            PostgresConfiguration("host=/nowhere"),
            logger: .init(label: "test")
        )
        return Databases(open: client, member: client, worker: client)
    }
}
