import Foundation
import Postgres
import Web

/// One invented case: what was asked, how it went, and everything that was said.
struct DemoInquiry {
    let key: String
    /// Seconds since 2000-01-01T00:00Z.
    let receivedAt: Int
    /// The case itself, with its parts.
    private(set) var row: JSON = .null
    /// In order of time.
    private(set) var entries: [JSON] = []
    private(set) var handover: JSON?

    private var random: DemoRandom
    private let keys: DemoKeys
    private let index: Int
    private let now: Int
    private var region: String
    /// Who answers for the office that leads the case at the moment.
    private var officer: String { DemoAccounts.all.first { $0.word == region }?.name ?? region }

    private static let regions: [(String, Int)] = [
        ("skane", 40), ("kalmar", 13), ("halland", 14), ("kronoberg", 13), ("jonkoping", 10),
        ("blekinge", 10),
    ]
    private static let types: [(String, Int)] = [
        ("drama_series", 22), ("feature_film", 20), ("commercial", 20), ("documentary_film", 10),
        ("short_film", 8),
        ("music_video", 6), ("stills_shoot", 5), ("reality", 4), ("childrens_series", 3), ("student_film", 2),
    ]
    private static let sources: [(String, Int)] = [
        ("website", 38), ("email", 20), ("phone", 14), ("location_catalogue", 8), ("returning_client", 8),
        ("film_commission", 5), ("market", 4), ("festival", 3),
    ]
    private static let endings: [(String, Int)] = [
        ("reported", 14), ("wrapped", 4), ("confirmed", 6), ("filming", 3), ("lost", 30), ("not_pursued", 15),
        ("postponed", 8), ("withdrawn", 6), ("duplicate", 3), ("spam", 3), ("qualifying", 4), ("on_hold", 4),
    ]
    private static let beginnings: [(String, Int)] = [
        ("new", 22), ("acknowledged", 12), ("qualifying", 18), ("more_info_needed", 10),
        ("location_proposals", 16),
        ("scouting", 9), ("negotiating", 8), ("lost", 3), ("confirmed", 2),
    ]
    private static let reasons: [(String, Int)] = [
        ("incentive_missing", 26), ("total_cost", 14), ("chose_other_country", 12), ("no_reply", 12),
        ("schedule_changed", 8), ("no_suitable_location", 7), ("financing_failed", 7), ("crew_shortage", 5),
        ("slow_response", 4), ("unknown", 5),
    ]
    private static let winners = [
        "Estland", "Irland", "Västsverige", "Ungern", "Island", "Norrbotten", "Danmark",
    ]
    private static let starts = [
        "Salt", "Dimm", "Tång", "Kalk", "Vass", "Fyr", "Glas", "Järn", "Sill", "Bok", "Rim", "Malm",
    ]
    private static let ends = [
        "ängen", "nätterna", "vägen", "ögat", "huset", "skiftet", "vintern", "färjan", "brevet", "kusten",
        "stigen",
    ]
    private static let companies = [
        "Brackvatten Film", "Klapperfilm", "Nordlucka Pictures", "Tre Måsar Film", "Skymning & Söner",
        "Femte Väggen",
        "Lilla Åskan", "Halvlek Media", "Grusgång Produktion", "Bakvända Bolaget", "Ljungdal & Co",
    ]
    private static let places = [
        ["barn", "farm"], ["fishing_harbour"], ["sandy_beach", "dunes"], ["beech_forest"], ["small_town"],
        ["lighthouse"],
        ["lake", "croft"], ["castle"], ["island"],
    ]
    private static let crews = [
        "gaffer", "grip", "location_manager", "production_sound_mixer", "first_ac", "makeup_artist",
    ]
    private static let path = [
        "new", "acknowledged", "qualifying", "location_proposals", "scouting", "negotiating",
    ]
    private static let landing = ["confirmed", "prepping", "filming", "wrapped", "reported"]

    /// The case with a number; it depends on seed, number and the day from which is counted back.
    init(_ index: Int, of count: Int, seed: UInt64, from first: Day) {
        self.index = index
        random = DemoRandom(seed: seed, topic: 81, index: index)
        keys = DemoKeys(seed: seed, base: UInt64(max(0, Int(first.number) + 10_957)) * 86_400_000)
        key = keys.key(.inquiry, index)
        now = Int(first.number) * 86_400
        // Evenly over three years, by day and night.
        let back = (count - index) * 1_095 * 86_400 / max(count, 1)
        receivedAt = min(now - back + random.number(0...86_399) - 43_200, now - 7_200)
        region = random.weighted(Self.regions)
        make()
    }

