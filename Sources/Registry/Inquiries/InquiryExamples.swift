internal import Web

/// A whole example for every body and answer about inquiries.
enum InquiryExamples {
    static let filing: JSON = [
        "title": "Saltängen", "productionType": "drama_series", "scale": "large",
        "company": "Brackvatten Film AB",
        "summary": "Sex avsnitt om en by vid havet.", "budget": 62_000_000, "currency": "SEK",
        "region": "kronoberg",
        "language": "sv",
        "phases": [
            [
                "kind": "shoot",
                "days": [
                    ["from": "2027-05-03", "to": "2027-05-14"], ["from": "2027-05-24", "to": "2027-06-04"],
                ],
            ]
        ],
        "contacts": [
            [
                "name": "Ada Ek", "title": "Line producer", "email": "ada@example.se",
                "phone": "+46 70 174 06 05",
            ]
        ],
        "crew": [["role": "gaffer", "count": 1], ["role": "grip", "count": 2]],
        "locationTypes": ["barn", "harbour"],
    ]
    static let filed: JSON = [
        "number": "SYD-2026-0318",
        "followUpUrl":
            "https://klappa.example/sv/inquiries/follow/nC1zYxq8Vb2hJm3kPwRt5uLs7dEf9gHa0iKoMvTyXcQ",
        "region": "kronoberg", "answerDue": "2026-11-25T22:14:00Z",
    ]
    static let patch: JSON = [
        "status": "qualifying", "nextAction": "Boka rekognosering", "nextActionOn": "2026-12-01",
        "contacts": [["name": "Ada Ek", "email": "ada@example.se", "main": true, "locked": true]],
    ]
    static let outcome: JSON = [
        "status": "lost", "lostReason": "incentive_missing", "winner": "place", "winningPlace": "Estland",
        "spendForgone": 18_000_000, "knowableOn": "2026-12-10", "note": "Stödet där täckte mellanskillnaden.",
    ]
    static let entryBody: JSON = [
        "kind": "call", "body": "Ada ringde om ladan. Vi skickar tre förslag i morgon.",
        "at": "2026-11-25T08:12:00Z",
        "contact": "Ada Ek", "isAnswer": true,
    ]
    static let answerBody: JSON = [
        "body": "Vi har två lador att visa, och en gaffer som är ledig alla dagar."
    ]
    static let offerBody: JSON = ["region": "skane", "message": "De vill ha kust. Tar ni den?"]
    static let settleBody: JSON = ["state": "accepted"]

    static let item: JSON = .object(JSON.Members(shared + itemOnly))
    private static let itemOnly: [(String, JSON)] = [("lostReason", nil), ("offeredTo", "skane")]
    static let list: JSON = ["items": [item], "total": 1, "next": nil]
    static let entry: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000002", "kind": "call", "at": "2026-11-25T08:12:00Z",
        "author": "Maja Lind", "region": "kronoberg", "contact": "Ada Ek",
        "body": "Ada ringde om ladan. Vi skickar tre förslag i morgon.", "isAnswer": true, "fromStatus": nil,
        "toStatus": nil, "handover": nil,
    ]
    static let handover: JSON = [
        "id": "0198c0de-7000-7abc-8def-000000000003", "from": "kronoberg", "to": "skane", "state": "offered",
        "message": "De vill ha kust. Tar ni den?", "offeredAt": "2026-11-26T10:00:00Z",
        "offeredBy": "Maja Lind",
        "reason": nil, "answeredAt": nil, "answeredBy": nil,
    ]
    static let record: JSON = .object(JSON.Members(shared + recordOnly))
    private static let recordOnly: [(String, JSON)] = [
        ("nextStatuses", ["more_info_needed", "location_proposals", "lost"]), ("scale", "large"),
        ("summary", "Sex avsnitt om en by vid havet."), ("crewNeeds", nil), ("locationNeeds", nil),
        ("budget", 62_000_000), ("spendPerDay", nil), ("spendTyped", false), ("currency", "SEK"),
        ("scriptOnFile", false),
        ("breakdownReceived", false), ("language", "sv"), ("loss", nil),
        (
            "phases",
            [
                [
                    "kind": "shoot", "days": [["from": "2027-05-03", "to": "2027-05-14"]], "dayCount": 12,
                    "counted": true,
                ]
            ]
        ),
        (
            "contacts",
            [
                [
                    "name": "Ada Ek", "title": "Line producer", "email": "ada@example.se",
                    "phone": "+46 70 174 06 05", "main": true, "locked": false,
                ]
            ]
        ),
        ("crew", [["role": "gaffer", "count": 1]]), ("locationTypes", ["barn"]), ("entries", [entry]),
        ("handovers", [handover]),
    ]

    private static let shared: [(String, JSON)] = [
        ("number", "SYD-2026-0318"), ("title", "Saltängen"), ("source", "website"), ("status", "qualifying"),
        ("outcome", "open"), ("productionType", "drama_series"), ("company", "Brackvatten Film AB"),
        ("region", "kronoberg"),
        ("officer", ["id": "0198c0de-7000-7abc-8def-000000000001", "name": "Maja Lind"]),
        ("receivedAt", "2026-11-24T22:14:00Z"), ("answerDue", "2026-11-25T22:14:00Z"),
        ("answeredAt", "2026-11-25T08:12:00Z"), ("waitingSince", nil), ("due", "2026-12-01T23:00:00Z"),
        ("nextAction", "Boka rekognosering"), ("nextActionOn", "2026-12-01"), ("closedAt", nil),
        ("invented", false),
        ("version", 3),
    ]
}
