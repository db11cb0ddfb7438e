import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// Nothing unpublished is found by a stranger: whatever is added that is not public, every list, record, count, facet, page
/// and error stays as it was, to the letter [Q-60].
struct UnpublishedTests {
    /// A word that no page has by itself.
    private static let word = "Zyxwvaladan"

    /// What a stranger can ask, by what it tells.
    private static let addresses = [
        // Lists with their counts and facets.
        "/api/v1/crew?coverage=any&facets=all", "/api/v1/companies?facets=all",
        "/api/v1/locations?facets=all",
        "/api/v1/crew?coverage=any&role=location_manager&facets=all&dates=2027-03-01/2027-03-05",
        "/api/v1/locations?type=barn&feature=wifi&facets=all",
        "/api/v1/companies?category=lighting_rental&facets=all",
        "/api/v1/locations?near=55.6061,13.0012&radius=20&facets=all", "/api/v1/locations/points",
        "/api/v1/programmes", "/api/v1/programmes/manus", "/api/v1/programmes/manus/calls",
        // The same by the word.
        "/api/v1/crew?coverage=any&q=\(word)&facets=all", "/api/v1/companies?q=\(word)&facets=all",
        "/api/v1/locations?q=\(word)&facets=all", "/api/v1/places?q=\(word)",
        // Pages.
        "/sv", "/en", "/sv/crew", "/en/crew?coverage=any", "/sv/crew?q=\(word)", "/sv/companies",
        "/en/companies?q=\(word)", "/sv/locations", "/en/locations?q=\(word)", "/sv/locations?type=barn",
        "/sv/programmes", "/en/programmes/manus", "/openapi.json",
        // Errors.
        "/api/v1/inquiries", "/api/v1/inquiries?q=\(word)", "/api/v1/review-entries", "/sv/inquiries",
        "/sv/review", "/sv/applications", "/sv/offers", "/sv/me/listing", "/api/v1/crew?q=\(word)&page=999",
    ]

    /// What is the same of two answers: without what belongs to the request.
    private static func answer(_ caller: Caller, _ address: String) async throws -> String {
        let page = try await caller.get(address)
        var text = page.text
        for changing in [
            #/name="csrf" value="[^"]*"/#, #/"instance":"[^"]*"/#, #/urn:uuid:[0-9a-f-]{36}/#,
            #/<code>[0-9a-f-]{36}</code>/#, #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/#,
        ] as [Regex<Substring>] {
            text = text.replacing(changing, with: "")
        }
        return "\(page.status)\n\(text)"
    }

    /// People, companies and locations in every state that is not public, with the word in all that they say; their ids,
    /// slugs and numbers.
    private static func hide(_ portal: Portal) async throws -> [String] {
        let database = portal.database
        var paths: [String] = []
        for state in ["draft", "in_review", "returned", "hidden", "lapsed"] {
            let rows: [(String, String, UUID)] = [
                ("person", "crew", try await database.person("\(word) \(state)", state: "draft")),
                ("company", "companies", try await database.company("\(word) \(state)", state: "draft")),
                ("location", "locations", try await database.location("\(word) \(state)", state: "draft")),
            ]
            for (table, plural, id) in rows {
                let column: SQL = table == "location" ? "no::text" : "slug"
                let row = try await database.worker.query(
                    """
                    UPDATE klappa.\(identifier: table) SET state = \(state), state_reason = 'x', headline_sv = \(word)
                    WHERE id = \(id) RETURNING \(column) AS address
                    """
                ).first
                let address = try #require(row).decode(String.self, "address")
                for name in [address, id.uuidString.lowercased()] {
                    paths += ["/api/v1/\(plural)/\(name)", "/sv/\(plural)/\(name)"]
                }
            }
        }
        return paths
    }

    /// A case, an application that was sent, a draft programme with a call, and a draft call of the public one.
    private static func work(_ scene: TalentScene, _ portal: Portal) async throws -> [String] {
        guard case .object(var filing) = InquiryExamples.filing else { return [] }
        for field in ["title", "company", "summary"] { filing[field] = .string(word) }
        let filed = try await InquiryRoutesTests.send(portal, .post, "/inquiries", .object(filing))
        let number = try #require(filed.body["number"]?.string)
        let application = try await scene.send(word)
        let (programme, call, other) = (UUID.version7(), UUID.version7(), UUID.version7())
        try await scene.database.root.execute(
            """
            INSERT INTO klappa.programme (id, slug, organisation, programme_type, priority, state, name_sv, summary_sv,
                description_sv)
            VALUES (\(programme), 'zyxwva', \(scene.organisation), 'writers_lab', 'talent', 'draft', \(word), \(word), \(word))
            """
        )
        for (id, of) in [(call, programme), (other, scene.programme)] {
            try await scene.database.root.execute(
                """
                INSERT INTO klappa.call (id, programme, state, title_sv, guidelines_sv, opens_at, closes_at, places)
                VALUES (\(id), \(of), 'draft', \(word), \(word), now(), now() + interval '1 day', 3)
                """
            )
        }
        func text(_ id: UUID) -> String { id.uuidString.lowercased() }
        return [
            "/api/v1/inquiries/\(number)", "/sv/inquiries/\(number)", "/sv/applications/\(text(application))",
            "/api/v1/programmes/zyxwva", "/api/v1/programmes/\(text(programme))", "/sv/programmes/zyxwva",
            "/api/v1/programmes/manus/calls/\(text(other))", "/sv/programmes/manus/calls/\(text(other))",
            "/api/v1/programmes/zyxwva/calls/\(text(call))",
        ]
    }

    @Test func `nothing unpublished changes what a stranger is told`() async throws {
        try await Portal.with { portal in
            let scene = try await TalentScene.arranged(in: portal.database)
            try await portal.database.person("Öppna Anna")
            try await portal.database.company("Öppna firman")
            try await portal.database.location("Öppna ladan")
            let stranger = portal.stranger()
            var before: [String: String] = [:]
            for address in Self.addresses { before[address] = try await Self.answer(stranger, address) }
            // The question can be answered wrong: what is public is there, and counted.
            for (address, said) in [
                ("/api/v1/crew?coverage=any&facets=all", "Öppna Anna"), ("/sv/companies", "Öppna firman"),
                ("/api/v1/locations?facets=all", "Öppna ladan"), ("/sv/programmes", "Manuslabbet"),
            ] {
                #expect(before[address]?.contains(said) == true, "\(address)")
            }
            for address in Self.addresses where address.contains("facets=all") && !address.contains("q=") {
                #expect(before[address]?.contains(#""count":1"#) == true, "\(address): facets are counted")
            }
            let hidden = try await Self.hide(portal) + Self.work(scene, portal)
            for address in Self.addresses {
                let now = try await Self.answer(stranger, address)
                #expect(now == before[address], "\(address)")
            }
            for address in hidden {
                let page = try await stranger.get(address)
                #expect([404, 401, 303].contains(page.status), "\(address): \(page.status)")
                #expect(!page.text.contains(Self.word), "\(address)")
            }
            // What is counted in public of cases and applications is a number, and names nothing.
            for address in ["/sv/strategy", "/en/strategy", "/api/v1/strategy/figures"] {
                #expect(!(try await stranger.get(address).text.contains(Self.word)), "\(address)")
            }
        }
    }
}
