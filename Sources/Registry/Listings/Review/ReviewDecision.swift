internal import FoundationEssentials
internal import Postgres
internal import Web

/// What an office does with what was sent: publishes it, returns it with a reason, or keeps it from the public.
///
/// Each is one transaction: the listing, its pictures and the letter to its owner together. The version says what the
/// office saw; the database says whether the office may.
struct ReviewDecision: Sendable {
    /// What is decided.
    enum Verdict: String, CaseIterable, Hashable, Sendable {
        case published, returned, hidden
    }

    let verdict: Verdict
    /// Needed for ``Verdict/returned``; the owner reads it.
    let reason: String?
    let letters: LetterTexts
    /// The public address of the service without a slash at its end, for links in letters.
    let origin: String

    /// Decides.
    ///
    /// - Parameter version: of the listing as it was seen.
    /// - Returns: the listing's new version; nil when it does not wait any longer, or changed meanwhile.
    func take(_ entry: ReviewEntry, version: Int64, _ transaction: Transaction) async throws -> Int64? {
        let owner = try await ReviewQueries.owner(of: entry.id, transaction)
        let decided: Int64?
        if entry.kind == .person {
            decided = try await person(entry.id, version, transaction)
        } else if entry.isChange {
            decided = try await change(entry, version, transaction)
        } else {
            decided = try await offer(entry, version, transaction)
        }
        guard let decided else { return nil }
        if let owner { try await write(to: owner, entry, transaction) }
        return decided
    }

    private func person(_ id: UUID, _ version: Int64, _ transaction: Transaction) async throws -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE klappa.person SET state = \(verdict.rawValue), state_reason = \(reason)
            WHERE id = \(id) AND version = \(version) AND state = 'in_review' RETURNING version
            """
        )
        return try rows.first?.decode(Int64.self, "version")
    }

    private func offer(_ entry: ReviewEntry, _ version: Int64, _ transaction: Transaction) async throws
        -> Int64?
    {
        let table: SQL = entry.kind == .location ? "klappa.location" : "klappa.company"
        let rows = try await transaction.query(
            """
            UPDATE \(table) SET state = \(verdict.rawValue), state_reason = \(reason)
            WHERE id = \(entry.id) AND version = \(version) AND state = 'in_review' RETURNING version
            """
        )
        guard let row = rows.first else { return nil }
        if verdict == .published { try await PhotoQueries.approve(of: entry.id, transaction) }
        return try row.decode(Int64.self, "version")
    }

    /// Changes of a public listing: its words and pictures as they were sent.
    private func change(_ entry: ReviewEntry, _ version: Int64, _ transaction: Transaction) async throws
        -> Int64?
    {
        let kind: Offer.Kind = entry.kind == .location ? .location : .company
        guard try await OfferQueries.lock(entry.id, kind, version: version, transaction),
            let offer = try await OfferQueries.find(entry.id, transaction), offer.isPublic
        else { return nil }
        let isSent = offer.proposal?.state == .inReview
        switch verdict {
        case .published:
            if isSent, let proposal = offer.proposal {
                let draft = proposal.draft.keeping(offer.draft)
                guard try await draft.write(to: entry.id, version: version, transaction) != nil else {
                    return nil
                }
                try await OfferQueries.withdraw(entry.id, transaction)
            }
            try await PhotoQueries.approve(of: entry.id, transaction)
        case .returned:
            if isSent {
                try await OfferQueries.setProposal(.returned, of: entry.id, reason: reason, transaction)
            }
            try await PhotoQueries.turnBack(of: entry.id, transaction)
        case .hidden:
            _ = try await OfferQueries.set(
                .hidden,
                of: entry.id,
                kind,
                reason: reason,
                version: version,
                transaction
            )
        }
        return try await OfferQueries.find(entry.id, transaction)?.version
    }

    // MARK: The letter

    private func write(
        to owner: ReviewQueries.Owner,
        _ entry: ReviewEntry,
        _ transaction: Transaction
    ) async throws {
        guard let email = owner.email else { return }
        let own =
            entry.kind == .person
            ? "/\(owner.language)/me/listing"
            : "/\(owner.language)/offers/\(entry.id.uuidString.lowercased())"
        let values = ["name": entry.name, "link": origin + own, "reason": reason ?? ""]
        try await letters.write(
            Letter("listing-\(verdict.rawValue)", to: email, in: owner.language, values, about: entry.id),
            in: transaction
        )
    }
}

/// What the database refuses of a decision, with words.
enum ReviewErrors {
    /// For a reason that is missing.
    static let reason = Localized(
        sv: "Skriv vad som behöver ändras; ägaren läser det.",
        en: "Write what needs to be changed; the owner reads it."
    )

    /// The sentence for a refused constraint; nil for one that is not of decisions.
    static func sentence(for error: PostgresError) -> Localized? {
        guard let constraint = error.constraint else { return nil }
        return sentences.first { constraint.hasSuffix($0.constraint) }?.sentence
    }

    private static let sentences: [(constraint: String, sentence: Localized)] = [
        (
            "_published_consent",
            Localized(
                sv: "Den som står bakom har inte samtyckt till publicering. Returnera och be om samtycke.",
                en: "Whoever is behind it has not agreed to publication. Return it and ask for consent."
            )
        ),
        (
            "_returned_with_reason",
            reason
        ),
        (
            "_described",
            Localized(
                sv: "Minst en typ eller kategori saknas. Returnera, eller fyll i den.",
                en: "At least one type or category is missing. Return it, or fill it in."
            )
        ),
        (
            "person_primary_role",
            Localized(
                sv: "Profilen har ingen huvudroll. Returnera och be om en.",
                en: "The listing has no main role. Return it and ask for one."
            )
        ),
    ]
}
