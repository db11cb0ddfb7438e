internal import Foundation
internal import Postgres
internal import Web

/// The one way to locations: searches, records and calendars, always for a reader.
///
/// ```swift
/// let directory = LocationDirectory(databases, vocabularies)
/// var search = LocationSearch()
/// search.types = ["barn"]
/// search.near = .init(latitude: 56.88, longitude: 14.81, radius: 60)
/// let results = try await directory.search(search, for: context.reader)
/// ```
/// Everything is answered from projections that hold nothing but what the reader may see. Distances and boxes judge
/// the public point, so that nobody finds an exact place by asking often.
public struct LocationDirectory: Sendable {
    private let databases: Databases
    private let catalogue: VocabularyCatalogue
    private let searcher: ListingSearcher

    /// - Parameters:
    ///   - databases: `open` is read for anyone, `member` for approved searchers.
    ///   - vocabularies: what codes and titles are checked against.
    public init(_ databases: Databases, _ vocabularies: VocabularyCatalogue) {
        self.databases = databases
        catalogue = vocabularies
        searcher = ListingSearcher(databases)
    }

    /// Locations that match, with the total and the counts asked for.
    ///
    /// - Throws: `Problem` 400 naming each unknown code, 409 for the cursor of another search; `PostgresError`.
    func search(_ search: LocationSearch, for reader: Reader) async throws -> ListingResults {
        let vocabularies = try await catalogue.current()
        let audience = CrewAudience(reader)
        let text = try await Self.text(vocabularies).read(search.text, searcher.database(for: audience))
        let plan = try LocationFilters.plan(search, for: audience, text: text?.filters ?? [], vocabularies)
        let facets = LocationFacet.allCases.filter(search.facets.contains)
            .map { LocationFilters.facet($0, vocabularies) }
        var results = try await searcher.find(plan, facets: facets, limit: search.limit, place: search.place)
        results.understood = text?.understood
        return results
    }

    /// How typed text is understood: titles of kinds and of groups.
    static func text(_ vocabularies: Vocabularies) -> ListingText {
        ListingText(
            kind: .location,
            titles: vocabularies.locationTitles,
            titlesOf: { code in vocabularies.locationType(code).map { [$0.name.sv, $0.name.en] } ?? [] },
            having: { codes in "p.types && \(codes)" }
        )
    }

    /// A location in full, by number or id; nil when there is none of that name whom anyone may see.
    public func record(_ numberOrID: String) async throws -> LocationRecord? {
        guard let (body, version) = try await recordBody(numberOrID) else { return nil }
        return LocationRecord(
            body: body,
            version: version,
            listing: try CrewJSON.decode(LocationListing.self, from: body),
            details: try CrewJSON.decode(LocationRecord.Details.self, from: body)
        )
    }

    /// The record's JSON text and version alone, untouched.
    func recordBody(_ numberOrID: String) async throws -> (body: [UInt8], version: Int64)? {
        let rows: Rows
        if let number = Int32(numberOrID) {
            rows = try await databases.open.query(
                "SELECT version, body FROM klappa.location_record WHERE no = \(number)"
            )
        } else if let id = UUID(uuidString: numberOrID) {
            rows = try await databases.open.query(
                "SELECT version, body FROM klappa.location_record WHERE id = \(id)"
            )
        } else {
            return nil
        }
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// A location's days, by id; nil when there is none of that id whom anyone may see.
    public func calendar(of id: String, for reader: Reader) async throws -> CrewCalendar? {
        guard let id = UUID(uuidString: id) else { return nil }
        let audience = CrewAudience(reader)
        let days: SQL = audience.isApproved ? "klappa.location_day_approved" : "klappa.location_day"
        let rows = try await searcher.database(for: audience).query(
            """
            SELECT w.first_day, y.free, y.held, y.busy
            FROM klappa.location_public p
            CROSS JOIN klappa.crew_window w
            LEFT JOIN \(days) y ON y.id = p.id
            WHERE p.id = \(id)
            """,
            settings: audience.settings
        )
        guard let row = rows.first else { return nil }
        let window = CrewWindow(firstDay: try row.decode(Day.self, "first_day"))
        guard let free = try row.decode(BitString?.self, "free"),
            let held = try row.decode(BitString?.self, "held"),
            let busy = try row.decode(BitString?.self, "busy")
        else { return CrewCalendar(span: window.span, days: nil) }
        return CrewCalendar(
            span: window.span,
            days: (0..<CrewWindow.length).map { day in
                busy[day] ? .busy : held[day] ? .held : free[day] ? .free : .unknown
            }
        )
    }

    /// The municipalities nearest to a point, nearest first, with their distance in whole metres (0 inside): what is
    /// proposed, and a person confirms. Empty far from the six regions.
    func municipalities(near point: (latitude: Double, longitude: Double)) async throws -> [(
        code: String, metres: Int
    )] {
        let rows = try await databases.open.query(
            """
            SELECT code, round(metres)::int AS metres
            FROM klappa.municipalities_near(ST_MakePoint(\(point.longitude), \(point.latitude))::geography)
            """
        )
        return try rows.map { row in
            (try row.decode(String.self, "code"), Int(try row.decode(Int32.self, "metres")))
        }
    }

    /// Points of what matches, for a map: at most ``mapPoints``, in the order of the search, as GeoJSON text.
    func points(_ search: LocationSearch, for reader: Reader) async throws -> [UInt8] {
        let vocabularies = try await catalogue.current()
        let audience = CrewAudience(reader)
        let database = searcher.database(for: audience)
        let text = try await Self.text(vocabularies).read(search.text, database)
        let plan = try LocationFilters.plan(search, for: audience, text: text?.filters ?? [], vocabularies)
        return try await searcher.points(plan, limit: Self.mapPoints)
    }

    /// Points that one map is given.
    static let mapPoints = 2_000
}
