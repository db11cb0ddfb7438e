internal import FoundationEssentials
internal import Web

/// The names of the regions and organisations to which grants are limited.
struct ScopeNames: Sendable {
    /// By code, in their order.
    var regions: [(code: String, name: String)] = []
    /// Those that the reader sees, by name.
    var organisations: [(id: UUID, name: String)] = []

    /// Where a grant holds, in words.
    func text(of grant: Grant, _ words: Wording) -> String {
        if let region = grant.region { return regions.first { $0.code == region }?.name ?? region }
        if let organisation = grant.organisation {
            return organisations.first { $0.id == organisation }?.name ?? words("account.anOrganisation")
        }
        return words("account.everywhere")
    }
}
