import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// The operations on inquiries, as programs use them.
struct InquiryRoutesTests {
    /// An answer of the API.
    struct Reply {
        let status: Int
        let body: JSON
        let headers: HTTPFields
        var tag: String { headers[.eTag] ?? "" }
    }

    static func send(
        _ portal: Portal,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSON? = nil,
        key: BearerKey? = nil,
        _ fields: [String: String] = [:]
    ) async throws -> Reply {
        var headers: HTTPFields = [:]
        if body != nil { headers[.contentType] = "application/json" }
        if let key { headers[.authorization] = "Bearer \(key.text)" }
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let response = try await portal.client.execute(
            uri: "/api/v1" + path,
            method: method,
            headers: headers,
            body: body?.bytes
        )
        return Reply(
            status: response.status.code,
            body: response.body.readableBytes == 0 ? .null : try JSONParser.parse(response.body),
            headers: response.headers
        )
    }

    /// Files the inquiry of the examples with another region; gives its number.
    static func file(_ portal: Portal, region: String = "kronoberg", title: String = "Saltängen") async throws
        -> String
    {
        guard case .object(var members) = InquiryExamples.filing else { return "" }
        members["region"] = .string(region)
        members["title"] = .string(title)
        let filed = try await send(portal, .post, "/inquiries", .object(members))
        #expect(filed.status == 201, "\(filed.body)")
        return try #require(filed.body["number"]?.string)
    }

