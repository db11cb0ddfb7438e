/// What anybody may read of crew, as the pages ask for it.
///
/// The pages know no reader but the public one: who signs in with a key uses the API.
public struct PublicCrew: Sendable {
    /// Answers a search.
    let find: @Sendable (CrewSearch) async throws -> CrewResults
    /// A person by slug or id; nil when nobody listed has it.
    let record: @Sendable (String) async throws -> CrewRecord?
    /// The calendar of a person by id; nil when nobody listed has it.
    let calendar: @Sendable (String) async throws -> CrewCalendar?
    /// Fills a whole crew.
    let staff: @Sendable (StaffingRequest) async throws -> StaffingResult

    /// How many people are listed, counted now.
    public func counts() async throws -> CrewCounts {
        var search = CrewSearch()
        search.facets = [.region]
        search.limit = 1
        let results = try await find(search)
        let regions = (results.facets[.region] ?? []).map { ($0.value, $0.count) }
        return CrewCounts(
            total: results.total,
            regions: Dictionary(regions) { first, _ in first },
            areInvented: try results.items.first?.listing().invented ?? false
        )
    }
}

/// How many people are listed.
public struct CrewCounts: Hashable, Sendable {
    let total: Int
    /// By code of a region in which they count as local.
    let regions: [String: Int]
    /// Whether the one who renewed last is demonstration data: then the rest is too.
    let areInvented: Bool
}

extension PublicCrew {
    /// What the directory tells anyone.
    public init(_ directory: CrewDirectory) {
        self.init(
            find: { try await directory.search($0, for: .anyone) },
            record: { try await directory.record($0, for: .anyone) },
            calendar: { try await directory.calendar(of: $0, for: .anyone) },
            staff: { try await directory.staff($0, for: .anyone) }
        )
    }
}
