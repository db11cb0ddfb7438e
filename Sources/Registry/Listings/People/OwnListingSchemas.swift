internal import Web

/// The shapes and examples of operations on a listing as its owner and its region's office have it before them.
enum OwnListingSchemas {
    private static let region = JSONSchema.code(of: "region", example: "skane")
    /// Days to be kept; the same whichever of the ends comes first.
    static let period = JSONSchema.object(
        named: "KeptDays",
        [
            .required("from", .string(pattern: .calendarDay, example: "2027-03-01")),
            .required("to", .string(pattern: .calendarDay, example: "2027-03-12"), "Included."),
        ]
    )
    private static let roles = JSONSchema.array(
        of: .object(
            named: "ListingRole",
            [
                .required("code", .code(of: "role", example: "gaffer")),
                .required(
                    "grade",
                    .choice(CrewSearch.Grade.allCases.map(\.rawValue), example: "professional")
                ),
            ]
        ),
        count: 0...OwnListingForm.most
    )
    private static let languages = JSONSchema.array(
        of: .object(
            named: "ListingLanguage",
            [
                .required("code", .code(of: "language", example: "sv")),
                .required("proficiency", .choice(OwnListingForm.proficiencies, example: "native")),
            ]
        ),
        count: 0...OwnListingForm.most
    )
    private static let certificates = JSONSchema.array(
        of: .object(
            named: "ListingCertificate",
            [
                .required("code", .code(of: "certificate", example: "licence_b")),
                .optional(
                    "expires",
                    JSONSchema.string(pattern: .calendarDay, example: "2031-05-01").nullable,
                    "Its last day, from 1950."
                ),
            ]
        ),
        count: 0...OwnListingForm.most
    )
    private static let links = JSONSchema.array(
        of: .object(
            named: "ListingLink",
            [
                .required("kind", .choice(OwnListingForm.linkKinds)),
                .required(
                    "url",
                    .string(length: 10...500, pattern: .line, example: "https://example.se/reel")
                ),
                .optional("title", line(200, "Reel 2026").nullable),
            ]
        ),
        count: 0...OwnListingForm.most
    )
    private static let contactFields = JSONSchema.array(
        of: .object(
            named: "ListingContactField",
            [
                .required("kind", .choice(OwnListingForm.contactKinds)),
                .required("value", .string(length: 1...500, pattern: .line, example: "ylva@example.se")),
                .required(
                    "visibility",
                    .choice(OwnListingForm.visibilities, example: "approved"),
                    "Who sees it: `anyone`, `approved` searchers, on `request`, or the `office` of the region only."
                ),
            ]
        ),
        count: 0...OwnListingForm.most
    )
    private static let availability = JSONSchema.choice(
        ["anyone", "approved", "nobody"],
        example: "approved"
    )

    private static func line(_ limit: Int, _ example: String) -> JSONSchema {
        .string(length: 1...limit, pattern: .line, example: example)
    }

    private static func text(_ name: String, _ limit: Int, _ sv: String, _ en: String) -> JSONSchema {
        .object(
            named: name,
            [
                .optional("sv", JSONSchema.string(length: 1...limit, example: sv).nullable, "In Swedish."),
                .optional("en", JSONSchema.string(length: 1...limit, example: en).nullable, "In English."),
            ]
        )
    }

    /// What is sent: the whole of what a listing says.
    static let body = JSONSchema.object(
        named: "ListingBody",
        [
            .required("name", line(200, "Ylva Strandmark")),
            .optional("creditedName", line(200, "Y. Strandmark").nullable),
            .optional("tradingName", line(200, "Strandmark Ljus AB").nullable),
            .required("homeRegion", region),
            .optional(
                "municipality",
                JSONSchema.code(of: "municipality", example: "1286").nullable,
                "Home municipality; it lies in the home region."
            ),
            .optional(
                "localRegions",
                .array(of: region, count: 0...6),
                "Where the person counts as local besides."
            ),
            .optional("travelRadius", JSONSchema.integer(0...2000, example: 150).nullable, "Kilometres."),
            .required("roles", roles, "The main one first, each once. Beyond a draft at least one."),
            .optional("languages", languages), .optional("certificates", certificates),
            .optional(
                "headline",
                text("ListingHeadline", 200, "Belysning för långfilm", "Lighting for features")
            ),
            .optional("biography", text("ListingBiography", 5000, "Tjugo år i branschen.", "Twenty years.")),
            .optional("links", links), .optional("contactFields", contactFields),
            .required("availabilityVisibility", availability, "Who sees the days."),
        ]
    )

