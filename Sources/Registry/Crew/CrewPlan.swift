internal import Postgres

/// A search with every code turned into the database's numbers and the text understood: what the SQL is made from.
struct CrewPlan: Hashable, Sendable {
    /// Role 0: any role.
    static let anyRole: Int16 = 0

    var audience: CrewAudience
    /// Roles of which one must be held; nil for any. An empty list finds nobody.
    var roles: RoleChoice
    /// Bits of the grades that will do; nil for any.
    var grades: Int16?
    /// Numbers of regions; empty for all.
    var regions: [Int16]
    var reach: CrewSearch.Reach
    var municipalities: [Int16]
    var languages: [String]
    var certificates: [String]
    var near: CrewSearch.Near?
    /// All of them must be met.
    var words: [WordChoice]
    var dates: DayMultirange
    var coverage: CrewSearch.Coverage
    var order: CrewSearch.Sort

    /// What narrows the roles: chosen ones, those of chosen departments, those named in the text. Each nil when it
    /// does not narrow; facets leave one of them out.
    struct RoleChoice: Hashable, Sendable {
        var chosen: Set<Int16>?
        var ofDepartments: Set<Int16>?
        var named: Set<Int16>?

        /// Roles that all of them allow, sorted; nil for any role.
        func allowed(withoutChosen: Bool = false, withoutDepartments: Bool = false) -> [Int16]? {
            let sets = [withoutChosen ? nil : chosen, withoutDepartments ? nil : ofDepartments, named]
                .compactMap(\.self)
            guard let first = sets.first else { return nil }
            return sets.dropFirst().reduce(first) { $0.intersection($1) }.sorted()
        }
    }

    /// A word to be found: the start of a word of a name (or one of the words it may have meant), or a stem in a
    /// headline.
    struct WordChoice: Hashable, Sendable {
        /// A `tsquery` over `names`.
        var names: String
        /// The folded word, for headlines.
        var about: String
    }

    /// How many days are needed; 0 when days do not matter.
    var needed: Int { dates.count ?? 0 }

    /// Whether the items carry an availability.
    var hasDates: Bool { !dates.isEmpty }

    /// Whether a facet can be counted from bits: they know nothing of words and distances.
    var fitsBits: Bool { words.isEmpty && near?.radius == nil }

    /// Whether so many may match that reading them all takes long, while the first in an order that an index has, and
    /// their number by bits, are quick: people of any role, without conditions on what lies beside the postings.
    var isBroad: Bool {
        roles.allowed() == nil && words.isEmpty && near == nil && municipalities.isEmpty && languages.isEmpty
            && certificates.isEmpty && (!hasDates || coverage == .full)
            && (order == .renewed || order == .availability)
    }

    /// The part of a broad search with everybody who is free on all days, whom every coverage has first; nil when
    /// the search is no such one.
    var broadBeginning: CrewPlan? {
        guard hasDates, coverage != .full, order == .availability else { return nil }
        var plan = self
        plan.coverage = .full
        return plan.isBroad ? plan : nil
    }

    /// A fingerprint of everything that decides which people are found and in which order, the same in every
    /// process: what a cursor belongs to.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for values in key {
            // No code has these bytes, so ["ab"] and ["a", "b"] differ.
            for value in values {
                value.utf8.forEach(mix)
                mix(0)
            }
            mix(1)
        }
        return hash
    }

    private var key: [[String]] {
        [
            [audience.isApproved ? "approved" : "anyone", order.rawValue, reach.rawValue],
            roles.allowed()?.map(String.init) ?? ["any"],
            [grades.map(String.init) ?? "any"],
            regions.sorted().map(String.init), municipalities.sorted().map(String.init),
            languages.sorted(), certificates.sorted(),
            near.map { [String($0.latitude), String($0.longitude), $0.radius.map { String($0) } ?? ""] }
                ?? [],
            words.flatMap { [$0.names, $0.about] },
            hasDates ? [dates.description, coverage.rawValue] : [],
        ]
    }
}

/// Whose eyes a search has: the calendars that it may read.
enum CrewAudience: Hashable, Sendable {
    /// Anybody, without a key.
    case anyone
    /// A searcher who has been approved, by account.
    case approved(account: String)

    /// Whether calendars shared with approved searchers are seen.
    var isApproved: Bool { self != .anyone }

    /// The settings under which the statements run.
    var settings: [(String, String)] {
        if case .approved(let account) = self { [("klappa.account", account)] } else { [] }
    }

    /// The projections with the days that this audience may see.
    var posts: SQL { isApproved ? "klappa.crew_post_approved" : "klappa.crew_post" }
    /// See ``posts``.
    var days: SQL { isApproved ? "klappa.crew_day_approved" : "klappa.crew_day" }
    /// See ``posts``.
    var dayBits: SQL { isApproved ? "klappa.crew_day_bits_approved" : "klappa.crew_day_bits" }
}

extension CrewSearch.Grade {
    /// Its bit in the postings.
    var bit: Int16 {
        switch self {
        case .trainee: 1
        case .assistant: 2
        case .professional: 4
        case .headOfDepartment: 8
        }
    }

    /// The bits of several; nil for none, which stands for any.
    static func bits(_ grades: [CrewSearch.Grade]) -> Int16? {
        grades.isEmpty ? nil : grades.reduce(0) { $0 | $1.bit }
    }
}
