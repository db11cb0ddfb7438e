internal import Web

/// The shapes and examples of the location operations.
enum LocationSchemas {
    static let text = CrewSchemas.text

    static let photo = JSONSchema.object(
        named: "Photo",
        [
            .required(
                "hash",
                .string(pattern: .code, example: String(repeating: "0a1b2c3d", count: 8)),
                "`/photos/<hash>.jpg` is the picture, `/photos/<hash>-small.jpg` one for lists."
            ),
            .required("width", .integer(1...20_000, example: 1600)),
            .required("height", .integer(1...20_000, example: 1067)),
            .required("caption", text), .required("alternative", text, "For who does not see it."),
        ]
    )
    static let links = JSONSchema.array(
        of: .object(
            named: "ListingLink",
            [
                .required("kind", .choice(["reel", "site", "profile"])),
                .required("url", .string(example: "https://example.se/")),
                .required("title", .string().nullable),
            ]
        )
    )

    private static let fact = JSONSchema.object(
        named: "LocationFact",
        [
            .required("code", .string(example: "power_phases"), "Code of a feature."),
            .required("yes", JSONSchema.boolean.nullable, "Of features that hold or do not."),
            .required("number", .number(example: 240).nullable, "Of features that are numbers."),
            .required(
                "values",
                .array(of: .string(example: "3")),
                "Of features that are chosen from a list."
            ),
        ]
    )

    private static let shared: [JSONSchema.Property] = [
        .required("id", .uuid()),
        .required("number", .integer(1...Int.max, example: 117), "By which the location is known."),
        .required("name", .string(example: "Ladan i Öja")),
        .required("alias", .string(example: "Nybyggets lada").nullable, "What it is also called."),
        .required("region", .string(pattern: .slug, example: "kronoberg")),
        .required("municipality", .string(pattern: .code, example: "0780")),
        .required("types", .array(of: .string(example: "barn")), "The main one first."),
        .required("looks", .array(of: .string(example: "1950s"))),
        .required("features", .array(of: fact)),
        .required("headline", text),
        .required(
            "point",
            .object(
                named: "PublicPoint",
                [
                    .required("lat", .number(-90...90, example: 56.9)),
                    .required("lon", .number(-180...180, example: 14.75)),
                    .required(
                        "exact",
                        .boolean,
                        "Whether it is the place itself; otherwise a point of a fixed grid of 0.05 degrees, or the seat of "
                            + "the municipality."
                    ),
                ]
            )
        ),
        .required("photo", photo.nullable, "The first photograph."),
        .required("contact", CrewSchemas.contact),
        .required("renewedOn", .day(example: "2026-11-03"), "When the listing was last confirmed."),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]

    static let item = JSONSchema.object(
        named: "LocationItem",
        shared + [
            .optional("availability", CrewSchemas.availability, "When `dates` were given."),
            .optional(
                "distanceKm",
                JSONSchema.number(0...30_000, example: 12.4).nullable,
                "When `near` was given."
            ),
        ]
    )

    static let record = JSONSchema.object(
        named: "LocationRecord",
        shared + [
            .required("description", text),
            .required("address", .string().nullable, "Only where the owner lets anyone see it."),
            .required(
                "company",
                JSONSchema.object(
                    named: "CompanyReference",
                    [.required("slug", .string(example: "nybygget-ab-4")), .required("name", .string())]
                ).nullable,
                "The listed company that offers it."
            ),
            .required("photos", .array(of: photo)),
            .required("links", links),
            .required(
                "productions",
                .array(
                    of: .object(
                        named: "LocationProduction",
                        [
                            .required(
                                "production",
                                .string(example: "havet-1a2b3c4d"),
                                "The production's slug."
                            ),
                            .required("title", .string(example: "Havet")),
                            .required("year", .integer(example: 2025).nullable),
                            .required("type", .string(example: "feature_film")),
                            .required("from", JSONSchema.day().nullable),
                            .required("to", JSONSchema.day().nullable),
                        ]
                    )
                ),
                "What was filmed there, latest first."
            ),
        ]
    )

