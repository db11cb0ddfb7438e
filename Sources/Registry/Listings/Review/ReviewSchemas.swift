internal import FoundationEssentials
internal import Postgres
internal import Web

/// The shapes of the operations on the review queue, and how they are written.
enum ReviewSchemas {
    private static let text = JSONSchema.string()
    private static let verdict = JSONSchema.choice(
        ReviewDecision.Verdict.allCases.map(\.rawValue),
        example: "published"
    )

    private static let members: [JSONSchema.Property] = [
        .required("id", .uuid(), "Of the listing."),
        .required("kind", .choice(ReviewEntry.Kind.allCases.map(\.rawValue), example: "location")),
        .required("change", .boolean, "Whether a public listing is to be changed, rather than made public."),
        .required("region", .string(example: "kronoberg"), "Code of the region whose office decides."),
        .required("name", .string(example: "Ladan i Hovmantorp")),
        .required("since", .instant(example: "2026-11-24T22:14:00Z"), "Since when it waits."),
        .required("version", .integer(1...Int.max, example: 3), "Of the listing, for `If-Match`."),
    ]

    static let list = JSONSchema.object(
        named: "ReviewEntryList",
        [
            .required("items", .array(of: .object(named: "ReviewEntry", members))),
            .required("total", .integer(0...Int.max, example: 1)),
        ]
    )

    static let record = JSONSchema.object(
        named: "ReviewCase",
        members + [
            .required("owner", text.nullable, "Name of the account that it belongs to."),
            .required("consent", .boolean, "Whether a consent to publication stands."),
            .required(
                "statements",
                .array(
                    of: .object(
                        named: "ReviewStatement",
                        [
                            .required("label", .string(example: "Namn")), .required("value", text),
                            .required("public", .boolean, "Whether anyone will see it."),
                        ]
                    )
                ),
                "What it says, in the reader's language."
            ),
            .required(
                "changes",
                .array(
                    of: .object(
                        named: "ReviewChange",
                        [
                            .required("label", .string(example: "Golvyta")),
                            .required("before", .string(example: "240 m²")),
                            .required("after", .string(example: "300 m²")),
                        ]
                    )
                ),
                "What changes of the public one; empty for what was never public."
            ),
            .required(
                "photos",
                .array(
                    of: .object(
                        named: "ReviewPhoto",
                        [
                            .required("hash", text, "`/photos/<hash>.jpg`."),
                            .required("waits", .boolean, "Whether it is new."),
                        ]
                    )
                )
            ),
        ]
    )

    private static let reason = JSONSchema.string(length: 1...2000, example: "Lägg till en bild inifrån.")

    static let decision = JSONSchema.either(
        .object(
            named: "ReviewReturn",
            [
                .required("verdict", .choice([ReviewDecision.Verdict.returned.rawValue])),
                .required("reason", reason, "What has to change; the owner reads it."),
            ]
        ),
        .object(
            named: "ReviewDecision",
            [
                .required(
                    "verdict",
                    .choice(
                        ReviewDecision.Verdict.allCases.filter { $0 != .returned }.map(\.rawValue),
                        example: "published"
                    )
                ),
                .optional("reason", reason, "Why it is hidden; the owner reads it."),
            ]
        )
    )

    static let decided = JSONSchema.object(
        named: "ReviewDecided",
        [
            .required("id", .uuid()), .required("verdict", verdict),
            .required("version", .integer(1...Int.max, example: 4)),
        ]
    )

    // MARK: Writing

    static func json(_ entry: ReviewEntry) -> JSON { .object(JSON.Members(pairs(entry))) }

    private static func pairs(_ entry: ReviewEntry) -> [(String, JSON)] {
        [
            ("id", .string(entry.id.uuidString.lowercased())), ("kind", .string(entry.kind.rawValue)),
            ("change", .bool(entry.isChange)), ("region", .string(entry.region)),
            ("name", .string(entry.name)),
            ("since", .string("\(entry.since)")), ("version", .integer(entry.version)),
        ]
    }

    static func json(_ found: ReviewCase) -> JSON {
        let statements = found.said.map { said -> JSON in
            ["label": .string(said.label), "value": .string(said.value), "public": .bool(!said.isInner)]
        }
        let changes = found.changes.map { change -> JSON in
            [
                "label": .string(change.label), "before": .string(change.before),
                "after": .string(change.after),
            ]
        }
        let photos = found.photos.map { photo -> JSON in
            ["hash": .string(photo.hash), "waits": .bool(found.entry.isChange && photo.waits)]
        }
        return .object(
            JSON.Members(
                pairs(found.entry) + [
                    ("owner", found.owner.map { .string($0.name) } ?? .null),
                    ("consent", .bool(found.hasConsent)),
                    ("statements", .array(statements)), ("changes", .array(changes)),
                    ("photos", .array(photos)),
                ]
            )
        )
    }

    // MARK: Examples

    private static let exampleEntry: [(String, JSON)] = [
        ("id", "0198c0de-7000-7abc-8def-000000000001"), ("kind", "location"), ("change", false),
        ("region", "kronoberg"), ("name", "Ladan i Hovmantorp"), ("since", "2026-11-24T22:14:00Z"),
        ("version", 3),
    ]
    static let exampleList: JSON = ["items": [.object(JSON.Members(exampleEntry))], "total": 1]
    static let exampleRecord: JSON = .object(
        JSON.Members(
            exampleEntry + [
                ("owner", "Greta Ägare"), ("consent", true),
                ("statements", [["label": "Golvyta", "value": "300 m²", "public": true]]),
                ("changes", []), ("photos", []),
            ]
        )
    )
    static let exampleDecided: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000001", "verdict": "published", "version": 4,
    ]
}
