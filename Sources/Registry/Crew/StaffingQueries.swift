internal import Foundation
internal import Postgres

/// The SQL of staffing: the best candidates of every post, in every region and in all of them together.
struct StaffingQueries {
    let plan: StaffingPlan
    let window: CrewWindow

    /// Candidates, or nil when the window has moved since it was read.
    ///
    /// Of each post and region only the first ``StaffingPlan/enough`` are read; see
    /// `Matching.candidatesNeeded(for:)` for why no more are needed.
    func candidates(_ database: PostgresClient) async throws(PostgresError) -> [StaffingPlan.Candidate]? {
        let rows = try await database.query(statement, lane: .search, settings: plan.audience.settings)
        guard let first = rows.first, try first.decode(Day.self, "first_day") == window.firstDay else {
            return nil
        }
        var candidates: [StaffingPlan.Candidate] = []
        for row in rows where !row.isNull("id") {
            candidates.append(
                StaffingPlan.Candidate(
                    post: try row.decode(Int.self, "post") - 1,
                    region: try row.decode(Int16.self, "region"),
                    rank: try row.decode(Int.self, "rank"),
                    person: StaffingResult.Person(
                        id: try row.decode(UUID.self, "id").uuidString.lowercased(),
                        slug: try row.decode(String.self, "slug"),
                        name: try row.decode(String.self, "name"),
                        homeRegion: try row.decode(String.self, "home_region")
                    )
                )
            )
        }
        return candidates
    }

    /// A post's wishes travel as arrays side by side; lists within them as text with commas, which no code has.
    var statement: SQL {
        let posts = plan.request.posts
        let regions = plan.regions.map(\.no)
        let mask = CrewMatch.mask(of: regions)
        let grades = posts.map { CrewSearch.Grade.bits($0.grades) ?? 15 }
        let languages = posts.map { $0.languages.joined(separator: ",") }
        let certificates = posts.map { $0.certificates.joined(separator: ",") }
        let hasAttributes = posts.contains { !$0.languages.isEmpty || !$0.certificates.isEmpty }
        let attributes: SQL =
            hasAttributes
            ? """
            JOIN klappa.crew_public c ON c.id = p.id
                AND c.languages @> string_to_array(v.languages, ',')
                AND c.certificates @> string_to_array(v.certificates, ',')
            """ : ""
        return """
            WITH v AS (
                SELECT v.post, v.role, v.grades, v.languages, v.certificates
                FROM unnest(\(plan.roles), \(grades), \(languages), \(certificates))
                    WITH ORDINALITY AS v (role, grades, languages, certificates, post)
            ), m AS MATERIALIZED (
                SELECT v.post, p.region, p.regions & \(mask) & ((1 << p.region) - 1) = 0 AS first, p.id,
                    p.renewed_on, p.name
                FROM v
                JOIN \(plan.audience.posts) p ON p.role = v.role AND p.region = ANY (\(regions)) \(attributes)
                WHERE p.grades & v.grades <> 0
                    AND bit_count(p.free & \(window.bits(of: plan.request.dates)))
                        = \(Int64(plan.request.dates.count ?? 0))
            ), n AS (
                SELECT post, region, id, renewed_on, name,
                    row_number() OVER (PARTITION BY post, region ORDER BY renewed_on DESC, name, id) AS place
                FROM m
                UNION ALL
                SELECT post, 0, id, renewed_on, name,
                    row_number() OVER (PARTITION BY post ORDER BY renewed_on DESC, name, id)
                FROM m WHERE first
            ), o AS MATERIALIZED (
                SELECT post, region, id, name, dense_rank() OVER (ORDER BY renewed_on DESC, name, id) AS rank
                FROM n WHERE place <= \(Int64(plan.enough))
            )
            SELECT w.first_day, o.post, o.region::smallint AS region, o.rank, o.id, o.name, r.slug,
                h.code AS home_region
            FROM klappa.crew_window w
            LEFT JOIN (
                o JOIN klappa.crew_record r ON r.id = o.id
                JOIN klappa.crew_public c ON c.id = o.id
                JOIN klappa.region h ON h.no = c.home_region
            ) ON true
            """
    }
}
