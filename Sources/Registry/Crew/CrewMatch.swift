internal import Postgres

/// The SQL of who matches a plan: the filters as conditions over postings (`p`) and attributes (`c`).
struct CrewMatch {
    let plan: CrewPlan
    let window: CrewWindow

    /// Metres for people without a place: behind all others.
    static let nowhere: Int32 = .max

    /// A query for everybody who matches, each once: `id, renewed_on, name[, score][, distance]`.
    var people: SQL {
        let roles = plan.roles.allowed() ?? [CrewPlan.anyRole]
        var columns: [SQL] = ["p.id", "p.renewed_on", "p.name"]
        var joins: [SQL] = []
        var conditions: [SQL] = [
            roles.count == 1 ? "p.role = \(roles[0])" : "p.role = ANY (\(roles))"
        ]
        conditions += regionConditions
        if let grades = plan.grades { conditions.append("p.grades & \(grades) <> 0") }
        let attributes = attributeConditions
        if !attributes.isEmpty || plan.near != nil {
            joins.append("JOIN klappa.crew_public c ON c.id = p.id")
            conditions += attributes
        }
        if let score {
            columns.append("\(score) AS score")
            if plan.coverage == .any { joins.append("LEFT JOIN \(plan.audience.days) y ON y.id = p.id") }
        }
        if plan.hasDates {
            switch plan.coverage {
            case .full: conditions.append("\(free) = \(Int64(plan.needed))")
            case .partial: conditions.append("\(free) > 0")
            case .any: break
            }
        }
        if let near = plan.near { columns.append("\(Self.distance(from: near)) AS distance") }
        // Held in several of the roles, a person has several postings; everything selected is the person's.
        let distinct: SQL = roles.count == 1 ? "" : "DISTINCT "
        return """
            SELECT \(distinct)\(.joined(columns, separator: ", "))
                FROM \(plan.audience.posts) p \(.joined(joins, separator: " "))
                WHERE \(.joined(conditions, separator: " AND "))
            """
    }

    /// What a posting `m` for any role at home must meet when the plan is broad.
    var broadCondition: SQL {
        var conditions: [SQL] = []
        if !plan.regions.isEmpty {
            let mask = Self.mask(of: plan.regions)
            switch plan.reach {
            case .home: conditions.append("m.region = ANY (\(plan.regions))")
            case .local: conditions.append("m.regions & \(mask) <> 0")
            case .travel: conditions.append("m.travel & \(mask) <> 0")
            }
        }
        if let grades = plan.grades { conditions.append("m.grades & \(grades) <> 0") }
        if plan.hasDates {
            conditions.append("bit_count(m.free & \(window.bits(of: plan.dates))) = \(Int64(plan.needed))")
        }
        return conditions.isEmpty ? "true" : .joined(conditions, separator: " AND ")
    }

    /// Free days among those needed; NULL when hidden.
    private var free: SQL { "bit_count(p.free & \(window.bits(of: plan.dates)))" }

    /// Sorts as the states do: free days, else 0 when some day is unknown, −1 when all are taken, −2 when hidden.
    private var score: SQL? {
        guard plan.hasDates else { return nil }
        switch plan.coverage {
        case .full: return nil
        case .partial: return "\(free)::int"
        case .any:
            return """
                CASE WHEN p.free IS NULL THEN -2
                    WHEN \(free) > 0 THEN \(free)::int
                    WHEN bit_count((y.held | y.busy) & \(window.bits(of: plan.dates))) < \(Int64(plan.needed)) THEN 0
                    ELSE -1 END
                """
        }
    }

    /// One posting per person and role. Of several regions the first one that the person belongs to counts.
    private var regionConditions: [SQL] {
        guard !plan.regions.isEmpty else { return ["p.home"] }
        let mask = Self.mask(of: plan.regions)
        if plan.reach == .travel { return ["p.home", "p.travel & \(mask) <> 0"] }
        var conditions: [SQL] = [
            plan.regions.count == 1 ? "p.region = \(plan.regions[0])" : "p.region = ANY (\(plan.regions))"
        ]
        if plan.reach == .home {
            conditions.append("p.home")
        } else if plan.regions.count > 1 {
            conditions.append("p.regions & \(mask) & ((1 << p.region) - 1) = 0")
        }
        return conditions
    }

    /// Bits of regions, as the projections have them.
    static func mask(of regions: [Int16]) -> Int32 {
        regions.reduce(0) { $0 | 1 << Int32($1) }
    }

    /// Conditions over `crew_public c`.
    var attributeConditions: [SQL] {
        var conditions: [SQL] = []
        if !plan.municipalities.isEmpty { conditions.append("c.municipality = ANY (\(plan.municipalities))") }
        if !plan.languages.isEmpty { conditions.append("c.languages @> \(plan.languages)") }
        if !plan.certificates.isEmpty { conditions.append("c.certificates @> \(plan.certificates)") }
        return conditions + textConditions
    }

    /// Of those, the ones that no bits know of: words and distance.
    var textConditions: [SQL] {
        var conditions: [SQL] = plan.words.map { word in
            """
            (c.names @@ \(word.names)::text::tsquery
                OR c.about @@ (plainto_tsquery('swedish', \(word.about)) || plainto_tsquery('english', \(word.about))))
            """
        }
        if let near = plan.near, let radius = near.radius {
            conditions.append("ST_DWithin(c.point, \(Self.point(near)), \(radius * 1000))")
        }
        return conditions
    }

    private static func point(_ near: CrewSearch.Near) -> SQL {
        "ST_MakePoint(\(near.longitude), \(near.latitude))::geography"
    }

    private static func distance(from near: CrewSearch.Near) -> SQL {
        "coalesce(round(ST_Distance(c.point, \(point(near))))::int, \(nowhere))"
    }
}
