internal import NIOCore
import Postgres
import Web

/// Invents a plan for each of the six regions: levels, evidence, goals and actions, every row marked `invented`.
///
/// The same seed and first day give the same rows, keys included. Evidence is written before the levels that rest on
/// it: the rules of the database hold for invented plans too.
struct DemoStrategy {
    /// How high a region stands, and what it has chosen.
    private static let standings: [String: (reached: Int, chosen: Int)] = [
        "halland": (1, 2), "skane": (3, 3), "kronoberg": (2, 2), "jonkoping": (1, 2), "blekinge": (2, 3),
        "kalmar": (2, 3),
    ]

    let seed: UInt64
    let first: Day
    let keys: DemoKeys

    init(seed: UInt64, from first: Day) {
        self.seed = seed
        self.first = first
        keys = DemoKeys(seed: seed, base: UInt64(max(0, Int(first.number) + 10_957)) * 86_400_000)
    }

    /// Writes the plans, unless any region has a plan already.
    ///
    /// - Parameter database: of `klappa_worker`.
    /// - Returns: How many plans were made.
    @discardableResult
    func load(into database: PostgresClient) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT r.no, r.code
            FROM klappa.region r
            WHERE NOT EXISTS (SELECT FROM klappa.region_level) AND NOT EXISTS (SELECT FROM klappa.region_evidence)
                AND NOT EXISTS (SELECT FROM klappa.region_goal) AND NOT EXISTS (SELECT FROM klappa.region_action)
            ORDER BY r.no
            """
        )
        let known = try await database.query(
            "SELECT code, level FROM klappa.strategy_commitment WHERE NOT retired"
        )
        let levels = try known.map {
            (try $0.decode(String.self, "code"), Int(try $0.decode(Int16.self, "level")))
        }
        // Where an administrator has put other commitments or other levels, nothing invented would fit.
        let isAsExpected =
            Dictionary(levels) { first, _ in first }
            == Dictionary(DemoStrategyTexts.commitments.map { ($0.code, $0.level) }) { first, _ in first }
        guard isAsExpected, !rows.isEmpty else { return 0 }
        for row in rows {
            let (no, code) = (try row.decode(Int16.self, "no"), try row.decode(String.self, "code"))
            try await database.transaction { try await write(code, no, $0) }
        }
        return rows.count
    }

    private func write(_ region: String, _ no: Int16, _ transaction: Transaction) async throws {
        let standing = Self.standings[region] ?? (1, 1)
        var random = DemoRandom(seed: seed, topic: 41, index: Int(no))
        try await insert(
            evidence(standing.reached, no, &random),
            into: "region_evidence",
            """
            id uuid, region smallint, commitment text, state text, state_reason text, text_sv text, text_en text,
            value numeric, measured_on date, invented boolean
            """,
            transaction
        )
        try await insert(
            periods(standing.chosen, no),
            into: "region_level",
            "id uuid, region smallint, level smallint, first_day date, last_day date, decided_on date, decision text, invented boolean",
            transaction
        )
        let goals = goals(no, &random)
        try await insert(
            goals.map(\.row),
            into: "region_goal",
            """
            id uuid, region smallint, priority text, title_sv text, title_en text, target_sv text, target_en text,
            source text, sort_order integer, invented boolean
            """,
            transaction
        )
        try await insert(
            actions(no, Dictionary(goals.map { ($0.priority, $0.id) }) { first, _ in first }, &random),
            into: "region_action",
            """
            id uuid, region smallint, priority text, commitment text, goal uuid, title_sv text, title_en text,
            state text, responsible text, first_day date, last_day date, result_sv text, result_en text,
            public boolean, sort_order integer, invented boolean
            """,
            transaction
        )
    }

    // MARK: Rows

    private func evidence(_ reached: Int, _ no: Int16, _ random: inout DemoRandom) -> [JSON] {
        var rows: [JSON] = []
        for (place, commitment) in DemoStrategyTexts.commitments.enumerated() {
            // Above the level reached some is there already, in every state; the first of it is always missing.
            let isFirstAbove = !DemoStrategyTexts.commitments[..<place].contains { $0.level == reached + 1 }
            let state: String
            if commitment.level <= reached {
                state = "approved"
            } else if commitment.level == reached + 1, !isFirstAbove, random.chance(70) {
                state = random.weighted([("approved", 3), ("submitted", 2), ("returned", 1)])
            } else {
                continue
            }
            let measured = first - random.number(10...200)
            rows.append([
                "id": .string(keys.key(.regionEvidence, Int(no), place)), "region": .integer(Int64(no)),
                "commitment": .string(commitment.code), "state": .string(state),
                "state_reason": state == "returned" ? "Underlaget gäller förra året." : nil,
                "text_sv": .string(commitment.evidence.sv), "text_en": .string(commitment.evidence.en),
                "value": commitment.value.map { .integer(Int64(random.number($0))) } ?? nil,
                "measured_on": .string(measured.description), "invented": true,
            ])
        }
        return rows
    }

    private func periods(_ chosen: Int, _ no: Int16) -> [JSON] {
        let year = first.components.year
        func row(_ place: Int, _ level: Int, _ from: String, _ to: String, _ decided: String) -> JSON {
            [
                "id": .string(keys.key(.regionLevel, Int(no), place)), "region": .integer(Int64(no)),
                "level": .integer(Int64(level)), "first_day": .string(from), "last_day": .string(to),
                "decided_on": .string(decided), "decision": .string("§ \(10 * place + 4)"),
                "invented": true,
            ]
        }
        return [
            row(0, max(1, chosen - 1), "\(year - 3)-01-01", "\(year - 2)-12-31", "\(year - 4)-11-22"),
            row(1, chosen, "\(year - 1)-01-01", "\(year + 1)-12-31", "\(year - 2)-11-20"),
        ]
    }

    private func goals(_ no: Int16, _ random: inout DemoRandom) -> [(priority: String, id: String, row: JSON)]
    {
        var goals: [(priority: String, id: String, row: JSON)] = []
        for (place, goal) in DemoStrategyTexts.goals.enumerated()
        where place.isMultiple(of: 2) || random.chance(50) {
            let id = keys.key(.regionGoal, Int(no), place)
            let row: JSON = [
                "id": .string(id), "region": .integer(Int64(no)), "priority": .string(goal.priority),
                "title_sv": .string(goal.title.sv), "title_en": .string(goal.title.en),
                "target_sv": .string(goal.target.sv), "target_en": .string(goal.target.en),
                "source": .string(random.pick(DemoStrategyTexts.sources)),
                "sort_order": .integer(Int64(10 * place)),
                "invented": true,
            ]
            goals.append((goal.priority, id, row))
        }
        return goals
    }

    private func actions(_ no: Int16, _ goals: [String: String], _ random: inout DemoRandom) -> [JSON] {
        var rows: [JSON] = []
        for (place, commitment) in DemoStrategyTexts.commitments.enumerated() where random.chance(40) {
            let start = first - random.number(-60...420)
            let end = start + random.number(40...300)
            let state =
                end < first
                ? random.weighted([("done", 6), ("dropped", 1)])
                : start > first ? "planned" : random.weighted([("ongoing", 6), ("paused", 1)])
            let result = state == "done" ? random.pick(DemoStrategyTexts.results) : nil
            rows.append([
                "id": .string(keys.key(.regionAction, Int(no), place)), "region": .integer(Int64(no)),
                "priority": .string(commitment.priority), "commitment": .string(commitment.code),
                "goal": goals[commitment.priority].map { .string($0) } ?? nil,
                "title_sv": .string(commitment.action.sv), "title_en": .string(commitment.action.en),
                "state": .string(state), "responsible": .string(random.pick(DemoStrategyTexts.responsible)),
                "first_day": .string(start.description), "last_day": .string(end.description),
                "result_sv": result.map { .string($0.sv) } ?? nil,
                "result_en": result.map { .string($0.en) } ?? nil,
                "public": .bool(random.chance(90)), "sort_order": .integer(Int64(10 * place)),
                "invented": true,
            ])
        }
        return rows
    }

    /// One statement for all rows of a table: the plan is projected once.
    private func insert(_ rows: [JSON], into table: String, _ columns: String, _ transaction: Transaction)
        async throws
    {
        let names = columns.split(separator: ",").compactMap {
            $0.split(whereSeparator: \.isWhitespace).first
        }
        let list = SQL(unsafe: names.map { SQL.quoted(identifier: String($0)) }.joined(separator: ", "))
        try await transaction.execute(
            """
            INSERT INTO klappa.\(identifier: table) (\(list))
            SELECT \(list)
            FROM jsonb_to_recordset(\(JSONText(String(buffer: JSON.array(rows).bytes)))::jsonb)
                AS r (\(SQL(unsafe: columns)))
            """
        )
    }
}
