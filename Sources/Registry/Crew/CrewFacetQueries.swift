internal import Postgres

/// The SQL of facet counts: what the total would be if a value were the facet's only one (or, where all are
/// required, were added), all other filters kept.
///
/// Counts come from turned bits: AND of the needed days' rows, of the filters' and of each value's, then popcount.
/// People changed since the bits were written (`crew_dirty`) are masked out there and counted from their rows, so
/// the counts are exact at every moment; so is everybody where a filter has no bits (words, a radius).
struct CrewFacetQueries {
    let plan: CrewPlan
    let window: CrewWindow
    let facets: [CrewFacet]
    /// Whether everybody who matches is counted too.
    var hasTotal = false

    /// What is counted.
    struct Counts: Sendable {
        /// By facet and value; values that nobody has may be missing.
        var facets: [CrewFacet: [String: Int]] = [:]
        /// Everybody who matches, if that was asked for.
        var total = 0
    }

    /// The people whose bits are one row.
    static let chunk = 15_360

    /// The counts, or nil when the window has moved since it was read.
    func count(_ database: PostgresClient) async throws(PostgresError) -> Counts? {
        let rows = try await database.query(statement, lane: .search, settings: plan.audience.settings)
        var counts = Counts()
        for row in rows {
            let (kind, value) = (try row.decode(String.self, at: 0), try row.decode(String.self, at: 1))
            if kind == "window" {
                guard value == window.firstDay.description else { return nil }
            } else if kind == "total" {
                counts.total += try row.decode(Int?.self, at: 2) ?? 0
            } else if let facet = CrewFacet(rawValue: kind) {
                counts.facets[facet, default: [:]][value, default: 0] += try row.decode(Int.self, at: 2)
            }
        }
        return counts
    }

    var statement: SQL {
        let rows = CrewRowFacets(
            plan: plan,
            window: window,
            facets: facets,
            hasTotal: hasTotal,
            isPatch: plan.fitsBits
        )
        var tables = rows.tables
        var selects = rows.selects
        if plan.fitsBits {
            let bits = CrewBitFacets(plan: plan, window: window, facets: facets, hasTotal: hasTotal)
            tables = bits.tables + tables
            selects = bits.selects + selects
        }
        selects.append("SELECT 'window', w.first_day::text, 0::bigint FROM klappa.crew_window w")
        return "WITH \(.joined(tables, separator: ",\n")) \(.joined(selects, separator: "\nUNION ALL\n"))"
    }
}

/// Counting from turned bits.
struct CrewBitFacets {
    let plan: CrewPlan
    let window: CrewWindow
    let facets: [CrewFacet]
    let hasTotal: Bool

    /// Filters of which a facet may leave its own out.
    private enum Group: String, CaseIterable {
        case role, region, municipality
    }

    /// `mask_…` (chunk, bits): who matches everything but a group; `mask` everything.
    var tables: [SQL] {
        var tables: [SQL] = [
            """
            dirty AS MATERIALIZED (
                SELECT no / 15360 AS chunk, bit_or(set_bit(B'0'::bit(15360), no % 15360, 1)) AS bits
                FROM klappa.crew_dirty GROUP BY 1)
            """,
            "days AS MATERIALIZED (\(days))",
        ]
        for group in Group.allCases {
            if let bits = bits(of: group) {
                tables.append("\(SQL(unsafe: "of_" + group.rawValue)) AS MATERIALIZED (\(bits))")
            }
        }
        for (name, codes) in required where !codes.isEmpty {
            tables.append(
                """
                \(SQL(unsafe: "of_" + name)) AS MATERIALIZED (
                    SELECT chunk, bit_and(bits) AS bits FROM klappa.crew_bits
                    WHERE kind = \(name) AND grade = '' AND value = ANY (\(codes))
                    GROUP BY chunk HAVING count(*) = \(Int64(codes.count)))
                """
            )
        }
        for name in Set(facets.map(maskName) + (hasTotal ? ["mask"] : [])).sorted() {
            tables.append(mask(name))
        }
        return tables
    }

    private var required: [(String, [String])] {
        [("language", plan.languages), ("certificate", plan.certificates)]
    }

    /// Who is free enough. A missing row has nobody, so for a full match every needed day must have one.
    private var days: SQL {
        let places = window.places(of: plan.dates).map { Int16($0) }
        switch (plan.hasDates, plan.coverage) {
        case (false, _), (true, .any):
            return
                "SELECT chunk, bits FROM klappa.crew_bits WHERE kind = 'live' AND value = '' AND grade = ''"
        case (true, .full):
            return """
                SELECT chunk, bit_and(bits) AS bits FROM \(plan.audience.dayBits) WHERE day = ANY (\(places))
                GROUP BY chunk HAVING count(*) = \(Int64(plan.needed))
                """
        case (true, .partial):
            return """
                SELECT chunk, bit_or(bits) AS bits FROM \(plan.audience.dayBits) WHERE day = ANY (\(places))
                GROUP BY chunk
                """
        }
    }

