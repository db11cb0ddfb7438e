import Foundation
import Postgres
import Testing

@testable import Registry

/// What the tests of offers and of their review have in common.
enum OfferScene {
    /// A barn as its form sends it.
    static let barn = [
        ("name", "Ladan i Hovmantorp"), ("type", "barn"), ("point", "56.7867, 15.1330"),
        ("municipality", "0761"),
        ("headlineSv", "Röd lada med högt i tak"), ("descriptionEn", "A red barn."),
        ("fact-power_phases", "3"),
        ("fact-floor_area_m2", "240"), ("fact-wifi", "yes"), ("email", "agare@example.se"),
        ("emailVisibility", "office"), ("ownerName", "Greta"), ("daysVisibility", "anyone"), ("version", "0"),
    ]

    static func fields(_ fields: [(String, String)], _ more: [(String, String)] = []) -> [String: String] {
        Dictionary(fields + more) { $1 }
    }

    /// Fills in the form of a location, and gives the address of what was made.
    static func offer(_ owner: Caller, _ more: [(String, String)] = []) async throws -> String {
        let form = try await owner.get("/sv/locations/offer")
        #expect(form.status == 200)
        let sent = try await owner.post("/sv/locations/offer", sent: fields(barn, more), from: form)
        #expect(sent.status == 303, "\(sent.text)")
        return try #require(sent.location)
    }

    /// The version that a page's form carries.
    static func version(_ page: Caller.Page) throws -> String {
        String(try #require(page.text.firstMatch(of: /name="version" value="([0-9]+)"/)).1)
    }

    /// The id at the end of an address.
    static func id(_ address: String) throws -> UUID {
        try #require(UUID(uuidString: String(address.split(separator: "/").last ?? "")))
    }
}
