internal import HTTPTypes
public import Postgres
public import Web

/// Places of interest: real places that could be looked at, which nobody offers. Facts with a source, apart from
/// locations.
///
/// They are 554 rows of reference data, so a list is whole.
public struct PlaceQueries: Sendable {
    private let database: PostgresClient

    /// - Parameter database: of any role.
    public init(_ database: PostgresClient) { self.database = database }

    /// What narrows the list; an empty list or nil asks for nothing.
    struct Narrowing: Hashable, Sendable {
        /// Words, all of which begin a word of the name.
        var words: [String] = []
        /// Kinds, or groups of kinds, any of them.
        var types: [String] = []
        /// Numbers of regions, any of them.
        var regions: [String] = []
        var municipalities: [String] = []
        var box: LocationSearch.Box?
        var near: CrewSearch.Near?
        var limit = 1000
    }

    /// A place of interest.
    struct Place: Codable, Hashable, Sendable {
        let code: String
        let name: String
        let type: String
        let region: String
        let municipality: String
        let lat: Double
        let lon: Double
        let precision: Int
        let source: String
        let sourceRef: String
    }

    /// The list as JSON text, by name, and how many there are.
    func list(_ narrowing: Narrowing) async throws(PostgresError) -> [UInt8] {
        let rows = try await database.query(
            """
            WITH m AS MATERIALIZED (\(matches(narrowing)))
            SELECT json_build_object('items', coalesce((
                    SELECT json_agg(t.item ORDER BY t.place) FROM (
                        SELECT json_build_object('code', m.code, 'name', m.name, 'type', m.type, 'region', m.region,
                            'municipality', m.municipality, 'lat', round(ST_Y(m.point)::numeric, 5),
                            'lon', round(ST_X(m.point)::numeric, 5), 'precision', m.precision_m, 'source', m.source,
                            'sourceRef', m.source_ref) AS item, row_number() OVER (ORDER BY \(order(narrowing))) AS place
                        FROM m ORDER BY \(order(narrowing)) LIMIT \(Int64(narrowing.limit))) AS t), '[]'),
                'total', (SELECT count(*) FROM m), 'next', NULL)::text AS body
            """,
            lane: .search
        )
        guard let row = rows.first else { throw .decoding("the list came without a row") }
        return try row.bytes("body")
    }

    private func order(_ narrowing: Narrowing) -> SQL {
        guard let near = narrowing.near else { return "m.name, m.code" }
        return "ST_Distance(m.point::geography, \(ListingQueries.point(near))), m.code"
    }

    private func matches(_ narrowing: Narrowing) -> SQL {
        var conditions: [SQL] = ["NOT p.retired"]
        for word in narrowing.words {
            conditions.append(
                "EXISTS (SELECT FROM unnest(klappa.words(p.name)) AS w WHERE starts_with(w, klappa.fold(\(word))))"
            )
        }
        if !narrowing.types.isEmpty {
            conditions.append("(p.type = ANY (\(narrowing.types)) OR t.parent = ANY (\(narrowing.types)))")
        }
        if !narrowing.regions.isEmpty { conditions.append("r.code = ANY (\(narrowing.regions))") }
        if !narrowing.municipalities.isEmpty {
            conditions.append("p.municipality = ANY (\(narrowing.municipalities))")
        }
        if let box = narrowing.box {
            conditions.append(
                """
                p.point::geometry && ST_MakeEnvelope(\(box.west), \(box.south), \(box.east), \(box.north), 4326)
                """
            )
        }
        if let near = narrowing.near, let radius = near.radius {
            conditions.append("ST_DWithin(p.point, \(ListingQueries.point(near)), \(radius * 1000))")
        }
        return """
            SELECT p.code, p.name, p.type, r.code AS region, p.municipality, p.point::geometry AS point, p.precision_m,
                p.source, p.source_ref
            FROM klappa.place p
            JOIN klappa.location_type t ON t.code = p.type
            JOIN klappa.municipality m ON m.code = p.municipality
            JOIN klappa.region r ON r.no = m.region
            WHERE \(.joined(conditions, separator: " AND "))
            """
    }
}

/// Places of interest as an operation of the API.
public enum PlaceRoutes {
    /// - Parameter queries: read the list.
    public static func operations(_ queries: PlaceQueries, _ catalogue: VocabularyCatalogue) -> [Operation] {
        [
            Operation(
                id: "listPlaces",
                .get,
                "/api/v1/places",
                tag: "Locations",
                summary: "Places of interest",
                description: """
                    Real places that could be looked at, with a point and its source. Nobody offers them here: being \
                    listed says nothing of ownership, access or permission to film. Locations that are offered are apart.
                    """,
                security: .optional,
                parameters: [
                    LocationParameters.type, LocationParameters.region, LocationParameters.municipality,
                    LocationParameters.box, CrewParameters.near, CrewParameters.radius,
                ],
                response: .json("The whole list, by name, or nearest first.", list, example: example)
            ) { input, _ in
                let narrowing = try narrowing(input, try await catalogue.current())
                return .json(try await queries.list(narrowing))
            }
        ]
    }

    /// What narrows the list.
    ///
    /// - Throws: `Problem` 400 naming each unknown code.
    private static func narrowing(_ input: Input, _ vocabularies: Vocabularies) throws
        -> PlaceQueries.Narrowing
    {
        var reader = CodeReader()
        var narrowing = PlaceQueries.Narrowing()
        narrowing.types = reader.read("type", input[LocationParameters.type]) {
            vocabularies.locationType($0)?.code
        }
        narrowing.regions = reader.read("region", input[LocationParameters.region]) {
            vocabularies.region($0)?.code
        }
        narrowing.municipalities = reader.read("municipality", input[LocationParameters.municipality]) {
            vocabularies.municipality($0)?.code
        }
        guard reader.errors.isEmpty else { throw Problem.invalid(reader.errors) }
        narrowing.box = input[LocationParameters.box]
        if let point = input[CrewParameters.near] {
            narrowing.near = .init(
                latitude: point[0],
                longitude: point[1],
                radius: input[CrewParameters.radius]
            )
        }
        return narrowing
    }

    private static let list = JSONSchema.object(
        named: "PlaceList",
        [
            .required(
                "items",
                .array(
                    of: .object(
                        named: "PlaceOfInterest",
                        [
                            .required("code", .string(pattern: .slug, example: "anderstorps-flygfalt")),
                            .required("name", .string(example: "Anderstorps flygfält")),
                            .required("type", .string(example: "airfield")),
                            .required("region", .string(pattern: .slug, example: "jonkoping")),
                            .required("municipality", .string(pattern: .code, example: "0662")),
                            .required("lat", .number(-90...90, example: 57.2642)),
                            .required("lon", .number(-180...180, example: 13.5994)),
                            .required(
                                "precision",
                                .integer(1...Int.max, example: 200),
                                "Rough error in metres."
                            ),
                            .required("source", .string(example: "airportsdata")),
                            .required("sourceRef", .string(example: "ESMP"), "The id there."),
                        ]
                    )
                )
            ),
            .required("total", .integer(0...Int.max, example: 1)),
            .required("next", .string().nullable, "Always null: the list is whole."),
        ]
    )
    private static let example: JSON = [
        "items": [
            [
                "code": "anderstorps-flygfalt", "name": "Anderstorps flygfält", "type": "airfield",
                "region": "jonkoping", "municipality": "0662", "lat": 57.2642, "lon": 13.5994,
                "precision": 200,
                "source": "airportsdata", "sourceRef": "ESMP",
            ]
        ], "total": 1, "next": nil,
    ]
}
