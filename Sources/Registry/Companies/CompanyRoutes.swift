internal import HTTPTypes
public import Web

/// Companies as operations of the API: search and record.
public enum CompanyRoutes {
    private static let slugOrID = Parameter.path(
        "slugOrId",
        "Slug or id of a company.",
        pattern: .slug,
        length: 1...100,
        example: "nybygget-ljus-ab-4"
    )
    private static let text = Parameter.text(
        "q",
        "Names and other names, categories in either language, towns, words of a description; one typing error is "
            + "forgiven.",
        length: 1...200,
        example: "ljusuthyrning"
    )
    private static let category = Parameter.list(
        "category",
        "What is offered, any of them.",
        of: .code(of: "category", example: "lighting_rental")
    )
    private static let region = Parameter.list(
        "region",
        "Regions, any of them.",
        of: .code(of: "region", example: "skane")
    )
    private static let municipality = Parameter.list(
        "municipality",
        "Municipalities by code of Statistics Sweden, any of them.",
        of: .code(of: "municipality", example: "1280")
    )
    private static let facets = Parameter.list(
        "facets",
        "Filters whose values are counted, or `all`.",
        of: .choice(CompanyFacet.allCases.map(\.rawValue) + ["all"], example: "category")
    )
    private static let sort = Parameter.choice(
        "sort",
        "`renewed` (latest first) or `name`, as Swedish sorts.",
        of: CompanySearch.Sort.allCases.map(\.rawValue),
        default: CompanySearch.Sort.renewed.rawValue
    )

    /// - Parameter directory: answers everything.
    public static func operations(_ directory: CompanyDirectory) -> [Operation] {
        [list(directory), get(directory)]
    }

    private static func list(_ directory: CompanyDirectory) -> Operation {
        Operation(
            id: "listCompanies",
            .get,
            "/api/v1/companies",
            tag: "Companies",
            summary: "Search companies",
            description: """
                Firms that match every filter: facilities and suppliers, extras and actors agencies, production \
                companies. The register to which a category belongs is in the list of categories.
                """,
            security: .optional,
            parameters: [
                text, category, region, municipality, facets, sort, CrewParameters.limit, CrewParameters.page,
                CrewParameters.cursor,
            ],
            response: .json("What was found.", CompanySchemas.list, example: CompanySchemas.exampleList),
            problems: [.foreignCursor]
        ) { input, _ in
            var search = CompanySearch()
            search.text = input[text]
            search.categories = input[category]
            search.regions = input[region]
            search.municipalities = input[municipality]
            let wanted = input[facets]
            search.facets =
                wanted.contains("all")
                ? Set(CompanyFacet.allCases) : Set(wanted.compactMap { CompanyFacet(rawValue: $0) })
            search.sort = CompanySearch.Sort(rawValue: input[sort]) ?? .renewed
            search.limit = input[CrewParameters.limit]
            search.place =
                input[CrewParameters.cursor].map { .cursor($0) } ?? .page(input[CrewParameters.page] ?? 1)
            return .json(ListingWriter.list(try await directory.search(search), codes: "category"))
        }
    }

    private static func get(_ directory: CompanyDirectory) -> Operation {
        Operation(
            id: "getCompany",
            .get,
            "/api/v1/companies/{slugOrId}",
            tag: "Companies",
            summary: "One company",
            description: "The public record of a company: what lists show, and texts, pictures and links.",
            security: .optional,
            parameters: [slugOrID],
            response: .json("The record.", CompanySchemas.record, example: CompanySchemas.exampleRecord),
            problems: [.notFound]
        ) { input, _ in
            guard let record = try await directory.recordBody(input[slugOrID]) else {
                throw Problem(.notFound)
            }
            return .json(record.body, version: record.version)
        }
    }
}

/// The shapes and examples of the company operations.
enum CompanySchemas {
    private static let shared: [JSONSchema.Property] = [
        .required("id", .uuid()),
        .required("slug", .string(pattern: .slug, example: "nybygget-ljus-ab-4")),
        .required("name", .string(example: "Nybygget Ljus AB")),
        .required("alias", .string().nullable, "What it is also called."),
        .required("region", .string(pattern: .slug, example: "skane")),
        .required("municipality", .string(pattern: .code, example: "1280")),
        .required("categories", .array(of: .string(example: "lighting_rental")), "The main one first."),
        .required("headline", LocationSchemas.text),
        .required("photo", LocationSchemas.photo.nullable, "The first picture."),
        .required("contact", CrewSchemas.contact),
        .required("renewedOn", .day(example: "2026-11-03"), "When the listing was last confirmed."),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]
    static let item = JSONSchema.object(named: "CompanyItem", shared)
    static let record = JSONSchema.object(
        named: "CompanyRecord",
        shared + [
            .required("description", LocationSchemas.text),
            .required("photos", .array(of: LocationSchemas.photo)),
            .required("links", LocationSchemas.links),
        ]
    )
    static let list = LocationSchemas.list("Company", of: item, codes: "category", example: "lighting_rental")

    static let exampleList: JSON = [
        "items": [.object(JSON.Members(members))], "total": 1, "next": nil,
        "facets": ["region": [["value": "skane", "count": 1]]],
    ]
    static let exampleRecord: JSON = .object(
        JSON.Members(members + [("description", ["sv": nil, "en": nil]), ("photos", []), ("links", [])])
    )
    private static let members: [(String, JSON)] = [
        ("id", "0198c0de-7000-7abc-8def-000000000003"), ("slug", "nybygget-ljus-ab-4"),
        ("name", "Nybygget Ljus AB"), ("alias", nil), ("region", "skane"), ("municipality", "1280"),
        ("categories", ["lighting_rental"]),
        ("headline", ["sv": "Ljus för långfilm", "en": "Light for features"]),
        ("photo", nil),
        ("contact", ["fields": [["kind": "email", "value": "ljus@example.se"]], "via": nil]),
        ("renewedOn", "2026-11-03"), ("invented", true), ("version", 3),
    ]
}
