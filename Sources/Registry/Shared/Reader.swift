public import FoundationEssentials
public import Web

/// Who asks.
///
/// Told by the key or the session of a request; everything that depends on it (which projection is read, which settings
/// the transaction gets) takes it as a value, so that nothing can forget to ask. What it says of grants is for choosing
/// what a page shows: the database decides what is read and written.
public enum Reader: Hashable, Sendable {
    /// Nobody in particular: what is public.
    case anyone
    /// An account with its grants.
    case member(account: UUID, grants: [Grant])

    /// An account that holds rights everywhere.
    public static func member(account: UUID, rights: Set<Right>) -> Reader {
        .member(account: account, grants: rights.map { Grant($0) })
    }

    /// The account; nil for anyone.
    public var account: UUID? {
        guard case .member(let account, _) = self else { return nil }
        return account
    }

    /// Everything that the account holds; empty for anyone.
    public var grants: [Grant] {
        guard case .member(_, let grants) = self else { return [] }
        return grants
    }

    /// Whether one of the rights is held, in whatever scope.
    public func has(_ rights: Right...) -> Bool { grants.contains { rights.contains($0.right) } }

    /// Whether one of the rights is held in a region: for it, or everywhere.
    public func has(_ rights: Right..., in region: String) -> Bool {
        grants.contains { rights.contains($0.right) && $0.holds(in: region) }
    }

    /// Whether a right is held for an organisation: for it, or everywhere.
    public func has(_ right: Right, of organisation: UUID) -> Bool {
        grants.contains { $0.right == right && ($0.organisation == organisation || $0.isEverywhere) }
    }

    /// Whether the account works in the office of a region, as `klappa.my_offices()` has it.
    public func worksInOffice(of region: String) -> Bool {
        has(.commissioner, .regionAdministrator, .administrator, in: region)
    }

    /// The regions, out of all, in whose office the account works, in the order given.
    public func offices(of regions: [String]) -> [String] { regions.filter { worksInOffice(of: $0) } }

    /// Whether the days and contacts that are shared with approved searchers show.
    public var seesWhatIsSharedWithSearchers: Bool {
        grants.contains { $0.right.seesWhatIsSharedWithSearchers }
    }

    /// What a transaction of this reader must know, for `settings:` of a query: row security reads it.
    public var settings: [(String, String)] {
        guard case .member(let account, _) = self else { return [] }
        return [("klappa.account", account.uuidString.lowercased())]
    }
}

extension WebContext {
    /// Who asks; anyone unless ``Authentication`` has found out.
    public var reader: Reader {
        switch identity {
        case let reader as Reader: reader
        case let visit as Visit: visit.reader
        default: .anyone
        }
    }

    /// The visit that a page is made for; a stranger's first one unless ``Authentication`` has found out.
    public var visit: Visit { identity as? Visit ?? Visit() }
}
