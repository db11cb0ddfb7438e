internal import Web

/// One facet beside the results of companies or locations: what is chosen, then the values with most hits, or all of
/// them.
struct ListingFacetView {
    /// The filter's name: the field, the facet of the answer.
    let name: String
    let title: String
    let counts: [CrewResults.Count]
    let chosen: [String]
    /// Values shown unless all are asked for.
    var limit = 10
    var isOpen = false
    /// Whether all values are asked for.
    var isWhole = false
    /// Where all values are shown.
    let wholeAddress: String
    let label: (String) -> String
    /// Regions stand beside their drawings.
    var hasHorizon = false

    func view(_ words: Wording) -> View? {
        guard !counts.isEmpty else { return nil }
        let isWhole = isWhole || counts.count - 2 <= limit
        var values = counts
        if !isWhole {
            let best = counts.filter { $0.count > 0 && !chosen.contains($0.value) }
                .sorted { $0.count > $1.count }
                .prefix(limit)
            values = counts.filter { chosen.contains($0.value) } + best
        }
        let left = counts.count - values.count
        let more: View? =
            isWhole || left == 0
            ? nil
            : [
                "address": .text(wholeAddress + "#facet-\(name)"),
                "label": .text(words.count("crew.more", left)),
            ]
        return [
            "name": .text(name),
            "title": .text(title),
            "isOpen": .flag(isOpen || !chosen.isEmpty || self.isWhole),
            "values": .list(
                values.map { value in
                    [
                        "name": .text(name),
                        "value": .text(value.value),
                        "label": .text(label(value.value)),
                        "count": .text(words.number(value.count)),
                        "isChecked": .flag(chosen.contains(value.value)),
                        "isEmpty": .flag(value.count == 0),
                        "horizon": hasHorizon ? .text(value.value) : .absent,
                    ]
                }
            ),
            "more": .optional(more),
        ]
    }
}
