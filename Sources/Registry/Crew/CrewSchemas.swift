internal import Web

/// The shapes and examples of the crew operations.
enum CrewSchemas {
    static let text = JSONSchema.object(
        named: "CrewText",
        [
            .required("sv", .string(example: "Belysning för långfilm").nullable, "In Swedish."),
            .required("en", .string(example: "Lighting for features").nullable, "In English."),
        ]
    )
    private static let code = JSONSchema.string(length: 1...80, example: "gaffer")

    static let contact = JSONSchema.object(
        named: "CrewContact",
        [
            .required(
                "fields",
                .array(
                    of: .object(
                        named: "CrewContactField",
                        [
                            .required("kind", .choice(["email", "phone", "address"])),
                            .required("value", .string(example: "ylva@example.se")),
                        ]
                    )
                ),
                "What the person shows to anyone."
            ),
            .required(
                "via",
                .object(
                    named: "CrewContactVia",
                    [
                        .required("region", .string(example: "skane")),
                        .required("name", .string(example: "Film i Skåne AB")),
                        .required("url", .string(example: "https://filmiskane.se/").nullable),
                        .required("email", .string().nullable), .required("phone", .string().nullable),
                        .required("liaison", .string().nullable, "The named person to turn to."),
                        .required("address", text),
                    ]
                ).nullable,
                "The film commission that passes messages on, where no field is shown to anyone."
            ),
        ]
    )

    /// What items and records share.
    private static let shared: [JSONSchema.Property] = [
        .required("id", .uuid()),
        .required("slug", .string(example: "ylva-strandmark-17"), "The name in addresses."),
        .required("name", .string(example: "Ylva Strandmark")),
        .required("homeRegion", .string(example: "skane")),
        .required(
            "localRegions",
            .array(of: .string(example: "halland")),
            "Where the person counts as local besides."
        ),
        .required("municipality", .string(example: "1286").nullable),
        .required(
            "roles",
            .array(
                of: .object(
                    named: "CrewRole",
                    [
                        .required("code", code),
                        .required("grade", .choice(CrewSearch.Grade.allCases.map(\.rawValue))),
                        .required("primary", .boolean),
                    ]
                )
            )
        ),
        .required(
            "languages",
            .array(
                of: .object(
                    named: "CrewLanguage",
                    [
                        .required("code", .string(example: "sv")),
                        .required(
                            "proficiency",
                            .choice(["basic", "working", "fluent", "native"], example: "native")
                        ),
                    ]
                )
            )
        ),
        .required(
            "certificates",
            .array(
                of: .object(
                    named: "CrewCertificate",
                    [
                        .required("code", .string(example: "licence_b")),
                        .required("expires", JSONSchema.day(example: "2031-05-01").nullable, "Its last day."),
                    ]
                )
            )
        ),
        .required("headline", text),
        .required("contact", contact),
        .required("renewedOn", .day(example: "2026-11-03"), "When the person last confirmed the listing."),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]

    static let days = JSONSchema.object(
        named: "Days",
        [
            .required("from", .day(example: "2027-03-05")),
            .required("to", .day(example: "2027-03-07"), "Included."),
        ]
    )
    private static let count = JSONSchema.integer(0...CrewDates.limit, example: 12)
    static let availability = JSONSchema.object(
        named: "CrewAvailability",
        [
            .required(
                "state",
                .choice(CrewAvailability.State.allCases.map(\.rawValue), example: "partial"),
                "`hidden`: this reader may not see the calendar, and no other member but `needed` is there."
            ),
            .required("needed", count, "Days asked for; the other counts add up to it."),
            .optional("free", count), .optional("held", count), .optional("busy", count),
            .optional("unknown", count, "Days of which nothing is known; never free."),
            .optional(
                "clashes",
                .array(
                    of: .object(
                        named: "CrewClash",
                        [
                            .required("from", .day(example: "2027-03-05")),
                            .required("to", .day(example: "2027-03-07")),
                            .required("kind", .choice(["busy", "held"])),
                        ]
                    )
                )
            ),
        ]
    )

