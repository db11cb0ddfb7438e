public import FoundationEssentials
public import Web

/// Who asks.
///
/// Told by the key of a request; everything that depends on it (which projection is read, which settings the
/// transaction gets) takes it as a value, so that nothing can forget to ask.
public enum Reader: Hashable, Sendable {
    /// Nobody in particular: what is public.
    case anyone
    /// The bearer of an account.
    case member(account: UUID, rights: Set<Right>)

    /// Whether the days and contacts that are shared with approved searchers show.
    public var seesWhatIsSharedWithSearchers: Bool {
        guard case .member(_, let rights) = self else { return false }
        return rights.contains { $0.seesWhatIsSharedWithSearchers }
    }

    /// What a transaction of this reader must know, for `settings:` of a query: row security reads it.
    public var settings: [(String, String)] {
        guard case .member(let account, _) = self else { return [] }
        return [("klappa.account", account.uuidString.lowercased())]
    }
}

extension WebContext {
    /// Who asks; anyone unless ``Authentication`` has found out.
    public var reader: Reader { identity as? Reader ?? .anyone }
}
