internal import Foundation

/// A draft as JSON, in the shape in which the API takes it: so it is kept as a proposal, and told to its owner.
extension CrewWriting.Draft: Codable {
    private struct Document: Codable {
        var name: String
        var creditedName: String?
        var tradingName: String?
        var homeRegion: String
        var municipality: String?
        var localRegions: [String]?
        var travelRadius: Int?
        var roles: [Role]
        var languages: [CrewListing.Language]?
        var certificates: [CrewListing.Certificate]?
        var headline: CrewListing.Text?
        var biography: CrewListing.Text?
        var links: [ListingLink]?
        var contactFields: [ListingContact]?
        var availabilityVisibility: String
    }

    init(from decoder: any Decoder) throws {
        let document = try Document(from: decoder)
        self.init(name: document.name, region: document.homeRegion)
        creditedName = document.creditedName
        tradingName = document.tradingName
        municipality = document.municipality
        localRegions = document.localRegions ?? []
        travelRadius = document.travelRadius
        (headlineSv, headlineEn) = (document.headline?.sv, document.headline?.en)
        (biographySv, biographyEn) = (document.biography?.sv, document.biography?.en)
        availabilityVisibility = document.availabilityVisibility
        roles = document.roles
        languages = document.languages ?? []
        certificates = document.certificates ?? []
        links = document.links ?? []
        contacts = document.contactFields ?? []
    }

    func encode(to encoder: any Encoder) throws {
        try Document(
            name: name,
            creditedName: creditedName,
            tradingName: tradingName,
            homeRegion: region,
            municipality: municipality,
            localRegions: localRegions,
            travelRadius: travelRadius,
            roles: roles,
            languages: languages,
            certificates: certificates,
            headline: .init(sv: headlineSv, en: headlineEn),
            biography: .init(sv: biographySv, en: biographyEn),
            links: links,
            contactFields: contacts,
            availabilityVisibility: availabilityVisibility
        ).encode(to: encoder)
    }

    /// The same as text.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// With what an owner changes without the office as it stands: contacts, and who sees the days.
    func keeping(_ present: CrewWriting.Draft) -> CrewWriting.Draft {
        var kept = self
        kept.contacts = present.contacts
        kept.availabilityVisibility = present.availabilityVisibility
        return kept
    }
}
