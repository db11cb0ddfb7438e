internal import Web

/// The shapes and examples of programmes, calls and applications in the API.
enum TalentSchemas {
    static let priorities = ["market", "skills", "talent", "finance"]
    /// The codes of `/programme-types`, in its order.
    static let types = [
        "talent_development", "mentorship", "residency", "writers_lab", "short_film_scheme",
        "first_feature_scheme", "young_filmmakers", "film_camp", "pitch_forum", "project_development",
        "producer_accelerator", "co_production_market", "incubator", "internship", "apprenticeship",
        "trainee_on_set", "skills_course", "location_scout_training", "sustainability_training",
        "vocational_education", "folk_high_school", "university_programme", "school_film", "network",
        "industry_meeting", "festival_lab", "scholarship", "grant_call",
    ]

    private static let shared: [JSONSchema.Property] = [
        .required("id", .uuid()),
        .required("slug", .string(example: "manuslabbet"), "The name in addresses."),
        .required("name", .localized),
        .required("summary", .localized),
        .required("organisation", .string(example: "Filmregion Sydost"), "Who runs it."),
        .required("programmeType", .string(example: "writers_lab"), "A code of `/programme-types`."),
        .required(
            "priority",
            .string(example: "talent"),
            "The priority of the common strategy that it serves."
        ),
        .required("regions", .array(of: .string(example: "kalmar")), "Codes of the regions it is for."),
        .required("startsOn", .day(example: "2027-01-15").nullable),
        .required("endsOn", .day(example: "2027-12-15").nullable),
        .required(
            "openCalls",
            .integer(0...10_000, example: 1),
            "Listed calls that can be applied to in time."
        ),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]

    static let item = JSONSchema.object(named: "ProgrammeItem", shared)

    static let list = JSONSchema.object(
        named: "ProgrammeList",
        [
            .required("items", .array(of: item)),
            .required("total", .integer(0...Int.max, example: 1)),
            .required("next", .string().nullable, "Cursor of the next answer; null at the end."),
        ]
    )

    static let status = JSONSchema.choice(Call.Status.allCases.map(\.rawValue), example: "open").described(
        "`upcoming`, `open`, `late` (what comes is kept and marked late) or `closed`, by the service's clock."
    )

    private static let callShared: [JSONSchema.Property] = [
        .required("id", .uuid()),
        .required("title", .localized),
        .required("status", status),
        .required("opensAt", .instant(example: "2026-11-01T08:00:00Z")),
        .required("closesAt", .instant(example: "2026-12-15T22:59:00Z")),
        .required("places", .integer(1...10_000, example: 8)),
        .required("invented", .boolean, "Demonstration data."),
        .required("version", .integer(1...Int.max, example: 3)),
    ]

    static let question = JSONSchema.object(
        named: "CallQuestion",
        [
            .required("code", .string(example: "idea"), "The member of `answers`."),
            .required("kind", .choice(Question.Kind.allCases.map(\.rawValue))),
            .required("label", .localized),
            .required("help", .localized.nullable),
            .required("required", .boolean),
            .required(
                "longest",
                .integer(1...20_000, example: 2000).nullable,
                "Characters at most, for texts."
            ),
            .required("least", .number(example: 1).nullable, "The smallest number."),
            .required("most", .number(example: 100).nullable, "The largest number."),
            .required(
                "choices",
                .array(
                    of: .object(
                        named: "CallChoice",
                        [.required("code", .string(example: "writer")), .required("name", .localized)]
                    )
                ).nullable
            ),
        ]
    )

    static let call = JSONSchema.object(
        named: "Call",
        callShared + [
            .required("guidelines", .localized),
            .required("questions", .array(of: question), "The form, beside name and addresses."),
        ]
    )

    static let calls = JSONSchema.object(
        named: "CallList",
        [
            .required("items", .array(of: call)),
            .required("total", .integer(0...Int.max, example: 1)),
            .required("next", .string().nullable, "Always null: the list is whole."),
        ]
    )

    static let record = JSONSchema.object(
        named: "Programme",
        shared + [
            .required("description", .localized),
            .required("url", .string(format: "uri").nullable),
            .required("organisationEmail", .string(example: "film@example.se").nullable),
            .required("organisationUrl", .string(format: "uri").nullable),
            .required("calls", .array(of: .object(named: "CallItem", callShared)), "Newest first."),
        ]
    )

