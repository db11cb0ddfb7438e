internal import Foundation

/// A provider of sign-in for staff, as an installation is told of it (OpenID Connect Core 1.0).
///
/// The files beside this one: `OpenIDMetadata` is what the provider says of itself, `ProviderKeys` its keys, `OpenIDClient`
/// asks it, `IDToken` judges what it says, `ClaimedRights` turns claims into rights, `OpenIDQueries` has the SQL and
/// `OpenIDPages` the way there and back. `OutgoingHTTP` bounds every request.
public struct OpenIDProvider: Hashable, Sendable {
    /// In addresses and in names of settings: lower-case letters and digits.
    public var key: String
    /// On the button.
    public var name: String
    /// Exactly as the provider writes it.
    public var issuer: String
    /// As whom we are registered there.
    public var clientID: String
    /// Nil for a client that has none: PKCE alone proves that it is us.
    public var clientSecret: String?
    /// Domains of addresses that the provider may vouch for; empty means all.
    public var domains: Set<String>
    /// What is asked for; `openid` is always among it.
    public var scopes: [String]
    /// The claim that names roles; nil takes none.
    public var rolesClaim: String?
    /// What each role gives.
    public var roles: [ClaimedRole]

    /// See the properties of the same names.
    public init(
        key: String,
        name: String,
        issuer: String,
        clientID: String,
        clientSecret: String? = nil,
        domains: Set<String> = [],
        scopes: [String] = ["openid", "email", "profile"],
        rolesClaim: String? = nil,
        roles: [ClaimedRole] = []
    ) {
        self.key = key
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.domains = domains
        self.scopes = scopes.contains("openid") ? scopes : ["openid"] + scopes
        self.rolesClaim = rolesClaim
        self.roles = roles
    }

    /// Whether an issuer's address can be one: https, or http on this machine, without query and slash at its end.
    public static func isIssuer(_ address: String) -> Bool {
        OutgoingRequest.isAllowed(address) && !address.contains("?") && !address.hasSuffix("/")
    }

    /// Whether the provider may vouch for an address.
    func vouches(for email: String) -> Bool {
        guard !domains.isEmpty else { return true }
        return email.split(separator: "@").last.map { domains.contains($0.lowercased()) } ?? false
    }
}

/// A role that a provider names, and the right that it gives.
public struct ClaimedRole: Hashable, Sendable {
    /// The value of the claim.
    public var value: String
    /// What it gives.
    public var right: Right
    /// Code of a region or slug of an organisation; nil for everywhere.
    public var scope: String?

    /// See the properties of the same names.
    public init(value: String, right: Right, scope: String?) {
        self.value = value
        self.right = right
        self.scope = scope
    }

    /// Reads `VALUE=RIGHT` or `VALUE=RIGHT:SCOPE`; a value may have `=` and `,` in it, as distinguished names do.
    public init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        let value = text[..<equals].trimmingCharacters(in: .whitespaces)
        let parts = text[text.index(after: equals)...].split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard !value.isEmpty, let right = parts.first.flatMap({ Right(rawValue: $0) }) else { return nil }
        let scope = parts.count == 2 ? parts[1] : nil
        // An administrator's scope is everything; no scope that was left empty becomes everything.
        guard scope != "", right != .administrator || scope == nil else { return nil }
        self.init(value: value, right: right, scope: scope)
    }
}
