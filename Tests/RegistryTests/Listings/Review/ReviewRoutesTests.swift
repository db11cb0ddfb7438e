import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// The review queue as programs use it.
struct ReviewRoutesTests {
    private typealias API = InquiryRoutesTests

    private func path(_ id: UUID, _ more: String = "") -> String {
        "/review-entries/\(id.uuidString.lowercased())\(more)"
    }

    @Test
    func `every answer is as its description says, and so are the examples`() async throws {
        try await Portal.with { portal in
            let operations = Routes.operations(portal.database.databases, origin: nil).filter {
                $0.tag == "Review"
            }
            #expect(operations.count == 3)
            for operation in operations {
                let schema = try #require(operation.response.schema)
                let example = try #require(operation.response.example)
                #expect(schema.errors(in: example).isEmpty, "\(operation.id) \(schema.errors(in: example))")
                if let body = operation.body {
                    #expect(body.schema.errors(in: body.example).isEmpty, "\(operation.id)")
                }
            }
            let barn = try await portal.database.location("Ladan", state: "in_review")
            let key = try await portal.key(.commissioner, region: "skane")
            let list = try await API.send(portal, .get, "/review-entries", key: key)
            #expect(ReviewSchemas.list.errors(in: list.body).isEmpty)
            #expect(list.body["total"]?.integer == 1)
            let one = try await API.send(portal, .get, path(barn), key: key)
            #expect(ReviewSchemas.record.errors(in: one.body).isEmpty, "\(one.body)")
            let decided = try await API.send(
                portal,
                .post,
                path(barn, "/decision"),
                ["verdict": "published"],
                key: key,
                ["If-Match": one.tag]
            )
            #expect(decided.status == 200, "\(decided.body)")
            #expect(ReviewSchemas.decided.errors(in: decided.body).isEmpty)
            #expect(try await portal.database.publicRecord(barn) != nil)
        }
    }

    @Test
    func `a decision names the version, and a return its reason`() async throws {
        try await Portal.with { portal in
            let barn = try await portal.database.location("Ladan", state: "in_review")
            let key = try await portal.key(.regionAdministrator, region: "skane")
            let one = try await API.send(portal, .get, path(barn), key: key)
            let address = path(barn, "/decision")
            let bare = try await API.send(portal, .post, address, ["verdict": "hidden"], key: key)
            #expect(bare.status == 428)
            try await portal.database.worker.execute("UPDATE klappa.location SET alias = 'Röda ladan'")
            let stale = try await API.send(
                portal,
                .post,
                address,
                ["verdict": "published"],
                key: key,
                ["If-Match": one.tag]
            )
            #expect(stale.status == 412)
            #expect(stale.body["sentVersion"]?.integer == 1)
            #expect(stale.body["currentVersion"]?.integer == 2)
            let now = try await API.send(portal, .get, path(barn), key: key)
            let silent = try await API.send(
                portal,
                .post,
                address,
                ["verdict": "returned"],
                key: key,
                ["If-Match": now.tag]
            )
            #expect(silent.status == 400)
            #expect(silent.body["errors"]?.array?.first?["pointer"] == "/reason")
            #expect(try await portal.database.publicRecord(barn) == nil)
        }
    }

    @Test
    func `no other office, searcher or stranger reads or decides`() async throws {
        try await Portal.with { portal in
            let barn = try await portal.database.location("Ladan", municipality: "0780", state: "in_review")
            let body: JSON = ["verdict": "published"]
            for region in SiteRegion.all.map(\.code) where region != "kronoberg" {
                let key = try await portal.key(.commissioner, region: region)
                for query in ["", "?region=kronoberg", "?kind=location"] {
                    let list = try await API.send(portal, .get, "/review-entries\(query)", key: key)
                    #expect(list.status == 200)
                    #expect(list.body["items"] == [])
                    #expect(list.body["total"]?.integer == 0)
                }
                #expect(try await API.send(portal, .get, path(barn), key: key).status == 404)
                let decided = try await API.send(
                    portal,
                    .post,
                    path(barn, "/decision"),
                    body,
                    key: key,
                    ["If-Match": "\"1-x\""]
                )
                #expect(decided.status == 404)
            }
            let searcher = try await portal.key(.searcher)
            #expect(try await API.send(portal, .get, "/review-entries", key: searcher).status == 403)
            #expect(try await API.send(portal, .get, path(barn), key: searcher).status == 403)
            #expect(try await API.send(portal, .get, "/review-entries").status == 401)
            #expect(try await API.send(portal, .get, path(barn)).status == 401)
            let state = try await portal.database.root.query("SELECT state FROM klappa.location")
            #expect(try state.first?.decode(String.self, "state") == "in_review")
        }
    }

    @Test
    func `a stranger who types a word on the page of locations is answered`() async throws {
        try await Portal.with { portal in
            try await portal.database.location("Ljusladan")
            let page = try await portal.stranger().get("/sv/locations?q=Ljusladan")
            #expect(page.status == 200)
            #expect(page.text.contains(">Ljusladan</a>"))
        }
    }

    @Test(arguments: ["draft", "in_review", "returned", "hidden", "lapsed"])
    func `nothing unpublished is found by a stranger in any list, record, count, facet or page`(state: String)
        async throws
    {
        try await Portal.with { portal in
            let database = portal.database
            let barn = try await database.location("Ljusladan", state: "draft")
            let company = try await database.company("Ljusfirman", state: "draft")
            for (table, id) in [("location", barn), ("company", company)] as [(SQL, UUID)] {
                try await database.worker.execute(
                    "UPDATE klappa.\(table) SET state = \(state), state_reason = 'x' WHERE id = \(id)"
                )
            }
            try await database.location("Öppna ladan")
            let stranger = portal.stranger()
            let addresses = [
                "/api/v1/locations?facets=all", "/api/v1/locations?q=Ljusladan&facets=all",
                "/api/v1/companies?facets=all", "/api/v1/companies?q=Ljusfirman", "/sv/locations?q=Ljusladan",
                "/sv/companies?q=Ljusfirman", "/en/locations", "/en/companies",
                "/sv/locations/offer", "/sv/companies/offer",
            ]
            for address in addresses {
                let page = try await stranger.get(address)
                #expect(page.status == 200, "\(address)")
                // The page says back what was searched for; a link to the listing it never has.
                #expect(
                    !page.text.contains(">Ljusladan</a>") && !page.text.contains("\"name\":\"Ljusladan\"")
                )
                #expect(
                    !page.text.contains(">Ljusfirman</a>") && !page.text.contains("\"name\":\"Ljusfirman\"")
                )
            }
            let all = try await API.send(portal, .get, "/locations?facets=all")
            #expect(all.body["total"]?.integer == 1)
            #expect(try await API.send(portal, .get, "/companies").body["total"]?.integer == 0)
            let number = try await database.root.query("SELECT no FROM klappa.location WHERE id = \(barn)")
            let no = try #require(number.first).decode(Int32.self, "no")
            for address in [
                "/api/v1/locations/\(no)", "/api/v1/locations/\(barn.uuidString.lowercased())",
                "/sv/locations/\(no)",
                "/api/v1/companies/\(company.uuidString.lowercased())", "/sv/companies/ljusfirman-1",
            ] {
                #expect(try await stranger.get(address).status == 404, "\(address)")
            }
            for path in ["", "/edit", "/preview", "/photos"] {
                let page = try await stranger.get("/sv/offers/\(barn.uuidString.lowercased())\(path)")
                #expect(page.status == 303)
                #expect(!page.text.contains("Ljusladan"))
            }
        }
    }
}
