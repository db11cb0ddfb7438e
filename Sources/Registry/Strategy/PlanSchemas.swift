internal import Web

extension JSONSchema.Pattern {
    /// An address in the web.
    static let webAddress = Self("^https?://[^\\s]+$") { $0.wholeMatch(of: /https?:\/\/\S+/) != nil }

    /// Text of several lines: no control characters but tabs and line ends.
    static let prose = Self("^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]*$") { text in
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
    }

    /// The code of a part of the strategy.
    static let strategyCode = Self("^[a-z][a-z0-9_]*$", limit: 80) {
        $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil
    }
}

/// The shapes of what is written to a plan.
enum PlanSchemas {
    /// A text to be written: Swedish always, English if there is any.
    private static func text(_ limit: Int) -> JSONSchema {
        let pattern: JSONSchema.Pattern = limit > 500 ? .prose : .line
        return .object([
            .required("sv", .string(length: 1...limit, pattern: pattern, example: "Jour för förfrågningar")),
            .optional("en", JSONSchema.string(length: 1...limit, pattern: pattern).nullable),
        ])
    }

    private static func line(_ limit: Int, example: String) -> JSONSchema {
        .string(length: 1...limit, pattern: .line, example: example)
    }

    static let level = JSONSchema.object(
        named: "LevelChoice",
        [
            .required("level", .integer(1...3, example: 2)),
            .required("from", .day(example: "2026-01-01"), "What was chosen before ends the day before."),
            .required("to", .day(example: "2027-12-31"), "Included."),
            .optional("decidedOn", JSONSchema.day(example: "2025-11-20").nullable),
            .optional(
                "decision",
                line(200, example: "Regionfullmäktige § 12").nullable,
                "Who decided, or its number."
            ),
            .optional("note", text(2000).nullable),
        ]
    )

    static let exampleLevel: JSON = [
        "level": 2, "from": "2026-01-01", "to": "2027-12-31", "decidedOn": "2025-11-20",
        "decision": "Regionfullmäktige § 12",
    ]

    /// What a new row is made of, and what replaces one.
    static func body(_ item: PlanItem, isNew: Bool) -> JSONSchema {
        .object(named: "\(isNew ? "New" : "Changed")\(item.name)", members(item, isNew: isNew))
    }

    private static func members(_ item: PlanItem, isNew: Bool) -> [JSONSchema.Property] {
        switch item {
        case .evidence:
            let first: [JSONSchema.Property] =
                isNew
                ? [.required("commitment", StrategySchemas.commitmentCode)]
                : [
                    .required(
                        "state",
                        .choice(RegionPlan.Evidence.State.allCases.map(\.rawValue), example: "approved"),
                        "Approving is noted with the account and the time. Evidence whose text changes loses its approval."
                    ),
                    .optional(
                        "reason",
                        JSONSchema.string(length: 1...2000, pattern: .prose).nullable,
                        "Required when it is returned."
                    ),
                ]
            return first + [
                .required("text", text(2000)),
                .optional(
                    "url",
                    JSONSchema.string(
                        length: 8...2000,
                        pattern: .webAddress,
                        format: "uri",
                        example: "https://example.se/"
                    ).nullable
                ),
                .optional(
                    "value",
                    JSONSchema.number(0...999_999_999_999_999, example: 5.3).nullable,
                    "In the unit of the commitment's indicator."
                ), .optional("measuredOn", JSONSchema.day(example: "2026-10-31").nullable),
            ]
        case .goals:
            return [
                .required("priority", StrategySchemas.priorityCode), .required("title", text(200)),
                .optional("target", text(500).nullable, "How one will know."),
                .optional(
                    "source",
                    line(200, example: "Regional kulturplan").nullable,
                    "The region's document in which it stands."
                ),
            ]
        case .actions:
            return [
                .required("priority", StrategySchemas.priorityCode),
                .optional("commitment", StrategySchemas.commitmentCode.nullable, "Of the same priority."),
                .optional(
                    "goal",
                    JSONSchema.uuid().nullable,
                    "A goal of the region under the same priority."
                ),
                .required("title", text(200)), .optional("text", text(2000).nullable),
                .required(
                    "state",
                    .choice(RegionPlan.Action.State.allCases.map(\.rawValue), example: "ongoing")
                ),
                .required("responsible", line(200, example: "Kulturavdelningen"), "The unit or function."),
                .required("from", .day(example: "2026-01-01")),
                .required("to", .day(example: "2026-12-31"), "Included."),
                .optional("result", text(2000).nullable),
                .optional(
                    "public",
                    JSONSchema.boolean.with(default: true),
                    "Whether the public plan shows it."
                ),
            ]
        }
    }

    static func example(_ item: PlanItem, isNew: Bool) -> JSON {
        switch item {
        case .evidence:
            isNew
                ? [
                    "commitment": "market_1_reply_time", "text": ["sv": "Median 5,3 timmar under 2026"],
                    "value": 5.3,
                    "measuredOn": "2026-10-31",
                ]
                : ["state": "approved", "text": ["sv": "Median 5,3 timmar under 2026"], "value": 5.3]
        case .goals:
            [
                "priority": "market", "title": ["sv": "Fler inspelningar i hela länet"],
                "source": "Regional kulturplan",
            ]
        case .actions:
            [
                "priority": "market", "commitment": "market_1_reply_time",
                "title": ["sv": "Jour för förfrågningar"],
                "state": "ongoing", "responsible": "Kulturavdelningen", "from": "2026-01-01",
                "to": "2026-12-31",
            ]
        }
    }

    /// A row as the plan shows it.
    static func record(_ item: PlanItem) -> (schema: JSONSchema, example: JSON) {
        switch item {
        case .evidence: (StrategySchemas.evidence, StrategySchemas.exampleEvidence)
        case .goals: (StrategySchemas.goal, StrategySchemas.exampleGoal)
        case .actions: (StrategySchemas.action, StrategySchemas.exampleAction)
        }
    }
}
