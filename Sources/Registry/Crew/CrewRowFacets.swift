internal import Postgres

/// Counting from rows: of the people whose bits may be out of date.
struct CrewRowFacets {
    let plan: CrewPlan
    let window: CrewWindow
    let facets: [CrewFacet]

    private var match: CrewMatch { CrewMatch(plan: plan, window: window) }

    /// `s`: people with whether they meet the coverages and the filter of each group; `h`: what roles they hold; `k`:
    /// those who hold one that is asked for.
    var tables: [SQL] {
        // Nearly always there is nobody; an array is read by the index then, whatever the planner expects.
        var conditions: [SQL] = ["c.no = ANY (ARRAY(SELECT d.no FROM klappa.crew_dirty d))"]
        conditions += match.textConditions
        if !plan.languages.isEmpty { conditions.append("c.languages @> \(plan.languages)") }
        if !plan.certificates.isEmpty { conditions.append("c.certificates @> \(plan.certificates)") }
        let joinDays: SQL = plan.hasDates ? "LEFT JOIN \(plan.audience.days) y ON y.id = c.id" : ""
        return [
            """
            s AS MATERIALIZED (
                SELECT c.id, c.municipality, c.languages, c.certificates, \(regionMask) AS regions,
                    \(isOfRegions) AS of_region, \(isOfMunicipalities) AS of_municipality, \(fully) AS fully,
                    \(partly) AS partly
                FROM klappa.crew_public c \(joinDays)
                WHERE \(.joined(conditions, separator: " AND ")))
            """,
            """
            h AS MATERIALIZED (
                SELECT s.id, s.of_region, s.of_municipality, \(isCovered) AS covered, o.role, r.code,
                    d.code AS department, o.grades
                FROM s JOIN klappa.crew_post o ON o.id = s.id AND o.home AND o.role <> 0
                JOIN klappa.role r ON r.no = o.role JOIN klappa.department d ON d.no = r.department)
            """,
            """
            k AS MATERIALIZED (
                SELECT s.id, s.municipality, s.languages, s.certificates, s.regions, s.of_region, s.of_municipality,
                    s.fully, s.partly, \(isCovered) AS covered
                FROM s WHERE \(holdsRole))
            """,
        ]
    }

    private var fully: SQL {
        guard plan.hasDates else { return "true" }
        return "coalesce(bit_count(y.free & \(window.bits(of: plan.dates))) = \(Int64(plan.needed)), false)"
    }

    private var partly: SQL {
        guard plan.hasDates else { return "true" }
        return "coalesce(bit_count(y.free & \(window.bits(of: plan.dates))) > 0, false)"
    }

    private var isCovered: SQL {
        switch plan.coverage {
        case .any: "true"
        case .partial: "s.partly"
        case .full: "s.fully"
        }
    }

    /// The bits of the regions that a person is of, in the sense asked for.
    private var regionMask: SQL {
        switch plan.reach {
        case .home: "(1 << c.home_region)"
        case .local: "c.regions"
        case .travel: "c.travel"
        }
    }

    private var isOfRegions: SQL {
        plan.regions.isEmpty ? "true" : "(\(regionMask) & \(CrewMatch.mask(of: plan.regions)) <> 0)"
    }

    private var isOfMunicipalities: SQL {
        plan.municipalities.isEmpty
            ? "true" : "coalesce(c.municipality = ANY (\(plan.municipalities)), false)"
    }

    private var holdsRole: SQL {
        let roles = plan.roles.allowed()
        if roles == nil, plan.grades == nil { return "true" }
        return "EXISTS (SELECT FROM h WHERE h.id = s.id AND \(holds(roles, plan.grades)))"
    }

    private func holds(_ roles: [Int16]?, _ grades: Int16?) -> SQL {
        var conditions: [SQL] = ["true"]
        if let roles { conditions.append("h.role = ANY (\(roles))") }
        if let grades { conditions.append("h.grades & \(grades) <> 0") }
        return .joined(conditions, separator: " AND ")
    }

    var selects: [SQL] {
        let totals: SQL = """
            SELECT 'total', v.coverage, count(*) FROM k
            CROSS JOIN LATERAL (VALUES ('full', k.fully), ('partial', k.partly), ('any', true)) AS v (coverage, holds)
            WHERE v.holds AND k.of_region AND k.of_municipality GROUP BY v.coverage
            """
        return [totals] + facets.map(select)
    }

    private func select(_ facet: CrewFacet) -> SQL {
        switch facet {
        case .role:
            return """
                SELECT 'role', h.code, count(*) FROM h
                WHERE h.covered AND h.of_region AND h.of_municipality
                    AND \(holds(plan.roles.allowed(withoutChosen: true), plan.grades)) GROUP BY h.code
                """
        case .department:
            return """
                SELECT 'department', h.department, count(DISTINCT h.id) FROM h
                WHERE h.covered AND h.of_region AND h.of_municipality
                    AND \(holds(plan.roles.allowed(withoutDepartments: true), plan.grades)) GROUP BY h.department
                """
        case .grade:
            return """
                SELECT 'grade', g.value, count(DISTINCT h.id) FROM h
                JOIN (VALUES (1, 'trainee'), (2, 'assistant'), (4, 'professional'), (8, 'head_of_department'))
                    AS g (bit, value) ON h.grades & g.bit <> 0
                WHERE h.covered AND h.of_region AND h.of_municipality AND \(holds(plan.roles.allowed(), nil))
                GROUP BY g.value
                """
        case .region:
            return """
                SELECT 'region', r.code, count(*) FROM k JOIN klappa.region r ON k.regions & (1 << r.no) <> 0
                WHERE k.covered AND k.of_municipality GROUP BY r.code
                """
        case .municipality:
            return """
                SELECT 'municipality', t.code, count(*) FROM k JOIN klappa.municipality t ON t.no = k.municipality
                WHERE k.covered AND k.of_region GROUP BY t.code
                """
        case .language:
            return """
                SELECT 'language', v.value, count(*) FROM k CROSS JOIN LATERAL unnest(k.languages) AS v (value)
                WHERE k.covered AND k.of_region AND k.of_municipality GROUP BY v.value
                """
        case .certificate:
            return """
                SELECT 'certificate', v.value, count(*) FROM k CROSS JOIN LATERAL unnest(k.certificates) AS v (value)
                WHERE k.covered AND k.of_region AND k.of_municipality GROUP BY v.value
                """
        }
    }
}
