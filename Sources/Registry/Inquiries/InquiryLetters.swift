internal import FoundationEssentials
internal import Postgres
internal import Web

/// The letters about a case, written into the outbox within the transaction of what they tell: to the producer, and to
/// the offices that have something to do.
///
/// A letter to the producer goes to the main contact, if that has an address, and carries a private link of its own:
/// of those that went out before only hashes are kept. To whom in an office a letter goes decides
/// `klappa.tell_office`. The texts are in `letters.json`.
struct InquiryLetters: Sendable {
    let texts: LetterTexts
    /// `https://klappa.example`: what links begin with.
    let origin: String

    /// A letter to an office.
    enum ToOffice: String, CaseIterable, Sendable {
        /// To the leading office: an inquiry came in.
        case filed = "inquiry-filed"
        /// To the officer, or to the leading office: the producer has written.
        case message = "inquiry-message"
        /// To the office that a case is offered to.
        case offered = "inquiry-offered"
        /// To who offered it.
        case accepted = "inquiry-offer-accepted"
        case declined = "inquiry-offer-declined"
    }

    /// That an inquiry came in: a receipt for the producer, and word to the office.
    ///
    /// - Parameters:
    ///   - document: what was filed; its first contact gets the receipt.
    ///   - link: the private link that the filing made.
    func received(
        _ filed: InquiryWrites.Filed,
        _ document: JSON,
        link: Secret,
        _ language: Language,
        _ transaction: Transaction
    ) async throws {
        try await tell(.filed, filed.id, transaction)
        let contacts = document["contacts"]?.array ?? []
        let main = contacts.first { $0["main"] == true } ?? contacts.first
        guard let email = main?["email"]?.string, !email.isEmpty else { return }
        let words = Wording(texts.texts, in: language)
        let due = InquiryText.date(.string(filed.answerDue)).map { words.moment(Instant($0)) }
        let values = [
            "number": filed.number, "title": document["title"]?.string ?? "",
            "office": SiteRegion.named(filed.region)?.name ?? filed.region,
            "due": due ?? "",
            "link": InquiryAddresses.follow(link, language, origin: origin),
        ]
        let letter = Letter("inquiry-received", to: email, in: language, values, about: filed.id)
        try await texts.write(letter, in: transaction)
    }

    /// Enters an answer and sends it.
    ///
    /// - Returns: the entry as the API shows it, and where it was sent, nil when the producer left no address; nil when
    ///   the reader cannot see the case.
    func answer(_ number: String, _ body: String, _ transaction: Transaction) async throws -> (
        entry: JSON, sentTo: String?
    )? {
        guard
            let entry = try await InquiryWrites.enter(.init(kind: "answer", body: body), number, transaction)
        else { return nil }
        let name = entry["author"]?.string ?? ""
        return (
            entry, try await write("inquiry-answered", number, ["said": body, "name": name], transaction)
        )
    }

    /// Offers a case to another region and tells its office.
    ///
    /// - Returns: the offer as the API shows it; nil when the reader cannot see the case.
    func offer(_ number: String, to region: String, message: String?, _ transaction: Transaction) async throws
        -> JSON?
    {
        guard
            let offer = try await InquiryWrites.offer(number, to: region, message: message, transaction),
            let id = try await InquiryWrites.id(number, transaction)
        else { return nil }
        try await tell(.offered, id, transaction)
        return offer
    }

    /// Answers an offer or takes it back; tells who offered it, and the producer whose case it is now.
    ///
    /// - Returns: whether there was such an offer for the reader to answer.
    func settle(
        _ number: String,
        _ handover: UUID,
        _ answer: InquiryWrites.Answer,
        reason: String?,
        _ transaction: Transaction
    ) async throws -> Bool {
        // Declining takes the case out of sight.
        let id = try await InquiryWrites.id(number, transaction)
        guard try await InquiryWrites.settle(handover, answer, reason: reason, transaction), let id else {
            return false
        }
        switch answer {
        case .accepted:
            try await tell(.accepted, id, transaction)
            _ = try await write("inquiry-handed-over", number, [:], transaction)
        case .declined: try await tell(.declined, id, transaction)
        case .withdrawn: break
        }
        return true
    }

    /// Takes a producer's message and tells the office.
    ///
    /// - Returns: whether there is such a link.
    func message(_ link: Secret, _ body: String?, withdraws: Bool, _ transaction: Transaction) async throws
        -> Bool
    {
        guard let id = try await InquiryWrites.answer(link, body, withdraws: withdraws, transaction) else {
            return false
        }
        if body != nil { try await tell(.message, id, transaction) }
        return true
    }

    /// Makes a new private link, which takes the place of all others, and sends it.
    ///
    /// - Returns: its address, in the case's language; nil when the reader's office does not lead the case.
    func renewLink(_ number: String, _ transaction: Transaction) async throws -> String? {
        let link = Secret.random()
        guard try await InquiryWrites.renewLink(number, link, transaction) else { return nil }
        guard let to = try await contact(number, transaction) else { return nil }
        let address = InquiryAddresses.follow(link, to.language, origin: origin)
        try await write("inquiry-link", number, to, ["link": address], transaction)
        return address
    }

    // MARK: Parts

    private func tell(_ letter: ToOffice, _ inquiry: UUID, _ transaction: Transaction) async throws {
        try await transaction.execute(
            "SELECT klappa.tell_office(\(inquiry), \(letter.rawValue), \(origin))"
        )
    }

    /// Writes to the main contact of a case that the reader's office leads, with a private link.
    ///
    /// - Returns: where it goes; nil when nowhere.
    private func write(
        _ template: String,
        _ number: String,
        _ more: [String: String],
        _ transaction: Transaction
    ) async throws -> String? {
        guard let to = try await contact(number, transaction), to.email != nil else { return nil }
        let link = Secret.random()
        guard try await InquiryWrites.link(number, link, transaction) else { return nil }
        var more = more
        more["link"] = InquiryAddresses.follow(link, to.language, origin: origin)
        try await write(template, number, to, more, transaction)
        return to.email
    }

    private func write(
        _ template: String,
        _ number: String,
        _ to: Contact,
        _ more: [String: String],
        _ transaction: Transaction
    ) async throws {
        guard let email = to.email else { return }
        var values = ["number": number, "title": to.title, "office": to.office]
        values.merge(more) { $1 }
        let letter = Letter(template, to: email, in: to.language, values, about: to.inquiry)
        try await texts.write(letter, in: transaction)
    }

    /// Who is written to about a case.
    private struct Contact {
        var inquiry: UUID
        var title: String
        /// Name of the leading region.
        var office: String
        var language: Language
        var email: String?
    }

    private func contact(_ number: String, _ transaction: Transaction) async throws -> Contact? {
        let rows = try await transaction.query(
            """
            SELECT i.id, i.title, i.language, r.name AS office,
                (SELECT c.email FROM klappa.inquiry_contact c WHERE c.inquiry = i.id AND c.main) AS email
            FROM klappa.inquiry i
            JOIN klappa.region r ON r.no = i.lead_region
            WHERE i.number = \(number)
            """
        )
        guard let row = rows.first else { return nil }
        return Contact(
            inquiry: try row.decode(UUID.self, "id"),
            title: try row.decode(String.self, "title"),
            office: try row.decode(String.self, "office"),
            language: Language(rawValue: try row.decode(String.self, "language")) ?? .sv,
            email: try row.decode(String?.self, "email")
        )
    }
}
