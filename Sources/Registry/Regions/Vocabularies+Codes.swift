extension Vocabularies {
    /// The codes of each vocabulary by the name that parameters have, in the order of the vocabulary.
    var codes: [String: [String]] {
        [
            "region": regions.map(\.code),
            "municipality": municipalities.map(\.code),
            "department": departments.map(\.code),
            "role": roles.map(\.code),
            "language": languages.map(\.code),
            "certificate": certificates.map(\.code),
            "type": locationTypes.map(\.code),
            "look": looks.map(\.code),
            "feature": featureTags,
            "category": companyCategories.map(\.code),
        ]
    }
}
