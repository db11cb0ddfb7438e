import Foundation
import Postgres
import Testing

@testable import Registry

/// What members write of locations, with their own rights.
struct LocationWritingTests {
    @Test
    func `an owner drafts, changes and hands in; the office publishes`() async throws {
        try await SchemaDatabase.with { database in
            let owner = try await database.account(.searcher)
            let office = try await database.account(.commissioner, region: "kronoberg")
            let id = UUID.version7()
            var draft = LocationWriting.Draft(name: "Ladan", municipality: "0780", types: ["barn"])
            let settings = SchemaDatabase.settings(owner)
            try await database.member.transaction(settings: settings) { transaction in
                try await LocationWriting.create(draft, id: id, for: owner, transaction)
            }
            draft.types = ["farm", "barn"]
            draft.facts = [
                .init("wifi", .yes(true)), .init("floor_area_m2", .number(240)),
                .init("power_phases", .choice("3")),
                .init("period_look", .choice("1950s")),
            ]
            draft.point = .init(latitude: 56.9, longitude: 14.75)
            draft.contacts = [.init(kind: "email", value: "agare@example.se", visibility: "anyone")]
            let changed = draft
            let version = try await database.member.transaction(settings: settings) { transaction in
                let stale = try await LocationWriting.change(id, to: changed, version: 9, transaction)
                #expect(stale == nil)
                return try await LocationWriting.change(id, to: changed, version: 1, transaction)
            }
            #expect(version == 2)
            try await database.member.transaction(settings: settings) { transaction in
                try await ListingSteps.consent(
                    to: id,
                    textVersion: "2027-01",
                    source: "form",
                    transaction
                )
                let handed = try await ListingSteps.set(.inReview, of: id, .location, version: 2, transaction)
                #expect(handed != nil)
            }
            await #expect(throws: PostgresError.self) {
                try await database.member.transaction(settings: settings) { transaction in
                    _ = try await ListingSteps.set(.published, of: id, .location, version: 3, transaction)
                }
            }
            try await database.member.transaction(settings: SchemaDatabase.settings(office)) { transaction in
                let published = try await ListingSteps.set(
                    .published,
                    of: id,
                    .location,
                    version: 3,
                    transaction
                )
                #expect(published == 4)
            }
            let record = try #require(try await database.publicRecord(id))
            #expect(record.contains(#""types":["farm","barn"]"#))
            #expect(record.contains("agare@example.se"))
        }
    }
}
