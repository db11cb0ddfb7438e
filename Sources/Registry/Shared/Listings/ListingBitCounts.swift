internal import Foundation
internal import Postgres
internal import Web

/// Counting listings from turned bits in the memory of the process (``KeptBits``).
///
/// One statement tells, in one snapshot, the stamps of those bits and which listings meet what bits do not know: words,
/// boxes, distances, ranges, calendars shared with approved searchers. All else is AND and popcount.
struct ListingBitCounts {
    let plan: ListingPlan
    let window: CrewWindow
    let facets: [String]

    /// What is counted.
    struct Counts: Sendable {
        /// By facet and value; values that nothing has are missing.
        var facets: [String: [String: Int]] = [:]
        /// Everything that matches.
        var total = 0
        /// Of these, with days: what is free on all of them.
        var full = 0
        /// Everything that is published.
        var live = 0
    }

    /// Bits that change while they are read are asked for again so often.
    private static let attempts = 8

    /// The counts, or nil when the window has moved since it was read.
    func count(_ database: PostgresClient, _ bits: KeptBits) async throws -> Counts? {
        let statement = statement
        for _ in 0..<Self.attempts {
            let rows = try await database.query(statement, lane: .search, settings: plan.audience.settings)
            guard try rows.first?.decode(Day.self, "first_day") == window.firstDay else { return nil }
            var stamps: [Int32: UUID] = [:]
            var matching: [Int32: BitMask] = [:]
            for row in rows where !row.isNull("chunk") {
                let chunk = try row.decode(Int32.self, "chunk")
                stamps[chunk] = try row.decode(UUID.self, "stamp")
                if hasConditions { matching[chunk] = try row.places("places", size: LocationBitLoader.chunk) }
            }
            guard let chunks = try await bits.chunks(stamps) else { continue }
            var counts = Counts()
            for (number, chunk) in chunks { add(chunk, among: matching[number], to: &counts) }
            return counts
        }
        throw Problem.unavailable()
    }

    private var isInWindow: Bool { window.outside(plan.dates).isEmpty }

    private var hasConditions: Bool { !plan.fitsBits }

    private var statement: SQL {
        guard hasConditions else {
            return """
                SELECT w.first_day, s.chunk, s.stamp FROM klappa.crew_window w LEFT JOIN klappa.location_stamp s ON true
                """
        }
        return """
            WITH m AS (
                SELECT p.no / 2048 AS chunk, array_agg(p.no % 2048) AS places
                \(ListingQueries(plan: plan, window: window).outsideBits) GROUP BY 1)
            SELECT w.first_day, s.chunk, s.stamp, m.places
            FROM klappa.crew_window w
            LEFT JOIN klappa.location_stamp s ON true
            LEFT JOIN m ON m.chunk = s.chunk
            """
    }

    private func add(_ chunk: BitChunk, among: BitMask?, to counts: inout Counts) {
        let live = chunk.union(chunk.rows("live"))
        counts.live += live.count
        var base = among ?? live
        var full: BitMask?
        if plan.hasDates, plan.daysAreKept, let days = chunk.days {
            let free = days.free(on: window.bits(of: plan.dates))
            // A day of which no calendars are kept is free for nothing.
            full = isInWindow ? free.all : BitMask(none: chunk.size)
            if plan.coverage == .full { full.map { base.formIntersection($0) } }
            if plan.coverage == .partial { base.formIntersection(free.some) }
        }
        var own: [(facet: String, mask: BitMask)] = []
        for filter in plan.filters {
            guard let values = filter.values else { continue }
            if let facet = filter.facet {
                own.append((facet, Self.mask(values, chunk)))
            } else {
                base.formIntersection(Self.mask(values, chunk))
            }
        }
        var all = base
        for (_, mask) in own { all.formIntersection(mask) }
        counts.total += all.count
        counts.full += full.map { all.intersection($0).count } ?? 0
        for facet in facets {
            var mask = base
            for (other, narrowing) in own where other != facet { mask.formIntersection(narrowing) }
            guard !mask.isEmpty else { continue }
            for row in chunk.rows(facet) {
                let count = chunk.count(row, in: mask)
                if count > 0 { counts.facets[facet, default: [:]][row.value, default: 0] += count }
            }
        }
    }

    private static func mask(_ values: ListingPlan.Values, _ chunk: BitChunk) -> BitMask {
        guard values.areAllNeeded else {
            return chunk.union(values.codes.flatMap { chunk.rows(values.kind, $0) })
        }
        var masks = values.codes.map { chunk.union(chunk.rows(values.kind, $0)) }
        guard var mask = masks.popLast() else { return chunk.union(chunk.rows("live")) }
        for other in masks { mask.formIntersection(other) }
        return mask
    }
}
