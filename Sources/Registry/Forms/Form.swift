internal import Foundation
public import Hummingbird
public import Postgres
public import Web

/// What somebody typed into a form, read field by field, with what is wrong at each; what was typed is kept.
///
/// ```swift
/// var form = try await site.form(request, context)          // size, type and token are checked
/// let name = form.text("name", upTo: 200)
/// let region = form.choice("region", of: codes)
/// guard form.isValid else { return try page(form) }         // 400, every error at its field
/// try await queries.save(name, region)
/// return site.redirect(to: "/sv/…", notice: "people.saved")
/// ```
/// The reading functions give a harmless value where they refuse one, so that all errors are found at once. See the
/// article <doc:FormsAndWrites>.
public struct Form: Sendable {
    /// One refused field.
    public struct Error: Hashable, Sendable {
        /// The field's name, which is its id on the page.
        public let field: String
        /// A sentence that says how to mend it.
        public let message: String
    }

    /// The language of the sentences.
    public let words: Wording
    /// In the order in which the fields were read.
    public private(set) var errors: [Error] = []
    private var pairs: [(name: String, value: String)]

    /// A form as it is first shown: empty, or filled with what is stored.
    public init(_ words: Wording, _ values: [(String, String)] = []) {
        self.words = words
        pairs = values.map { (name: $0.0, value: $0.1) }
    }

    /// Whether nothing was refused so far.
    public var isValid: Bool { errors.isEmpty }

    // MARK: As it was typed

