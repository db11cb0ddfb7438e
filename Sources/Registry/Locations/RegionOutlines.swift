internal import Foundation
internal import Postgres
internal import Web

/// The outlines of the six regions as drawings and as GeoJSON, read from the reference data once a process.
actor RegionOutlines {
    private let database: PostgresClient
    private var read: (map: OutlineMap, json: [UInt8])?

    /// - Parameter database: of any role.
    init(_ database: PostgresClient) { self.database = database }

    /// The map that drawings are made from.
    func map() async throws -> OutlineMap { try await outlines().map }

    /// A GeoJSON feature collection with `code` and `name` of each region.
    func json() async throws -> [UInt8] { try await outlines().json }

    private func outlines() async throws -> (map: OutlineMap, json: [UInt8]) {
        if let read { return read }
        let rows = try await database.query(
            """
            SELECT r.code, ST_AsGeoJSON(r.outline, 4) AS outline FROM klappa.region r
            WHERE r.outline IS NOT NULL ORDER BY r.sort_order
            """
        )
        let outlines = try rows.map { row in
            let shape = try JSONDecoder().decode(Shape.self, from: Data(try row.bytes("outline")))
            return OutlineMap.Outline(
                code: try row.decode(String.self, "code"),
                rings: shape.coordinates.flatMap { $0 }.map { ring in
                    ring.compactMap { $0.count < 2 ? nil : (longitude: $0[0], latitude: $0[1]) }
                }
            )
        }
        let collection = try await database.query(
            """
            SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object(
                'type', 'Feature', 'geometry', ST_AsGeoJSON(r.outline, 4)::json,
                'properties', json_build_object('code', r.code, 'name', r.name)) ORDER BY r.sort_order))::text AS body
            FROM klappa.region r WHERE r.outline IS NOT NULL
            """
        )
        guard let row = collection.first else {
            throw PostgresError.decoding("the outlines came without a row")
        }
        let read = (map: OutlineMap(outlines), json: try row.bytes("body"))
        self.read = read
        return read
    }

    /// A GeoJSON multipolygon.
    private struct Shape: Decodable {
        let coordinates: [[[[Double]]]]
    }
}
