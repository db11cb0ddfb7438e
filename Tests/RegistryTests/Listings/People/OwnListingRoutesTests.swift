import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// A listing and its calendar through the API: for whom, with which version, and what is refused in words.
struct OwnListingRoutesTests {
    /// A program with a key, or without.
    private struct Program: Sendable {
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
                uri: "/api/v1/crew/" + path,
                method: method,
                headers: headers,
                body: body?.bytes
            )
            return (response.status.code, response.headers, try JSONParser.parse(response.body))
        }

        func tag(_ path: String) async throws -> String {
            try #require(try await send(.get, path).headers[.eTag])
        }
    }

    /// The example of the description with other members.
    private static func body(_ changes: [(String, JSON)] = []) -> JSON {
        guard case .object(var members) = OwnListingSchemas.exampleBody else { return [:] }
        for (name, value) in changes { members[name] = value }
        return .object(members)
    }

    @Test func `a listing is read and corrected by the office of its region, and by no other`() async throws {
        try await Portal.with { portal in
            let person = try await portal.database.person("Ylva Lind").uuidString.lowercased()
            let office = try await Program(portal, .commissioner, region: "skane")
            for (right, region, status): (Right?, String?, Int) in [
                (nil, nil, 401), (.searcher, nil, 404), (.commissioner, "kalmar", 404),
                (.regionAdministrator, "halland", 404),
            ] {
                let other = try await Program(portal, right, region: region)
                for path in ["listing", "calendar"] {
                    #expect(try await other.send(.get, "\(person)/\(path)").status == status)
                }
                let tag = ["If-Match": "\"1-0\""]
                #expect(try await other.send(.put, "\(person)/listing", Self.body(), tag).status == status)
                let days = OwnListingSchemas.exampleDays
                #expect(try await other.send(.post, "\(person)/calendar/blocks", days).status == status)
            }
            #expect(try await office.send(.put, "\(person)/listing", Self.body()).status == 428)
            let tag = try await office.tag("\(person)/listing")
            let changed = try await office.send(.put, "\(person)/listing", Self.body(), ["If-Match": tag])
            #expect(changed.status == 200, "\(changed.body)")
            #expect(changed.body["headline"]?["sv"] == "Belysning för långfilm")
            #expect(changed.body["contactFields"]?.array?.first?["visibility"] == "approved")
            let stale = try await office.send(.put, "\(person)/listing", Self.body(), ["If-Match": tag])
            #expect(stale.status == 412 && stale.body["sentVersion"] == 1)
            #expect(stale.body["current"]?["name"] == "Ylva Strandmark")
            let shown = try await Program(portal, nil).send(.get, person)
            #expect(shown.body["name"] == "Ylva Strandmark" && shown.body["contact"]?["fields"] == [])
        }
    }

    @Test func `what an owner sends of a published listing waits, what the office sends counts`() async throws
    {
        try await Portal.with { portal in
            let person = try await portal.database.person("Ylva Lind").uuidString.lowercased()
            let mine = try await Program(portal, .searcher)
            let holder = try await KeyQueries.holder(of: try #require(mine.key), portal.database.open)
            try await portal.database.root.execute(
                "UPDATE klappa.person SET account = \(try #require(holder).account)"
            )
            let tag = try await mine.tag("\(person)/listing")
            let sent = try await mine.send(.put, "\(person)/listing", Self.body(), ["If-Match": tag])
            #expect(sent.status == 200, "\(sent.body)")
            #expect(sent.body["name"] == "Ylva Lind" && sent.body["proposal"]?["state"] == "in_review")
            #expect(sent.body["proposal"]?["listing"]?["name"] == "Ylva Strandmark")
            #expect(sent.body["contactFields"]?.array?.first?["value"] == "ylva@example.se")
            #expect(try await Program(portal, nil).send(.get, person).body["name"] == "Ylva Lind")
            let stale = try await mine.send(.put, "\(person)/listing", Self.body(), ["If-Match": tag])
            #expect(stale.status == 412)
            let office = try await Program(portal, .commissioner, region: "skane")
            let seen = try await office.tag("\(person)/listing")
            let changed = try await office.send(.put, "\(person)/listing", Self.body(), ["If-Match": seen])
            #expect(changed.status == 200 && changed.body["name"] == "Ylva Strandmark")
        }
    }

    @Test func `every fault of a body is told with its place`() async throws {
        try await Portal.with { portal in
            let person = try await portal.database.person("Ylva Lind").uuidString.lowercased()
            let office = try await Program(portal, .commissioner, region: "skane")
            let tag = try await office.tag("\(person)/listing")
            let role: JSON = ["code": "gaffer", "grade": "professional"]
            let body = Self.body([
                ("homeRegion", "atlantis"), ("municipality", "0880"),
                ("roles", [role, role, ["code": "wizard", "grade": "trainee"]]),
                ("contactFields", [["kind": "phone", "value": "ring mig", "visibility": "anyone"]]),
                ("links", [["kind": "reel", "url": "https://nowhere"]]),
            ])
            let refused = try await office.send(.put, "\(person)/listing", body, ["If-Match": tag])
            #expect(refused.status == 400)
            let places = Set((refused.body["errors"]?.array ?? []).compactMap { $0["pointer"]?.string })
            #expect(
                places == [
                    "/homeRegion", "/municipality", "/roles/1", "/roles/2/code", "/contactFields/0/value",
                    "/links/0/url",
                ]
            )
            let bare = try await office.send(
                .put,
                "\(person)/listing",
                Self.body([("roles", [])]),
                ["If-Match": tag]
            )
            #expect(bare.status == 400 && bare.body["errors"]?.array?.first?["pointer"] == "/roles")
            for field in ["state", "account", "version", "invented"] {
                let more = Self.body([(field, "published")])
                let answer = try await office.send(.put, "\(person)/listing", more, ["If-Match": tag])
                #expect(answer.status == 400, "\(field)")
            }
        }
    }

    @Test func `days are blocked once for a key, and the calendar is replaced with its version`() async throws
    {
        try await Portal.with { portal in
            let person = try await portal.database.person("Ylva Lind").uuidString.lowercased()
            let office = try await Program(portal, .commissioner, region: "skane")
            let path = "\(person)/calendar"
            let empty = try await office.send(.get, path)
            #expect(empty.body["version"] == 0 && empty.body["known"] == .null)
            let tag = try #require(empty.headers[.eTag])
            let put = try await office.send(
                .put,
                path,
                OwnListingSchemas.exampleCalendarBody,
                ["If-Match": tag]
            )
            #expect(put.status == 200, "\(put.body)")
            #expect(put.body["known"] == ["from": "2026-11-24", "to": "2027-06-30"])
            #expect(
                try await office.send(.put, path, OwnListingSchemas.exampleCalendarBody, ["If-Match": tag])
                    .status == 412
            )
            let days: JSON = ["from": "2027-03-13", "to": "2027-03-14"]
            var answers: [JSON] = []
            for _ in 0..<2 {
                let added = try await office.send(.post, path + "/blocks", days, ["Idempotency-Key": "k-1"])
                #expect(added.status == 201)
                answers.append(added.body)
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0]["blocked"] == [["from": "2027-03-01", "to": "2027-03-14"]])
            let none: JSON = ["known": .null, "blocked": []]
            let freed = try await office.send(.put, path, none, ["If-Match": try await office.tag(path)])
            #expect(freed.status == 200 && freed.body["blocked"] == [] && freed.body["known"] == .null)
            let backwards: JSON = ["from": "2027-03-14", "to": "2027-03-13"]
            let taken = try await office.send(.post, path + "/blocks", backwards)
            #expect(taken.body["blocked"] == [["from": "2027-03-13", "to": "2027-03-14"]])
            let never: JSON = ["from": "2027-02-29", "to": "2200-01-01"]
            let refused = try await office.send(.post, path + "/blocks", never)
            #expect(refused.status == 400 && refused.body["errors"]?.array?.count == 2)
        }
    }
}
