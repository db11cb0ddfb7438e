internal import Postgres
internal import Web

/// The parameters of `GET /api/v1/crew`, and how they become a ``CrewSearch``.
enum CrewParameters {
    static let text = Parameter.text(
        "q",
        "Names, titles of roles in either language, places, words of a headline; one typing error is forgiven.",
        length: 1...200,
        example: "platschef"
    )
    static let role = code("role", "Crew roles, any of them.", example: "gaffer")
    static let grade = Parameter.list(
        "grade",
        "Grades with which the role is held, any of them.",
        of: .choice(CrewSearch.Grade.allCases.map(\.rawValue), example: "professional")
    )
    static let department = code(
        "department",
        "Departments to which the role belongs, any of them.",
        example: "camera"
    )
    static let region = code("region", "Regions, any of them; see `local` and `home`.", example: "skane")
    static let local = Parameter.flag(
        "local",
        "`false` widens `region` to everybody who travels there.",
        default: true
    )
    static let home = Parameter.flag(
        "home",
        "`true` narrows `region` to those who live there, whatever `local` says.",
        default: false
    )
    static let municipality = Parameter.list(
        "municipality",
        "Home municipalities by code of Statistics Sweden, any of them.",
        of: .code(of: "municipality", example: "1280")
    )
    static let language = Parameter.list(
        "language",
        "Languages, all of them spoken.",
        of: .code(of: "language", example: "sv")
    )
    static let certificate = code(
        "certificate",
        "Licences and certificates, all of them held.",
        example: "licence_b"
    )
    static let near = Parameter<[Double]?>(
        ParameterDeclaration(
            "near",
            "From where distances are measured: latitude and longitude in degrees (WGS 84).",
            schema: .array(of: .number(-90...90, example: 55.6), count: 2...2),
            example: [55.43, 13.82]
        ),
        absent: .some(nil)
    ) { text throws(Fault) in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { number(String($0)) }
        guard parts.count == 2, let latitude = parts[0], let longitude = parts[1],
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        else {
            throw Fault(
                "malformed",
                Localized(
                    sv: "Ange latitud och longitud i grader, till exempel 55.43,13.82.",
                    en: "Give latitude and longitude in degrees, such as 55.43,13.82."
                )
            )
        }
        return [latitude, longitude]
    }
    static let radius = Parameter<Double?>(
        ParameterDeclaration(
            "radius",
            "Kilometres from `near` at most; without it nobody is left out. Means nothing without `near`.",
            schema: .number(1...2000, example: 50)
        ),
        absent: .some(nil)
    ) { text throws(Fault) in
        guard let kilometres = number(text), (1...2000).contains(kilometres) else {
            throw Fault(
                "out-of-range",
                Localized(sv: "Ange 1 till 2000 km.", en: "Give 1 to 2000 km.")
            )
        }
        return kilometres
    }
    static let dates = Parameter<DayMultirange>(
        ParameterDeclaration(
            "dates",
            "The days needed: ISO 8601 intervals with both ends included, in either order, "
                + "or single days, comma-separated. Days outside the three years of which calendars are kept are unknown, "
                + "never free; the answer names them in `beyondCalendar`.",
            schema: .array(
                of: .string(
                    pattern: .interval,
                    example: "2027-03-01/2027-03-12"
                ),
                count: 1...CrewDates.runs
            ),
            example: ["2027-03-01/2027-03-12", "2027-03-20/2027-03-25"]
        ),
        absent: .empty
    ) { text throws(Fault) in
        var ranges: [DayRange] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = interval(part) else {
                throw Fault(
                    "malformed",
                    Localized(
                        sv: "Skriv perioder som 2027-03-01/2027-03-12, med dagar som finns.",
                        en: "Write intervals as 2027-03-01/2027-03-12, of days that exist."
                    )
                )
            }
            ranges.append(range)
        }
        if let fault = CrewDates.fault(inWritten: ranges.count) { throw Fault(fault.code, fault.message) }
        let dates = DayMultirange(ranges)
        if let fault = CrewDates.fault(in: dates) { throw Fault(fault.code, fault.message) }
        return dates
    }
    static let coverage = Parameter.choice(
        "coverage",
        "How many of the days must be free: all, at least one, or any number (hidden calendars included).",
        of: CrewSearch.Coverage.allCases.map(\.rawValue),
        default: CrewSearch.Coverage.full.rawValue
    )
    static let facets = Parameter.list(
        "facets",
        "Filters whose values are counted, or `all`.",
        of: .choice(CrewFacet.allCases.map(\.rawValue) + ["all"], example: "region")
    )
    static let sort = Parameter.choice(
        "sort",
        "`availability` (the order with `dates`), `renewed` (the order otherwise), `name`, or `distance` (with "
            + "`near`). What lacks its `dates` or `near` gives the usual order.",
        of: CrewSearch.Sort.allCases.map(\.rawValue)
    )
    static let limit = Parameter<Int>.integer("limit", "Items at most.", in: 1...100, default: 20)
    static let page = Parameter<Int?>.integer(
        "page",
        "A page by number, from 1. A `cursor` reaches further, and goes before it.",
        in: 1...100,
        example: 1
    )
    static let cursor = Parameter.text(
        "cursor",
        "The `next` of an earlier answer to the same search.",
        pattern: CrewCursor.pattern,
        length: 1...2000,
        example: "8c0f1d2e3a4b5c6d-eyJyIjo5ODI3fQ"
    )

    static let all: [any OperationParameter] = [
        text, role, grade, department, region, local, home, municipality, language, certificate, near, radius,
        dates,
        coverage, facets, sort, limit, page, cursor,
    ]

    /// Parameters that go before others are said in their descriptions.
    static func search(_ input: Input) -> CrewSearch {
        var search = CrewSearch()
        search.text = input[text]
        search.roles = input[role]
        search.grades = input[grade].compactMap { CrewSearch.Grade(rawValue: $0) }
        search.departments = input[department]
        search.regions = input[region]
        search.municipalities = input[municipality]
        search.languages = input[language]
        search.certificates = input[certificate]
        search.dates = input[dates]
        search.coverage = CrewSearch.Coverage(rawValue: input[coverage]) ?? .full
        let wanted = input[facets]
        search.facets =
            wanted.contains("all")
            ? Set(CrewFacet.allCases) : Set(wanted.compactMap { CrewFacet(rawValue: $0) })
        search.sort = input[sort].flatMap { CrewSearch.Sort(rawValue: $0) }
        search.limit = input[limit]
        search.reach = input[home] ? .home : input[local] ? .local : .travel
        if let point = input[near] {
            search.near = .init(latitude: point[0], longitude: point[1], radius: input[radius])
        }
        search.place = input[cursor].map { .cursor($0) } ?? .page(input[page] ?? 1)
        return search
    }

    private static func code(_ name: String, _ summary: String, example: String) -> Parameter<[String]> {
        .list(name, summary, of: .code(of: name, example: example))
    }

    /// A decimal number as people write it; no hexadecimal, infinity or NaN, which `Double` would read too.
    static func number(_ text: String) -> Double? {
        guard text.wholeMatch(of: /-?[0-9]{1,20}(\.[0-9]{1,40})?([eE][+\-]?[0-9]{1,3})?/) != nil else {
            return nil
        }
        return Double(text)
    }

    /// The days from one to the other, both included, whichever stands first.
    static func interval(_ text: Substring) -> DayRange? {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        guard JSONSchema.Pattern.interval.accepts(String(text)), let one = day(ends[0]),
            let other = day(ends[ends.count - 1])
        else { return nil }
        return DayRange(first: min(one, other), last: max(one, other))
    }

    private static func day(_ text: Substring) -> Day? {
        guard text.utf8.count == 10, let day = Day(String(text)), day.isFinite else { return nil }
        return day
    }
}