    /// A listing as it is stored.
    static let listing = JSONSchema.object(
        named: "Listing",
        [
            .required("id", .uuid()), .required("slug", .string(example: "ylva-strandmark-17")),
            .required(
                "state",
                .choice(
                    ListingState.allCases.map(\.rawValue).filter { $0 != "erased" },
                    example: "published"
                )
            ),
            .required("stateReason", .string().nullable, "Why the office returned it."),
            .required("hiddenByOffice", .boolean, "Whether only the office can show it again."),
            .required("name", .string(example: "Ylva Strandmark")),
            .required("creditedName", .string().nullable), .required("tradingName", .string().nullable),
            .required("homeRegion", .string(example: "skane")),
            .required("localRegions", .array(of: .string(example: "halland"))),
            .required("municipality", .string(example: "1286").nullable),
            .required("travelRadius", .integer(0...2000, example: 150).nullable),
            .required("roles", .array(of: heldRole)), .required("languages", .array(of: spokenLanguage)),
            .required("certificates", .array(of: heldCertificate)),
            .required("headline", CrewSchemas.text), .required("biography", CrewSchemas.text),
            .required("links", .array(of: shownLink)),
            .required("contactFields", contactFields),
            .required("availabilityVisibility", availability),
            .required(
                "consent",
                .object(
                    named: "ListingConsent",
                    [
                        .required("textVersion", .string(example: "2026-11")),
                        .required("givenOn", .day(example: "2026-11-24")),
                    ]
                ).nullable,
                "The standing consent to publication."
            ),
            .required("renewedOn", .day(example: "2026-11-24")),
            .required("publishedAt", JSONSchema.instant(example: "2026-11-24T12:30:00Z").nullable),
            .required(
                "proposal",
                .object(
                    named: "ListingProposal",
                    [
                        .required(
                            "state",
                            .choice(["draft", "in_review", "returned"], example: "in_review")
                        ),
                        .required("stateReason", .string().nullable, "Why the office returned it."),
                        .required(
                            "listing",
                            body,
                            "Contact fields and who sees the days are not part of it: they count at once."
                        ),
                    ]
                ).nullable,
                "What the public listing is to say once the office agrees."
            ),
            .required("invented", .boolean), .required("version", .integer(1...Int.max, example: 7)),
        ]
    )

    private static let heldRole = JSONSchema.object(
        named: "ListingHeldRole",
        [
            .required("code", .string(example: "gaffer")),
            .required("grade", .string(example: "professional")),
            .required("primary", .boolean),
        ]
    )
    private static let spokenLanguage = JSONSchema.object(
        named: "ListingSpokenLanguage",
        [.required("code", .string(example: "sv")), .required("proficiency", .string(example: "native"))]
    )
    private static let heldCertificate = JSONSchema.object(
        named: "ListingHeldCertificate",
        [
            .required("code", .string(example: "licence_b")),
            .required("expires", JSONSchema.day(example: "2031-05-01").nullable),
        ]
    )
    private static let shownLink = JSONSchema.object(
        named: "ListingShownLink",
        [
            .required("kind", .string(example: "reel")),
            .required("url", .string(example: "https://example.se/reel")),
            .required("title", .string().nullable),
        ]
    )

    static let exampleBody: JSON = [
        "name": "Ylva Strandmark", "homeRegion": "skane", "municipality": "1286", "localRegions": ["halland"],
        "travelRadius": 150, "roles": [["code": "gaffer", "grade": "head_of_department"]],
        "languages": [["code": "sv", "proficiency": "native"]],
        "headline": ["sv": "Belysning för långfilm", "en": "Lighting for features"],
        "contactFields": [["kind": "email", "value": "ylva@example.se", "visibility": "approved"]],
        "availabilityVisibility": "approved",
    ]
    static let example: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000001", "slug": "ylva-strandmark-17", "state": "published",
        "stateReason": nil, "hiddenByOffice": false, "name": "Ylva Strandmark", "creditedName": nil,
        "tradingName": nil,
        "homeRegion": "skane", "localRegions": ["halland"], "municipality": "1286", "travelRadius": 150,
        "roles": [["code": "gaffer", "grade": "head_of_department", "primary": true]],
        "languages": [["code": "sv", "proficiency": "native"]], "certificates": [],
        "headline": ["sv": "Belysning för långfilm", "en": "Lighting for features"],
        "biography": ["sv": nil, "en": nil], "links": [],
        "contactFields": [["kind": "email", "value": "ylva@example.se", "visibility": "approved"]],
        "availabilityVisibility": "approved",
        "consent": ["textVersion": "2026-11", "givenOn": "2026-11-24"], "renewedOn": "2026-11-24",
        "publishedAt": "2026-11-24T12:30:00Z", "proposal": nil, "invented": false, "version": 7,
    ]

    // MARK: The calendar

    /// What is sent: the known span and the own marks, whole.
    static let calendarBody = JSONSchema.object(
        named: "ListingCalendarBody",
        [
            .required(
                "known",
                period.nullable,
                "Over which days the calendar is known; null for none."
            ),
            .required(
                "blocked",
                .array(of: period, count: 0...500),
                "Days that are not to be had."
            ),
        ]
    )
    /// A calendar as it is stored.
    static let calendar = JSONSchema.object(
        named: "ListingCalendar",
        [
            .required("known", CrewSchemas.days.nullable),
            .required("blocked", .array(of: CrewSchemas.days), "Marked by the owner, in order of time."),
            .required("feed", .array(of: CrewSchemas.days), "Taken from a calendar kept elsewhere."),
            .required("booked", .array(of: CrewSchemas.days)),
            .required("held", .array(of: CrewSchemas.days)),
            .required("version", .integer(0...Int.max, example: 4), "0 before anything was entered."),
        ]
    )
    static let exampleCalendarBody: JSON = [
        "known": ["from": "2026-11-24", "to": "2027-06-30"],
        "blocked": [["from": "2027-03-01", "to": "2027-03-12"]],
    ]
    static let exampleCalendar: JSON = [
        "known": ["from": "2026-11-24", "to": "2027-06-30"],
        "blocked": [["from": "2027-03-01", "to": "2027-03-12"]], "feed": [], "booked": [], "held": [],
        "version": 4,
    ]
    static let exampleDays: JSON = ["from": "2027-03-01", "to": "2027-03-12"]
}
