internal import Postgres
public import Web

/// What somebody looks for among companies: every filter of `GET /api/v1/companies` as one value.
///
/// The files beside this one: `CompanyListing` is a company as everybody may see it, `CompanyDirectory` the one type
/// that answers, `CompanyRoutes` the API, `CompanyPages` the pages. Values of each filter are alternatives; an empty
/// list asks for nothing.
public struct CompanySearch: Hashable, Sendable {
    /// What was typed: names, categories in either language, towns, words of a description.
    public var text: String?
    /// Codes of categories.
    public var categories: [String] = []
    /// Codes of regions.
    public var regions: [String] = []
    /// Codes of municipalities.
    public var municipalities: [String] = []
    /// The facets to count.
    public var facets: Set<CompanyFacet> = []
    /// The order: by renewal (latest first) or by name.
    public var sort: Sort = .renewed
    /// Items at most, 1 to 100.
    public var limit = 20
    /// Where the answer begins.
    public var place: CrewSearch.Place = .page(1)

    /// Finds everything.
    public init() {}

    /// An order of the answer.
    public enum Sort: String, CaseIterable, Hashable, Sendable {
        case renewed, name
    }
}

/// A filter whose values can be counted.
public enum CompanyFacet: String, CaseIterable, Codable, Hashable, Sendable {
    case category, region, municipality
}

extension CompanySearch {
    /// The search with every code read.
    ///
    /// - Throws: `Problem` 400 naming each unknown code.
    func plan(text: [ListingPlan.Filter], _ vocabularies: Vocabularies) throws(Problem) -> ListingPlan {
        var reader = CodeReader()
        let categories = reader.read("category", self.categories) { vocabularies.companyCategory($0)?.code }
        let regions = reader.read("region", self.regions) { vocabularies.region($0)?.no }
        let municipalities = reader.read("municipality", self.municipalities) {
            vocabularies.municipality($0)?.no
        }
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
        var filters = text
        func filter(_ facet: CompanyFacet, _ values: [String], _ condition: SQL) {
            guard !values.isEmpty else { return }
            filters.append(
                .init(facet: facet.rawValue, condition: condition, key: [facet.rawValue] + values.sorted())
            )
        }
        filter(.category, categories, "p.categories && \(categories)")
        filter(.region, regions.map { "\($0)" }, "p.region = ANY (\(regions))")
        filter(
            .municipality,
            municipalities.map { "\($0)" },
            "p.municipality = ANY (\(municipalities))"
        )
        return ListingPlan(
            kind: .company,
            audience: .anyone,
            filters: filters,
            order: sort == .name ? .name : .renewed
        )
    }
}

extension CompanyFacet {
    /// The values of a company, and all that there are.
    func counted(_ vocabularies: Vocabularies) -> (ListingPlan.Facet, [String]) {
        switch self {
        case .category:
            (.init(name: "category", values: "p.categories"), vocabularies.companyCategories.map(\.code))
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
