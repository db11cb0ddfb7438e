internal import Web

/// The shapes of the strategy in the API, with examples.
enum StrategySchemas {
    private static let level = JSONSchema.integer(1...3, example: 2)
    static let reached = JSONSchema.Property.required(
        "reached",
        .integer(0...3, example: 1),
        "The highest level up to which every commitment has approved evidence; 0 for none."
    )
    static let version = JSONSchema.Property.required("version", .integer(0...Int.max, example: 3))
    static let region = JSONSchema.Property.required(
        "region",
        .string(length: 1...80, pattern: .slug, example: "skane")
    )
    static let commitmentCode = JSONSchema.string(
        length: 1...80,
        pattern: .code,
        example: "market_1_reply_time"
    )
    static let priorityCode = JSONSchema.string(length: 1...80, pattern: .code, example: "market")
    private static let invented = JSONSchema.Property.required("invented", .boolean, "Demonstration data.")
    private static let id = JSONSchema.Property.required("id", .uuid())

    /// A text of which the English may be missing.
    static let text = JSONSchema.object(
        named: "PlanText",
        [
            .required("sv", .string().nullable),
            .required("en", .string().nullable, "Null when it was not given."),
        ]
    )

    // MARK: Answers

    static let period = JSONSchema.object(
        named: "LevelPeriod",
        [
            id, .required("level", level), .required("from", .day(example: "2026-01-01")),
            .required("to", .day(example: "2027-12-31"), "Included."),
            .required("decidedOn", JSONSchema.day().nullable),
            .required(
                "decision",
                .string(example: "Regionfullmäktige § 12").nullable,
                "Who decided, or its number."
            ),
            .required("note", text.nullable), invented, version,
        ]
    )

    static let missing = JSONSchema.object(
        named: "MissingCommitments",
        [
            .required("level", level),
            .required("commitments", .array(of: commitmentCode), "In the order of the strategy."),
        ]
    )

    static let levelDocument = JSONSchema.object(
        named: "RegionLevel",
        [
            region, .required("chosen", period.nullable, "What the region has chosen for today."), reached,
            .required("missing", .array(of: missing), "What lacks approved evidence, lowest level first."),
            .required("periods", .array(of: period), "Earliest first."), version,
        ]
    )

    static let evidence = JSONSchema.object(
        named: "Evidence",
        [
            id, .required("commitment", commitmentCode),
            .required(
                "state",
                .choice(RegionPlan.Evidence.State.allCases.map(\.rawValue), example: "approved")
            ),
            .required("reason", .string().nullable, "Why it was returned."), .required("text", text),
            .required("url", .string(format: "uri").nullable),
            .required("value", .number().nullable, "In the unit of the commitment's indicator."),
            .required("measuredOn", JSONSchema.day().nullable),
            .required("approvedOn", JSONSchema.day().nullable),
            invented, version,
        ]
    )

    static let goal = JSONSchema.object(
        named: "RegionGoal",
        [
            id, .required("priority", priorityCode), .required("title", text),
            .required("target", text.nullable),
            .required("source", .string().nullable, "The region's document in which it stands."), invented,
            version,
        ]
    )

    static let action = JSONSchema.object(
        named: "RegionAction",
        [
            id, .required("priority", priorityCode), .required("commitment", commitmentCode.nullable),
            .required("goal", JSONSchema.uuid().nullable), .required("title", text),
            .required("text", text.nullable),
            .required("state", .choice(RegionPlan.Action.State.allCases.map(\.rawValue), example: "ongoing")),
            .required("responsible", .string(example: "Kulturavdelningen"), "The unit or function."),
            .required("from", .day(example: "2026-01-01")),
            .required("to", .day(example: "2026-12-31"), "Included."),
            .required("result", text.nullable), .required("public", .boolean), invented, version,
        ]
    )

    static let planDocument = JSONSchema.object(
        named: "RegionPlan",
        [
            region, .required("chosen", period.nullable, "The level that the region has chosen for today."),
            reached,
            .required("levels", .array(of: period), "All periods, earliest first."),
            .required("missing", .array(of: missing)), .required("evidence", .array(of: evidence)),
            .required("goals", .array(of: goal)), .required("actions", .array(of: action)), version,
        ]
    )

    private static let commitment = JSONSchema.object(
        named: "Commitment",
        [
            .required("code", commitmentCode), .required("priority", priorityCode), .required("level", level),
            .required("name", .localized),
            .required(
                "indicator",
                JSONSchema.object(
                    named: "Indicator",
                    [
                        .required("code", .string(example: "median_reply_hours")),
                        .required(
                            "unit",
                            .choice(["boolean", "hours", "count", "days", "fte", "percent", "date", "sek"])
                        ),
                        .required("name", .localized),
                    ]
                ).nullable
            ),
            .required("example", .boolean, "An example of this registry's, not of the adopted strategy."),
            version,
        ]
    )

