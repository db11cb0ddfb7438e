internal import Postgres
internal import Web

/// One list of the vocabulary API: where it is, what its items look like, and the SQL that writes them.
///
/// The SQL selects `item` (JSON), `code` and `place` (the order), `version`, and `filter`, the code by which the
/// list can be narrowed.
struct VocabularyList: Sendable {
    /// Part of the operation's id: `list` and this.
    let name: String
    /// After `/api/v1/`.
    let path: String
    /// A few words.
    let summary: String
    /// What a reader must know.
    let description: String
    /// The parameter that narrows the list: its name and what it means.
    var narrowedBy: (name: String, summary: String, example: String)?
    /// Members of an item.
    let properties: [JSONSchema.Property]
    /// An item.
    let example: JSON
    /// See above.
    let items: SQL
}

extension VocabularyList {
    /// All lists, in the order of the document.
    static let all: [VocabularyList] = [
        regions, municipalities, departments, roles, languages, certificates, locationTypes, locationFeatures,
        companyCategories,
        productionTypes, programmeTypes, inquiryStatuses, leadSources, lostReasons, filmBodies,
    ]

    private static let point = JSONSchema.object(
        named: "Point",
        [
            .required("lat", .number(-90...90, example: 55.9546)),
            .required("lon", .number(-180...180, example: 13.6056)),
        ]
    )
    static let code = JSONSchema.Property.required(
        "code",
        .string(length: 1...80, example: "gaffer"),
        "Stable; never given to anything else."
    )
    static let name = JSONSchema.Property.required("name", .localized)
    static let retired = JSONSchema.Property.required(
        "retired",
        .boolean,
        "No longer offered, still understood."
    )
    static let version = JSONSchema.Property.required("version", .integer(1...Int.max, example: 1))
    private static let notRetired: [(String, JSON)] = [("retired", false), ("version", 1)]

    static func example(_ members: [(String, JSON)]) -> JSON { .object(JSON.Members(members + notRetired)) }

    static let regions = VocabularyList(
        name: "Regions",
        path: "regions",
        summary: "The six regions",
        description: """
            The regions of Southern Sweden with their codes in other systems, the film bodies that serve them, and how \
            the film commission is reached about people whose contact details are not public.
            """,
        properties: [
            .required("code", .string(length: 1...80, pattern: .slug, example: "skane")),
            .required(
                "countyCode",
                .string(pattern: .digits(2), example: "12"),
                "Code of Statistics Sweden."
            ),
            .required("nuts3", .string(example: "SE224")),
            .required("iso", .string(example: "SE-M"), "ISO 3166-2."),
            name,
            .required("shortName", .string(example: "Skåne"), "As people say it, in both languages."),
            .required("body", .localized, "The regional authority."),
            .required("seat", .string(example: "Kristianstad"), "Seat of the authority."),
            .required(
                "centre",
                point,
                "WGS 84."
            ),
            .required("bbox", .array(of: .number(-180...180), count: 4...4), "West, south, east, north."),
            .required("municipalities", .integer(0...500, example: 33), "How many."),
            .required("filmBodies", .array(of: .string(example: "film-i-skane")), "Codes, nearest first."),
            .required(
                "contact",
                .object(
                    named: "RegionContact",
                    [
                        .required("name", .string(example: "Film i Skåne AB").nullable),
                        .required("liaison", .string().nullable, "The named person, if there is one."),
                        .required("email", .string(format: "email").nullable),
                        .required("phone", .string().nullable),
                        .required("url", .string(format: "uri", example: "https://filmiskane.se/").nullable),
                        .required("text", JSONSchema.localized.nullable),
                    ]
                )
            ),
            retired, version,
        ],
        example: example([
            ("code", "skane"), ("countyCode", "12"), ("nuts3", "SE224"), ("iso", "SE-M"),
            ("name", ["sv": "Skåne län", "en": "Skåne County"]), ("shortName", "Skåne"),
            ("body", ["sv": "Region Skåne", "en": "Region Skåne"]), ("seat", "Kristianstad"),
            ("centre", ["lat": 55.9546, "lon": 13.6056]), ("bbox", [12.45, 55.33, 14.6, 56.54]),
            ("municipalities", 33),
            ("filmBodies", ["film-i-skane", "ystad-studios", "ssfc", "regionsamverkan-sydsverige"]),
            (
                "contact",
                [
                    "name": "Film i Skåne AB", "liaison": nil, "email": nil, "phone": nil,
                    "url": "https://filmiskane.se/",
                    "text": ["sv": "Region Skåne, Kristianstad", "en": "Region Skåne, Kristianstad"],
                ]
            ),
        ]),
        items: """
            SELECT r.code, r.sort_order AS place, r.version, r.code AS filter, json_build_object(
                'code', r.code, 'countyCode', r.county_code, 'nuts3', r.nuts3, 'iso', r.iso_3166_2,
                'name', json_build_object('sv', r.name_sv, 'en', r.name_en), 'shortName', r.name,
                'body', json_build_object('sv', r.body_sv, 'en', r.body_en), 'seat', r.body_seat,
                'centre', json_build_object(
                    'lat', round(ST_Y(r.centre::geometry)::numeric, 4),
                    'lon', round(ST_X(r.centre::geometry)::numeric, 4)),
                'bbox', json_build_array(
                    round(ST_XMin(r.box)::numeric, 4), round(ST_YMin(r.box)::numeric, 4),
                    round(ST_XMax(r.box)::numeric, 4), round(ST_YMax(r.box)::numeric, 4)),
                'municipalities', (SELECT count(*) FROM klappa.municipality m WHERE m.region = r.no AND NOT m.retired),
                'filmBodies', (
                    SELECT coalesce(json_agg(f.film_body ORDER BY f.sort_order), '[]')
                    FROM klappa.region_film_body f
                    WHERE f.region = r.no),
                'contact', json_build_object(
                    'name', b.name, 'liaison', r.liaison, 'email', r.contact_email, 'phone', r.contact_phone,
                    'url', r.contact_url, 'text', CASE WHEN r.contact_sv IS NOT NULL OR r.contact_en IS NOT NULL THEN
                        json_build_object('sv', coalesce(r.contact_sv, r.contact_en),
                            'en', coalesce(r.contact_en, r.contact_sv)) END),
                'retired', r.retired, 'version', r.version) AS item
            FROM klappa.region r
            LEFT JOIN klappa.film_body b ON b.code = r.contact_body
            """
    )

