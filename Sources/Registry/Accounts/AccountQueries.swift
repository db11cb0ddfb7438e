internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on accounts and their grants.
public enum AccountQueries {
    /// Changes how the one who asks is called and in which language their letters are.
    static func change(
        _ member: SignedIn,
        name: String,
        language: String,
        _ database: PostgresClient
    ) async throws(PostgresError) {
        try await database.execute(
            "UPDATE klappa.account SET name = \(name), language = \(language) WHERE id = \(member.account)",
            settings: member.reader.settings
        )
    }

    /// The names of what grants are limited to.
    static func scopeNames(_ database: PostgresClient) async throws(PostgresError) -> ScopeNames {
        var names = ScopeNames()
        for row in try await database.query("SELECT code, name FROM klappa.region") {
            names.regions[try row.decode(String.self, "code")] = try row.decode(String.self, "name")
        }
        return names
    }
}