    private func bits(of group: Group) -> SQL? {
        switch group {
        case .role:
            guard let roles = plan.roles.allowed() else {
                guard let grades = plan.grades else { return nil }
                return """
                    SELECT b.chunk, bit_or(b.bits) AS bits FROM klappa.crew_bits b
                    WHERE b.kind = 'grade' AND b.grade = '' AND b.value = ANY (\(names(of: grades)))
                    GROUP BY b.chunk
                    """
            }
            return
                "SELECT h.chunk, bit_or(h.bits) AS bits FROM (\(held(roles, plan.grades))) AS h GROUP BY h.chunk"
        case .region:
            if plan.regions.isEmpty { return nil }
            return """
                SELECT b.chunk, bit_or(b.bits) AS bits FROM klappa.crew_bits b JOIN klappa.region r ON r.code = b.value
                WHERE b.kind = \(regionKind) AND b.grade = '' AND r.no = ANY (\(plan.regions)) GROUP BY b.chunk
                """
        case .municipality:
            if plan.municipalities.isEmpty { return nil }
            return """
                SELECT b.chunk, bit_or(b.bits) AS bits
                FROM klappa.crew_bits b JOIN klappa.municipality t ON t.code = b.value
                WHERE b.kind = 'municipality' AND b.grade = '' AND t.no = ANY (\(plan.municipalities))
                GROUP BY b.chunk
                """
        }
    }

    private var regionKind: String { "region_" + plan.reach.rawValue }

    /// Rows `value` (role), `grade`, `chunk`, `bits` of held roles.
    private func held(_ roles: [Int16]?, _ grades: Int16?) -> SQL {
        var conditions: [SQL] = []
        if let grades {
            conditions.append("b.kind = 'role_grade' AND b.grade = ANY (\(names(of: grades)))")
        } else {
            conditions.append("b.kind = 'role' AND b.grade = ''")
        }
        if let roles {
            conditions.append("b.value = ANY (SELECT r.code FROM klappa.role r WHERE r.no = ANY (\(roles)))")
        }
        return """
            SELECT b.value, b.grade, b.chunk, b.bits FROM klappa.crew_bits b
            WHERE \(.joined(conditions, separator: " AND "))
            """
    }

    private func names(of grades: Int16) -> [String] {
        CrewSearch.Grade.allCases.filter { $0.bit & grades != 0 }.map(\.rawValue)
    }

    private func maskName(_ facet: CrewFacet) -> String {
        switch facet {
        case .role, .grade, .department: "mask_role"
        case .region: "mask_region"
        case .municipality: "mask_municipality"
        case .language, .certificate: "mask"
        }
    }

    private func mask(_ name: String) -> SQL {
        var joins: [SQL] = []
        var bits: [SQL] = ["d.bits", "~ coalesce(x.bits, B'0'::bit(15360))"]
        func narrow(by name: String) {
            let table = SQL(unsafe: "of_" + name)
            joins.append("JOIN \(table) USING (chunk)")
            bits.append("\(table).bits")
        }
        for group in Group.allCases where name != "mask_" + group.rawValue && self.bits(of: group) != nil {
            narrow(by: group.rawValue)
        }
        for (name, codes) in required where !codes.isEmpty { narrow(by: name) }
        return """
            \(SQL(unsafe: name)) AS MATERIALIZED (
                SELECT chunk, \(.joined(bits, separator: " & ")) AS bits
                FROM days d LEFT JOIN dirty x USING (chunk) \(.joined(joins, separator: " ")))
            """
    }

    var selects: [SQL] {
        let total: [SQL] = ["SELECT 'total', '', sum(bit_count(k.bits))::bigint FROM mask k"]
        return (hasTotal ? total : [])
            + facets.map { facet in
                """
                SELECT \(SQL(unsafe: "'" + facet.rawValue + "'")) AS facet, f.value,
                    sum(bit_count(f.bits & k.bits))::bigint AS count
                FROM (\(values(of: facet))) AS f JOIN \(SQL(unsafe: maskName(facet))) k USING (chunk)
                GROUP BY f.value
                """
            }
    }

    /// Rows `value`, `chunk`, `bits`: one per value and chunk.
    private func values(of facet: CrewFacet) -> SQL {
        switch facet {
        case .role:
            let rows = held(plan.roles.allowed(withoutChosen: true), plan.grades)
            if plan.grades == nil { return rows }
            return
                "SELECT h.value, h.chunk, bit_or(h.bits) AS bits FROM (\(rows)) AS h GROUP BY h.value, h.chunk"
        case .department:
            let roles = plan.roles.allowed(withoutDepartments: true)
            if roles == nil, plan.grades == nil { return kind("department") }
            return """
                SELECT d.code AS value, h.chunk, bit_or(h.bits) AS bits FROM (\(held(roles, plan.grades))) AS h
                JOIN klappa.role r ON r.code = h.value JOIN klappa.department d ON d.no = r.department
                GROUP BY d.code, h.chunk
                """
        case .grade:
            guard let roles = plan.roles.allowed() else { return kind("grade") }
            return """
                SELECT h.grade AS value, h.chunk, bit_or(h.bits) AS bits FROM (\(held(roles, 15))) AS h
                GROUP BY h.grade, h.chunk
                """
        case .region: return kind(regionKind)
        case .municipality, .language, .certificate: return kind(facet.rawValue)
        }
    }

    private func kind(_ kind: String) -> SQL {
        "SELECT b.value, b.chunk, b.bits FROM klappa.crew_bits b WHERE b.kind = \(kind) AND b.grade = ''"
    }
}