    /// The list of any kind of listing.
    ///
    /// - Parameter codes: the member of `understood` with the codes that the text named.
    static func list(_ name: String, of item: JSONSchema, codes: String, example: String) -> JSONSchema {
        .object(
            named: name + "List",
            [
                .required("items", .array(of: item)),
                .required(
                    "total",
                    .integer(0...Int.max, example: 1),
                    "How many there are under this coverage."
                ),
                .required("next", .string().nullable, "The cursor of the next answer; null at the end."),
                .optional(
                    "facets",
                    .map(
                        of: .array(
                            of: .object(
                                named: "FacetCount",
                                [
                                    .required("value", .string(example: "skane")),
                                    .required("count", .integer(0...Int.max, example: 14)),
                                ]
                            )
                        )
                    ),
                    "By filter: what the total would be if the value were chosen alone, or (feature) in addition."
                ),
                .optional(
                    "understood",
                    .object(
                        named: name + "Understood",
                        [
                            .required(
                                codes,
                                .array(of: .string(example: example)),
                                "Codes that the text names."
                            ),
                            .required(
                                "text",
                                .string(example: "vaxjo").nullable,
                                "What was looked for in names and texts."
                            ),
                        ]
                    ),
                    "What `q` was taken for."
                ),
                .optional(
                    "beyondCalendar",
                    .array(of: CrewSchemas.days),
                    "Needed days of which no calendars are kept: unknown."
                ),
            ]
        )
    }

    static let list = list("Location", of: item, codes: "type", example: "barn")

    static let points = JSONSchema.object(
        named: "LocationPoints",
        [
            .required("type", .choice(["FeatureCollection"])),
            .required("total", .integer(0...Int.max, example: 1), "Everything that matches."),
            .required(
                "features",
                .array(
                    of: .object(
                        named: "LocationPoint",
                        [
                            .required("type", .choice(["Feature"])),
                            .required(
                                "geometry",
                                .object(
                                    named: "PointGeometry",
                                    [
                                        .required("type", .choice(["Point"])),
                                        .required(
                                            "coordinates",
                                            .array(of: .number(-180...180, example: 14.75), count: 2...2)
                                        ),
                                    ]
                                )
                            ),
                            .required(
                                "properties",
                                .object(
                                    named: "LocationPointProperties",
                                    [
                                        .required("number", .integer(1...Int.max, example: 117)),
                                        .required("name", .string(example: "Ladan i Öja")),
                                    ]
                                )
                            ),
                        ]
                    )
                ),
                "Those sorted first, 2,000 at most."
            ),
        ]
    )
    static let examplePoints: JSON = [
        "type": "FeatureCollection", "total": 1,
        "features": [
            [
                "type": "Feature", "geometry": ["type": "Point", "coordinates": [14.75, 56.9]],
                "properties": ["number": 117, "name": "Ladan i Öja"],
            ]
        ],
    ]

    static let exampleItem: JSON = .object(
        JSON.Members(
            exampleMembers + [
                (
                    "availability",
                    [
                        "state": "full", "needed": 3, "free": 3, "held": 0, "busy": 0, "unknown": 0,
                        "clashes": [],
                    ]
                )
            ]
        )
    )
    static let exampleRecord: JSON = .object(
        JSON.Members(
            exampleMembers + [
                ("description", ["sv": "En lada med högt i tak.", "en": nil]), ("address", nil),
                ("company", nil),
                ("photos", []), ("links", []), ("productions", []),
            ]
        )
    )
    static let exampleList: JSON = [
        "items": [exampleItem], "total": 1, "next": nil,
        "facets": ["region": [["value": "kronoberg", "count": 1]]],
    ]
    private static let exampleMembers: [(String, JSON)] = [
        ("id", "0198c0de-7000-7abc-8def-000000000002"), ("number", 117), ("name", "Ladan i Öja"),
        ("alias", nil),
        ("region", "kronoberg"), ("municipality", "0780"), ("types", ["barn"]), ("looks", ["1950s"]),
        (
            "features",
            [
                ["code": "power_phases", "yes": nil, "number": nil, "values": ["3"]],
                ["code": "floor_area_m2", "yes": nil, "number": 240, "values": []],
            ]
        ),
        ("headline", ["sv": "Lada från 1920-talet", "en": "A barn of the 1920s"]),
        ("point", ["lat": 56.9, "lon": 14.75, "exact": false]), ("photo", nil),
        ("contact", ["fields": [["kind": "email", "value": "agare@example.se"]], "via": nil]),
        ("renewedOn", "2026-11-03"), ("invented", true), ("version", 3),
    ]
}
