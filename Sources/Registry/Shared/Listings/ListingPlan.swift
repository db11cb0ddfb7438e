internal import Postgres

/// A search of companies or locations with every code read: what its SQL is made from.
///
/// Both kinds of listing have the same projections under different names, so they share how a page is found, how
/// facets are counted and where a cursor points; what can be asked differs and is a list of ``Filter``s.
struct ListingPlan: Sendable {
    /// Whose listings.
    enum Kind: String, Sendable {
        case location, company

        /// What can be filtered by.
        var table: SQL { SQL(unsafe: "klappa.\(rawValue)_public") }
        /// The items as they are sent.
        var docs: SQL { SQL(unsafe: "klappa.\(rawValue)_doc") }
    }

    /// A condition over a listing `p`, and what it says, for the fingerprint.
    struct Filter: Sendable {
        /// The facet that leaves this condition out; nil when all keep it.
        var facet: String?
        var condition: SQL
        /// The same as values of turned bits; nil where bits do not know of it.
        var values: Values?
        var key: [String]
    }

    /// Values of which a listing has one, or all.
    struct Values: Sendable {
        var kind: String
        var codes: [String]
        var areAllNeeded = false
    }

    /// What is counted: the values of a listing `p` as an array of texts; its name is their kind in turned bits.
    struct Facet: Sendable {
        var name: String
        var values: SQL
    }

    var kind: Kind
    var audience: CrewAudience
    var filters: [Filter]
    var near: CrewSearch.Near?
    var dates: DayMultirange = .empty
    var coverage: CrewSearch.Coverage = .full
    var order: CrewSearch.Sort

    /// How many days are needed; 0 when days do not matter.
    var needed: Int { dates.count ?? 0 }

    /// Whether items carry an availability.
    var hasDates: Bool { !dates.isEmpty }

    /// The days that this audience may see.
    var days: SQL { audience.isApproved ? "klappa.location_day_approved" : "klappa.location_day" }

    /// Whether turned bits in memory know the days: those that anyone may see.
    var daysAreKept: Bool { !audience.isApproved }

    /// Whether turned bits know everything that decides what matches.
    var fitsBits: Bool {
        filters.allSatisfy { $0.values != nil } && near?.radius == nil
            && (!hasDates || coverage == .any || daysAreKept)
    }

    /// Whether all that matches is in the order of an index: only its beginning need be read.
    var isRanked: Bool {
        guard near == nil, !hasDates || coverage == .full else { return false }
        return order == .renewed || order == .availability
    }

    /// What comes first under every coverage: all that is free on all days; nil when the order is another one.
    var beginning: ListingPlan? {
        guard hasDates, coverage != .full, order == .availability else { return nil }
        var plan = self
        plan.coverage = .full
        return plan.fitsBits && plan.isRanked ? plan : nil
    }

    /// The order that applies when one is asked for: what needs days or a place that nobody named gives the usual one.
    static func order(_ sort: CrewSearch.Sort?, hasDates: Bool, hasPlace: Bool) -> CrewSearch.Sort {
        let usual: CrewSearch.Sort = hasDates ? .availability : .renewed
        switch sort {
        case .availability where !hasDates: return usual
        case .distance where !hasPlace: return usual
        case let sort?: return sort
        case nil: return usual
        }
    }

    /// A fingerprint of everything that decides what is found and in which order, the same in every process.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var key = filters.map(\.key)
        key.append([kind.rawValue, audience.isApproved ? "approved" : "anyone", order.rawValue])
        if let near {
            key.append([String(near.latitude), String(near.longitude), near.radius.map { String($0) } ?? ""])
        }
        if hasDates { key.append([dates.description, coverage.rawValue]) }
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
}

/// The answer to a search of companies or locations.
struct ListingResults: Sendable {
    /// In the order asked for.
    var items: [CrewItem]
    /// Whether distances were asked for.
    var isMeasured = false
    /// How many there are under these filters and this coverage.
    var total: Int
    /// Where the next answer begins; nil behind the last item.
    var next: String?
    /// By facet, values in the order of the vocabulary; those that would give nothing are among them with 0.
    var facets: [(name: String, counts: [CrewResults.Count])] = []
    /// What typed text was taken for; nil when nothing was typed.
    var understood: ListingText.Understood?
    /// Needed days of which no calendars are kept.
    var beyondCalendar: DayMultirange = .empty

    /// The counts of one facet by value; empty when it was not asked for.
    func counts(_ facet: String) -> [String: Int] {
        let counts = facets.first { $0.name == facet }?.counts ?? []
        return Dictionary(counts.map { ($0.value, $0.count) }) { first, _ in first }
    }
}