    // MARK: Applications

    static let application = JSONSchema.object(
        named: "NewApplication",
        [
            .required("name", .string(length: 1...200, pattern: .line, example: "Ada Ek")),
            .required(
                "email",
                .string(length: 3...254, pattern: address, example: "ada@example.se"),
                "Where the receipt and the decision go; whoever signs in with it sees the application."
            ),
            .optional("phone", .string(length: 5...32, pattern: .line, example: "+46 70 123 45 67").nullable),
            .optional(
                "region",
                JSONSchema.code(of: "region", example: "skane").nullable,
                "Home region, if one of the six."
            ),
            .optional("language", .choice(["sv", "en"]).with(default: "sv"), "Of the letters."),
            .required(
                "answers",
                .map(of: .either(.string(length: 0...20_000), .number())),
                "By question code: text, link, the code of a choice, or a number."
            ),
        ]
    )

    static let receipt = JSONSchema.object(
        named: "ApplicationReceipt",
        [
            .required("id", .uuid()),
            .required("call", .uuid()),
            .required("arrival", .integer(1...Int.max, example: 17), "From 1, without ties or holes."),
            .required("submittedAt", .instant(example: "2026-12-01T10:15:00Z")),
            .required("late", .boolean, "Whether it came after the deadline, by the service's clock."),
            .required("version", .integer(1...Int.max, example: 1)),
        ]
    )

    /// Visible ASCII around one `@`.
    static let address = JSONSchema.Pattern("^[!-?A-~]+@[!-?A-~]+$", limit: 254) { text in
        let sides = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return sides.count == 2
            && sides.allSatisfy { side in
                !side.isEmpty && side.allSatisfy { (0x21...0x7E).contains($0) }
            }
    }

    // MARK: Examples

    private static let id: JSON = "0198c0de-7000-7abc-8def-000000000001"
    private static let exampleShared: [(String, JSON)] = [
        ("id", id), ("slug", "manuslabbet"),
        ("name", ["sv": "Manuslabbet", "en": "The script lab"]),
        ("summary", ["sv": "Ett år med ditt manus.", "en": "A year with your script."]),
        ("organisation", "Filmregion Sydost"), ("programmeType", "writers_lab"), ("priority", "talent"),
        ("regions", ["kalmar", "kronoberg"]), ("startsOn", "2027-01-15"), ("endsOn", nil), ("openCalls", 1),
        ("invented", false), ("version", 3),
    ]
    static let exampleItem = JSON.object(.init(exampleShared))
    static let exampleList: JSON = ["items": [exampleItem], "total": 1, "next": nil]
    private static let exampleCallShared: [(String, JSON)] = [
        ("id", id), ("title", ["sv": "Våren 2027", "en": "Spring 2027"]), ("status", "open"),
        ("opensAt", "2026-11-01T08:00:00Z"), ("closesAt", "2026-12-15T22:59:00Z"), ("places", 8),
        ("invented", false),
        ("version", 3),
    ]
    static let exampleCall = JSON.object(
        .init(
            exampleCallShared + [
                ("guidelines", ["sv": "Vem som kan söka …", "en": "Who may apply …"]),
                (
                    "questions",
                    [
                        [
                            "code": "idea", "kind": "long_text",
                            "label": ["sv": "Din idé", "en": "Your idea"],
                            "help": nil, "required": true, "longest": 2000, "least": nil, "most": nil,
                            "choices": nil,
                        ]
                    ]
                ),
            ]
        )
    )
    static let exampleCalls: JSON = ["items": [exampleCall], "total": 1, "next": nil]
    static let exampleRecord = JSON.object(
        .init(
            exampleShared + [
                ("description", ["sv": "Labbet vänder sig till …", "en": "The lab is for …"]), ("url", nil),
                ("organisationEmail", "film@example.se"), ("organisationUrl", nil),
                ("calls", [.object(.init(exampleCallShared))]),
            ]
        )
    )
    static let exampleApplication: JSON = [
        "name": "Ada Ek", "email": "ada@example.se", "region": "skane", "language": "sv",
        "answers": ["idea": "En film om en fyr."],
    ]
    static let exampleReceipt: JSON = [
        "id": id, "call": id, "arrival": 17, "submittedAt": "2026-12-01T10:15:00Z", "late": false,
        "version": 1,
    ]
}
