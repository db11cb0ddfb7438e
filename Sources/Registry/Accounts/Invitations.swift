internal import FoundationEssentials
public import Postgres
public import Web

/// Invitations from the command line: `klappa invite MAIL --right R --scope S`.
public enum Invitations {
    /// Where a right shall hold, as it is written after `--scope`.
    public enum Scope: Hashable, Sendable {
        case everywhere
        case region(String)
        case organisation(String)
    }

    /// What came of it.
    public enum Outcome: Hashable, Sendable {
        /// The right is given and a letter waits in the outbox.
        case invited
        /// It was held before; nothing was written.
        case alreadyHeld
        /// The account of the address is closed.
        case closed
        /// There is no such region or organisation.
        case unknownScope
    }

    /// Opens the account of an address when there is none, gives it a right and writes the letter, in one transaction.
    ///
    /// - Parameters:
    ///   - name: how a new account is called; nil takes what stands before the `@`.
    ///   - origin: the public address of the service, for the link in the letter.
    ///   - database: of `klappa_worker`.
    public static func invite(
        _ email: String,
        name: String?,
        right: Right,
        scope: Scope,
        language: Language,
        origin: String,
        letters: LetterTexts,
        _ database: PostgresClient
    ) async throws -> Outcome {
        try await database.transaction { transaction in
            var grant = Grant(right)
            var place: String?
            switch scope {
            case .everywhere: break
            case .region(let code):
                let rows = try await transaction.query("SELECT name FROM klappa.region WHERE code = \(code)")
                guard let row = rows.first else { return .unknownScope }
                place = try row.decode(String.self, "name")
                grant = Grant(right, region: code)
            case .organisation(let slug):
                let rows = try await transaction.query(
                    "SELECT id, name FROM klappa.organisation WHERE slug = \(slug)"
                )
                guard let row = rows.first else { return .unknownScope }
                place = try row.decode(String.self, "name")
                grant = Grant(right, organisation: try row.decode(UUID.self, "id"))
            }
            let invitation = GrantQueries.Invitation(
                email: email,
                name: name,
                grant: grant,
                language: language
            )
            let (outcome, letterLanguage) = try await GrantQueries.give(invitation, transaction)
            switch outcome {
            case .refused: return .closed
            case .held: return .alreadyHeld
            case .given:
                let letter = letters.invitation(invitation, place: place, in: letterLanguage, origin: origin)
                try await letters.write(letter, in: transaction)
                return .invited
            }
        }
    }
}

extension LetterTexts {
    /// The letter to somebody who was given a right.
    ///
    /// - Parameter place: the name of the region or organisation; nil for everywhere.
    func invitation(
        _ invitation: GrantQueries.Invitation,
        place: String?,
        in language: Language,
        origin: String
    ) -> Letter {
        let words = Wording(texts, in: language)
        var query = PageQuery()
        query.add("email", invitation.email)
        return Letter(
            "invitation",
            to: invitation.email,
            in: language,
            [
                "right": words("account.right.\(invitation.grant.right.rawValue)"),
                "scope": place ?? words("account.everywhere"),
                "email": invitation.email,
                "link": origin + query.address("/\(language)/sign-in"),
            ]
        )
    }
}
