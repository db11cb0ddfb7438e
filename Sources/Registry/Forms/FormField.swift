public import Web

/// One field of a form as the partial `forms/field` prints it: label, hint, what was typed, and what is wrong.
///
/// ```swift
/// let view: View = [
///     "errorSummary": form.summary,
///     "fields": .list([
///         FormField("name", words("people.name"), .text, autocomplete: "name").view(form),
///         FormField("region", words("people.region"), .select(regions)).view(form),
///         FormField("note", words("people.note"), .area(rows: 6), isOptional: true).view(form),
///     ]),
/// ]
/// ```
/// ```mustache
/// {{> site/errors}}
/// <form method="post" action="{{action}}">{{> forms/token}}
/// {{#fields}}{{> forms/field}}{{/fields}}
/// <button class="b rape" type="submit">{{t people.save}}</button></form>
/// ```
public struct FormField: Sendable {
    /// What can be chosen.
    public struct Option: Hashable, Sendable {
        /// What is sent.
        public let value: String
        /// What is read.
        public let label: String

        /// See the properties of the same names.
        public init(_ value: String, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// The control.
    public enum Kind: Sendable {
        /// One line: `text`, `email`, `tel`, `url`, `date`, `search`.
        case line(String)
        /// Digits, with the keyboard for them.
        case number
        /// Several lines.
        case area(rows: Int)
        /// One of some, folded up; the first entry of an optional field is empty.
        case select([Option])
        /// One of some, all visible.
        case radios([Option])
        /// Several of some.
        case ticks([Option])
        /// Yes or no: one box whose value is `yes`.
        case tick

        /// One line of text.
        public static var text: Kind { .line("text") }
        /// An address for mail.
        public static var email: Kind { .line("email") }
        /// A day with the browser's calendar.
        public static var date: Kind { .line("date") }
    }

    let name: String
    let label: String
    let kind: Kind
    let hint: String?
    let isOptional: Bool
    let autocomplete: String?
    let limit: Int?
    let suggestions: String?

    /// - Parameters:
    ///   - name: of the field, which is also its id.
    ///   - label: what it asks for.
    ///   - hint: what helps to answer.
    ///   - isOptional: marked as such; required is not marked.
    ///   - autocomplete: the browser's word for what it is; nil forbids guessing.
    ///   - limit: in characters, where the browser stops typing.
    ///   - suggestions: the id of a `datalist` on the page, for a line.
    public init(
        _ name: String,
        _ label: String,
        _ kind: Kind = .text,
        hint: String? = nil,
        isOptional: Bool = false,
        autocomplete: String? = nil,
        limit: Int? = nil,
        suggestions: String? = nil
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.hint = hint
        self.isOptional = isOptional
        self.autocomplete = autocomplete
        self.limit = limit
        self.suggestions = suggestions
    }

    /// The field with what a form holds for it.
    public func view(_ form: Form) -> View {
        let error = form.error(name)
        var describing: [String] = []
        if error != nil { describing.append("\(name)-error") }
        if hint != nil { describing.append("\(name)-hint") }
        var view: View = [
            "id": .text(name),
            "label": .text(label),
            "hint": .optional(hint),
            "isOptional": .flag(isOptional),
            "error": .optional(error),
            "describedBy": .optional(describing.joined(separator: " ")),
            "autocomplete": .text(autocomplete ?? "off"),
            "limit": .optional(limit.map { String($0) }),
            "line": .absent, "area": .absent, "select": .absent, "group": .absent, "tick": .absent,
        ]
        switch kind {
        case .line(let type):
            view["line"] = .view([
                "type": .text(type), "isNumber": false, "value": .text(form[name]),
                "suggestions": .optional(suggestions),
            ])
        case .number:
            view["line"] = .view([
                "type": "text", "isNumber": true, "value": .text(form[name]), "suggestions": .absent,
            ])
        case .area(let rows):
            view["area"] = .view(["rows": .text(String(rows)), "value": .text(form[name])])
        case .select(let options):
            let none = isOptional || form[name].isEmpty ? [Option("", "")] : []
            view["select"] = .view(["options": .list(views(of: none + options, chosen: [form[name]]))])
        case .radios(let options):
            view["group"] = .view([
                "type": "radio", "options": .list(views(of: options, chosen: [form[name]])),
            ])
        case .ticks(let options):
            view["group"] = .view([
                "type": "checkbox", "options": .list(views(of: options, chosen: Set(form.all(name)))),
            ])
        case .tick:
            view["tick"] = .view(["isChosen": .flag(!form[name].isEmpty)])
        }
        return view
    }

    private func views(of options: [Option], chosen: Set<String>) -> [View] {
        options.enumerated().map { index, option in
            [
                // The first one has the field's own id: links from the summary lead to it.
                "optionID": .text(index == 0 ? name : "\(name)-\(index + 1)"),
                "value": .text(option.value),
                "label": .text(option.label),
                "isChosen": .flag(chosen.contains(option.value)),
            ]
        }
    }
}
