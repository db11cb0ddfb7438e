internal import Foundation
internal import Postgres
internal import Web

/// What is written to applicants: receipts and decisions. A letter joins the transaction of what it tells, so that
/// neither is without the other.
struct TalentLetters: Sendable {
    /// Every sentence of the pages, which letters share.
    let texts: Texts
    /// Public address of the service without a slash at its end; nil for one that is only reached on its machine.
    let origin: String?

    /// A letter as it is sent and kept.
    struct Letter: Hashable, Sendable {
        var subject: String
        var body: String
    }

    /// What an applicant is told of an outcome.
    enum Outcome: String, Sendable, CaseIterable {
        case accepted, waiting, declined

        /// The one that an assessment's outcome is told as; nil while it is open.
        init?(assessed outcome: String) {
            switch outcome {
            case "selected": self = .accepted
            case "waiting": self = .waiting
            case "not_selected": self = .declined
            default: return nil
            }
        }
    }

    /// The receipt of an application that was handed in.
    func receipt(
        _ receipt: ApplicationQueries.Receipt,
        to email: String,
        name: String,
        language: Language,
        _ call: Call,
        _ programme: Programme,
        at origin: String?,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let words = Wording(texts, in: language)
        let when = words(
            "talent.at",
            [
                "day": words.day(Day.inStockholm(receipt.submittedAt.date)),
                "time": TalentWords.time(receipt.submittedAt, language),
            ]
        )
        let values = [
            "name": name, "call": call.title[language], "programme": programme.name[language],
            "number": words.number(receipt.arrival), "when": when,
            "link": address(receipt.id, language, origin),
        ]
        let letter = Letter(
            subject: words("talent.letter.receiptSubject", values),
            body: words("talent.letter.receipt", values)
                + (receipt.late ? "\n\n" + words("talent.letter.late") : "")
                + "\n\n" + words("talent.letter.follow", values)
        )
        try await send(letter, to: email, about: receipt.id, language, transaction)
    }

    /// The letter that tells an outcome, without sending it.
    ///
    /// - Parameter added: what the organisation adds.
    func decision(
        _ outcome: Outcome,
        _ application: UUID,
        name: String,
        language: Language,
        call: Localized,
        programme: Localized,
        organisation: String,
        added: String?,
        at origin: String?
    ) -> Letter {
        let words = Wording(texts, in: language)
        let values = [
            "name": name, "call": call[language], "programme": programme[language],
            "organisation": organisation,
            "link": address(application, language, origin),
        ]
        let parts = [
            words("talent.letter.\(outcome.rawValue)", values), added ?? "",
            words("talent.letter.see", values),
            organisation,
        ]
        return Letter(
            subject: words("talent.letter.\(outcome.rawValue)Subject", values),
            body: parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        )
    }

    /// Puts a letter into the outbox.
    ///
    /// - Parameter application: what it is about, so that erasing finds it.
    func send(
        _ letter: Letter,
        to email: String,
        about application: UUID,
        _ language: Language,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let payload: JSON = [
            "to": .string(email), "language": .string(language.rawValue), "template": "talent",
            "values": ["subject": .string(letter.subject), "body": .string(letter.body)],
        ]
        try await transaction.execute(
            """
            INSERT INTO klappa.outbox (kind, subject, payload) VALUES ('letter', \(application), \(payload.jsonText))
            """
        )
    }

    private func address(_ application: UUID, _ language: Language, _ origin: String?) -> String {
        "\(origin ?? self.origin ?? "http://127.0.0.1:8080")/\(language)/applications/\(application.uuidString.lowercased())"
    }
}
