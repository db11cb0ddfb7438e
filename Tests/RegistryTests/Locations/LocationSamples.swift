import FoundationEssentials
import Postgres

@testable import Registry

extension SchemaDatabase {
    /// Adds a location with one type and a few facts, as the worker.
    @discardableResult
    func location(
        _ name: String,
        municipality: String = "1280",
        state: String = "published",
        invented: Bool = true,
        point: (latitude: Double, longitude: Double)? = (55.6061, 13.0012),
        account: UUID? = nil
    ) async throws -> UUID {
        let id = UUID.version7()
        try await worker.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.location (id, name, municipality, state, invented, account, exact_point, owner_name,
                    address, availability_visibility)
                VALUES (\(id), \(name), \(municipality), \(state), \(invented), \(account as UUID?),
                    ST_MakePoint(\(point?.longitude), \(point?.latitude))::geography, 'Greta Ägare', 'Storgatan 1',
                    'anyone')
                """
            )
            try await transaction.execute(
                "INSERT INTO klappa.location_kind (location, type, \"primary\") VALUES (\(id), 'barn', true)"
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.location_fact (location, feature, yes, number, choice)
                VALUES (\(id), 'wifi', true, NULL, NULL), (\(id), 'floor_area_m2', NULL, 240, NULL),
                    (\(id), 'power_phases', NULL, NULL, '3'), (\(id), 'period_look', NULL, NULL, '1950s')
                """
            )
        }
        return id
    }

    /// Adds a company with one category, as the worker.
    @discardableResult
    func company(_ name: String, municipality: String = "1280", state: String = "published") async throws
        -> UUID
    {
        let id = UUID.version7()
        try await worker.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.company (id, name, municipality, state, invented)
                VALUES (\(id), \(name), \(municipality), \(state), true)
                """
            )
            try await transaction.execute(
                "INSERT INTO klappa.company_service (company, category) VALUES (\(id), 'lighting_rental')"
            )
        }
        return id
    }

    /// The public record of a location as JSON text; nil when the public has none.
    func publicRecord(_ id: UUID) async throws -> String? {
        let rows = try await open.query("SELECT body FROM klappa.location_record WHERE id = \(id)")
        return try rows.first?.decode(String.self, "body")
    }
}
