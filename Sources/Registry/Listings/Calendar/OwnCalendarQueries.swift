internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL of a calendar that its owner, or the office, reads and changes.
///
/// A calendar has one version for its span and its marks: every change counts it up first, so of two that know the same
/// version one wins.
enum OwnCalendarQueries {
    /// The calendar of a listing that the reader may see; an empty one when nothing was entered yet.
    static func find(_ subject: UUID, _ transaction: Transaction) async throws(PostgresError) -> OwnCalendar {
        let rows = try await transaction.query(
            """
            SELECT coalesce(c.version, 0) AS version, c.known_from, c.known_to,
                (SELECT range_agg(b.days) FROM klappa.block b
                    WHERE b.subject = s.id AND b.kind = 'blocked') AS blocked,
                (SELECT range_agg(b.days) FROM klappa.block b WHERE b.subject = s.id AND b.kind = 'feed') AS feed,
                (SELECT range_agg(b.days) FROM klappa.booking b
                    WHERE b.subject = s.id AND b.state = 'confirmed') AS booked,
                (SELECT range_agg(h.days) FROM klappa.hold h WHERE h.subject = s.id AND h.active) AS held
            FROM (SELECT \(subject)::uuid AS id) AS s
            LEFT JOIN klappa.calendar c ON c.subject = s.id
            """
        )
        guard let row = rows.first else { return OwnCalendar() }
        var calendar = OwnCalendar()
        calendar.version = try row.value("version")
        if let from = try row.decode(Day?.self, "known_from"), let to = try row.decode(Day?.self, "known_to")
        {
            calendar.known = DayRange(first: from, last: to)
        }
        calendar.blocked = try row.decode(DayMultirange?.self, "blocked") ?? .empty
        calendar.feed = try row.decode(DayMultirange?.self, "feed") ?? .empty
        calendar.booked = try row.decode(DayMultirange?.self, "booked") ?? .empty
        calendar.held = try row.decode(DayMultirange?.self, "held") ?? .empty
        return calendar
    }

    /// Counts a calendar's version up, before it is changed.
    ///
    /// - Returns: the new version; nil when it is not `version` any more.
    static func begin(
        _ subject: UUID,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        if version == 0 {
            let rows = try await transaction.query(
                """
                INSERT INTO klappa.calendar (subject) VALUES (\(subject)) ON CONFLICT (subject) DO NOTHING
                RETURNING version
                """
            )
            return try rows.first?.decode(Int64.self, "version")
        }
        let rows = try await transaction.query(
            """
            UPDATE klappa.calendar SET changed_at = now() WHERE subject = \(subject) AND version = \(version)
            RETURNING version
            """
        )
        return try rows.first?.decode(Int64.self, "version")
    }

    /// Counts a calendar's version up before something is added to it, whatever the version is.
    static func begin(_ subject: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            """
            INSERT INTO klappa.calendar (subject) VALUES (\(subject))
            ON CONFLICT (subject) DO UPDATE SET changed_at = now()
            """
        )
    }

    /// Says over which days the calendar is known; nil for none. Call ``begin(_:version:_:)`` first.
    static func setKnown(_ known: DayRange?, of subject: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await transaction.execute(
            """
            UPDATE klappa.calendar SET known_from = \(known?.firstDay), known_to = \(known?.lastDay)
            WHERE subject = \(subject)
                AND (known_from, known_to) IS DISTINCT FROM (\(known?.firstDay)::date, \(known?.lastDay)::date)
            """
        )
    }

    /// Marks days as taken: marks that they touch become one with them. Call ``begin(_:version:_:)`` first.
    static func block(_ days: DayMultirange, of subject: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        guard !days.isEmpty else { return }
        try await transaction.execute(
            """
            WITH met AS (
                DELETE FROM klappa.block b
                WHERE b.subject = \(subject) AND b.kind = 'blocked' AND (b.days && \(days) OR b.days -|- \(days))
                RETURNING b.days)
            INSERT INTO klappa.block (subject, days)
            SELECT \(subject), range_agg(x.days)
            FROM (SELECT m.days FROM met m UNION ALL SELECT \(days)) AS x
            """
        )
    }

    /// Takes the owner's own marks from days; bookings, holds and feeds stay. Call ``begin(_:version:_:)`` first.
    static func free(_ days: DayMultirange, of subject: UUID, _ transaction: Transaction)
        async throws(PostgresError)
    {
        try await transaction.execute(
            """
            DELETE FROM klappa.block b
            WHERE b.subject = \(subject) AND b.kind = 'blocked' AND b.days <@ \(days)
            """
        )
        try await transaction.execute(
            """
            UPDATE klappa.block b SET days = b.days - \(days)
            WHERE b.subject = \(subject) AND b.kind = 'blocked' AND b.days && \(days)
            """
        )
    }
}
