internal import Postgres
internal import Web

/// Finds pages of companies and locations with their counts, and remembers where the window of days begins.
actor ListingSearcher {
    private let databases: Databases
    private var window: CrewWindow?

    init(_ databases: Databases) { self.databases = databases }

    /// - Parameters:
    ///   - facets: what is counted, with every value in the order of the vocabulary.
    ///   - place: where the answer begins.
    /// - Throws: `Problem` 409 for the cursor of another search, 400 for what is none; `PostgresError`.
    nonisolated func find(
        _ plan: ListingPlan,
        facets: [(facet: ListingPlan.Facet, values: [String])],
        limit: Int,
        place: CrewSearch.Place
    ) async throws -> ListingResults {
        let (offset, cursor) = try Self.start(of: place, plan, limit)
        let database = database(for: plan.audience)
        // The window moves once a year; who then has read an old one asks again.
        for window in try await [knownWindow(), nil] {
            let window = if let window { window } else { try await readWindow() }
            let asked = ListingPage(
                plan: plan,
                window: window,
                limit: limit + 1,
                offset: offset,
                cursor: cursor,
                facets: facets.map(\.facet)
            )
            guard let (found, counts) = try await asked.find(database, databases.bits.locations) else {
                continue
            }
            var results = Self.results(found, plan, window, limit: limit)
            results.facets = facets.map { facet, values in
                (facet.name, values.map { CrewResults.Count(value: $0, count: counts[facet.name]?[$0] ?? 0) })
            }
            return results
        }
        throw Problem.unavailable()
    }

    /// The client that may read what the audience sees.
    nonisolated func database(for audience: CrewAudience) -> PostgresClient {
        audience.isApproved ? databases.member : databases.open
    }

    func knownWindow() async throws -> CrewWindow {
        if let window { return window }
        return try await readWindow()
    }

    func readWindow() async throws -> CrewWindow {
        let read = CrewWindow(firstDay: try await CrewRecordQueries.firstDay(databases.open))
        window = read
        return read
    }

    private static func start(
        of place: CrewSearch.Place,
        _ plan: ListingPlan,
        _ limit: Int
    ) throws -> (offset: Int, cursor: CrewCursor?) {
        switch place {
        case .page(let page): return (max(0, page - 1) * limit, nil)
        case .cursor(let text):
            do throws(CrewCursor.Fault) {
                return (0, try CrewCursor(text, of: plan.fingerprint))
            } catch {
                let message = Localized(
                    sv: "Markören hör inte till den här sökningen; börja om utan den.",
                    en: "The cursor does not belong to this search; start again without it."
                )
                let errors = [FieldError.field("cursor", "foreign-cursor", message)]
                throw error == .foreign ? Problem(.foreignCursor, errors: errors) : Problem.invalid(errors)
            }
        }
    }

    private static func results(
        _ found: ListingQueries.Found,
        _ plan: ListingPlan,
        _ window: CrewWindow,
        limit: Int
    ) -> ListingResults {
        let shown = found.rows.prefix(limit)
        var next: String?
        if found.rows.count > limit, let last = shown.last {
            next =
                CrewCursor(
                    search: plan.fingerprint,
                    score: last.score,
                    distance: last.distance,
                    renewed: last.renewed,
                    name: last.name,
                    id: last.id
                ).text
        }
        return ListingResults(
            items: shown.map { row in
                CrewItem(
                    body: row.body,
                    availability: plan.hasDates ? availability(of: row, plan, window) : nil,
                    distance: row.distance.map { Double(($0 + 50) / 100) / 10 }
                )
            },
            isMeasured: plan.near != nil,
            total: found.total,
            next: next,
            beyondCalendar: window.outside(plan.dates)
        )
    }

    private static func availability(
        of row: ListingQueries.FoundRow,
        _ plan: ListingPlan,
        _ window: CrewWindow
    ) -> CrewAvailability {
        guard plan.coverage != .full, row.score != plan.needed else { return .allFree(plan.needed) }
        guard let days = row.days else { return .hidden(plan.needed) }
        return CrewAvailability(
            needed: plan.dates,
            free: window.days(of: days.free),
            held: window.days(of: days.held),
            busy: window.days(of: days.busy)
        )
    }
}

extension ListingSearcher {
    /// Points of locations that match as GeoJSON text.
    nonisolated func points(_ plan: ListingPlan, limit: Int) async throws -> [UInt8] {
        for window in try await [knownWindow(), nil] {
            let window = if let window { window } else { try await readWindow() }
            let rows = try await database(for: plan.audience).query(
                ListingQueries(plan: plan, window: window).points(limit: limit),
                lane: .search,
                settings: plan.audience.settings
            )
            guard let row = rows.first, try row.decode(Day.self, "first_day") == window.firstDay else {
                continue
            }
            return try row.bytes("body")
        }
        throw Problem.unavailable()
    }
}

extension ListingQueries {
    /// `first_day` and `body`, a GeoJSON feature collection; coordinates are longitude, latitude (RFC 7946).
    func points(limit: Int) -> SQL {
        """
        WITH m AS MATERIALIZED (\(matches)),
            page AS (SELECT \(columns("m")) FROM m ORDER BY \(order("m")) LIMIT \(Int64(limit)))
        SELECT w.first_day, json_build_object('type', 'FeatureCollection', 'total', (SELECT count(*) FROM m),
            'features', coalesce((
                SELECT json_agg(json_build_object('type', 'Feature', 'geometry',
                    json_build_object('type', 'Point', 'coordinates', json_build_array(
                        round(ST_X(o.spot)::numeric, 5), round(ST_Y(o.spot)::numeric, 5))),
                    'properties', json_build_object('number', o.no, 'name', o.name)) ORDER BY \(order("p")))
                FROM page p JOIN klappa.location_public o ON o.id = p.id), '[]'))::text AS body
        FROM klappa.crew_window w
        """
    }
}
