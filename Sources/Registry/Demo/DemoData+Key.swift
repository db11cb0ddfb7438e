import FoundationEssentials
package import Postgres

extension DemoData {
    /// Makes a searcher's key that is good for a day, so that a demonstration shows what approved searchers see.
    ///
    /// - Parameter database: A client with the rights of `klappa_worker`.
    /// - Returns: The key, to be shown once; nil where people who are not invented are public, as their days are not
    ///   for demonstrations.
    package static func searcherKey(_ database: PostgresClient) async throws -> BearerKey? {
        let real = try await database.query(
            "SELECT EXISTS (SELECT FROM klappa.person p WHERE NOT p.invented AND p.state = 'published') AS real"
        )
        guard try real.first?.decode(Bool.self, "real") == false else { return nil }
        let key = BearerKey.random()
        let id = try await KeyQueries.issue(
            key,
            for: .searcher,
            name: "Demonstration",
            region: nil,
            expiresAt: Instant(Date(timeIntervalSinceNow: 86_400)),
            database
        )
        return id == nil ? nil : key
    }
}
