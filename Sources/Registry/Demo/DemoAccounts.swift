internal import FoundationEssentials
internal import Postgres

/// The accounts of a demonstration: one for each kind of reader, under an example domain, marked as invented.
///
/// Nobody has a password: one signs in with the address and finds the letter on the page of letters.
package enum DemoAccounts {
    /// One account.
    package struct Account: Sendable {
        /// Before `@klappa.example`.
        package let word: String
        package let name: String
        let grants: [Grant]
        /// The whole address.
        package var email: String { "\(word)@klappa.example" }
    }

    /// All of them, the most powerful first.
    package static let all: [Account] =
        [
            Account(word: "admin", name: "Alva Norrman", grants: [Grant(.administrator)]),
            Account(
                word: "region",
                name: "Rut Hagberg",
                grants: [Grant(.regionAdministrator, region: "skane")]
            ),
            Account(word: "talang", name: "Pia Sandell", grants: [Grant(.programmeManager)]),
            Account(word: "producent", name: "Max Ekdahl", grants: [Grant(.searcher)]),
        ]
        + [
            ("skane", "Maja Lind"), ("blekinge", "Bo Rask"), ("halland", "Hedda Krook"),
            ("jonkoping", "Jonas Wede"),
            ("kalmar", "Karin Alm"), ("kronoberg", "Noor Haddad"),
        ].map { Account(word: $0.0, name: $0.1, grants: [Grant(.commissioner, region: $0.0)]) }

    /// Opens those that are not there yet and gives them their rights.
    ///
    /// - Parameter database: of `klappa_worker`.
    static func load(into database: PostgresClient) async throws {
        try await database.transaction { transaction in
            for account in all {
                let rows = try await transaction.query(
                    "SELECT o.account FROM klappa.open_account(\(account.email), \(account.name), 'sv', true) AS o"
                )
                guard let id = try rows.first?.decode(UUID?.self, "account") else { continue }
                for grant in account.grants {
                    try await transaction.execute(
                        """
                        SELECT klappa.grant_right(\(id), \(grant.right.rawValue),
                            (SELECT r.no FROM klappa.region r WHERE r.code = \(grant.region as String?)), NULL)
                        """
                    )
                }
            }
        }
    }
}
