public import Mustache

/// What a template prints: named texts, flags, parts and lists, all formatted already.
///
/// A template that names something which the view lacks is a mistake that ``Templates/render(_:_:in:)`` reports; what
/// is deliberately absent is said with ``Value/absent``. Looked up by key, not by reflection: a page of results
/// has thousands of look-ups.
///
/// ```swift
/// let view: View = ["name": .text(person.name), "headline": .optional(headline), "rows": .list(rows)]
/// ```
public struct View: Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: Value]

    /// The values by name; of a name given twice the last.
    public init(dictionaryLiteral elements: (String, Value)...) {
        values = Dictionary(elements, uniquingKeysWith: { _, last in last })
    }

    /// The value under a name; nil when the view does not have it.
    public subscript(name: String) -> Value? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// This view with the values of the other added; the other's win.
    public func adding(_ other: View) -> View {
        var sum = self
        sum.values.merge(other.values) { _, last in last }
        return sum
    }

    /// One thing that a template can print or enter.
    public enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
        /// Printed escaped.
        case text(String)
        /// Printed as it is, through `{{{markup.name}}}` only.
        case markup(Markup)
        /// Enters a section or not.
        case flag(Bool)
        /// A section entered once.
        case view(View)
        /// A section entered for each.
        case list([View])
        /// Texts in a row, each `{{.}}` of a section.
        case texts([String])
        /// Nothing on purpose: prints nothing, enters only `{{^name}}`.
        case absent

        /// A text.
        public init(stringLiteral value: String) { self = .text(value) }

        /// A flag.
        public init(booleanLiteral value: Bool) { self = .flag(value) }

        /// The text, or ``absent`` when there is none or it is empty.
        public static func optional(_ text: String?) -> Value {
            if let text, !text.isEmpty { .text(text) } else { .absent }
        }

        /// The view, or ``absent``.
        public static func optional(_ view: View?) -> Value { view.map(Value.view) ?? .absent }
    }
}

extension View: MustacheParent {
    /// For the template engine only.
    public func child(named name: String) -> Any? {
        if name == "markup" { return MarkupOf(view: self) }
        switch values[name] {
        case nil, .markup?: return nil
        case .text(let text)?: return text
        case .flag(let flag)?: return flag
        case .view(let view)?: return view
        case .list(let views)?: return views
        case .texts(let texts)?: return texts
        case .absent?: return Absent()
        }
    }
}

/// The markup of one view, as `markup.name` sees it: absent values print nothing, unknown ones stand out.
private struct MarkupOf: MustacheParent {
    let view: View

    func child(named name: String) -> Any? {
        switch view[name] {
        case .markup(let markup)?: return markup.html
        case .absent?: return Absent()
        default:
            MissingNames.current?.note("markup.\(name)")
            return nil
        }
    }
}

/// Nothing, said to the template engine in its own words.
private struct Absent: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}
