internal import Foundation
package import Postgres

extension DemoListings {
    /// Writes companies and locations from JSON, by statements for many at once.
    static func write(_ firms: String, _ places: String, _ transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO klappa.company (id, slug, name, municipality, headline_sv, headline_en, description_sv,
                description_en, renewed_on, state, invented)
            SELECT f.id, f.slug, f.name, f.municipality, f.headline_sv, f.headline_en, f.description_sv, f.description_en,
                f.renewed_on, 'published', true
            FROM ROWS FROM (jsonb_to_recordset(\(firms)::text::jsonb) AS (id uuid, slug text, name text,
                municipality text, headline_sv text, headline_en text, description_sv text, description_en text,
                renewed_on date)) WITH ORDINALITY AS f
            ORDER BY f.ordinality
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.company_service (company, category, "primary")
            SELECT f.id, c.category, c.place = 1
            FROM jsonb_to_recordset(\(firms)::text::jsonb) AS f (id uuid, categories jsonb),
                jsonb_array_elements_text(f.categories) WITH ORDINALITY AS c (category, place)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.location (id, name, alias, municipality, company, exact_point, place_released, address,
                owner_name, headline_sv, headline_en, description_sv, description_en, availability_visibility, renewed_on,
                state, invented)
            SELECT l.id, l.name, l.alias, l.municipality, l.company, ST_MakePoint(l.lon, l.lat)::geography, l.released,
                l.address, l.owner, l.headline_sv, l.headline_en, l.description_sv, l.description_en, l.visibility,
                l.renewed_on, l.state, true
            FROM ROWS FROM (jsonb_to_recordset(\(places)::text::jsonb) AS (id uuid, name text, alias text,
                municipality text, company uuid, lat float8, lon float8, released boolean, address text, owner text,
                headline_sv text, headline_en text, description_sv text, description_en text, visibility text,
                renewed_on date, state text)) WITH ORDINALITY AS l
            ORDER BY l.ordinality
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.location_kind (location, type, "primary")
            SELECT l.id, t.type, t.place = 1
            FROM jsonb_to_recordset(\(places)::text::jsonb) AS l (id uuid, types jsonb),
                jsonb_array_elements_text(l.types) WITH ORDINALITY AS t (type, place)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.location_fact (location, feature, yes, number, choice)
            SELECT l.id, f.feature, f.yes, f.number, f.choice
            FROM jsonb_to_recordset(\(places)::text::jsonb) AS l (id uuid, facts jsonb),
                jsonb_to_recordset(l.facts) AS f (feature text, yes boolean, number numeric, choice text)
            """
        )
        for listings in [firms, places] {
            try await transaction.execute(
                """
                INSERT INTO klappa.contact_field (subject, kind, value, visibility)
                SELECT l.id, c.kind, c.value, c.visibility
                FROM jsonb_to_recordset(\(listings)::text::jsonb) AS l (id uuid, contacts jsonb),
                    jsonb_to_recordset(l.contacts) AS c (kind text, value text, visibility text)
                """
            )
        }
        // On invented productions only, those with the lowest keys, spread over the places.
        try await transaction.execute(
            """
            INSERT INTO klappa.location_production (location, production)
            SELECT l.id, n.id
            FROM jsonb_to_recordset(\(places)::text::jsonb) AS l (id uuid, productions integer),
                LATERAL (
                    SELECT p.id FROM klappa.production p WHERE p.invented AND p.public
                    ORDER BY md5(p.slug || l.id::text) LIMIT l.productions) AS n
            """
        )
    }

    /// Writes what is known of a location's days.
    static func write(_ calendar: DemoCalendar, of id: String, _ transaction: Transaction) async throws {
        guard let id = UUID(uuidString: id) else { return }
        if let known = calendar.known {
            try await transaction.execute(
                """
                INSERT INTO klappa.calendar (subject, known_from, known_to)
                VALUES (\(id), \(known.first), \(known.last))
                """
            )
        }
        for days in calendar.blocks + calendar.bookings {
            try await transaction.execute("INSERT INTO klappa.block (subject, days) VALUES (\(id), \(days))")
        }
        for hold in calendar.holds {
            try await transaction.execute(
                "INSERT INTO klappa.hold (subject, days, state) VALUES (\(id), \(hold.days), \(hold.state))"
            )
        }
    }

    /// Draws photographs for three of four invented locations that have none yet.
    ///
    /// - Returns: how many were drawn.
    /// - Throws: ``PhotoError`` when `vipsthumbnail` is not there; `PostgresError`, `CancellationError`.
    @discardableResult
    package func addPictures(to store: PhotoStore, _ database: PostgresClient) async throws -> Int {
        let rows = try await database.query(
            """
            SELECT l.id, row_number() OVER (ORDER BY l.no) AS place, l.headline_sv, l.headline_en
            FROM klappa.location l
            WHERE l.invented AND l.no % 4 <> 0 AND NOT EXISTS (SELECT FROM klappa.photo p WHERE p.subject = l.id)
            ORDER BY l.no
            """
        )
        for row in rows {
            try Task.checkCancellation()
            let id = try row.decode(UUID.self, "id")
            let place = Int(try row.decode(Int64.self, "place"))
            let stored = try await store.add(DemoPicture.png(seed: seed, index: place))
            var words = PhotoQueries.Words()
            words.captionSv = "Ritad bild av en påhittad plats"
            words.captionEn = "Drawn picture of an invented location"
            words.alternativeSv = try row.decode(String?.self, "headline_sv")
            words.alternativeEn = try row.decode(String?.self, "headline_en")
            _ = try await PhotoQueries.insert(stored, .version7(), id, words, database, [])
        }
        return rows.count
    }
}
