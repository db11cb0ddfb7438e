internal import FoundationEssentials
internal import Postgres
internal import Web

/// The parameters of `GET /api/v1/inquiries`, and how they become an ``InquiryFilter``.
enum InquiryParameters {
    static let text = Parameter.text(
        "q",
        "Part of number, title or company.",
        length: 1...100,
        example: "saltängen"
    )
    static let state = Parameter.choice(
        "state",
        "`active`: something more is expected; `open`: nothing is decided; `closed`: with an outcome.",
        of: InquiryFilter.State.allCases.map(\.rawValue),
        default: "active"
    )
    static let status = code("status", "inquiryStatus", "Statuses, any of them.", example: "qualifying")
    static let outcome = Parameter.list(
        "outcome",
        "Outcomes, any of them.",
        of: .choice(
            ["open", "landed", "lost", "postponed", "not_pursued", "duplicate", "spam"],
            example: "lost"
        )
    )
    static let lostReason = code(
        "lostReason",
        "lostReason",
        "Reasons of lost cases, any of them.",
        example: "total_cost"
    )
    static let source = code("source", "leadSource", "How cases reached us, any of it.", example: "website")
    static let productionType = code(
        "productionType",
        "productionType",
        "Kinds of production, any of them.",
        example: "drama_series"
    )
    static let region = code("region", "region", "Regions that lead, any of them.", example: "kronoberg")
    static let officer = Parameter.text(
        "officer",
        "Account of who is responsible, or `me`.",
        pattern: JSONSchema.Pattern("^(me|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", limit: 36) {
            $0 == "me" || JSONSchema.Pattern.uuid.accepts($0)
        },
        length: 2...36,
        example: "me"
    )
    static let received = Parameter.text(
        "received",
        "An interval of days in which cases came, both ends included.",
        pattern: .interval,
        length: 10...21,
        example: "2026-01-01/2026-12-31"
    )
    static let answered = Parameter.choice(
        "answered",
        "How the first answer came.",
        of: InquiryFilter.Answered.allCases.map(\.rawValue)
    )
    static let overdue = Parameter.flag("overdue", "Only what is due before now.", default: false)
    static let offered = Parameter.flag(
        "offered",
        "Only what waits for an answer to an offer.",
        default: false
    )
    static let sort = Parameter.choice(
        "sort",
        "What is due first, or the latest first.",
        of: InquiryFilter.Order.allCases.map(\.rawValue),
        default: "due"
    )
    static let limit = Parameter.integer("limit", "How many at most.", in: 1...100, default: 20)
    static let page = Parameter.integer(
        "page",
        "Which page, from 1; `cursor` goes on without end.",
        in: 1...50,
        default: 1
    )
    static let cursor = Parameter.text(
        "cursor",
        "`next` of an answer to the same list; begins behind it.",
        pattern: InquiryCursor.pattern,
        length: 20...70,
        example: "0f3a0f3a0f3a0f3a-n-SYD-2026-0318"
    )

    static let all: [any OperationParameter] = [
        text, state, status, outcome, lostReason, source, productionType, region, officer, received, answered,
        overdue,
        offered, sort, limit, page, cursor,
    ]

    private static func code(_ name: String, _ vocabulary: String, _ summary: String, example: String)
        -> Parameter<[String]>
    {
        .list(name, summary, of: .code(of: vocabulary, example: example))
    }

    /// - Throws: 400 naming the codes that no vocabulary has.
    static func filter(_ input: Input, _ vocabularies: Vocabularies, _ terms: InquiryTerms, _ reader: Reader)
        throws -> InquiryFilter
    {
        let codes = terms.codes
        var errors: [FieldError] = []
        func known(_ parameter: Parameter<[String]>, _ vocabulary: String) -> [String] {
            let values = input[parameter]
            errors += values.filter { codes[vocabulary]?.contains($0) != true }.map {
                unknown($0, parameter.declaration.name)
            }
            return values
        }
        var filter = InquiryFilter()
        filter.text = input[text]
        filter.state = InquiryFilter.State(rawValue: input[state]) ?? .active
        filter.statuses = known(status, "inquiryStatus")
        filter.outcomes = input[outcome]
        filter.lostReasons = known(lostReason, "lostReason")
        filter.sources = known(source, "leadSource")
        filter.productionTypes = known(productionType, "productionType")
        for code in input[region] {
            if let region = vocabularies.region(code) {
                filter.regions.append(region.no)
            } else {
                errors.append(unknown(code, "region"))
            }
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        filter.received = input[received].flatMap(interval)
        filter.answered = input[answered].flatMap { InquiryFilter.Answered(rawValue: $0) }
        filter.isOverdue = input[overdue]
        filter.isOffered = input[offered]
        filter.officer = input[officer].flatMap { $0 == "me" ? reader.account : UUID(uuidString: $0) }
        filter.order = InquiryFilter.Order(rawValue: input[sort]) ?? .due
        return filter
    }

    /// The days of `2027-03-01/2027-03-12` or of one day, in either order.
    static func interval(_ text: String) -> DayRange? {
        let days = text.split(separator: "/").compactMap { Day(String($0)) }
        guard let first = days.min(), let last = days.max() else { return nil }
        return DayRange(first: first, last: last)
    }

    private static func unknown(_ code: String, _ field: String) -> FieldError {
        .field(
            field,
            "unknown-value",
            Localized(
                sv: "Värdet \(code.prefix(60)) finns inte.",
                en: "There is no value \(code.prefix(60))."
            )
        )
    }
}
