internal import Postgres
internal import Web

extension VocabularyList {
    /// A member that a list of plain terms has besides code and name.
    private struct Extra {
        let name: String
        let column: String
        let schema: JSONSchema
        let summary: String?
        let example: JSON
    }

    /// A list of codes with titles from one table.
    private static func terms(
        _ name: String,
        _ path: String,
        _ summary: String,
        _ description: String,
        table: String,
        code: String,
        title: Localized,
        _ extras: [Extra] = []
    ) -> VocabularyList {
        let members = extras.map { "'\($0.name)', t.\($0.column), " }.joined()
        return VocabularyList(
            name: name,
            path: path,
            summary: summary,
            description: description,
            properties: [
                .required(
                    "code",
                    .string(length: 1...80, example: code),
                    "Stable; never given to anything else."
                )
            ]
                + [Self.name] + extras.map { .required($0.name, $0.schema, $0.summary) } + [
                    retired, version,
                ],
            example: example(
                [("code", .string(code)), ("name", JSON(title))] + extras.map { ($0.name, $0.example) }
            ),
            items: SQL(
                unsafe: """
                    SELECT t.code, t.sort_order AS place, t.version, t.code AS filter, json_build_object(
                        'code', t.code, 'name', json_build_object('sv', t.name_sv, 'en', t.name_en), \(members)
                        'retired', t.retired, 'version', t.version) AS item
                    FROM klappa.\(table) AS t
                    """
            )
        )
    }

    static let languages = terms(
        "Languages",
        "languages",
        "Languages",
        "By BCP 47 tag; the group tells Sweden's own, Nordic and other languages apart.",
        table: "language",
        code: "sv",
        title: Localized(sv: "Svenska", en: "Swedish"),
        [
            Extra(
                name: "group",
                column: "\"group\"",
                schema: .string(example: "national"),
                summary: nil,
                example: "national"
            )
        ]
    )

    static let certificates = terms(
        "Certificates",
        "certificates",
        "Licences and certificates",
        "What a person may hold, and whether such a certificate has a last day.",
        table: "certificate",
        code: "licence_b",
        title: Localized(sv: "Körkort B (personbil)", en: "Driving licence B (car)"),
        [
            Extra(
                name: "category",
                column: "category",
                schema: .string(example: "driving"),
                summary: nil,
                example: "driving"
            ),
            Extra(
                name: "expires",
                column: "expires",
                schema: .boolean,
                summary: "Whether it has a last day.",
                example: true
            ),
        ]
    )

    static let locationTypes = terms(
        "LocationTypes",
        "location-types",
        "Kinds of places",
        "In two levels: groups, and the kinds within them.",
        table: "location_type",
        code: "sandy_beach",
        title: Localized(sv: "Sandstrand", en: "Sandy beach"),
        [
            Extra(
                name: "parent",
                column: "parent",
                schema: JSONSchema.string(example: "coast_sea").nullable,
                summary: "The group; null for a group itself.",
                example: "coast_sea"
            )
        ]
    )

    static let companyCategories = terms(
        "CompanyCategories",
        "company-categories",
        "Categories of companies",
        "What firms offer, and the register to which such firms belong.",
        table: "company_category",
        code: "camera_rental",
        title: Localized(sv: "Kamerauthyrning", en: "Camera rental"),
        [
            Extra(
                name: "register",
                column: "register",
                schema: .choice(
                    ["facility", "supplier", "extras", "actors", "production"],
                    example: "supplier"
                ),
                summary: "The register to which such firms belong.",
                example: "supplier"
            )
        ]
    )

    static let locationFeatures = VocabularyList(
        name: "LocationFeatures",
        path: "location-features",
        summary: "Features of locations",
        description: "Production facts with a data type and a unit; those of type `enum` list their values.",
        properties: [
            code,
            .required("group", .string(example: "power")),
            name,
            .required("dataType", .choice(["boolean", "integer", "decimal", "enum"], example: "integer")),
            .required("unit", .string(example: "A").nullable, "Unit of a number, if it has one."),
            .required(
                "values",
                .array(of: .object(named: "LocationFeatureValue", [code, name, retired])),
                "Empty unless the data type is enum."
            ),
            retired, version,
        ],
        example: example([
            ("code", "power_phases"), ("group", "power"), ("name", ["sv": "Antal faser", "en": "Phases"]),
            ("dataType", "enum"), ("unit", nil),
            ("values", [["code": "3", "name": ["sv": "3-fas", "en": "Three-phase"], "retired": false]]),
        ]),
        items: """
            SELECT f.code, f.sort_order AS place, f.version, f.code AS filter, json_build_object(
                'code', f.code, 'group', f."group", 'name', json_build_object('sv', f.name_sv, 'en', f.name_en),
                'dataType', f.data_type, 'unit', f.unit,
                'values', (
                    SELECT coalesce(json_agg(json_build_object('code', v.code,
                        'name', json_build_object('sv', v.name_sv, 'en', v.name_en), 'retired', v.retired)
                        ORDER BY v.sort_order, v.code), '[]')
                    FROM klappa.location_feature_value v
                    WHERE v.feature = f.code),
                'retired', f.retired, 'version', f.version) AS item
            FROM klappa.location_feature f
            """
    )

