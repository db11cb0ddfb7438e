internal import Foundation
internal import Postgres

/// The SQL of single people: their record and their days.
enum CrewRecordQueries {
    /// A record's JSON text and version, by slug or id.
    static func find(
        _ slugOrID: String,
        _ database: PostgresClient
    ) async throws(PostgresError) -> (body: [UInt8], version: Int64)? {
        // No slug has the form of an id.
        let rows: Rows
        if slugOrID.utf8.count == 36, let id = UUID(uuidString: slugOrID) {
            rows = try await database.query(
                "SELECT version, body FROM klappa.crew_record WHERE id = \(id)",
                onlyReads: true
            )
        } else {
            rows = try await database.query(
                "SELECT version, body FROM klappa.crew_record WHERE slug = \(slugOrID)",
                onlyReads: true
            )
        }
        guard let row = rows.first else { return nil }
        return (try row.bytes("body"), try row.decode(Int64.self, "version"))
    }

    /// A person's days as an audience may see them, by id.
    static func calendar(
        of id: String,
        _ audience: CrewAudience,
        _ database: PostgresClient
    ) async throws(PostgresError) -> CrewCalendar? {
        guard let id = UUID(uuidString: id) else { return nil }
        let rows = try await database.query(
            """
            SELECT w.first_day, y.free, y.held, y.busy
            FROM klappa.crew_public c
            CROSS JOIN klappa.crew_window w
            LEFT JOIN \(audience.days) y ON y.id = c.id
            WHERE c.id = \(id)
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

    /// The contact fields that a person shows to approved searchers, as one of them; empty for anybody else.
    ///
    /// - Parameter database: of `klappa_member`.
    static func sharedContacts(of id: UUID, as reader: Reader, _ database: PostgresClient)
        async throws(PostgresError) -> [CrewListing.Contact.Field]
    {
        let rows = try await database.query(
            "SELECT c.kind, c.value FROM klappa.contacts_for_searcher(\(id)) AS c",
            settings: reader.settings
        )
        var fields: [CrewListing.Contact.Field] = []
        for row in rows {
            fields.append(.init(kind: try row.value("kind"), value: try row.value("value")))
        }
        return fields
    }

    /// The day of bit 0.
    static func firstDay(_ database: PostgresClient) async throws(PostgresError) -> Day {
        let rows = try await database.query("SELECT first_day FROM klappa.crew_window")
        guard let row = rows.first else { throw .decoding("the window of days is missing") }
        return try row.decode(Day.self, "first_day")
    }
}
