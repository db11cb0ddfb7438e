internal import Postgres
internal import Web

/// The shapes and examples of staffing, and the reading of its body.
enum StaffingSchemas {
    /// A list of codes, or one of them by itself.
    private static func codes(_ item: JSONSchema) -> JSONSchema {
        .either(.array(of: item, count: 1...20), item)
    }

    static let request = JSONSchema.object(
        named: "StaffingRequest",
        [
            .required(
                "dates",
                .array(of: CrewSchemas.days, count: 1...CrewDates.runs),
                "The days needed, ends included, in either order; everybody must be free on all of them."
            ),
            .optional(
                "regions",
                .array(of: .code(of: "region", example: "skane"), count: 1...20),
                "Where people live or count as local; all regions when absent."
            ),
            .required(
                "posts",
                .array(
                    of: .object(
                        named: "StaffingPost",
                        [
                            .required("role", .code(of: "role", example: "gaffer")),
                            .required(
                                "count",
                                .integer(1...StaffingPlan.countLimit, example: 1),
                                "People wanted."
                            ),
                            .optional(
                                "grade",
                                codes(.choice(CrewSearch.Grade.allCases.map(\.rawValue))),
                                "Grades that will do."
                            ),
                            .optional(
                                "language",
                                codes(.code(of: "language", example: "sv")),
                                "All of them spoken."
                            ),
                            .optional(
                                "certificate",
                                codes(.code(of: "certificate", example: "licence_b")),
                                "All of them held."
                            ),
                        ]
                    ),
                    count: 1...StaffingPlan.postLimit
                )
            ),
        ]
    )

    private static let posts = JSONSchema.array(
        of: .object(
            named: "StaffedPost",
            [
                .required("role", .string(example: "gaffer")),
                .required("count", .integer(1...StaffingPlan.peopleLimit, example: 1)),
                .required("filled", .integer(0...StaffingPlan.peopleLimit, example: 1)),
                .required("gap", .integer(0...StaffingPlan.peopleLimit, example: 0), "How many are missing."),
                .required(
                    "people",
                    .array(
                        of: .object(
                            named: "StaffedPerson",
                            [
                                .required("id", .uuid()),
                                .required("slug", .string(example: "ylva-strandmark-17")),
                                .required("name", .string(example: "Ylva Strandmark")),
                                .required("homeRegion", .string(example: "skane")),
                            ]
                        )
                    )
                ),
            ]
        )
    )

    static let result = JSONSchema.object(
        named: "StaffingResult",
        [
            .required("posts", posts, "Filled from all regions together, each person once."),
            .required(
                "regions",
                .map(of: .object(named: "StaffedRegion", [.required("posts", posts)])),
                "Filled from each region by itself."
            ),
        ]
    )

    static let exampleRequest: JSON = [
        "dates": [["from": "2027-03-01", "to": "2027-03-12"]], "regions": ["skane", "halland"],
        "posts": [["role": "gaffer", "count": 1], ["role": "grip", "count": 2, "language": ["sv"]]],
    ]
    static let exampleResult: JSON = ["posts": examplePosts, "regions": ["skane": ["posts": examplePosts]]]
    private static let examplePosts: JSON = [
        [
            "role": "gaffer", "count": 1, "filled": 1, "gap": 0,
            "people": [
                [
                    "id": "0198c0de-7000-7abc-8def-000000000001", "slug": "ylva-strandmark-17",
                    "name": "Ylva Strandmark", "homeRegion": "skane",
                ]
            ],
        ]
    ]

    /// Reads a body that fits ``request``; an interval is the same whichever of its ends comes first.
    static func read(_ body: JSON) -> StaffingRequest {
        let ranges = (body["dates"]?.array ?? []).compactMap { interval -> DayRange? in
            guard let one = interval["from"]?.string.flatMap({ Day($0) }),
                let other = interval["to"]?.string.flatMap({ Day($0) })
            else { return nil }
            return DayRange(first: min(one, other), last: max(one, other))
        }
        return StaffingRequest(
            dates: DayMultirange(ranges),
            regions: (body["regions"]?.array ?? []).compactMap(\.string),
            posts: (body["posts"]?.array ?? []).map { post in
                StaffingRequest.Post(
                    role: post["role"]?.string ?? "",
                    count: whole(post["count"]) ?? 0,
                    grades: codes(post["grade"]).compactMap { CrewSearch.Grade(rawValue: $0) },
                    languages: codes(post["language"]),
                    certificates: codes(post["certificate"])
                )
            }
        )
    }

    private static func codes(_ value: JSON?) -> [String] {
        guard let value else { return [] }
        return value.string.map { [$0] } ?? (value.array ?? []).compactMap(\.string)
    }

    /// 2.0 is a whole number too.
    private static func whole(_ value: JSON?) -> Int? {
        if case .number(let number) = value { return Int(exactly: number) }
        return value?.integer
    }
}
