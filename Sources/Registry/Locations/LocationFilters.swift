internal import Postgres
internal import Web

/// The filters of a search for locations as conditions over `location_public p`.
enum LocationFilters {
    /// Reads every code.
    ///
    /// - Parameter text: what typed text stands for.
    /// - Throws: `Problem` 400 naming each unknown code.
    static func plan(
        _ search: LocationSearch,
        for audience: CrewAudience,
        text: [ListingPlan.Filter],
        _ vocabularies: Vocabularies
    ) throws(Problem) -> ListingPlan {
        var reader = CodeReader()
        let types = reader.read("type", search.types) { vocabularies.locationType($0)?.code }
        let features = reader.read("feature", search.features) {
            vocabularies.featureTags.contains($0) ? $0 : nil
        }
        let known = vocabularies.looks
        let looks = reader.read("look", search.looks) { code in known.first { $0.code == code }?.code }
        let regions = reader.read("region", search.regions) { vocabularies.region($0)?.no }
        let municipalities = reader.read("municipality", search.municipalities) {
            vocabularies.municipality($0)?.no
        }
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
        var filters = text
        func filter(_ facet: LocationFacet, _ codes: [String], _ condition: SQL) {
            guard !codes.isEmpty else { return }
            let areAllNeeded = facet == .feature
            filters.append(
                .init(
                    facet: areAllNeeded ? nil : facet.rawValue,
                    condition: condition,
                    values: .init(kind: facet.rawValue, codes: codes, areAllNeeded: areAllNeeded),
                    key: [facet.rawValue] + codes.sorted()
                )
            )
        }
        filter(.type, types, "p.types && \(types)")
        filter(.look, looks, "p.looks && \(looks)")
        filter(.feature, features, "p.tags @> \(features)")
        filter(.region, search.regions, "p.region = ANY (\(regions))")
        filter(.municipality, search.municipalities, "p.municipality = ANY (\(municipalities))")
        for range in search.ranges {
            let key = [range.feature, range.from.map { "\($0)" } ?? "", range.to.map { "\($0)" } ?? ""]
            filters.append(.init(facet: nil, condition: condition(range), key: ["range"] + key))
        }
        if let box = search.box {
            filters.append(
                .init(
                    facet: nil,
                    // The index rounds its boxes outwards; the coordinates decide.
                    condition: """
                        p.spot && ST_MakeEnvelope(\(box.west), \(box.south), \(box.east), \(box.north), 4326)
                            AND ST_X(p.spot) BETWEEN \(box.west) AND \(box.east)
                            AND ST_Y(p.spot) BETWEEN \(box.south) AND \(box.north)
                        """,
                    key: ["bbox", "\(box.west)", "\(box.south)", "\(box.east)", "\(box.north)"]
                )
            )
        }
        return ListingPlan(
            kind: .location,
            audience: audience,
            filters: filters,
            near: search.near,
            dates: search.dates,
            coverage: search.coverage,
            order: ListingPlan.order(
                search.sort,
                hasDates: !search.dates.isEmpty,
                hasPlace: search.near != nil
            )
        )
    }

    private static func condition(_ range: LocationSearch.Range) -> SQL {
        let number: SQL = "(p.numbers ->> \(range.feature))::numeric"
        // The index of tags finds those that state the fact at all.
        var conditions: [SQL] = ["p.tags @> \([range.feature])", "p.numbers ? \(range.feature)"]
        if let from = range.from { conditions.append("\(number) >= \(from)::float8::numeric") }
        if let to = range.to { conditions.append("\(number) <= \(to)::float8::numeric") }
        return .joined(conditions, separator: " AND ")
    }

    /// The values of a facet, and all that it may have.
    static func facet(_ facet: LocationFacet, _ vocabularies: Vocabularies) -> (ListingPlan.Facet, [String]) {
        switch facet {
        case .type: (.init(name: "type", values: "p.types"), vocabularies.locationTypes.map(\.code))
        case .look: (.init(name: "look", values: "p.looks"), vocabularies.looks.map(\.code))
        case .feature: (.init(name: "feature", values: "p.tags"), vocabularies.featureTags)
        case .region:
            (
                .init(
                    name: "region",
                    values: "ARRAY(SELECT r.code FROM klappa.region r WHERE r.no = p.region)"
                ),
                vocabularies.regions.map(\.code)
            )
        case .municipality:
            (
                .init(name: "municipality", values: "ARRAY[lpad(p.municipality::text, 4, '0')]"),
                vocabularies.municipalities.map(\.code)
            )
        }
    }
}
