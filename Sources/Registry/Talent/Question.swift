internal import Foundation
internal import Web

/// One question of a call's form, and the rules that an answer must keep.
///
/// The database has the same rules and the last word; these find all that is wrong at once and say how to mend it.
struct Question: Hashable, Sendable, Decodable {
    /// What is asked for.
    enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case shortText = "short_text"
        case longText = "long_text"
        case choice
        case number
        case file
        case link
    }

    /// One of several answers.
    struct Choice: Hashable, Sendable, Decodable {
        let code: String
        let name: Localized
    }

    /// The member of an application's answers.
    var code: String
    var kind: Kind
    var label: Localized
    var help: Localized?
    var required: Bool
    /// Characters at most, for texts.
    var longest: Int?
    /// The smallest number.
    var least: Double?
    /// The largest number.
    var most: Double?
    var choices: [Choice]?

    /// Reads the column `questions` of the projection.
    static func read(_ json: String) throws -> [Question] {
        try JSONDecoder().decode([Question].self, from: Data(json.utf8))
    }

    /// The answer that a text typed into a form stands for; nil for no answer.
    ///
    /// - Throws: what is wrong with it.
    func answer(typed: String) throws(AnswerFault) -> JSON? {
        let text = typed.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else {
            if required { throw .required }
            return nil
        }
        var answer = JSON.string(text)
        switch kind {
        case .number:
            let digits = text.filter { !$0.isWhitespace }.replacing(",", with: ".").replacing(
                "\u{2212}",
                with: "-"
            )
            guard digits.wholeMatch(of: /-?[0-9]{1,12}(\.[0-9]{1,6})?/) != nil, let number = Double(digits)
            else {
                throw .notANumber
            }
            answer = Int64(digits).map { JSON.integer($0) } ?? JSON.number(number)
        case .link where !text.contains("://"):
            answer = .string("https://" + text)
        default: break
        }
        if let fault = fault(in: answer) { throw fault }
        return answer
    }

    /// What is wrong with an answer; nil when nothing is. Of files nothing is known here.
    func fault(in answer: JSON?) -> AnswerFault? {
        switch (kind, answer) {
        case (.file, nil): return nil
        case (.file, _): return .notHere
        case (_, nil), (_, .null?), (_, .string("")?): return required ? .required : nil
        case (.number, .integer(let number)?): return fault(in: Double(number))
        case (.number, .number(let number)?): return fault(in: number)
        case (.number, _): return .notANumber
        case (_, .string(let text)?): return fault(in: text)
        default: return .notAText
        }
    }

    private func fault(in number: Double) -> AnswerFault? {
        if let least, number < least { return .outOfBounds(least, most) }
        if let most, number > most { return .outOfBounds(least, most) }
        return nil
    }

    private func fault(in text: String) -> AnswerFault? {
        let count = text.unicodeScalars.count
        if let longest, count > longest { return .tooLong(longest, count) }
        if text.unicodeScalars.contains(where: { $0.value == 0 }) { return .notAText }
        switch kind {
        case .shortText: return text.contains(where: \.isNewline) ? .severalLines : nil
        case .choice: return (choices ?? []).contains { $0.code == text } ? nil : .unknownChoice
        case .link:
            let isLink = text.wholeMatch(of: /https?:\/\/[^\s<>"]+/) != nil && count <= 2000
            return isLink ? nil : .notALink
        default: return nil
        }
    }
}

/// What can be wrong with an answer, as a code and as a sentence that says how to mend it.
enum AnswerFault: Error, Hashable, Sendable {
    case required
    case tooLong(Int, Int)
    case severalLines
    case notAText
    case notANumber
    case outOfBounds(Double?, Double?)
    case unknownChoice
    case notALink
    case notHere
    case unknownQuestion

    var code: String {
        switch self {
        case .required: "missing"
        case .tooLong: "too-long"
        case .severalLines: "several-lines"
        case .notAText: "not-a-text"
        case .notANumber: "not-a-number"
        case .outOfBounds: "out-of-range"
        case .unknownChoice: "unknown-value"
        case .notALink: "not-a-link"
        case .notHere: "not-here"
        case .unknownQuestion: "unknown-member"
        }
    }

    var message: Localized {
        switch self {
        case .required: Localized(sv: "Svara på frågan.", en: "Answer the question.")
        case .tooLong(let limit, let count):
            Localized(
                sv: "Korta svaret till \(limit) tecken; nu är det \(count).",
                en: "Shorten the answer to \(limit) characters; now it has \(count)."
            )
        case .severalLines: Localized(sv: "Skriv svaret på en rad.", en: "Write the answer on one line.")
        case .notAText: Localized(sv: "Svara med text.", en: "Answer with text.")
        case .notANumber: Localized(sv: "Svara med ett tal.", en: "Answer with a number.")
        case .outOfBounds(let least?, let most?):
            Localized(
                sv: "Svara med ett tal från \(Self.plain(least)) till \(Self.plain(most)).",
                en: "Answer with a number from \(Self.plain(least)) to \(Self.plain(most))."
            )
        case .outOfBounds(let least?, nil):
            Localized(
                sv: "Svara med ett tal från \(Self.plain(least)) och uppåt.",
                en: "Answer with a number from \(Self.plain(least)) upwards."
            )
        case .outOfBounds(nil, let most):
            Localized(
                sv: "Svara med ett tal upp till \(Self.plain(most ?? 0)).",
                en: "Answer with a number up to \(Self.plain(most ?? 0))."
            )
        case .unknownChoice:
            Localized(sv: "Välj något av alternativen.", en: "Choose one of the alternatives.")
        case .notALink:
            Localized(
                sv: "Skriv webbadressen så som den står i webbläsaren, till exempel https://exempel.se.",
                en: "Write the web address as the browser shows it, such as https://example.se."
            )
        case .notHere:
            Localized(
                sv: "Filer lämnas på webbplatsen, inte här.",
                en: "Files are handed in on the website, not here."
            )
        case .unknownQuestion:
            Localized(sv: "Utlysningen har ingen sådan fråga.", en: "The call has no such question.")
        }
    }

    private static func plain(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }

    /// The fault behind a refusal by the database, `application_answer_<rule>`.
    init?(constraint: String) {
        switch constraint {
        case "application_answer_required": self = .required
        case "application_answer_kind": self = .notAText
        case "application_answer_length": self = .tooLong(0, 0)
        case "application_answer_line": self = .severalLines
        case "application_answer_link": self = .notALink
        case "application_answer_bounds": self = .outOfBounds(nil, nil)
        case "application_answer_choice": self = .unknownChoice
        case "application_answer_unknown": self = .unknownQuestion
        default: return nil
        }
    }
}
