internal import Web

/// How the pages say what is known of a location.
extension CrewWords {
    /// `Lada`; codes that the vocabulary has lost are shown as they are.
    func kind(_ code: String) -> String { vocabularies.locationType(code)?.name[language] ?? code }

    /// `1950-tal`.
    func look(_ code: String) -> String {
        vocabularies.looks.first { $0.code == code }?.name[language] ?? code
    }

    /// `Kamerauthyrning`.
    func category(_ code: String) -> String { vocabularies.companyCategory(code)?.name[language] ?? code }

    /// A searched fact: `Wifi`, `Wifi: nej`, `Antal faser: 3-fas`.
    func tag(_ tag: String) -> String {
        let parts = tag.split(separator: "-", maxSplits: 1).map(String.init)
        guard let code = parts.first, let feature = vocabularies.locationFeature(code) else { return tag }
        let name = feature.name[language]
        guard parts.count == 2 else {
            return feature.dataType == .boolean ? name : words("locations.stated", ["feature": name])
        }
        let value =
            feature.dataType == .boolean
            ? words("locations.not")
            : feature.values.first { $0.code == parts[1] }?.name[language] ?? parts[1]
        return "\(name): \(value)"
    }

    /// Whether a searched fact tells more than that something is stated: that is for the API.
    func isTelling(_ tag: String) -> Bool {
        tag.contains("-") || vocabularies.locationFeature(tag)?.dataType == .boolean
    }

    /// A stated fact: name and value.
    func fact(_ fact: LocationListing.Fact) -> (name: String, value: String)? {
        guard let feature = vocabularies.locationFeature(fact.code) else { return nil }
        let name = feature.name[language]
        if let yes = fact.yes { return (name, words(yes ? "locations.yes" : "locations.no")) }
        if let number = fact.number { return (name, measure(number, feature.unit)) }
        let values = fact.values.map { code in
            feature.values.first { $0.code == code }?.name[language] ?? code
        }
        return (name, words.list(values))
    }

    /// `240 m²`.
    func measure(_ number: Double, _ unit: String?) -> String {
        let written =
            number == number.rounded()
            ? words.number(Int(number)) : words.number(number, decimals: 1)
        let units = [
            "m2": "m²", "kg/m2": "kg/m²", "st": "", "personer": words("locations.unit.people"),
            "dagar": words("locations.unit.days"),
        ]
        let unit = unit.map { units[$0] ?? $0 } ?? ""
        return unit.isEmpty ? written : "\(written) \(unit)"
    }

    /// `minst 63 A`, `100–500 m²`: a range that a fact must lie in.
    func range(_ range: LocationSearch.Range) -> String {
        let feature = vocabularies.locationFeature(range.feature)
        let name = feature?.name[language] ?? range.feature
        let from = range.from.map { measure($0, feature?.unit) }
        let to = range.to.map { measure($0, feature?.unit) }
        switch (from, to) {
        case (let from?, let to?):
            return words("locations.range.between", ["name": name, "from": from, "to": to])
        case (let from?, nil): return words("locations.range.from", ["name": name, "from": from])
        case (nil, let to?): return words("locations.range.to", ["name": name, "to": to])
        case (nil, nil): return name
        }
    }
}