    private mutating func make() {
        let age = (now - receivedAt) / 86_400
        let status = age > 75 ? random.weighted(Self.endings) : random.weighted(Self.beginnings)
        let type = random.weighted(Self.types)
        let isLarge = ["drama_series", "feature_film", "childrens_series"].contains(type)
        let isSmall = ["music_video", "stills_shoot", "student_film"].contains(type)
        let asker = random.pick(DemoNames.given) + " " + random.pick(DemoNames.family)
        let company = random.pick(Self.companies) + (random.chance(60) ? " AB" : "")
        let budget = isLarge ? random.number(8...90) * 1_000_000 : random.number(1...60) * 50_000
        let at = history(to: status, asker: asker)
        var members = JSON.Members([
            ("id", .string(key)), ("source", .string(random.weighted(Self.sources))),
            ("status", .string(status)),
            ("title", .string(random.pick(Self.starts) + random.pick(Self.ends))),
            ("productionType", .string(type)),
            ("scale", .string(isLarge ? "large" : isSmall ? "small" : "medium")),
            ("company", .string(company)),
            (
                "summary",
                "Påhittat ärende: vi söker miljöer och folk för några dagar och vill veta vad regionen kan erbjuda."
            ),
            ("budget", .integer(Int64(budget))), ("region", .string(handover?["from"]?.string ?? region)),
            ("language", .string(random.chance(75) ? "sv" : "en")),
            ("receivedAt", .string(Self.instant(receivedAt))),
        ])
        if isLarge { members["spendPerDay"] = .integer(Int64(random.number(8...30) * 10_000)) }
        if let at { members["closedAt"] = .string(Self.instant(at)) }
        if status == "lost", let at { lose(&members, budget: budget, at: at) }
        let isActive = !["reported", "lost", "not_pursued", "postponed", "withdrawn", "duplicate", "spam"]
            .contains(status)
        if isActive, status != "new" {
            members["nextAction"] = .string(
                random.pick([
                    "Ring producenten", "Skicka fler platser", "Boka rekognosering", "Påminn om budget",
                ])
            )
            members["nextActionOn"] = .string("\(Day(number: Int32(now / 86_400)) + random.number(-4...25))")
        }
        members["parts"] = parts(asker: asker, isLarge: isLarge, isSmall: isSmall)
        row = .object(members)
    }

    private mutating func lose(_ members: inout JSON.Members, budget: Int, at: Int) {
        let winner = random.weighted([("place", 60), ("none", 18), ("unknown", 22)])
        members["lostReason"] = .string(random.weighted(Self.reasons))
        members["winner"] = .string(winner)
        if winner == "place" { members["winningPlace"] = .string(random.pick(Self.winners)) }
        if random.chance(65) {
            members["spendForgone"] = .integer(Int64(budget * random.number(20...60) / 100))
        }
        if random.chance(50) {
            let day = max(receivedAt / 86_400, at / 86_400 - random.number(0...20))
            members["knowableOn"] = .string("\(Day(number: Int32(day)))")
        }
    }

    private mutating func parts(asker: String, isLarge: Bool, isSmall: Bool) -> JSON {
        let start = Day(number: Int32(receivedAt / 86_400)) + random.number(30...220)
        let length = isLarge ? random.number(15...60) : isSmall ? random.number(1...3) : random.number(3...12)
        var phases: [JSON] = [
            [
                "kind": "shoot",
                "days": [["from": .string("\(start)"), "to": .string("\(start + length - 1)")]],
            ]
        ]
        if isLarge {
            phases.append([
                "kind": "prep", "days": [["from": .string("\(start - 25)"), "to": .string("\(start - 1)")]],
            ])
        }
        let crew: [JSON] =
            isSmall
            ? []
            : Self.crews.filter { _ in random.chance(45) }.map {
                ["role": .string($0), "count": .integer(Int64(random.number(1...3)))]
            }
        let given = asker.split(separator: " ").first.map { DemoPerson.slug(String($0)) } ?? "x"
        return [
            "phases": .array(phases), "crew": .array(crew),
            "locationTypes": .array(random.pick(Self.places).map { .string($0) }),
            "contacts": [
                [
                    "name": .string(asker), "title": "Producent",
                    "email": .string("\(given).\(index + 1)@example.com"), "main": true,
                ]
            ],
        ]
    }

    // MARK: The timeline

