internal import Foundation
internal import Postgres

/// What owners do with pictures that are there; row security decides whose they are, and what waits for the office.
extension PhotoQueries {
    /// Writes what a picture shows.
    static func write(
        _ words: Words,
        to id: UUID,
        of subject: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.photo SET caption_sv = \(words.captionSv), caption_en = \(words.captionEn),
                alternative_sv = \(words.alternativeSv), alternative_en = \(words.alternativeEn)
            WHERE id = \(id) AND subject = \(subject)
            """
        )
    }

    /// Takes a picture away; its file goes with the next sweep.
    static func remove(_ id: UUID, of subject: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute("DELETE FROM klappa.photo WHERE id = \(id) AND subject = \(subject)")
    }

    /// Puts the pictures of a listing in an order.
    static func arrange(
        _ ids: [UUID],
        of subject: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.photo p SET sort_order = o.place::integer
            FROM unnest(\(ids)) WITH ORDINALITY AS o (id, place)
            WHERE p.id = o.id AND p.subject = \(subject) AND p.sort_order <> o.place::integer
            """
        )
    }

    /// Shows what waited: the office agrees.
    static func approve(of subject: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.photo SET approved = true, returned = false WHERE subject = \(subject) AND NOT approved AND NOT returned
            """
        )
    }

    /// Says no to what waited: it is kept for the owner, and waits no longer.
    static func turnBack(of subject: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            "UPDATE klappa.photo SET returned = true WHERE subject = \(subject) AND NOT approved AND NOT returned"
        )
    }
}