    static let strategyDocument = JSONSchema.object(
        named: "Strategy",
        [
            .required("title", .localized), .required("owner", .string()),
            .required("adoptedOn", .day(example: "2022-12-08")), .required("adoptedBy", .localized),
            .required("firstYear", .integer(2000...2200, example: 2023)),
            .required("lastYear", .integer(2000...2200, example: 2027)),
            .required(
                "statements",
                .array(
                    of: .object(
                        named: "StrategyStatement",
                        [
                            .required("code", .string()),
                            .required("kind", .choice(["vision", "level", "financing", "background"])),
                            .required("text", .localized), .required("year", .integer().nullable),
                            .required("paraphrase", .boolean, "In other words than the adopted document's."),
                        ]
                    )
                )
            ),
            .required(
                "priorities",
                .array(
                    of: .object(
                        named: "Priority",
                        [
                            .required("code", priorityCode), .required("no", .integer(1...9, example: 1)),
                            .required("name", .localized),
                        ]
                    )
                )
            ),
            .required(
                "levels",
                .array(
                    of: .object(
                        named: "StrategyLevel",
                        [.required("level", level), .required("name", .localized)]
                    )
                )
            ),
            .required("commitments", .array(of: commitment)),
            .required(
                "regions",
                .array(
                    of: .object(
                        named: "RegionStanding",
                        [
                            region, .required("chosen", period.nullable), reached,
                            .required(
                                "missing",
                                .integer(0...10_000, example: 9),
                                "Commitments without approved evidence."
                            ),
                        ]
                    )
                )
            ), version,
        ]
    )

    static let figures = JSONSchema.object(
        named: "StrategyFigures",
        [
            .required(
                "items",
                .array(
                    of: .object(
                        named: "StrategyFigure",
                        [
                            .required("priority", priorityCode),
                            .required("measure", .string(example: "crew")),
                            .required("name", .localized),
                            .required("regions", .map(of: .integer(0...Int.max)), "By code of the region."),
                            .required("total", .integer(0...Int.max)),
                        ]
                    )
                )
            ), .required("total", .integer(0...Int.max)), .required("next", JSONSchema.string().nullable),
        ]
    )

    // MARK: Examples

    static let examplePeriod: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000001", "level": 2, "from": "2026-01-01", "to": "2027-12-31",
        "decidedOn": "2025-11-20", "decision": "Regionfullmäktige § 12", "note": nil, "invented": false,
        "version": 1,
    ]
    private static let exampleMissing: JSON = [["level": 2, "commitments": ["market_2_scouting_support"]]]

    static let exampleLevel: JSON = [
        "region": "skane", "chosen": examplePeriod, "reached": 1, "missing": exampleMissing,
        "periods": [examplePeriod], "version": 14,
    ]

    static let exampleEvidence: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000002", "commitment": "market_1_reply_time",
        "state": "approved",
        "reason": nil, "text": ["sv": "Median 5,3 timmar under 2026", "en": "Median of 5.3 hours in 2026"],
        "url": nil,
        "value": 5.3, "measuredOn": "2026-10-31", "approvedOn": "2026-11-03", "invented": false, "version": 2,
    ]

    static let exampleGoal: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000003", "priority": "market",
        "title": ["sv": "Fler inspelningar i hela länet", "en": "More shoots all over the county"],
        "target": nil,
        "source": "Regional kulturplan", "invented": false, "version": 1,
    ]

    static let exampleAction: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000004", "priority": "market",
        "commitment": "market_1_reply_time",
        "goal": "0198c0de-7000-7abc-8def-000000000003", "title": ["sv": "Jour för förfrågningar", "en": nil],
        "text": nil, "state": "ongoing", "responsible": "Kulturavdelningen", "from": "2026-01-01",
        "to": "2026-12-31",
        "result": nil, "public": true, "invented": false, "version": 1,
    ]

    static let examplePlan: JSON = [
        "region": "skane", "chosen": examplePeriod, "reached": 1, "levels": [examplePeriod],
        "missing": exampleMissing,
        "evidence": [exampleEvidence], "goals": [exampleGoal], "actions": [exampleAction], "version": 14,
    ]

    static let exampleStrategy: JSON = [
        "title": [
            "sv": "Strategi för audiovisuell produktion i Sydsverige",
            "en": "Strategy for audiovisual production in Southern Sweden",
        ],
        "owner": "Regionsamverkan Sydsverige", "adoptedOn": "2022-12-08",
        "adoptedBy": [
            "sv": "Regionsamverkan Sydsveriges styrelse", "en": "The board of Regionsamverkan Sydsverige",
        ],
        "firstYear": 2023, "lastYear": 2027,
        "statements": [
            [
                "code": "artistic_development", "kind": "vision",
                "text": ["sv": "Konstnärlig utveckling", "en": "Artistic development"], "year": nil,
                "paraphrase": true,
            ]
        ],
        "priorities": [
            [
                "code": "market", "no": 1,
                "name": [
                    "sv": "Marknadsföra Sydsverige och underlätta för produktioner",
                    "en": "Market Southern Sweden and make production easier",
                ],
            ]
        ],
        "levels": [["level": 1, "name": ["sv": "Nivå 1", "en": "Level 1"]]],
        "commitments": [
            [
                "code": "market_1_reply_time", "priority": "market", "level": 1,
                "name": [
                    "sv": "Svara på förfrågningar inom en gemensam svarstid",
                    "en": "Answer inquiries within a shared response time",
                ],
                "indicator": [
                    "code": "median_reply_hours", "unit": "hours",
                    "name": ["sv": "Median till första svar", "en": "Median time to first answer"],
                ],
                "example": true, "version": 1,
            ]
        ],
        "regions": [["region": "skane", "chosen": examplePeriod, "reached": 1, "missing": 18]], "version": 61,
    ]

    static let exampleFigures: JSON = [
        "items": [
            [
                "priority": "skills", "measure": "crew",
                "name": ["sv": "Personer i crew", "en": "People in crew"],
                "regions": ["skane": 210], "total": 210,
            ]
        ],
        "total": 1, "next": nil,
    ]
}
