internal import Foundation
internal import Web

/// The rights that claims give, where an installation has said so.
enum ClaimedRights {
    /// What the roles of somebody give; nil when the provider gives no rights at all.
    static func read(_ claims: JSON, _ provider: OpenIDProvider) -> [ClaimedRole]? {
        guard let claim = provider.rolesClaim, !provider.roles.isEmpty else { return nil }
        let values = values(of: claim, in: claims)
        return provider.roles.filter { values.contains($0.value) }
    }

    /// Whether the claim is there at all, perhaps empty.
    static func isNamed(in claims: JSON, _ provider: OpenIDProvider) -> Bool {
        provider.rolesClaim.map { value(of: $0, in: claims) != nil } ?? true
    }

    private static func values(of claim: String, in claims: JSON) -> Set<String> {
        switch value(of: claim, in: claims) {
        case .string(let one): [one]
        case .array(let several): Set(several.prefix(1000).compactMap(\.string))
        default: []
        }
    }

    /// By its name, or by steps with points between (`realm_access.roles`).
    private static func value(of claim: String, in claims: JSON) -> JSON? {
        if let value = claims[claim] { return value }
        var value: JSON? = claims
        for step in claim.split(separator: ".") { value = value?[String(step)] }
        return value
    }
}
