internal import Web

/// The shapes of the operations on inquiries.
enum InquirySchemas {
    static let number = JSONSchema.Pattern("^SYD-[0-9]{4}-[0-9]{4,9}$", limit: 20) {
        $0.wholeMatch(of: /SYD-[0-9]{4}-[0-9]{4,9}/) != nil
    }

    // MARK: Parts

    private static let line = JSONSchema.string(length: 1...200, pattern: .line)
    private static let long = JSONSchema.string(
        length: 1...10_000,
        example: "Sex avsnitt om en by vid havet."
    )
    private static let money = JSONSchema.number(0...999_999_999_999, example: 12_000_000)
    private static let currency = JSONSchema.string(
        pattern: JSONSchema.Pattern("^[A-Z]{3}$") { $0.wholeMatch(of: /[A-Z]{3}/) != nil },
        example: "SEK"
    )
    private static let productionType = JSONSchema.code(of: "productionType", example: "drama_series")
    private static let status = JSONSchema.code(of: "inquiryStatus", example: "qualifying")
    private static let source = JSONSchema.code(of: "leadSource", example: "website")
    private static let lostReason = JSONSchema.code(of: "lostReason", example: "total_cost")
    private static let region = JSONSchema.code(of: "region", example: "kronoberg")
    private static let scale = JSONSchema.choice(["small", "medium", "large"], example: "large")
    private static let writing = JSONSchema.choice(["sv", "en"])
    private static let moment = JSONSchema.instant(example: "2026-11-24T22:14:00Z")

    /// A day as a phase may have it.
    private static let day = JSONSchema.string(
        pattern: JSONSchema.Pattern("^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$") {
            JSONSchema.Pattern.day.accepts($0) && $0 >= "1900" && $0 < "2200"
        },
        format: "date",
        example: "2027-05-03"
    )

    private static func phases(counted: Bool) -> JSONSchema {
        let kinds = JSONSchema.choice(["prep", "shoot", "wrap", "post"], example: "shoot")
        let days = JSONSchema.array(
            of: .object(
                named: "InquiryDays",
                [.required("from", day), .required("to", day, "Included.")]
            ),
            count: 1...60
        )
        let count = JSONSchema.number(0.5...3000, example: 10)
        return .array(
            of: counted
                ? .object(
                    named: "InquiryPhase",
                    [
                        .required("kind", kinds), .required("days", days),
                        .required("dayCount", count, "Working days: typed by hand, else the days counted."),
                        .required("counted", .boolean, "Whether the days were counted."),
                    ]
                )
                : .object(
                    named: "InquiryPhaseBody",
                    [
                        .required("kind", kinds),
                        .required("days", days, "A set of days, which may have gaps."),
                        .optional(
                            "dayCount",
                            count,
                            "Working days by hand, for free weekends and part days."
                        ),
                    ]
                ),
            count: 0...4
        )
    }

