internal import Foundation
internal import Postgres
internal import Web

/// What a form about an inquiry asks, by the scale of the shoot, and how the typed words become a document.
///
/// The public form, the office's own changes and the log of a call ask by these; `InquiryFields+Printing` shows them.
struct InquiryFields: Sendable {
    /// How large a shoot is: decides what is asked.
    enum Scale: String, CaseIterable, Sendable {
        /// A day or a few.
        case small
        /// Some weeks or a few dozen people.
        case medium
        /// Months, many people.
        case large
    }

    let scale: Scale
    /// Whether an office fills in: then nothing but the title is required.
    let isOffice: Bool
    let terms: InquiryTerms
    let vocabularies: Vocabularies
    /// Decides the year when none is written.
    let today: Day

    static let currencies = ["SEK", "EUR", "USD", "GBP", "DKK", "NOK"]
    static let mostRows = 40

    /// The phases that are asked for.
    var phases: [String] { scale == .large ? ["prep", "shoot", "wrap", "post"] : ["shoot"] }
    var asksForCompany: Bool { scale != .small }
    var asksForCrew: Bool { scale != .small }
    var asksForBudget: Bool { scale == .large || isOffice }

    // MARK: Reading

    /// The document that the form describes, as the API takes it; with what is wrong noted in the form.
    func read(_ form: inout Form) -> JSON {
        var members = JSON.Members()
        members["title"] = .string(form.text("title", upTo: 200))
        members["scale"] = .string(scale.rawValue)
        let types = terms.productionTypes.terms.map(\.code)
        members["productionType"] = .text(form.choice("productionType", of: types, isOptional: isOffice))
        members["company"] = .text(form.optionalText("company", upTo: 200))
        if asksForCompany, !isOffice, form["company"].isEmpty {
            form.refuse("company", form.words("form.required"))
        }
        members["summary"] =
            isOffice
            ? .text(form.optionalText("summary", upTo: 10_000)) : .string(form.text("summary", upTo: 10_000))
        members["locationNeeds"] = .text(form.optionalText("locationNeeds", upTo: 10_000))
        members["locationTypes"] = .array(places(&form))
        if asksForCrew {
            members["crewNeeds"] = .text(form.optionalText("crewNeeds", upTo: 10_000))
            members["crew"] = .array(crew(&form))
        }
        members["phases"] = .array(phases.compactMap { phase($0, &form) })
        if asksForBudget {
            let budget = form.number("budget", in: 0...999_999_999_999, isOptional: true)
            members["budget"] = budget.map { JSON.integer(Int64($0)) } ?? .null
            if isOffice {
                let spend = form.number("spendPerDay", in: 1...999_999_999, isOptional: true)
                members["spendPerDay"] = spend.map { JSON.integer(Int64($0)) } ?? .null
            }
            members["currency"] = .string(
                form.choice("currency", of: Self.currencies, isOptional: true) ?? "SEK"
            )
        }
        members["contacts"] = .array([contact(&form)].compactMap { $0 })
        return .object(members)
    }

    private func phase(_ kind: String, _ form: inout Form) -> JSON? {
        let days = form.days(kind, today: today, isOptional: true)
        guard !days.isEmpty, form.error(kind) == nil else { return nil }
        let years =
            days.ranges.compactMap { $0.firstDay?.components.year }
            + days.ranges.compactMap {
                $0.lastDay?.components.year
            }
        guard years.allSatisfy({ (1900...2199).contains($0) }), (days.count ?? 0) <= 3000,
            days.ranges.count <= 60
        else {
            form.refuse(kind, form.words("inquiry.error.days"))
            return nil
        }
        return [
            "kind": .string(kind),
            "days": .array(
                days.ranges.map { range in
                    [
                        "from": .string(range.firstDay.map { "\($0)" } ?? ""),
                        "to": .string(range.lastDay.map { "\($0)" } ?? ""),
                    ]
                }
            ),
        ]
    }