    static let item = JSONSchema.object(
        named: "CrewItem",
        shared + [
            .optional("availability", availability, "When `dates` were given."),
            .optional(
                "distanceKm",
                JSONSchema.number(0...30_000, example: 12.4).nullable,
                "When `near` was given; null for somebody without a place."
            ),
        ]
    )

    static let record = JSONSchema.object(
        named: "CrewRecord",
        shared + [
            .required("creditedName", .string().nullable), .required("tradingName", .string().nullable),
            .required("biography", text),
            .required("travelRadius", .integer(0...2000, example: 150).nullable, "Kilometres."),
            .required(
                "links",
                .array(
                    of: .object(
                        named: "CrewLink",
                        [
                            .required("kind", .choice(["reel", "site", "profile"])),
                            .required("url", .string(example: "https://example.se/reel")),
                            .required("title", .string().nullable),
                        ]
                    )
                )
            ),
            .required(
                "credits",
                .array(
                    of: .object(
                        named: "CrewCredit",
                        [
                            .required(
                                "production",
                                .string(example: "havet-1a2b3c4d"),
                                "The production's slug."
                            ),
                            .required("title", .string(example: "Havet")),
                            .required("year", .integer(example: 2025).nullable),
                            .required("role", code),
                            .required("creditedAs", .string().nullable),
                            .required("from", JSONSchema.day().nullable),
                            .required("to", JSONSchema.day().nullable),
                        ]
                    )
                ),
                "Latest first."
            ),
        ]
    )

    static let list = JSONSchema.object(
        named: "CrewList",
        [
            .required("items", .array(of: item)),
            .required("total", .integer(0...Int.max, example: 1), "How many there are under this coverage."),
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
                "By filter: what the total would be if the value were chosen alone (role, grade, department, region, "
                    + "municipality) or in addition (language, certificate)."
            ),
            .optional(
                "understood",
                .object(
                    named: "CrewUnderstood",
                    [
                        .required("role", .array(of: code), "Roles that the text names."),
                        .required(
                            "text",
                            .string(example: "ylva").nullable,
                            "What was looked for in names and texts."
                        ),
                    ]
                ),
                "What `q` was taken for."
            ),
            .optional(
                "beyondCalendar",
                .array(of: days),
                "Needed days of which no calendars are kept: unknown."
            ),
        ]
    )

    static let exampleItem: JSON = .object(
        JSON.Members(exampleMembers + [("availability", exampleAvailability)])
    )
    static let exampleRecord: JSON = .object(
        JSON.Members(
            exampleMembers + [
                ("creditedName", nil), ("tradingName", "Strandmark Ljus AB"),
                ("biography", ["sv": nil, "en": nil]),
                ("travelRadius", 150), ("links", []), ("credits", []),
            ]
        )
    )
    static let exampleList: JSON = [
        "items": [exampleItem], "total": 1, "next": nil,
        "facets": ["region": [["value": "skane", "count": 1]]],
    ]
    private static let exampleAvailability: JSON = [
        "state": "partial", "needed": 18, "free": 15, "held": 0, "busy": 3, "unknown": 0,
        "clashes": [["from": "2027-03-05", "to": "2027-03-07", "kind": "busy"]],
    ]
    private static let exampleMembers: [(String, JSON)] = [
        ("id", "0198c0de-7000-7abc-8def-000000000001"), ("slug", "ylva-strandmark-17"),
        ("name", "Ylva Strandmark"),
        ("homeRegion", "skane"), ("localRegions", ["halland"]), ("municipality", "1286"),
        ("roles", [["code": "gaffer", "grade": "head_of_department", "primary": true]]),
        ("languages", [["code": "sv", "proficiency": "native"]]),
        ("certificates", [["code": "licence_b", "expires": nil]]),
        ("headline", ["sv": "Belysning för långfilm", "en": "Lighting for features"]),
        ("contact", ["fields": [["kind": "email", "value": "ylva@example.se"]], "via": nil]),
        ("renewedOn", "2026-11-03"), ("invented", true), ("version", 3),
    ]
}
