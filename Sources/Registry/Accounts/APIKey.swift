public import FoundationEssentials
public import Postgres

/// An API key as the registry knows it: whose it is, what it may, and until when, never the key itself.
///
/// The files beside this one: `BearerKey` is the key as its holder keeps it, `KeyQueries` the SQL, `Right` and `Grant`
/// what an account may do and where. People sign in by mail: `SignInPages`, `SessionQueries`, `Visit`.
public struct APIKey: Hashable, Sendable, Identifiable {
    /// Names the key in lists and for revoking; no secret.
    public let id: UUID
    /// The machine's account.
    public let account: UUID
    /// What it was called when it was made.
    public let name: String
    /// What it may.
    public let right: Right
    /// Codes of the regions to which the right is limited; empty when it is not limited to regions.
    public let regions: [String]
    /// The organisation to which it is limited.
    public let organisation: UUID?
    /// Who made it on a page; nil for one from the command line.
    public let maker: String?
    /// Whether the one who lists made it.
    public let isOwn: Bool
    /// When it was made.
    public let createdAt: Instant
    /// Nil when it never expires.
    public let expiresAt: Instant?
    /// To the minute; nil when it was never used.
    public let lastUsedAt: Instant?
    /// Nil while it is not revoked.
    public let revokedAt: Instant?

    /// What has become of a key.
    public enum State: String, Sendable {
        case valid, expired, revoked
    }

    /// The state at a moment.
    public func state(at moment: Instant) -> State {
        if revokedAt != nil { return .revoked }
        if let expiresAt, expiresAt <= moment { return .expired }
        return .valid
    }
}

/// Who bears a valid key.
public struct KeyHolder: Hashable, Sendable {
    /// The key's id, for noting that it was used.
    public let key: UUID
    /// On whose behalf the request reads.
    public let account: UUID
    /// What it may.
    public let right: Right
    /// Nil when it never expires.
    public let expiresAt: Instant?
    /// The right with its scope, as the account holds it.
    public let grants: [Grant]

    init(key: UUID, account: UUID, right: Right, expiresAt: Instant?, grants: [Grant]? = nil) {
        self.key = key
        self.account = account
        self.right = right
        self.expiresAt = expiresAt
        self.grants = grants ?? [Grant(right)]
    }
}