    private static let email = JSONSchema.string(
        length: 3...254,
        pattern: JSONSchema.Pattern("^[^@\\s]+@[^@\\s]+$", limit: 254) {
            $0.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil
        },
        example: "ada@example.se"
    )
    private static let phone = JSONSchema.string(
        length: 5...32,
        pattern: JSONSchema.Pattern("^[+]?[0-9][0-9 ()./-]{3,30}$", limit: 32) {
            $0.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) != nil
        },
        example: "+46 70 174 06 05"
    )

    private static func contact(named name: String, ofOffice: Bool) -> JSONSchema {
        let office: [JSONSchema.Property] =
            ofOffice
            ? [
                .optional("main", .boolean, "The one who is written to; the first unless said."),
                .optional("locked", .boolean, "Shown to the leading office only."),
            ] : []
        let anyone: [JSONSchema.Property] = [
            .required("name", line.with(example: "Ada Ek")),
            .optional(
                "title",
                line.with(example: "Line producer").nullable,
                "What they are on the production."
            ),
            .optional("email", email.nullable), .optional("phone", phone.nullable),
        ]
        return .object(named: name, anyone + office)
    }

    private static let crew = JSONSchema.array(
        of: .object(
            named: "InquiryCrew",
            [
                .required("role", .code(of: "role", example: "gaffer")),
                .required("count", .integer(1...50, example: 2)),
            ]
        ),
        count: 0...60
    )
    private static let locationTypes = JSONSchema.array(
        of: .code(of: "locationType", example: "barn"),
        count: 0...40
    )

    /// What a producer says.
    private static func asked(_ contact: JSONSchema, titleIsRequired: Bool) -> [JSONSchema.Property] {
        let title = line.with(example: "Saltängen")
        return [
            titleIsRequired ? .required("title", title) : .optional("title", title),
            .optional("productionType", productionType.nullable),
            .optional("scale", scale.nullable, "small: a day or a few; medium; large: weeks, many people."),
            .optional("company", line.with(example: "Brackvatten Film AB").nullable),
            .optional("summary", long.nullable, "What it is about."),
            .optional("crewNeeds", long.nullable, "In words, beside `crew`."),
            .optional("locationNeeds", long.nullable, "In words, beside `locationTypes`."),
            .optional("budget", money.nullable, "The whole budget."),
            .optional("currency", currency),
            .optional("language", writing, "In which to write to the producer."),
            .optional("phases", phases(counted: false)),
            .optional("contacts", .array(of: contact, count: 0...20)),
            .optional("crew", crew), .optional("locationTypes", locationTypes),
        ]
    }

    // MARK: Bodies

    static let filing = JSONSchema.object(
        named: "InquiryFiling",
        asked(contact(named: "InquiryAsker", ofOffice: false), titleIsRequired: true) + [
            .optional("region", region, "Who shall answer; the film commission when absent.")
        ]
    )

    static let patch = JSONSchema.object(
        named: "InquiryPatch",
        asked(contact(named: "InquiryContactBody", ofOffice: true), titleIsRequired: false) + [
            .optional("source", source),
            .optional(
                "status",
                status,
                "One of `nextStatuses` that means no outcome; outcomes have their own address."
            ),
            .optional("officer", JSONSchema.uuid().nullable, "Account of someone in the leading office."),
            .optional(
                "spendPerDay",
                money.nullable,
                "What a day of shooting is thought to leave in the region; null for the office's default."
            ),
            .optional("scriptOnFile", .boolean), .optional("breakdownReceived", .boolean),
            .optional(
                "nextAction",
                JSONSchema.string(length: 1...500, pattern: .line, example: "Boka rekognosering").nullable
            ),
            .optional("nextActionOn", day.nullable, "When it is to be done."),
        ]
    )

    static let outcome = JSONSchema.object(
        named: "InquiryOutcome",
        [
            .required(
                "status",
                .code(of: "inquiryOutcome", example: "confirmed"),
                "A status with an outcome: `confirmed`, `lost`, `postponed`, `not_pursued`, …"
            ),
            .optional("lostReason", lostReason.nullable, "For `lost`."),
            .optional(
                "winner",
                JSONSchema.choice(["place", "none", "unknown"]).nullable,
                "For `lost`: a place, none (it is not made) or unknown."
            ),
            .optional(
                "winningPlace",
                line.with(example: "Estland").nullable,
                "The place, when `winner` is `place`."
            ),
            .optional("spendForgone", money.nullable, "What would have been spent here; null for unknown."),
            .optional("knowableOn", day.nullable, "Since when the loss could be known; null for unknown."),
            .optional("note", long.nullable, "Goes into the timeline."),
        ]
    )

    private static let body = JSONSchema.string(length: 1...20_000, example: "Vi har två lador att visa.")

    static let entryBody = JSONSchema.object(
        named: "InquiryEntryBody",
        [
            .required("kind", .choice(["note", "call", "letter"], example: "call")),
            .required("body", body),
            .optional("at", moment, "When it was; now when absent."),
            .optional("contact", line.with(example: "Ada Ek").nullable, "With whom."),
            .optional("isAnswer", .boolean, "Whether a call or letter answered the producer."),
        ]
    )
    static let answerBody = JSONSchema.object(named: "InquiryAnswerBody", [.required("body", body)])
    private static let reason = JSONSchema.string(length: 1...2000, example: "Vi hinner inte före maj.")
    static let offerBody = JSONSchema.object(
        named: "InquiryHandoverBody",
        [.required("region", region), .optional("message", reason.nullable)]
    )
    static let settleBody = JSONSchema.object(
        named: "InquiryHandoverAnswer",
        [
            .required("state", .choice(InquiryWrites.Answer.allCases.map(\.rawValue))),
            .optional("reason", reason.nullable, "Needed to decline."),
        ]
    )

    // MARK: Answers

    static let filed = JSONSchema.object(
        named: "FiledInquiry",
        [
            .required("number", .string(pattern: number, example: "SYD-2026-0318")),
            .required(
                "followUpUrl",
                .string(format: "uri-reference", example: "https://klappa.example/sv/inquiries/follow/9f2c…"),
                "The producer's private link, absolute where the service knows its public address. Shown this once: only its "
                    + "hash is kept."
            ),
            .required("region", region, "Who answers."),
            .required("answerDue", moment, "Until when."),
        ]
    )
    private static let text = JSONSchema.string()
    private static let account = JSONSchema.object(
        named: "InquiryOfficer",
        [.required("id", .uuid()), .required("name", text.nullable)]
    )

    /// What items and records share.
    private static let shared: [JSONSchema.Property] = [
        .required("number", .string(pattern: number, example: "SYD-2026-0318")),
        .required("title", text), .required("source", text), .required("status", text),
        .required(
            "outcome",
            .choice(["open", "landed", "lost", "postponed", "not_pursued", "duplicate", "spam"])
        ),
        .required("productionType", text.nullable), .required("company", text.nullable),
        .required("region", text, "Which office leads it."),
        .required("officer", account.nullable),
        .required("receivedAt", moment),
        .required("answerDue", moment, "When the first answer is due."),
        .required("answeredAt", moment.nullable),
        .required("waitingSince", moment.nullable, "Since when a message of the producer waits."),
        .required("due", moment.nullable, "What comes first: an answer or the next action."),
        .required("nextAction", text.nullable), .required("nextActionOn", day.nullable),
        .required("closedAt", moment.nullable),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]

    static let item = JSONSchema.object(
        named: "InquiryItem",
        shared + [
            .required("lostReason", text.nullable),
            .required(
                "offeredTo",
                text.nullable,
                "The region that has not yet answered an offer of the case."
            ),
        ]
    )
    static let list = JSONSchema.object(
        named: "InquiryList",
        [
            .required("items", .array(of: item)), .required("total", .integer(0...Int.max, example: 1)),
            .required("next", JSONSchema.string().nullable, "Cursor of what follows; null at the end."),
        ]
    )

    static let entry = JSONSchema.object(
        named: "InquiryEntry",
        [
            .required("id", .uuid()),
            .required(
                "kind",
                .choice(["note", "call", "letter", "answer", "message", "status", "handover"])
            ),
            .required("at", moment), .required("author", text.nullable, "Null for the producer."),
            .required("region", text.nullable), .required("contact", text.nullable),
            .required("body", text.nullable),
            .required("isAnswer", .boolean), .required("fromStatus", text.nullable),
            .required("toStatus", text.nullable),
            .required(
                "handover",
                JSONSchema.choice(["offered", "accepted", "declined", "withdrawn"]).nullable
            ),
        ]
    )
    static let handover = JSONSchema.object(
        named: "InquiryHandover",
        [
            .required("id", .uuid()), .required("from", text), .required("to", text),
            .required("state", .choice(["offered", "accepted", "declined", "withdrawn"])),
            .required("message", text.nullable), .required("offeredAt", moment),
            .required("offeredBy", text.nullable), .required("reason", text.nullable),
            .required("answeredAt", moment.nullable), .required("answeredBy", text.nullable),
        ]
    )

    static let record = JSONSchema.object(
        named: "InquiryRecord",
        shared + [
            .required(
                "nextStatuses",
                .array(of: text),
                "What may follow; empty for offices that only see the case."
            ),
            .required("scale", scale.nullable), .required("summary", text.nullable),
            .required("crewNeeds", text.nullable), .required("locationNeeds", text.nullable),
            .required("budget", money.nullable), .required("spendPerDay", money.nullable),
            .required(
                "spendTyped",
                .boolean,
                "Whether somebody wrote `spendPerDay`; else it is the office's default for the kind of production."
            ),
            .required("currency", text), .required("scriptOnFile", .boolean),
            .required("breakdownReceived", .boolean), .required("language", writing),
            .required(
                "loss",
                .object(
                    named: "InquiryLoss",
                    [
                        .required("reason", text),
                        .required("winner", .choice(["place", "none", "unknown"])),
                        .required("winningPlace", text.nullable),
                        .required("spendForgone", money.nullable, "Null: unknown."),
                        .required("knowableOn", day.nullable, "Null: unknown."),
                    ]
                ).nullable
            ),
            .required("phases", phases(counted: true)),
            .required(
                "contacts",
                .array(
                    of: .object(
                        named: "InquiryContact",
                        [
                            .required("name", text), .required("title", text.nullable),
                            .required("email", text.nullable), .required("phone", text.nullable),
                            .required("main", .boolean), .required("locked", .boolean),
                        ]
                    )
                )
            ),
            .required("crew", crew), .required("locationTypes", .array(of: text)),
            .required("entries", .array(of: entry), "The timeline, oldest first."),
            .required("handovers", .array(of: handover)),
        ]
    )
}
