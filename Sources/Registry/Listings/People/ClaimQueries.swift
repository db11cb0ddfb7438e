internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL of claims, and the letters that their answers cause.
///
/// An office decides with `accept` and `refuse`; the database lets nobody
/// decide what is not their region's, nor their own claim.
enum ClaimQueries {
    // MARK: The claimant

    /// Says that a listing is the reader's.
    ///
    /// - Returns: the id of the claim, also when it waited before; nil when no public listing has this id.
    /// - Throws: `Problem`: 409 when the listing has an owner, the reader a listing, or three claims wait.
    static func claim(_ person: UUID, message: String?, _ transaction: Transaction) async throws -> UUID? {
        try await explaining {
            let rows = try await transaction.query(
                "SELECT klappa.claim_listing(\(person), \(message)) AS id"
            )
            return try rows.first?.decode(UUID?.self, "id")
        }
    }

    /// Takes a claim of the reader's back; false when none waits under this id.
    static func withdraw(_ claim: UUID, _ transaction: Transaction) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query("SELECT klappa.withdraw_claim(\(claim)) AS done")
        return try rows.first?.decode(Bool.self, "done") ?? false
    }

    /// The reader's own claims, latest first, without those that were accepted or taken back.
    static func own(_ account: UUID, _ transaction: Transaction) async throws -> [Claim] {
        let rows = try await transaction.query(
            """
            SELECT c.id, c.state, c.reason, c.created_at, d.body
            FROM klappa.claim c
            LEFT JOIN klappa.crew_doc d ON d.id = c.person
            WHERE c.account = \(account) AND c.state IN ('pending', 'refused')
            ORDER BY c.created_at DESC
            LIMIT 20
            """
        )
        return try rows.map { row in
            let body = try row.decode(String?.self, "body")
            return Claim(
                id: try row.decode(UUID.self, "id"),
                state: Claim.State(rawValue: try row.decode(String.self, "state")) ?? .withdrawn,
                reason: try row.decode(String?.self, "reason"),
                listing: try body.map { try CrewJSON.decode(CrewListing.self, from: Array($0.utf8)) },
                madeAt: try row.decode(Instant.self, "created_at")
            )
        }
    }

    // MARK: The office

    /// The claims that wait for one of the reader's offices, oldest first.
    static func waiting(_ transaction: Transaction) async throws(PostgresError) -> [WaitingClaim] {
        let rows = try await transaction.query(
            """
            SELECT c.id, c.version, c.person, c.slug, c.name, c.region, c.claimant, c.email, c.language, c.message,
                c.created_at
            FROM klappa.claims_to_decide() AS c
            """
        )
        var waiting: [WaitingClaim] = []
        for row in rows {
            waiting.append(
                WaitingClaim(
                    id: try row.value("id"),
                    version: try row.value("version"),
                    person: try row.value("person"),
                    slug: try row.value("slug"),
                    name: try row.value("name"),
                    region: try row.value("region"),
                    claimant: try row.value("claimant"),
                    email: try row.value("email"),
                    language: Language(rawValue: try row.value("language")) ?? .sv,
                    message: try row.value("message"),
                    madeAt: try row.value("created_at")
                )
            )
        }
        return waiting
    }

    /// Gives the listing to who claimed it, and writes them a letter.
    ///
    /// - Parameter link: where the claimant finds the listing, `https://…/sv/me/listing`.
    /// - Returns: false when the claim changed or was decided meanwhile, or is not the reader's to decide.
    /// - Throws: `Problem`: 409 when the listing got an owner, or the claimant another listing.
    static func accept(
        _ claim: WaitingClaim,
        letters: LetterTexts,
        link: String,
        _ transaction: Transaction
    ) async throws -> Bool {
        let done: Bool = try await explaining {
            let rows = try await transaction.query(
                "SELECT klappa.accept_claim(\(claim.id), \(claim.version)) AS done"
            )
            return try rows.first?.decode(Bool.self, "done") ?? false
        }
        if done, let email = claim.email {
            let values = ["name": claim.name, "link": link]
            let letter = Letter("claim-accepted", to: email, in: claim.language, values, about: claim.person)
            try await letters.write(letter, in: transaction)
        }
        return done
    }

    /// Refuses a claim, and writes the claimant a letter with the reason.
    ///
    /// - Parameter reason: 1 to 2,000 characters.
    /// - Returns: false when the claim changed or was decided meanwhile, or is not the reader's to decide.
    static func refuse(
        _ claim: WaitingClaim,
        reason: String,
        letters: LetterTexts,
        _ transaction: Transaction
    ) async throws -> Bool {
        let rows = try await transaction.query(
            "SELECT klappa.refuse_claim(\(claim.id), \(reason), \(claim.version)) AS done"
        )
        let done = try rows.first?.decode(Bool.self, "done") ?? false
        if done, let email = claim.email {
            let values = ["name": claim.name, "reason": reason]
            let letter = Letter("claim-refused", to: email, in: claim.language, values, about: claim.person)
            try await letters.write(letter, in: transaction)
        }
        return done
    }

    /// Gives the refusals of the database their words.
    private static func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            switch error.constraint {
            case "claim_person_unowned": throw Problem(.listingOwned)
            case "claim_one_listing", "person_one_each": throw Problem(.oneListing)
            case "claim_few_at_a_time": throw Problem(.claimsWait)
            default: throw error
            }
        }
    }
}
