internal import Foundation
internal import Postgres
internal import Web

/// The counts of facets: what the total would be if a value were the facet's only one (or, where all are required,
/// were added), all other filters kept; and the total under each coverage.
///
/// Counts come from turned bits in the memory of the process (``KeptBits``). One statement tells, in one snapshot, the
/// stamps of those bits, who is free, who meets what bits do not know (words, a radius), and who was changed since the
/// bits were written (`crew_dirty`): these are left out of the bits and counted from their rows. So the counts are
/// exact at every moment.
struct CrewFacetQueries {
    let plan: CrewPlan
    let window: CrewWindow
    let facets: [CrewFacet]

    /// What is counted.
    struct Counts: Sendable {
        /// By facet and value; values that nobody has may be missing.
        var facets: [CrewFacet: [String: Int]] = [:]
        /// Everybody who matches, by coverage; without days only ``CrewSearch/Coverage/any`` means something.
        var totals: [CrewSearch.Coverage: Int] = [:]
    }

    /// The people whose bits are one row.
    static let chunk = 15_360

    /// Bits that change while they are read are asked for again so often.
    private static let attempts = 8

    /// The counts, or nil when the window has moved since it was read.
    func count(_ database: PostgresClient, _ bits: KeptBits, _ vocabularies: Vocabularies) async throws
        -> Counts?
    {
        let counting = CrewBitCounts(plan: plan, facets: facets, vocabularies)
        let statement = statement
        for _ in 0..<Self.attempts {
            let rows = try await database.query(statement, lane: .search, settings: plan.audience.settings)
            guard let answer = try read(rows) else { return nil }
            let stamps = answer.chunks.mapValues(\.stamp)
            guard let chunks = try await bits.chunks(stamps) else { continue }
            return add(chunks, answer, counting)
        }
        throw Problem.unavailable()
    }

    private func add(_ chunks: [Int32: BitChunk], _ answer: Answer, _ counting: CrewBitCounts) -> Counts {
        var counts = answer.counts
        for (number, chunk) in chunks {
            guard let told = answer.chunks[number] else { continue }
            let live = chunk.union(chunk.rows("live"))
            var among = told.matching ?? live
            among.subtract(told.dirty)
            counting.add(
                chunk,
                .init(full: told.full, partial: told.partial, any: live),
                among: among,
                to: &counts
            )
        }
        return counts
    }

    /// What the statement told of a chunk.
    private struct Told {
        var stamp: UUID
        var full: BitMask
        var partial: BitMask
        var dirty: BitMask
        var matching: BitMask?
    }

    private struct Answer {
        /// Of people whose bits are outdated.
        var counts = Counts()
        var chunks: [Int32: Told] = [:]
    }

    private func read(_ rows: Rows) throws(PostgresError) -> Answer? {
        var answer = Answer()
        for row in rows {
            let (kind, value) = (try row.decode(String.self, at: 0), try row.decode(String.self, at: 1))
            switch kind {
            case "window": guard value == window.firstDay.description else { return nil }
            case "chunk": answer.chunks[try row.decode(Int32.self, "chunk")] = try told(row)
            case "total":
                guard let coverage = CrewSearch.Coverage(rawValue: value) else { continue }
                answer.counts.totals[coverage, default: 0] += try row.decode(Int.self, at: 2)
            default:
                guard let facet = CrewFacet(rawValue: kind) else { continue }
                answer.counts.facets[facet, default: [:]][value, default: 0] += try row.decode(
                    Int.self,
                    at: 2
                )
            }
        }
        return answer
    }

    private func told(_ row: Row) throws(PostgresError) -> Told {
        Told(
            stamp: try row.decode(UUID.self, "stamp"),
            full: try row.mask("fully", size: Self.chunk),
            partial: try row.mask("partly", size: Self.chunk),
            dirty: try row.mask("dirty", size: Self.chunk),
            matching: textConditions.isEmpty ? nil : try row.places("places", size: Self.chunk)
        )
    }

    private var textConditions: [SQL] { CrewMatch(plan: plan, window: window).textConditions }

    var statement: SQL {
        let rows = CrewRowFacets(plan: plan, window: window, facets: facets)
        var tables = rows.tables
        tables.append(
            """
            dirty AS (
                SELECT no / 15360 AS chunk, bit_or(set_bit(B'0'::bit(15360), no % 15360, 1)) AS bits
                FROM klappa.crew_dirty GROUP BY 1)
            """
        )
        var (fully, partly, places): (SQL, SQL, SQL) = (
            "NULL::bit(15360)", "NULL::bit(15360)", "NULL::integer[]"
        )
        var joins: [SQL] = []
        if plan.hasDates {
            let days = window.places(of: plan.dates).map { Int16($0) }
            // A missing row has nobody, so for a full match every needed day must have one.
            tables.append(
                """
                days AS (
                    SELECT chunk, CASE WHEN count(*) = \(Int64(plan.needed)) THEN bit_and(bits) END AS fully,
                        bit_or(bits) AS partly
                    FROM \(plan.audience.dayBits) WHERE day = ANY (\(days)) GROUP BY chunk)
                """
            )
            joins.append("LEFT JOIN days y ON y.chunk = b.chunk")
            (fully, partly) = ("y.fully", "y.partly")
        }
        if !textConditions.isEmpty {
            tables.append(
                """
                matching AS (
                    SELECT c.no / 15360 AS chunk, array_agg(c.no % 15360) AS places FROM klappa.crew_public c
                    WHERE \(.joined(textConditions, separator: " AND ")) GROUP BY 1)
                """
            )
            joins.append("LEFT JOIN matching m ON m.chunk = b.chunk")
            places = "m.places"
        }
        let selects: [SQL] =
            [
                """
                SELECT 'chunk' AS kind, '' AS value, 0::bigint AS count, b.chunk, b.stamp, \(fully) AS fully,
                    \(partly) AS partly, x.bits AS dirty, \(places) AS places
                FROM klappa.crew_bits_stamp b LEFT JOIN dirty x ON x.chunk = b.chunk \(.joined(joins, separator: " "))
                """
            ]
            + (rows.selects + ["SELECT 'window', w.first_day::text, 0::bigint FROM klappa.crew_window w"]).map
        {
            "SELECT n.*, NULL::integer, NULL::uuid, NULL::bit(15360), NULL::bit(15360), NULL::bit(15360), NULL::integer[] FROM (\($0)) AS n"
        }
        return "WITH \(.joined(tables, separator: ",\n")) \(.joined(selects, separator: "\nUNION ALL\n"))"
    }
}
