internal import Foundation
internal import Postgres
internal import Web

/// The search form of the crew page as an address carries it: read, checked, and written again in one form.
///
/// Forms send what people typed (`dates=1–12 mars`, empty fields, a name repeated); links and bookmarks get
/// ``canonical``, which means the same in a year: ISO days, lists with commas, nothing empty. Reading what is canonical
/// gives it back unchanged.
struct CrewSearchForm {
    /// What is searched; days that cannot be read are left out and stand in ``errors``.
    var search = CrewSearch()
    /// The days as typed, when they cannot be read.
    var unreadableDates: String?
    /// What is wrong, by field.
    var errors: [(field: String, message: String)] = []
    /// Facets that are to show all their values.
    var shown: Set<String> = []
    /// From 1.
    var page = 1

    /// People on a page.
    static let pageSize = 25
    /// The last page that is served: deeper ones are for the cursors of the API.
    static let lastPage = 400

    init() {}

    /// - Parameter today: decides the year of days typed without one.
    init(_ query: PageQuery, _ vocabularies: Vocabularies, _ words: Wording, today: Day) {
        search.text = query.first("q").map { String($0.prefix(200)) }
        readDates(query, words, today: today)
        search.roles = known(query, "role", words) { vocabularies.role($0) != nil }
        search.departments = known(query, "department", words) { vocabularies.department($0) != nil }
        search.regions = known(query, "region", words) { vocabularies.region($0) != nil }
        search.municipalities = known(query, "municipality", words) { vocabularies.municipality($0) != nil }
        search.languages = known(query, "language", words) { vocabularies.language($0) != nil }
        search.certificates = known(query, "certificate", words) { vocabularies.certificate($0) != nil }
        search.grades = known(query, "grade", words) { CrewSearch.Grade(rawValue: $0) != nil }
            .compactMap(CrewSearch.Grade.init)
        search.coverage =
            known(query, "coverage", words) { CrewSearch.Coverage(rawValue: $0) != nil }
            .first.flatMap(CrewSearch.Coverage.init) ?? .partial
        shown = Set(query.list("show"))
        page = query.first("page").flatMap { Int($0) } ?? 1
        if !(1...Self.lastPage).contains(page) {
            errors.append(("q", words("crew.error.page", ["count": words.number(Self.lastPage)])))
            page = 1
        }
        search.limit = Self.pageSize
        search.place = .page(page)
    }

    /// The address of this search, without its path.
    var canonical: PageQuery {
        var query = PageQuery()
        query.add("q", search.text)
        query.add("dates", unreadableDates ?? Self.written(search.dates))
        query.add("role", search.roles.joined(separator: ","))
        query.add("grade", search.grades.map(\.rawValue).joined(separator: ","))
        query.add("department", search.departments.joined(separator: ","))
        query.add("region", search.regions.joined(separator: ","))
        query.add("municipality", search.municipalities.joined(separator: ","))
        query.add("language", search.languages.joined(separator: ","))
        query.add("certificate", search.certificates.joined(separator: ","))
        if search.coverage != .partial { query.add("coverage", search.coverage.rawValue) }
        query.add("show", shown.sorted().joined(separator: ","))
        if page > 1 { query.add("page", String(page)) }
        return query
    }

    /// How many pages so many people fill, as far as pages are served.
    static func pages(of total: Int) -> Int { min((total + pageSize - 1) / pageSize, lastPage) }

    /// This form changed, on its first page.
    func changed(_ change: (inout CrewSearchForm) -> Void) -> CrewSearchForm {
        var form = self
        form.page = 1
        change(&form)
        return form
    }

    /// `2027-03-01/2027-03-12,2027-03-20/2027-03-25`; empty without days.
    static func written(_ dates: DayMultirange) -> String {
        dates.ranges.compactMap { range in
            guard let first = range.firstDay, let last = range.lastDay else { return nil }
            return first == last ? first.description : "\(first)/\(last)"
        }
        .joined(separator: ",")
    }

    mutating func readDates(_ query: PageQuery, _ words: Wording, today: Day) {
        let typed = (query.first("dates")).map { String($0.prefix(500)) }
        do {
            var dates = try TypedDays.read(typed ?? "", today: today)
            // The pickers add a period; one end alone is a day.
            let ends = [query.first("from"), query.first("to")].compactMap { $0 }
            if let first = ends.first, let last = ends.last {
                dates = dates.union(try TypedDays.read("\(first)/\(last)", today: today))
            }
            if let wrong = Self.limits(dates, words, today: today) {
                errors.append(("dates", wrong))
                unreadableDates = typed ?? ends.joined(separator: "/")
            } else {
                search.dates = dates
            }
        } catch {
            errors.append(("dates", words("crew.error.dates", ["words": error.words])))
            unreadableDates = typed ?? error.words
        }
    }

    /// What is wrong with days that can be read: too many, or too far from today.
    static func limits(_ dates: DayMultirange, _ words: Wording, today: Day) -> String? {
        guard let count = dates.count, let last = dates.ranges.last?.lastDay else { return nil }
        if last < today { return words("crew.error.past", ["day": words.day(last)]) }
        if count > mostDays { return words("crew.error.tooManyDays", ["count": words.number(mostDays)]) }
        if last - today > furthestDay {
            return words("crew.error.tooFar", ["day": words.day(today + furthestDay)])
        }
        return nil
    }

    /// Days that one search may ask for.
    static let mostDays = 366
    /// Days from today within which a search must end.
    static let furthestDay = 1461

    /// The values of a field, each once; one that is not known is an error.
    private mutating func known(
        _ query: PageQuery,
        _ field: String,
        _ words: Wording,
        _ isKnown: (String) -> Bool
    ) -> [String] {
        var values: [String] = []
        for value in query.list(field) where !values.contains(value) {
            if isKnown(value) {
                values.append(value)
            } else if !errors.contains(where: { $0.field == "facet-\(field)" }) {
                errors.append(
                    ("facet-\(field)", words("crew.error.unknown", ["value": value, "field": field]))
                )
            }
        }
        return values
    }
}
