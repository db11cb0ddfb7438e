internal import FoundationEssentials
internal import Postgres
internal import Web

/// The SQL of what a public listing is to say once its office agrees (decision 021): at most one at a time, whole, in
/// the form in which the feature writes and reads it.
enum ListingProposal {
    /// Keeps what a listing is to say; sent, it waits for the office.
    static func put(
        _ body: String,
        for id: UUID,
        isSent: Bool,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        let state: ListingState = isSent ? .inReview : .draft
        try await transaction.execute(
            """
            INSERT INTO klappa.listing_proposal (subject, state, body)
            VALUES (\(id), \(state.rawValue), \(JSONText(body)))
            ON CONFLICT (subject) DO UPDATE SET state = excluded.state, state_reason = NULL, body = excluded.body
            """
        )
    }

    /// Sends it to the office, or takes it back into a draft.
    static func set(
        _ state: ListingState,
        of id: UUID,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.listing_proposal SET state = \(state.rawValue), state_reason = NULL
            WHERE subject = \(id)
            """
        )
    }

    /// Returns what waits, with the office's reason; what does not wait stays as it is.
    static func turnBack(
        _ id: UUID,
        reason: String?,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.listing_proposal SET state = 'returned', state_reason = \(reason)
            WHERE subject = \(id) AND state = 'in_review'
            """
        )
    }

    /// Throws it away.
    static func drop(of id: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute("DELETE FROM klappa.listing_proposal WHERE subject = \(id)")
    }
}