    /// The first value of a field without white space around it; empty when it was not sent.
    public subscript(name: String) -> String {
        (pairs.first { $0.name == name }?.value ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Every value of a field, in order, empty ones left out.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }
            .map { $0.value.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
    }

    /// Whether a field was sent at all: a pressed button, a box that is ticked.
    public func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// The names of all fields that were sent, each once, in order.
    public var names: [String] {
        var seen: Set<String> = []
        return pairs.map(\.name).filter { seen.insert($0).inserted }
    }

    /// Puts a value in place of what a field holds.
    public mutating func set(_ name: String, _ value: String?) {
        pairs.removeAll { $0.name == name }
        if let value { pairs.append((name, value)) }
    }

    // MARK: Refusing

    /// Says what is wrong with a field; of one field the first is told.
    public mutating func refuse(_ name: String, _ message: String) {
        if !errors.contains(where: { $0.field == name }) {
            errors.append(Error(field: name, message: message))
        }
    }

    /// What is wrong with a field; nil when nothing is.
    public func error(_ name: String) -> String? { errors.first { $0.field == name }?.message }

    // MARK: Reading

    /// A text that must be given.
    ///
    /// - Parameter limit: in characters.
    /// - Returns: without white space around it; empty when it was refused.
    public mutating func text(_ name: String, upTo limit: Int) -> String {
        let value = self[name]
        if value.isEmpty { refuse(name, words("form.required")) }
        return within(limit, name, value)
    }

    /// A text that may be left out.
    ///
    /// - Returns: nil when it is empty.
    public mutating func optionalText(_ name: String, upTo limit: Int) -> String? {
        let value = within(limit, name, self[name])
        return value.isEmpty ? nil : value
    }

    private mutating func within(_ limit: Int, _ name: String, _ value: String) -> String {
        guard value.unicodeScalars.count > limit else { return value }
        refuse(
            name,
            words(
                "form.tooLong",
                ["limit": words.number(limit), "count": words.number(value.unicodeScalars.count)]
            )
        )
        return ""
    }

    /// An address for mail that must be given.
    public mutating func email(_ name: String) -> String {
        let value = text(name, upTo: 254)
        if !value.isEmpty, value.wholeMatch(of: /[^@\s,;<>"]+@[^@\s,;<>"]+\.[^@\s,;<>".]+/) == nil {
            refuse(name, words("form.email"))
        }
        return value
    }

    /// An address in the web, `http` or `https`; nil when it is empty.
    public mutating func link(_ name: String) -> String? {
        guard var value = optionalText(name, upTo: 500) else { return nil }
        if !value.contains("://") { value = "https://" + value }
        if value.wholeMatch(of: /https?:\/\/[^\s\/]+\.[^\s\/]+(\/\S*)?/) == nil {
            refuse(name, words("form.link"))
        }
        return value
    }

    /// One of some codes; nil when none was chosen.
    public mutating func choice(_ name: String, of codes: some Collection<String>, isOptional: Bool = false)
        -> String?
    {
        let value = self[name]
        if value.isEmpty {
            if !isOptional { refuse(name, words("form.choose")) }
            return nil
        }
        guard codes.contains(value) else {
            refuse(name, words("form.choose"))
            return nil
        }
        return value
    }

    /// Some of some codes, each once, in the order in which they were sent.
    public mutating func choices(_ name: String, of codes: some Collection<String>) -> [String] {
        var seen: Set<String> = []
        let values = all(name).filter { seen.insert($0).inserted }
        if !values.allSatisfy({ codes.contains($0) }) { refuse(name, words("form.choose")) }
        return values.filter { codes.contains($0) }
    }

    /// A whole number in a range, with or without spaces between thousands; nil when it is empty.
    public mutating func number(_ name: String, in range: ClosedRange<Int>, isOptional: Bool = false) -> Int?
    {
        let value = self[name].filter { !$0.isWhitespace }
        if value.isEmpty {
            if !isOptional { refuse(name, words("form.required")) }
            return nil
        }
        guard let number = Int(value), range.contains(number) else {
            let ends = ["low": words.number(range.lowerBound), "high": words.number(range.upperBound)]
            refuse(name, words("form.number", ends))
            return nil
        }
        return number
    }

    /// A number with decimals, by comma or point; nil when it is empty.
    public mutating func decimal(_ name: String, in range: ClosedRange<Double>, isOptional: Bool = false)
        -> Double?
    {
        let value = self[name].filter { !$0.isWhitespace }.replacing(",", with: ".")
        if value.isEmpty {
            if !isOptional { refuse(name, words("form.required")) }
            return nil
        }
        guard let number = Double(value), number.isFinite, range.contains(number) else {
            let ends = [
                "low": words.number(range.lowerBound, decimals: 0),
                "high": words.number(range.upperBound, decimals: 0),
            ]
            refuse(name, words("form.number", ends))
            return nil
        }
        return number
    }

    /// A day as a date field sends it, `2027-03-01`; nil when it is empty.
    public mutating func day(_ name: String, isOptional: Bool = false) -> Day? {
        let value = self[name]
        if value.isEmpty {
            if !isOptional { refuse(name, words("form.required")) }
            return nil
        }
        guard let day = Day(value), day.isFinite, let first = Day("1900-01-01"), let last = Day("2199-12-31"),
            first <= day, day <= last
        else {
            refuse(name, words("form.day"))
            return nil
        }
        return day
    }

    /// Days as people type them, `1–12 mars, 20–25 mars`; empty when nothing was typed.
    ///
    /// - Parameter today: decides the year when none is written.
    public mutating func days(_ name: String, today: Day, isOptional: Bool = false) -> DayMultirange {
        let value = self[name]
        if value.isEmpty {
            if !isOptional { refuse(name, words("form.required")) }
            return .empty
        }
        do throws(TypedDays.Unreadable) {
            return try TypedDays.read(value, today: today)
        } catch {
            refuse(name, words("form.days", ["words": error.words]))
            return .empty
        }
    }

    /// The version of the record that the form was made from, in its hidden field `version`; nil when it is missing.
    public var version: Int64? { Int64(self["version"]) }

    // MARK: Printing

    /// For the partial `site/errors`: how many fields to mend, with links to them; absent when there are none.
    public var summary: View.Value {
        guard !errors.isEmpty else { return .absent }
        return .view([
            "title": .text(words.count("site.errors", errors.count)),
            "errors": .list(errors.map { ["field": .text($0.field), "message": .text($0.message)] }),
        ])
    }

    /// 200, or 400 when something was refused: the status of the page that shows it.
    public var status: Int { isValid ? 200 : 400 }
}

extension Site {
    /// The form that a request sends, after its size, its type and its token were checked.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: `Problem`: 413, 415, 400 for what is no form, 403 for one that did not come from our own page.
    public func form(_ request: Request, _ context: WebContext, limit: Int = 64 << 10) async throws -> Form {
        let body = try await FormBody.read(request, limit: limit)
        try context.visit.check(body.pairs.first { $0.name == "csrf" }?.value, request)
        return Form(
            words(context.language),
            body.pairs.filter { $0.name != "csrf" }.map { ($0.name, $0.value) }
        )
    }

    /// Leads to another page after a form was taken (303), with a sentence that it shows once.
    ///
    /// - Parameters:
    ///   - path: an address of our own, with its language.
    ///   - notice: key of the sentence; nil says nothing.
    ///   - values: what is filled in.
    public func redirect(to path: String, notice: String? = nil, _ values: [String: String] = [:]) -> Answer {
        var answer = Answer.redirect(to: path)
        if let notice, let visit = Visit.current {
            answer.headers.append(
                visit.cookies.field(Visit.CookieWord.notice, Notice(notice, values).cookie, maxAge: 60)
            )
        }
        return answer
    }
}

extension Visit {
    /// Refuses a form that another site sent, or that does not prove to come from this browser.
    ///
    /// - Parameter token: as the form carries it in its field `csrf`.
    public func check(_ token: String?, _ request: Request) throws(Problem) {
        // Browsers say where a request comes from (Fetch Metadata); old ones say nothing.
        if let site = request.headers[.secFetchSite], !["same-origin", "none"].contains(site) {
            throw Problem(.foreignForm)
        }
        guard newSecret == nil, let token, self.token.matches(token) else { throw Problem(.foreignForm) }
    }
}