    static let municipalities = VocabularyList(
        name: "Municipalities",
        path: "municipalities",
        summary: "The municipalities of the six regions",
        description: "With their codes of Statistics Sweden and the seat, by region and name.",
        narrowedBy: ("region", "Codes of regions; municipalities of any of them.", "skane"),
        properties: [
            .required("code", .string(pattern: .digits(4), example: "1280"), "Code of Statistics Sweden."),
            .required("region", .string(pattern: .slug, example: "skane")),
            .required("name", .string(example: "Malmö")),
            .required("officialName", .string(example: "Malmö stad")),
            .required("seat", .string(example: "Malmö")),
            .required(
                "point",
                point,
                "Of the seat, WGS 84. From GeoNames, CC BY 4.0."
            ),
            retired, version,
        ],
        example: example([
            ("code", "1280"), ("region", "skane"), ("name", "Malmö"), ("officialName", "Malmö stad"),
            ("seat", "Malmö"),
            ("point", ["lat": 55.6059, "lon": 13.0007]),
        ]),
        items: """
            SELECT m.code, row_number() OVER (ORDER BY r.sort_order, m.name) AS place, m.version, r.code AS filter,
                json_build_object(
                    'code', m.code, 'region', r.code, 'name', m.name, 'officialName', m.name_official, 'seat', m.seat,
                    'point', json_build_object(
                        'lat', round(ST_Y(m.seat_point::geometry)::numeric, 4),
                        'lon', round(ST_X(m.seat_point::geometry)::numeric, 4)),
                    'retired', m.retired, 'version', m.version) AS item
            FROM klappa.municipality m
            JOIN klappa.region r ON r.no = m.region
            """
    )

    static let departments = VocabularyList(
        name: "Departments",
        path: "departments",
        summary: "The departments of a production",
        description: "In the order in which a production speaks of them.",
        properties: [code, name, retired, version],
        example: example([("code", "light"), ("name", ["sv": "Ljus", "en": "Lighting"])]),
        items: """
            SELECT d.code, d.sort_order AS place, d.version, d.code AS filter, json_build_object(
                'code', d.code, 'name', json_build_object('sv', d.name_sv, 'en', d.name_en),
                'retired', d.retired, 'version', d.version) AS item
            FROM klappa.department d
            """
    )

    static let roles = VocabularyList(
        name: "Roles",
        path: "roles",
        summary: "Crew roles",
        description: """
            Jobs on a production, by department. A role has a title in each language and may have other names; no title \
            or name belongs to two roles, so any of them finds the same people.
            """,
        narrowedBy: ("department", "Codes of departments; roles of any of them.", "light"),
        properties: [
            code,
            .required("department", .string(example: "light")),
            name,
            .required(
                "aliases",
                .array(of: .string(example: "chefselektriker")),
                "Other names, in any language."
            ),
            .required("headOfDepartment", .boolean, "Whether it usually leads the department."),
            retired, version,
        ],
        example: example([
            ("code", "location_manager"), ("department", "locations"),
            ("name", ["sv": "Platschef", "en": "Location manager"]), ("aliases", ["location manager"]),
            ("headOfDepartment", true),
        ]),
        items: """
            SELECT r.code, 10000 * d.sort_order + r.sort_order AS place, r.version, d.code AS filter, json_build_object(
                'code', r.code, 'department', d.code, 'name', json_build_object('sv', r.name_sv, 'en', r.name_en),
                'aliases', (
                    SELECT coalesce(json_agg(a.alias ORDER BY a.alias), '[]')
                    FROM klappa.role_alias a
                    WHERE a.role = r.no),
                'headOfDepartment', r.head_of_department, 'retired', r.retired, 'version', r.version) AS item
            FROM klappa.role r
            JOIN klappa.department d ON d.no = r.department
            """
    )
}
