public import Foundation

/// A right that an account holds, and where: in one region, in one organisation, or everywhere.
public struct Grant: Hashable, Sendable, Codable {
    /// What may be done.
    public let right: Right
    /// Code of the region; nil when the scope is none.
    public let region: String?
    /// The organisation; nil when the scope is none.
    public let organisation: UUID?

    /// Without region and organisation it holds everywhere.
    public init(_ right: Right, region: String? = nil, organisation: UUID? = nil) {
        self.right = right
        self.region = region
        self.organisation = organisation
    }

    /// Whether the scope is everything.
    public var isEverywhere: Bool { region == nil && organisation == nil }

    /// Whether it holds in a region: one of a region or of everything does, one of an organisation does not.
    public func holds(in region: String) -> Bool {
        organisation == nil && (self.region == nil || self.region == region)
    }
}

extension Grant {
    /// Reads what `klappa.scopes_of` wrote; rights that this version does not know are left out, for they give none.
    static func read(_ json: String) throws -> [Grant] {
        struct Row: Decodable {
            let right: String
            let region: String?
            let organisation: UUID?
        }
        return try JSONDecoder().decode([Row].self, from: Data(json.utf8)).compactMap { row in
            Right(rawValue: row.right).map { Grant($0, region: row.region, organisation: row.organisation) }
        }
    }
}