    @Test func `every answer is as its description says, and so are the examples`() async throws {
        try await Portal.with { portal in
            let operations = Routes.operations(portal.database.databases, origin: nil).filter {
                $0.tag == "Inquiries"
            }
            #expect(operations.count == 9)
            for operation in operations {
                let (schema, example) = (
                    try #require(operation.response.schema), try #require(operation.response.example)
                )
                #expect(schema.errors(in: example).isEmpty, "\(operation.id) \(schema.errors(in: example))")
                if let body = operation.body {
                    #expect(body.schema.errors(in: body.example).isEmpty, "\(operation.id)")
                }
            }
            func fits(_ reply: Reply, _ id: String, _ status: Int = 200) throws {
                let operation = try #require(operations.first { $0.id == id })
                #expect(reply.status == status, "\(id) \(reply.body)")
                #expect(
                    try #require(operation.response.schema).errors(in: reply.body).prefix(3).isEmpty,
                    "\(id) \(reply.body)"
                )
            }
            let key = try await portal.key(.commissioner, region: "kronoberg")
            let filed = try await Self.send(portal, .post, "/inquiries", InquiryExamples.filing)
            try fits(filed, "fileInquiry", 201)
            let path = "/inquiries/" + (filed.body["number"]?.string ?? "")
            var now = try await Self.send(portal, .get, path, key: key)
            try fits(now, "getInquiry")
            now = try await Self.send(
                portal,
                .patch,
                path,
                InquiryExamples.patch,
                key: key,
                ["If-Match": now.tag]
            )
            try fits(now, "changeInquiry")
            #expect(
                now.body["status"] == "qualifying" && now.body["contacts"]?.array?.first?["locked"] == true
            )
            let entry: JSON = ["kind": "call", "body": "Ada ringde.", "contact": "Ada Ek", "isAnswer": false]
            try fits(
                try await Self.send(portal, .post, path + "/entries", entry, key: key),
                "addInquiryEntry",
                201
            )
            let answer = try await Self.send(
                portal,
                .post,
                path + "/answers",
                InquiryExamples.answerBody,
                key: key
            )
            try fits(answer, "answerInquiry", 201)
            let offer = try await Self.send(
                portal,
                .post,
                path + "/handovers",
                InquiryExamples.offerBody,
                key: key
            )
            try fits(offer, "offerInquiry", 201)
            let twice = try await Self.send(
                portal,
                .post,
                path + "/handovers",
                InquiryExamples.offerBody,
                key: key
            )
            #expect(twice.status == 409 && twice.body["code"] == "handover-pending")
            let skane = try await portal.key(.commissioner, region: "skane")
            let settle = path + "/handovers/" + (offer.body["id"]?.string ?? "")
            now = try await Self.send(portal, .patch, settle, InquiryExamples.settleBody, key: skane)
            try fits(now, "settleInquiryHandover")
            #expect(now.body["region"] == "skane")
            let gone = try await Self.send(portal, .patch, settle, InquiryExamples.settleBody, key: skane)
            #expect(gone.status == 409 && gone.body["code"] == "handover-answered")
            now = try await Self.send(portal, .get, path, key: skane)
            let foreign = try await Self.send(
                portal,
                .post,
                path + "/outcome",
                InquiryExamples.outcome,
                key: key,
                ["If-Match": now.tag]
            )
            #expect(foreign.status == 403)
            now = try await Self.send(
                portal,
                .post,
                path + "/outcome",
                InquiryExamples.outcome,
                key: skane,
                ["If-Match": now.tag]
            )
            try fits(now, "closeInquiry")
            #expect(now.body["loss"]?["winningPlace"] == "Estland" && now.body["outcome"] == "lost")
            for query in [
                "?state=all", "?state=closed&outcome=lost&sort=received", "?q=salt&state=all&limit=1",
            ] {
                let list = try await Self.send(portal, .get, "/inquiries" + query, key: skane)
                try fits(list, "listInquiries")
                #expect(list.body["total"] == 1, "\(query)")
            }
            try fits(try await Self.send(portal, .get, "/inquiries", key: skane), "listInquiries")
        }
    }

    @Test func `the same Idempotency-Key files one inquiry, and its private link opens it`() async throws {
        try await Portal.with { portal in
            let key = ["Idempotency-Key": "k-1"]
            let first = try await Self.send(portal, .post, "/inquiries", InquiryExamples.filing, key)
            let again = try await Self.send(portal, .post, "/inquiries", InquiryExamples.filing, key)
            #expect(first.status == 201 && first.body == again.body)
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry",
                    portal.database.owner
                ) == 1
            )
            let link = try #require(first.body["followUpUrl"]?.string)
            #expect(link.hasPrefix("http://klappa.example/sv/inquiries/follow/"))
            let page = try await portal.stranger().get(String(link.trimmingPrefix("http://klappa.example")))
            #expect(page.status == 200 && page.text.contains("SYD-"))
            // The database keeps no secret of it.
            let secret = link.suffix(43)
            let kept = try await portal.database.root.query(
                "SELECT encode(hash, 'hex') AS hash FROM klappa.inquiry_link"
            ).first?.decode(String.self, "hash")
            #expect(
                kept
                    == Secret(secret)?.hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                    .joined()
            )
            // Nor does what is kept for repeats, which its key alone opens.
            let stored = try await portal.database.root.query(
                "SELECT i.key, i.header::text AS header, i.body FROM klappa.idempotency i"
            )
            let row = try #require(stored.first)
            #expect(try stored.count == 1 && row.decode(String.self, "key") != "k-1")
            #expect(try row.decode(String?.self, "header") == nil)
            let body = String(decoding: try row.decode([UInt8].self, "body"), as: UTF8.self)
            #expect(!body.contains("follow") && !body.contains(secret) && !body.contains("SYD-"))
        }
    }

    @Test func `codes that no vocabulary has, and members that are not the producer's, are refused by name`()
        async throws
    {
        try await Portal.with { portal in
            let unknown: JSON = [
                "title": "x", "productionType": "opera", "crew": [["role": "wizard", "count": 1]],
                "locationTypes": ["moon"], "region": "skone",
            ]
            let refused = try await Self.send(portal, .post, "/inquiries", unknown)
            #expect(refused.status == 400)
            let pointers = (refused.body["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
            #expect(Set(pointers) == ["/productionType", "/crew/0/role", "/locationTypes/0", "/region"])
            for member in [
                "status", "source", "officer", "version", "invented", "receivedAt", "answerDue", "nextAction",
            ] {
                let body = JSON.object(JSON.Members([("title", "x"), (member, "1")]))
                let reply = try await Self.send(portal, .post, "/inquiries", body)
                #expect(reply.status == 400, "\(member)")
                #expect(reply.body["errors"]?.array?.first?["pointer"] == .string("/" + member))
            }
            #expect(
                try await portal.database.count(
                    "SELECT count(*) AS n FROM klappa.inquiry",
                    portal.database.owner
                ) == 0
            )
        }
    }

    @Test func `two commissioners' clash gives 412 with both versions, and nothing is lost`() async throws {
        try await Portal.with { portal in
            let path = "/inquiries/" + (try await Self.file(portal))
            let (one, other) = (
                try await portal.key(.commissioner, region: "kronoberg"),
                try await portal.key(.commissioner, region: "kronoberg")
            )
            let read = try await Self.send(portal, .get, path, key: one)
            let first = try await Self.send(
                portal,
                .patch,
                path,
                ["nextAction": "Ring"],
                key: one,
                ["If-Match": read.tag]
            )
            #expect(first.status == 200)
            let late = try await Self.send(
                portal,
                .patch,
                path,
                ["nextAction": "Skriv"],
                key: other,
                ["If-Match": read.tag]
            )
            #expect(late.status == 412)
            #expect(late.body["sentVersion"] == 1 && late.body["currentVersion"] == 2)
            #expect(late.body["current"]?["nextAction"] == "Ring")
            let absent = try await Self.send(portal, .patch, path, ["nextAction": "Skriv"], key: other)
            #expect(absent.status == 428)
        }
    }

    @Test
    func `a step that does not exist is a conflict, and what closes without a reason an error at its member`()
        async throws
    {
        try await Portal.with { portal in
            let path = "/inquiries/" + (try await Self.file(portal))
            let key = try await portal.key(.commissioner, region: "kronoberg")
            func close(_ body: JSON) async throws -> Reply {
                let tag = try await Self.send(portal, .get, path, key: key).tag
                return try await Self.send(
                    portal,
                    .post,
                    path + "/outcome",
                    body,
                    key: key,
                    ["If-Match": tag]
                )
            }
            let step = try await close(["status": "reported"])
            #expect(step.status == 409 && step.body["code"] == "status-step-refused")
            let bare = try await close(["status": "lost"])
            #expect(bare.status == 400 && bare.body["errors"]?.array?.first?["pointer"] == "/lostReason")
            let unnamed = try await close(["status": "lost", "lostReason": "unknown", "winner": "place"])
            #expect(
                unnamed.status == 400 && unnamed.body["errors"]?.array?.first?["pointer"] == "/winningPlace"
            )
            let open = try await close(["status": "qualifying"])
            #expect(open.status == 400 && open.body["errors"]?.array?.first?["pointer"] == "/status")
            let patched = try await Self.send(
                portal,
                .patch,
                path,
                ["status": "lost"],
                key: key,
                ["If-Match": "\"1-x\""]
            )
            #expect(patched.status == 400)
            let done = try await close(["status": "lost", "lostReason": "unknown", "winner": "unknown"])
            #expect(done.status == 200 && done.body["loss"]?["spendForgone"] == .null)
        }
    }

    @Test func `a cursor goes through the whole list in order, and belongs to its list`() async throws {
        try await Portal.with { portal in
            var numbers: Set<String> = []
            for index in 0..<7 { numbers.insert(try await Self.file(portal, title: "Film \(index)")) }
            let key = try await portal.key(.commissioner, region: "kronoberg")
            for sort in ["due", "received"] {
                var seen: [String] = []
                var cursor = ""
                repeat {
                    let page = try await Self.send(
                        portal,
                        .get,
                        "/inquiries?limit=3&sort=\(sort)" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"),
                        key: key
                    )
                    #expect(page.status == 200 && page.body["total"] == 7)
                    seen += (page.body["items"]?.array ?? []).compactMap { $0["number"]?.string }
                    cursor = page.body["next"]?.string ?? ""
                } while !cursor.isEmpty && seen.count < 50
                #expect(seen.count == 7 && Set(seen) == numbers)
                #expect(seen == (sort == "due" ? seen.sorted() : seen.sorted().reversed()))
            }
            let first = try await Self.send(portal, .get, "/inquiries?limit=3", key: key)
            let other = try await Self.send(
                portal,
                .get,
                "/inquiries?limit=3&q=film&cursor=\(first.body["next"]?.string ?? "")",
                key: key
            )
            #expect(other.status == 409 && other.body["code"] == "foreign-cursor")
        }
    }
}