    /// Enters everything that led to a status; gives the time at which the case got its outcome.
    private mutating func history(to status: String, asker: String) -> Int? {
        let steps: [String]
        if let landed = Self.landing.firstIndex(of: status) {
            steps = Self.path + Self.landing[...landed]
        } else if let place = Self.path.firstIndex(of: status) {
            steps = Array(Self.path[...place])
        } else if ["duplicate", "spam"].contains(status) {
            steps = ["new", status]
        } else {
            steps = Array(Self.path[...random.number(1...(status == "lost" ? 5 : 3))]) + [status]
        }
        let age = max(now - receivedAt, 7_200)
        var at = receivedAt
        var outcome: Int?
        enter("status", at, [("toStatus", .string(steps[0]))])
        let isAnswered = status != "spam" && (steps.count > 1 || age > 40 * 3_600)
        if isAnswered {
            let delay = random.weighted([(random.number(1...20), 75), (random.number(21...110), 25)]) * 3_600
            let answered = min(receivedAt + delay, now - 1_800)
            if answered > receivedAt {
                enter(
                    "answer",
                    answered,
                    [
                        (
                            "body",
                            "Tack för er förfrågan. Vi har tittat på dagarna och återkommer med förslag på platser."
                        ),
                        ("isAnswer", true),
                    ],
                    byOffice: true
                )
            }
        }
        for (place, step) in steps.enumerated().dropFirst() {
            at = min(at + max(age / (steps.count + 1), 600) * random.number(60...100) / 100, now - 900)
            enter(
                "status",
                at,
                [("fromStatus", .string(steps[place - 1])), ("toStatus", .string(step))],
                byOffice: true
            )
            if place == 2, random.chance(14) { handOver(at + 60) }
            if place == 2, random.chance(55) {
                enter(
                    "call",
                    at + 120,
                    [
                        ("contact", .string(asker)),
                        ("body", "Gick igenom behoven på telefon. De vill se platser i två kommuner."),
                    ],
                    byOffice: true
                )
            }
            if place == 3, random.chance(45) {
                enter(
                    "message",
                    at + 180,
                    [("body", "Tack! Två av platserna är precis rätt. Kan vi se dem samma dag?")]
                )
                enter(
                    "answer",
                    at + 7_200,
                    [("body", "Ja, vi ordnar en dag och hör av oss med tider."), ("isAnswer", true)],
                    byOffice: true
                )
            }
            if !Self.path.contains(step), step != "on_hold", outcome == nil { outcome = at }
        }
        entries.sort {
            ($0["at"]?.string ?? "", $0["id"]?.string ?? "") < (
                $1["at"]?.string ?? "", $1["id"]?.string ?? ""
            )
        }
        return outcome
    }

    private mutating func handOver(_ at: Int) {
        let (from, to) = (region, random.pick(Self.regions.map(\.0).filter { $0 != region }))
        let id = keys.key(.inquiryHandover, index)
        handover = [
            "id": .string(id), "inquiry": .string(key), "from": .string(from), "to": .string(to),
            "state": "accepted",
            "message": "De vill hellre spela in hos er. Tar ni ärendet?",
            "offeredAt": .string(Self.instant(at)),
            "answeredAt": .string(Self.instant(at + 30)),
        ]
        enter(
            "handover",
            at,
            [
                ("handover", .string(id)), ("handoverState", "offered"),
                ("body", "De vill hellre spela in hos er. Tar ni ärendet?"),
            ],
            byOffice: true
        )
        region = to
        enter(
            "handover",
            at + 30,
            [("handover", .string(id)), ("handoverState", "accepted")],
            byOffice: true
        )
    }

    private mutating func enter(_ kind: String, _ at: Int, _ more: [(String, JSON)], byOffice: Bool = false) {
        var members = JSON.Members([
            ("id", .string(keys.key(.inquiryEntry, index, entries.count))), ("inquiry", .string(key)),
            ("kind", .string(kind)), ("at", .string(Self.instant(min(at, now)))),
        ])
        if byOffice {
            members["author"] = .string(officer)
            members["region"] = .string(region)
        }
        for (name, value) in more { members[name] = value }
        entries.append(.object(members))
    }

    /// `2026-11-24T13:58:52Z`, of seconds since 2000.
    private static func instant(_ seconds: Int) -> String {
        let (days, rest) = (
            Int32((Double(seconds) / 86_400).rounded(.down)), ((seconds % 86_400) + 86_400) % 86_400
        )
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(Day(number: days))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }
}
