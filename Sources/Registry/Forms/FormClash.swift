public import Web

/// What a page shows when somebody else saved first: both texts, field by field, above the form that can be sent again.
///
/// ```swift
/// guard try await queries.save(form, version: form.version) else {
///     let stored = try await queries.find(id)
///     var clash = FormClash(by: stored.changedBy)
///     clash.compare("name", words("people.name"), form["name"], stored.name)
///     form.set("version", String(stored.version))
///     return try page(form, clash: clash, status: 412)
/// }
/// ```
/// In the template: `{{#clash}}{{> forms/clash}}{{/clash}}`.
public struct FormClash: Sendable {
    private let who: String?
    private var rows: [(id: String, label: String, yours: String, theirs: String)] = []

    /// - Parameter who: who saved, by name; nil when it is not to be told.
    public init(by who: String? = nil) { self.who = who }

    /// Adds a field, unless both are the same.
    public mutating func compare(_ id: String, _ label: String, _ yours: String, _ theirs: String) {
        if yours != theirs { rows.append((id, label, yours, theirs)) }
    }

    /// For the partial `forms/clash`.
    public func view(_ words: Wording) -> View {
        [
            "title": .text(words("form.clash", ["who": who ?? words("form.somebody")])),
            "rows": .list(
                rows.map { row in
                    [
                        "field": .text(row.id),
                        "label": .text(row.label),
                        "yours": .text(row.yours.isEmpty ? "–" : row.yours),
                        "theirs": .text(row.theirs.isEmpty ? "–" : row.theirs),
                    ]
                }
            ),
        ]
    }
}
