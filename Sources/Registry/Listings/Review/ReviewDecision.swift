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
        if owner?.isReader == true { throw Problem(.ownListing) }
        let decided =
            entry.isChange
            ? try await change(entry, version, transaction)
            : try await listing(entry, version, transaction)
        guard let decided else { return nil }
        if let owner { try await write(to: owner, entry, transaction) }
        return decided
    }

    /// A listing that was never public.
    private func listing(_ entry: ReviewEntry, _ version: Int64, _ transaction: Transaction) async throws
        -> Int64?
    {
        guard
            let state = ListingState(rawValue: verdict.rawValue),
            let decided = try await ListingSteps.set(
                state,
                of: entry.id,
                entry.kind,
                reason: reason,
                version: version,
                transaction
            )
        else { return nil }
        if verdict == .published { try await PhotoQueries.approve(of: entry.id, transaction) }
        return decided
    }

    /// Changes of a public listing: its words and pictures as they were sent.
    private func change(_ entry: ReviewEntry, _ version: Int64, _ transaction: Transaction) async throws
        -> Int64?
    {
        guard try await ListingSteps.lock(entry.id, entry.kind, version: version, transaction) else {
            return nil
        }
        switch verdict {
        case .published:
            if entry.kind == .person { return try await publishPerson(entry.id, version, transaction) }
            guard try await publish(entry, version, transaction) else { return nil }
            try await PhotoQueries.approve(of: entry.id, transaction)
        case .returned:
            try await ListingProposal.turnBack(entry.id, reason: reason, transaction)
            try await PhotoQueries.turnBack(of: entry.id, transaction)
        case .hidden:
            _ = try await ListingSteps.set(
                .hidden,
                of: entry.id,
                entry.kind,
                reason: reason,
                version: version,
                transaction
            )
        }
        return try await ListingSteps.version(of: entry.id, entry.kind, transaction)
    }

    /// Lets a company or location say what was sent; false when it changed meanwhile.
    private func publish(_ entry: ReviewEntry, _ version: Int64, _ transaction: Transaction) async throws
        -> Bool
    {
        guard let offer = try await OfferQueries.find(entry.id, transaction),
            let proposal = offer.proposal, proposal.state == .inReview
        else { return true }
        let draft = proposal.draft.keeping(offer.draft)
        guard try await draft.write(to: entry.id, version: version, transaction) != nil else { return false }
        try await ListingProposal.drop(of: entry.id, transaction)
        return true
    }

    /// Lets a person say what was sent. Who moves to another region leaves this office's sight with the last step.
    private func publishPerson(_ id: UUID, _ version: Int64, _ transaction: Transaction) async throws
        -> Int64?
    {
        let listing = try await OwnListingQueries.find(.named(id.uuidString), transaction)
        guard let listing, listing.proposal?.state == .inReview else { return version }
        let draft = listing.latest
        var staying = draft
        let moves = draft.region != listing.homeRegion
        if moves { (staying.region, staying.municipality) = (listing.homeRegion, listing.municipality) }
        guard try await CrewWriting.change(id, to: staying, version: version, transaction) != nil else {
            return nil
        }
        try await ListingProposal.drop(of: id, transaction)
        guard moves else { return try await ListingSteps.version(of: id, .person, transaction) }
        return try await CrewWriting.move(id, to: draft.region, draft.municipality, transaction)
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

extension ProblemCode {
    /// 403: a decision on the reader's own listing.
    static let ownListing = ProblemCode(
        "own-listing",
        status: 403,
        title: Localized(sv: "Din egen post", en: "Your own listing"),
        detail: Localized(
            sv: "Det är din egen post. En kollega på kontoret, eller en administratör, beslutar om den.",
            en: "It is your own listing. A colleague at the office, or an administrator, decides on it."
        )
    )
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