    private func contact(_ form: inout Form) -> JSON? {
        let isEmpty = ["contactName", "email", "phone"].allSatisfy { form[$0].isEmpty }
        if isOffice, isEmpty { return nil }
        let name = form.text("contactName", upTo: 200)
        let email = isOffice && form["email"].isEmpty ? nil : form.email("email")
        let phone = form.optionalText("phone", upTo: 32)
        if let phone, phone.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) == nil {
            form.refuse("phone", form.words("inquiry.error.phone"))
        }
        return [
            "name": .string(name), "title": .text(form.optionalText("contactTitle", upTo: 200)),
            "email": .text(email), "phone": .text(phone), "main": true,
        ]
    }

    private func crew(_ form: inout Form) -> [JSON] {
        var needs: [JSON] = []
        for number in 1...Self.mostRows {
            let typed = form["role-\(number)"]
            guard !typed.isEmpty else { continue }
            guard let role = vocabularies.role(typed) ?? vocabularies.role(titled: typed) else {
                form.refuse(
                    "role-\(number)",
                    form.words("staffing.error.role", ["words": String(typed.prefix(60))])
                )
                continue
            }
            if form["count-\(number)"].isEmpty { form.set("count-\(number)", "1") }
            let count = form.number("count-\(number)", in: 1...50) ?? 1
            needs.append(["role": .string(role.code), "count": .integer(Int64(count))])
        }
        return needs
    }

    private func places(_ form: inout Form) -> [JSON] {
        var codes: [JSON] = []
        for number in 1...Self.mostRows {
            let typed = form["place-\(number)"]
            guard !typed.isEmpty else { continue }
            if let term = terms.locationTypes[typed] ?? terms.locationTypes.titled(typed) {
                codes.append(.string(term.code))
            } else {
                form.refuse(
                    "place-\(number)",
                    form.words("inquiry.error.place", ["words": String(typed.prefix(60))])
                )
            }
        }
        return codes
    }

    // MARK: Filling in

    /// The key of a field's label.
    static func label(_ name: String) -> String {
        if ["prep", "shoot", "wrap", "post"].contains(name) { return "inquiry.phase.\(name)" }
        if name.hasPrefix("role-") || name.hasPrefix("count-") { return "inquiry.part.crew" }
        if name.hasPrefix("place-") { return "inquiry.part.places" }
        return "inquiry.field.\(name)"
    }

    /// The form filled with a case as it is.
    func form(_ record: JSON, _ words: Wording) -> Form {
        var values: [(String, String)] = []
        for name in [
            "title", "productionType", "company", "summary", "crewNeeds", "locationNeeds", "currency",
            "source",
        ] {
            values.append((name, record[name]?.string ?? ""))
        }
        if let version = record["version"]?.integer { values.append(("version", String(version))) }
        if let budget = record["budget"]?.amount { values.append(("budget", words.number(Int(budget)))) }
        if let spend = record["spendPerDay"]?.amount {
            values.append(("spendPerDay", words.number(Int(spend))))
        }
        for phase in record["phases"]?.array ?? [] {
            values.append((phase["kind"]?.string ?? "", words.periods(phase.days).joined(separator: ", ")))
        }
        for (index, need) in (record["crew"]?.array ?? []).enumerated() {
            let code = need["role"]?.string ?? ""
            values.append(("role-\(index + 1)", vocabularies.role(code)?.name[words.language] ?? code))
            values.append(("count-\(index + 1)", need["count"]?.integer.map { String($0) } ?? "1"))
        }
        for (index, code) in (record["locationTypes"]?.array ?? []).enumerated() {
            values.append(
                ("place-\(index + 1)", terms.title(\.locationTypes, code.string, words.language) ?? "")
            )
        }
        if let contact = record["contacts"]?.array?.first {
            for (field, name) in [
                ("contactName", "name"), ("contactTitle", "title"), ("email", "email"), ("phone", "phone"),
            ] {
                values.append((field, contact[name]?.string ?? ""))
            }
        }
        return Form(words, values)
    }
}

extension JSON {
    /// Text or null.
    static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    /// A number as such, whole or not.
    var amount: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The set of days of a phase: `{"days": [{"from", "to"}]}`.
    var days: DayMultirange {
        DayMultirange(
            (self["days"]?.array ?? []).compactMap { period in
                guard let first = period["from"]?.string.flatMap({ Day($0) }),
                    let last = period["to"]?.string.flatMap({ Day($0) })
                else { return nil }
                return DayRange(first: min(first, last), last: max(first, last))
            }
        )
    }
}
