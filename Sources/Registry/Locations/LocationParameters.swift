internal import Postgres
internal import Web

/// The parameters of `GET /api/v1/locations`, and how they become a ``LocationSearch``; those that crew has too are
/// crew's.
enum LocationParameters {
    static let text = Parameter.text(
        "q",
        "Names and other names, kinds of places in either language, towns, productions filmed there, words of a "
            + "description; one typing error is forgiven.",
        length: 1...200,
        example: "lada"
    )
    static let type = code("type", "Kinds of places, or groups of kinds, any of them.", example: "barn")
    static let feature = code(
        "feature",
        "Facts that are stated, all of them: `wifi` (it holds), `wifi-no` (it does not), `power_phases-3` (the value is "
            + "among those chosen), `floor_area_m2` (a number is stated; see `range`).",
        example: "wifi"
    )
    static let range = Parameter<[LocationSearch.Range]>(
        ParameterDeclaration(
            "range",
            "Facts that are numbers and where they must lie, all of them, both ends included and either first: "
                + "`floor_area_m2:100..500`, `power_max_ampere:63..`, `permit_lead_days:..14`. A feature that is no "
                + "number lies nowhere.",
            schema: .array(
                of: .string(pattern: Self.rangePattern, example: "power_max_ampere:63.."),
                count: 1...20
            ),
            example: ["power_max_ampere:63.."]
        ),
        absent: []
    ) { text throws(Fault) in
        var ranges: [LocationSearch.Range] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Self.reading(part) else {
                throw Fault(
                    "malformed",
                    Localized(
                        sv: "Skriv intervall som floor_area_m2:100..500, 100.. eller ..500.",
                        en: "Write ranges as floor_area_m2:100..500, 100.. or ..500."
                    )
                )
            }
            ranges.append(range)
        }
        guard ranges.count <= 20 else {
            throw Fault("too-many", Localized(sv: "Ange högst 20 intervall.", en: "Give 20 ranges at most."))
        }
        return ranges
    }
    static let look = code("look", "Looks that it can play, any of them.", example: "1950s")
    static let region = code("region", "Regions, any of them.", example: "kronoberg")
    static let municipality = Parameter.list(
        "municipality",
        "Municipalities by code of Statistics Sweden, any of them.",
        of: .code(of: "municipality", example: "0780")
    )
    static let box = Parameter<LocationSearch.Box?>(
        ParameterDeclaration(
            "bbox",
            "A box in degrees (WGS 84): west, south, east, north; either corner may stand first.",
            schema: .array(of: .number(-180...180, example: 14), count: 4...4),
            example: [14.2, 56.6, 15.4, 57.1]
        ),
        absent: .some(nil)
    ) { text throws(Fault) in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { CrewParameters.number(String($0)) }
        guard parts.count == 4, let west = parts[0], let south = parts[1], let east = parts[2],
            let north = parts[3], parts.allSatisfy({ abs($0 ?? 999) <= 180 })
        else {
            throw Fault(
                "malformed",
                Localized(
                    sv: "Ange väst, syd, öst och nord i grader, till exempel 14.2,56.6,15.4,57.1.",
                    en: "Give west, south, east and north in degrees, such as 14.2,56.6,15.4,57.1."
                )
            )
        }
        // There is nothing beyond the poles.
        func latitude(_ degrees: Double) -> Double { min(max(degrees, -90), 90) }
        return LocationSearch.Box((west, latitude(south)), (east, latitude(north)))
    }
    static let facets = Parameter.list(
        "facets",
        "Filters whose values are counted, or `all`.",
        of: .choice(LocationFacet.allCases.map(\.rawValue) + ["all"], example: "type")
    )

    /// What finds, without what pages.
    static let filters: [any OperationParameter] = [
        text, type, feature, range, look, region, municipality, box, CrewParameters.near,
        CrewParameters.radius,
        CrewParameters.dates, CrewParameters.coverage, CrewParameters.sort,
    ]
    static let all: [any OperationParameter] =
        filters + [facets, CrewParameters.limit, CrewParameters.page, CrewParameters.cursor]

    static func search(_ input: Input, isPaged: Bool = true) -> LocationSearch {
        var search = LocationSearch()
        search.text = input[text]
        search.types = input[type]
        search.features = input[feature]
        search.ranges = input[range]
        search.looks = input[look]
        search.regions = input[region]
        search.municipalities = input[municipality]
        search.box = input[box]
        if let point = input[CrewParameters.near] {
            search.near = .init(latitude: point[0], longitude: point[1], radius: input[CrewParameters.radius])
        }
        search.dates = input[CrewParameters.dates]
        search.coverage = CrewSearch.Coverage(rawValue: input[CrewParameters.coverage]) ?? .full
        search.sort = input[CrewParameters.sort].flatMap { CrewSearch.Sort(rawValue: $0) }
        guard isPaged else { return search }
        let wanted = input[facets]
        search.facets =
            wanted.contains("all")
            ? Set(LocationFacet.allCases) : Set(wanted.compactMap { LocationFacet(rawValue: $0) })
        search.limit = input[CrewParameters.limit]
        search.place =
            input[CrewParameters.cursor].map { .cursor($0) } ?? .page(input[CrewParameters.page] ?? 1)
        return search
    }

    private static let rangePattern = JSONSchema.Pattern(
        "^[a-z][a-z0-9_]{0,60}:(-?[0-9]{1,7}(\\.[0-9]{1,2})?)?\\.\\.(-?[0-9]{1,7}(\\.[0-9]{1,2})?)?$"
    ) { reading(Substring($0)) != nil }

    /// `floor_area_m2:100..500`.
    static func reading(_ text: Substring) -> LocationSearch.Range? {
        guard
            let match = text.wholeMatch(
                of:
                    /([a-z][a-z0-9_]{0,60}):(-?[0-9]{1,7}(?:\.[0-9]{1,2})?)?\.\.(-?[0-9]{1,7}(?:\.[0-9]{1,2})?)?/
            )
        else { return nil }
        return LocationSearch.Range(
            String(match.1),
            from: match.2.flatMap { Double($0) },
            to: match.3.flatMap { Double($0) }
        )
    }

    private static func code(_ name: String, _ summary: String, example: String) -> Parameter<[String]> {
        .list(name, summary, of: .code(of: name, example: example))
    }
}