    static let productionTypes = terms(
        "ProductionTypes",
        "production-types",
        "Kinds of productions",
        "Films, series, commercials and other works.",
        table: "production_type",
        code: "feature_film",
        title: Localized(sv: "Långfilm", en: "Feature film"),
        [category("fiction")]
    )

    static let programmeTypes = terms(
        "ProgrammeTypes",
        "programme-types",
        "Kinds of talent programmes",
        "What a programme offers.",
        table: "programme_type",
        code: "mentorship",
        title: Localized(sv: "Mentorsprogram", en: "Mentorship"),
        [category("talent")]
    )

    static let inquiryStatuses = terms(
        "InquiryStatuses",
        "inquiry-statuses",
        "Statuses of an inquiry",
        "In the usual order, with the outcome that each means.",
        table: "inquiry_status",
        code: "scouting",
        title: Localized(sv: "Rekognosering", en: "Scouting"),
        [
            Extra(
                name: "outcome",
                column: "outcome",
                schema: .choice(["open", "landed", "lost", "postponed", "not_pursued", "duplicate", "spam"]),
                summary: nil,
                example: "open"
            ),
            Extra(
                name: "final",
                column: "final",
                schema: .boolean,
                summary: "Whether nothing more is expected.",
                example: false
            ),
        ]
    )

    static let leadSources = terms(
        "LeadSources",
        "lead-sources",
        "How inquiries arrive",
        "The source that every inquiry must name.",
        table: "lead_source",
        code: "website",
        title: Localized(sv: "Webbplats", en: "Website"),
        [
            Extra(
                name: "channel",
                column: "channel",
                schema: .string(example: "inbound"),
                summary: nil,
                example: "inbound"
            )
        ]
    )

    static let lostReasons = terms(
        "LostReasons",
        "lost-reasons",
        "Why productions go elsewhere",
        "The reason that every lost inquiry must name.",
        table: "lost_reason",
        code: "total_cost",
        title: Localized(sv: "För hög totalkostnad", en: "Total cost too high")
    )

    static let filmBodies = VocabularyList(
        name: "FilmBodies",
        path: "film-bodies",
        summary: "The film bodies of the six regions",
        description: "Who they are, what they do and which regions they serve.",
        narrowedBy: nil,
        properties: [
            .required("code", .string(pattern: .slug, example: "film-i-skane")),
            .required("name", .string(example: "Film i Skåne AB")),
            .required("kind", .string(example: "resource_and_production_centre")),
            .required("url", .string(format: "uri", example: "https://filmiskane.se/")),
            .required("note", .localized),
            .required("regions", .array(of: .string(pattern: .slug, example: "skane"))),
            retired, version,
        ],
        example: example([
            ("code", "film-i-skane"), ("name", "Film i Skåne AB"), ("kind", "resource_and_production_centre"),
            ("url", "https://filmiskane.se/"),
            ("note", ["sv": "Ägs av Region Skåne.", "en": "Owned by Region Skåne."]), ("regions", ["skane"]),
        ]),
        items: """
            SELECT b.code, b.sort_order AS place, b.version, b.code AS filter, json_build_object(
                'code', b.code, 'name', b.name, 'kind', b.kind, 'url', b.url,
                'note', json_build_object('sv', b.note_sv, 'en', b.note_en),
                'regions', (
                    SELECT coalesce(json_agg(r.code ORDER BY r.sort_order), '[]')
                    FROM klappa.region_film_body f
                    JOIN klappa.region r ON r.no = f.region
                    WHERE f.film_body = b.code),
                'retired', b.retired, 'version', b.version) AS item
            FROM klappa.film_body b
            """
    )

    private static func category(_ example: String) -> Extra {
        Extra(
            name: "category",
            column: "category",
            schema: .string(example: example),
            summary: nil,
            example: .string(example)
        )
    }
}
