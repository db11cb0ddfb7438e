import Foundation
import Registry

/// What a provider of sign-in is told by: the ends of the names of its settings, after `KLAPPA_OIDC_SKANE_`.
enum ProviderSetting: String, CaseIterable {
    case issuer = "ISSUER"
    case clientID = "CLIENT_ID"
    case clientSecret = "CLIENT_SECRET"
    case name = "NAME"
    case domains = "DOMAINS"
    case scopes = "SCOPES"
    case rolesClaim = "ROLES_CLAIM"
    case roles = "ROLES"

    private var meaning: String {
        switch self {
        case .issuer: "address of the provider, exactly as it writes its own name"
        case .clientID: "as whom klappa is registered there"
        case .clientSecret: "the secret that belongs to it; none, for PKCE alone"
        case .name: "what the button says; the provider's key"
        case .domains: "domains of mail addresses that it may vouch for, by commas; all"
        case .scopes: "what is asked for, by spaces; openid email profile"
        case .rolesClaim: "claim that names roles, such as groups or realm_access.roles; none"
        case .roles: "VALUE=RIGHT or VALUE=RIGHT:SCOPE, by semicolons, such as film-skane=commissioner:skane"
        }
    }

    /// The setting of one provider.
    func key(of provider: String) -> SettingKey {
        SettingKey(
            name: "KLAPPA_OIDC_\(provider.uppercased())_\(rawValue)",
            meaning: meaning,
            isSecret: self == .clientSecret
        )
    }
}

extension SettingsReader {
    /// The providers through which staff may sign in, in the order of `KLAPPA_OIDC`.
    mutating func providers() -> [OpenIDProvider] {
        var keys: [String] = []
        for key in (text(SettingKey.openID.name) ?? "").split(separator: ",") {
            let key = key.trimmingCharacters(in: .whitespaces)
            guard key.wholeMatch(of: /[a-z][a-z0-9]{0,19}/) != nil, !keys.contains(key) else {
                refuse(.openID, "must be different words of lower-case letters and digits, not \(key).")
                continue
            }
            keys.append(key)
        }
        return keys.compactMap { provider($0) }
    }

    private mutating func provider(_ key: String) -> OpenIDProvider? {
        func value(_ setting: ProviderSetting) -> String? { text(setting.key(of: key).name) }
        let issuer = value(.issuer)
        let isIssuer = issuer.map(OpenIDProvider.isIssuer) ?? false
        if !isIssuer {
            let form = "must be like https://login.example, without a slash at its end"
            refuse(ProviderSetting.issuer.key(of: key), issuer.map { "\(form), not \($0)." } ?? "\(form).")
        }
        let clientID = value(.clientID)
        if clientID == nil { refuse(ProviderSetting.clientID.key(of: key), "is needed.") }
        let roles = roles(value(.roles), key)
        if (value(.rolesClaim) == nil) != (value(.roles) == nil) {
            refuse(ProviderSetting.rolesClaim.key(of: key), "belongs together with the setting of the roles.")
        }
        guard isIssuer, let issuer, let clientID else { return nil }
        return OpenIDProvider(
            key: key,
            name: value(.name) ?? key,
            issuer: issuer,
            clientID: clientID,
            clientSecret: value(.clientSecret),
            domains: names(ProviderSetting.domains.key(of: key)),
            scopes: (value(.scopes) ?? "openid email profile").split(separator: " ").map(String.init),
            rolesClaim: value(.rolesClaim),
            roles: roles
        )
    }

    private mutating func roles(_ text: String?, _ key: String) -> [ClaimedRole] {
        var roles: [ClaimedRole] = []
        for part in (text ?? "").split(separator: ";") where !part.allSatisfy(\.isWhitespace) {
            guard let role = ClaimedRole(String(part)) else {
                refuse(
                    ProviderSetting.roles.key(of: key),
                    "must be VALUE=RIGHT or VALUE=RIGHT:SCOPE, by semicolons, not \(part)."
                )
                continue
            }
            roles.append(role)
        }
        return roles
    }
}
