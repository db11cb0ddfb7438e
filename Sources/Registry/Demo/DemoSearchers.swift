internal import FoundationEssentials
public import Postgres

/// What searchers of a demonstration have: a request that waits for an office, and a list that a producer keeps.
public enum DemoSearchers {
    /// Arranges both unless they are there; without the accounts of the demonstration it does nothing.
    ///
    /// - Parameter database: of `klappa_worker`.
    public static func load(into database: PostgresClient) async throws {
        try await database.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.searcher_request (account, name, email, language, company, organisation_number, message)
                SELECT a.id, a.name, a.email, 'sv', 'Påhittade Bolaget AB', '9999999999',
                    'Vi gör kortfilm med unga i hela södra Sverige och söker ljus och ljud till två inspelningar i vår.'
                FROM klappa.account a
                WHERE a.email = 'talang@klappa.example' AND a.invented
                    AND NOT EXISTS (SELECT FROM klappa.searcher_request r WHERE r.account = a.id)
                """
            )
            let lists = try await transaction.query(
                """
                INSERT INTO klappa.shortlist (account, name)
                SELECT a.id, 'Serien i höst' FROM klappa.account a
                WHERE a.email = 'producent@klappa.example' AND a.invented
                ON CONFLICT ON CONSTRAINT shortlist_name_once DO NOTHING
                RETURNING id
                """
            )
            guard let list = try lists.first?.decode(UUID.self, "id") else { return }
            try await transaction.execute(
                """
                INSERT INTO klappa.shortlist_item (shortlist, account, subject, note)
                SELECT s.id, s.account, x.id, x.note
                FROM klappa.shortlist s, (
                    (SELECT id, CASE n WHEN 1 THEN 'Ring efter midsommar' END AS note
                        FROM (SELECT id, row_number() OVER (ORDER BY renewed_on DESC, id) AS n FROM klappa.crew_public) AS c
                        WHERE n <= 4)
                    UNION ALL
                    (SELECT id, 'Ladan till slutscenen' FROM klappa.location_public ORDER BY renewed_on DESC, id LIMIT 1)
                    UNION ALL
                    (SELECT id, NULL FROM klappa.company_public ORDER BY renewed_on DESC, id LIMIT 1)) AS x
                WHERE s.id = \(list)
                """
            )
        }
    }
}
