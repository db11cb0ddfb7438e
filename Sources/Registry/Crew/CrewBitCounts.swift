internal import Web

/// Counts the facets of a plan in one chunk of turned bits.
struct CrewBitCounts {
    let plan: CrewPlan
    let facets: [CrewFacet]
    private let roles: Codes
    private let regions: [String]
    private let municipalities: [String]
    private let grades: Set<String>?

    /// Who is free: on all days needed, on some, and everybody.
    struct Days {
        var full: BitMask
        var partial: BitMask
        var any: BitMask

        subscript(_ coverage: CrewSearch.Coverage) -> BitMask {
            switch coverage {
            case .full: full
            case .partial: partial
            case .any: any
            }
        }
    }

    /// The plan's roles as codes, by what a facet leaves out; nil for any role.
    private struct Codes {
        var allowed: Set<String>?
        var withoutChosen: Set<String>?
        var withoutDepartments: Set<String>?
        var department: [String: String]
    }

    init(plan: CrewPlan, facets: [CrewFacet], _ vocabularies: Vocabularies) {
        self.plan = plan
        self.facets = facets
        func codes(_ numbers: [Int16]?) -> Set<String>? {
            guard let numbers = numbers.map(Set.init) else { return nil }
            return Set(vocabularies.roles.filter { numbers.contains($0.no) }.map(\.code))
        }
        roles = Codes(
            allowed: codes(plan.roles.allowed()),
            withoutChosen: codes(plan.roles.allowed(withoutChosen: true)),
            withoutDepartments: codes(plan.roles.allowed(withoutDepartments: true)),
            department: Dictionary(vocabularies.roles.map { ($0.code, $0.department) }) { one, _ in one }
        )
        regions = vocabularies.regions.filter { plan.regions.contains($0.no) }.map(\.code)
        municipalities = vocabularies.municipalities.filter { plan.municipalities.contains($0.no) }.map(
            \.code
        )
        grades = plan.grades.map { grades in
            Set(CrewSearch.Grade.allCases.filter { $0.bit & grades != 0 }.map(\.rawValue))
        }
    }

    /// Adds a chunk's people.
    ///
    /// - Parameters:
    ///   - among: who may be counted at all: not those whose bits are outdated, only those who meet what no bits know.
    func add(
        _ chunk: BitChunk,
        _ days: Days,
        among: BitMask,
        to counts: inout CrewFacetQueries.Counts
    ) {
        var among = among
        for (kind, codes) in [("language", plan.languages), ("certificate", plan.certificates)] {
            for code in codes { among.formIntersection(chunk.union(chunk.rows(kind, code))) }
        }
        let narrowings = narrowings(chunk)
        func mask(of coverage: CrewSearch.Coverage, without group: Group? = nil) -> BitMask {
            var mask = days[coverage].intersection(among)
            for (other, narrowing) in narrowings where other != group { mask.formIntersection(narrowing) }
            return mask
        }
        for coverage in CrewSearch.Coverage.allCases {
            counts.totals[coverage, default: 0] += mask(of: coverage).count
        }
        let coverage = plan.hasDates ? plan.coverage : .any
        var masks: [Group?: BitMask] = [:]
        for facet in facets {
            let group = Group(leftOutBy: facet)
            let mask = masks[group] ?? mask(of: coverage, without: group)
            masks[group] = mask
            count(facet, chunk, in: mask) { counts.facets[facet, default: [:]][$0, default: 0] += $1 }
        }
    }

    /// Filters of which a facet may leave its own out.
    private enum Group: Hashable {
        case role, region, municipality

        init?(leftOutBy facet: CrewFacet) {
            switch facet {
            case .role, .grade, .department: self = .role
            case .region: self = .region
            case .municipality: self = .municipality
            case .language, .certificate: return nil
            }
        }
    }

    /// Who meets the filter of each group; a group without one is missing.
    private func narrowings(_ chunk: BitChunk) -> [(Group, BitMask)] {
        var narrowings: [(Group, BitMask)] = []
        if let allowed = roles.allowed {
            narrowings.append((.role, chunk.union(held(chunk, allowed, grades))))
        } else if let grades {
            narrowings.append((.role, chunk.union(grades.flatMap { chunk.rows("grade", $0) })))
        }
        if !plan.regions.isEmpty {
            narrowings.append((.region, chunk.union(regions.flatMap { chunk.rows(regionKind, $0) })))
        }
        if !plan.municipalities.isEmpty {
            narrowings.append(
                (.municipality, chunk.union(municipalities.flatMap { chunk.rows("municipality", $0) }))
            )
        }
        return narrowings
    }

    private var regionKind: String { "region_" + plan.reach.rawValue }

    /// Rows of held roles, in grades where grades are asked for; nil for all.
    private func held(_ chunk: BitChunk, _ roles: Set<String>?, _ grades: Set<String>?) -> [BitChunk.Row] {
        let kind = grades == nil ? "role" : "role_grade"
        let rows = roles.map { $0.flatMap { chunk.rows(kind, $0) } } ?? chunk.rows(kind)
        guard let grades else { return rows }
        return rows.filter { grades.contains($0.part) }
    }

    private func count(
        _ facet: CrewFacet,
        _ chunk: BitChunk,
        in mask: BitMask,
        _ add: (String, Int) -> Void
    ) {
        func each(_ rows: [BitChunk.Row]) {
            for row in rows {
                let count = chunk.count(row, in: mask)
                if count > 0 { add(row.value, count) }
            }
        }
        /// One member may be in several rows of a group and counts once.
        func grouped(_ rows: [BitChunk.Row], by value: (BitChunk.Row) -> String?) {
            var groups: [String: BitMask] = [:]
            for row in rows {
                guard let value = value(row) else { continue }
                chunk.unite(row, into: &groups[value, default: BitMask(none: chunk.size)])
            }
            for (value, members) in groups { add(value, members.intersection(mask).count) }
        }
        switch facet {
        case .role:
            let rows = held(chunk, roles.withoutChosen, grades)
            if grades == nil { each(rows) } else { grouped(rows) { $0.value } }
        case .department:
            if roles.withoutDepartments == nil, grades == nil {
                each(chunk.rows("department"))
            } else {
                grouped(held(chunk, roles.withoutDepartments, grades)) { roles.department[$0.value] }
            }
        case .grade:
            if let allowed = roles.allowed {
                let every = Set(CrewSearch.Grade.allCases.map(\.rawValue))
                grouped(held(chunk, allowed, every)) { $0.part }
            } else {
                each(chunk.rows("grade"))
            }
        case .region: each(chunk.rows(regionKind))
        case .municipality, .language, .certificate: each(chunk.rows(facet.rawValue))
        }
    }
}
