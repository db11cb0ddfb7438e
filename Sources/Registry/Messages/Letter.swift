public import FoundationEssentials
internal import NIOCore
public import Postgres
public import Web

/// A letter to be sent by mail: to whom, in which language, which text, and what is filled in.
///
/// It is written into the outbox in the transaction of what causes it, so that neither a crash nor a rollback can part the
/// two, and sent afterwards by ``LetterCarrier``, at least once.
///
/// ```swift
/// try await databases.member.transaction(settings: reader.settings) { transaction in
///     …
///     try await site.letters.write(
///         Letter("inquiry-received", to: email, in: .en, ["number": number, "link": link]),
///         in: transaction
///     )
/// }
/// ```
/// The texts of `inquiry-received` are `inquiry-received.subject` and `inquiry-received.body` in `Texts/letters.json`, in
/// both languages, with `{number}` and `{link}` in them; a blank line parts paragraphs. The files beside this one:
/// `LetterTexts` makes the words, `MailMessage` the form that mail has, `OutboxQueries` the SQL, `MailCommand` and
/// `KeptLetters` are the two ways out.
public struct Letter: Hashable, Sendable {
    /// Where it goes.
    public let to: String
    /// In which language it is; nil for both, where nobody knows.
    public let language: Language?
    /// Which text it is.
    public let template: String
    /// What is filled in.
    public let values: [String: String]
    /// The person, place or unit that it is about, so that erasing them finds it.
    public let subject: UUID?

    /// See the properties of the same names.
    public init(
        _ template: String,
        to: String,
        in language: Language?,
        _ values: [String: String] = [:],
        about subject: UUID? = nil
    ) {
        self.to = to
        self.language = language
        self.template = template
        self.values = values
        self.subject = subject
    }

    /// As the outbox keeps it.
    var payload: String {
        var members = JSON.Members([("to", .string(to)), ("template", .string(template))])
        if let language { members["language"] = .string(language.rawValue) }
        members["values"] = .object(
            .init(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        )
        return String(buffer: JSON.object(members).bytes)
    }
}

/// The texts of all letters.
public struct LetterTexts: Sendable {
    let texts: Texts

    /// - Parameter texts: those of the site.
    public init(_ texts: Texts) { self.texts = texts }

    /// Writes a letter into the outbox, in the transaction of what causes it.
    ///
    /// - Parameters:
    ///   - due: when it goes; nil for at once.
    ///   - transaction: of `klappa_member` or `klappa_worker`.
    /// - Throws: ``PageError`` when there is no such text or a value for it is missing: a mistake in the code, found by the
    ///   first test that writes the letter.
    public func write(_ letter: Letter, due: Instant? = nil, in transaction: Transaction) async throws {
        _ = try text(of: letter)
        try await OutboxQueries.add(letter, due: due, transaction)
    }

    /// Subject and body in the letter's language; in both, Swedish first, when it has none.
    func text(of letter: Letter) throws(PageError) -> (subject: String, body: String) {
        guard let language = letter.language else {
            let (sv, en) = (try text(of: letter, .sv), try text(of: letter, .en))
            return ("\(sv.subject) / \(en.subject)", "\(sv.body)\n\n– – –\n\n\(en.body)")
        }
        return try text(of: letter, language)
    }

    private func text(of letter: Letter, _ language: Language) throws(PageError) -> (
        subject: String, body: String
    ) {
        let words = Wording(texts, in: language)
        let parts = ["subject", "body"].map { "letters.\(letter.template).\($0)" }
        for key in parts {
            guard texts.text(key, in: language) != nil else { throw PageError("there is no text \(key)") }
            let missing = texts.names(in: key, language).subtracting(letter.values.keys)
            guard missing.isEmpty else {
                throw PageError("\(key) lacks \(missing.sorted().joined(separator: ", "))")
            }
        }
        let subject = words(parts[0], letter.values)
        let body = words(parts[1], letter.values) + "\n\n" + words("letters.signature")
        return (subject, body)
    }
}
