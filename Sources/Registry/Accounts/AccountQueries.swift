internal import FoundationEssentials
internal import Postgres
internal import Web

/// Every SQL statement on one's own account.
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
}
