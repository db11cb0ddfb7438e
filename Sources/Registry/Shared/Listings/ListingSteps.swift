public import Foundation
public import Postgres

/// The states of a person, company or location in the registry.
public enum ListingState: String, CaseIterable, Hashable, Sendable, Codable {
    case draft
    case inReview = "in_review"
    case returned, published, hidden, lapsed, erased
}

/// What is listed.
public enum ListingKind: String, CaseIterable, Hashable, Sendable {
    case person, company, location

    var table: SQL {
        switch self {
        case .person: "klappa.person"
        case .company: "klappa.company"
        case .location: "klappa.location"
        }
    }
}

/// The steps that people, companies and locations have in common, each within a transaction that carries the reader's
/// account: from state to state, renewing, and the consent on which a public listing rests.
///
/// Whose step it is the database decides: the constraint `…_state_step` of the kind's table refuses any other.
public enum ListingSteps {
    /// Takes a listing one step further.
    ///
    /// - Parameter reason: why it is returned, needed then; what an office said before is done with.
    /// - Returns: the new version; nil when no listing that the reader may change has this id and version.
    /// - Throws: `PostgresError` with the constraint `…_state_step` for a step that is not the reader's to take.
    public static func set(
        _ state: ListingState,
        of id: UUID,
        _ kind: ListingKind,
        reason: String? = nil,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE \(kind.table) SET state = \(state.rawValue), state_reason = \(reason)
            WHERE id = \(id) AND version = \(version) RETURNING version
            """
        )
        return try rows.first?.decode(Int64.self, "version")
    }

    /// Says that a listing is right as of today; one that has lapsed, or that its owner had hidden, is public again.
    ///
    /// - Returns: the new version; nil when no public listing, or one that would be, has this id and version.
    public static func renew(
        _ id: UUID,
        _ kind: ListingKind,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Int64? {
        let rows = try await transaction.query(
            """
            UPDATE \(kind.table) SET renewed_on = klappa.today(), state = 'published', state_reason = NULL
            WHERE id = \(id) AND version = \(version) AND klappa.is_approved(state, hidden_by_office) RETURNING version
            """
        )
        return try rows.first?.decode(Int64.self, "version")
    }

    /// Locks a listing of a version until the transaction ends; false when there is none.
    static func lock(
        _ id: UUID,
        _ kind: ListingKind,
        version: Int64,
        _ transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let rows = try await transaction.query(
            "SELECT 1 FROM \(kind.table) WHERE id = \(id) AND version = \(version) FOR UPDATE"
        )
        return !rows.isEmpty
    }

    /// The version of a listing that the reader may see.
    static func version(of id: UUID, _ kind: ListingKind, _ transaction: Transaction)
        async throws(PostgresError) -> Int64?
    {
        let rows = try await transaction.query("SELECT version FROM \(kind.table) WHERE id = \(id)")
        return try rows.first?.decode(Int64.self, "version")
    }

    // MARK: Consent

    /// Notes that who stands behind a listing agreed today that it is published; a consent to an older wording ends.
    ///
    /// - Parameters:
    ///   - textVersion: which wording was agreed to.
    ///   - source: where the consent can be found.
    public static func consent(
        to id: UUID,
        textVersion: String,
        source: String,
        _ transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.consent SET withdrawn_at = now()
            WHERE subject = \(id) AND purpose = 'publication' AND withdrawn_at IS NULL AND text_version <> \(textVersion)
            """
        )
        try await transaction.execute(
            """
            INSERT INTO klappa.consent (subject, purpose, text_version, given_on, source)
            VALUES (\(id), 'publication', \(textVersion), klappa.today(), \(source))
            ON CONFLICT DO NOTHING
            """
        )
    }

    /// Takes the consent to publication back; what is public must be hidden in the same transaction.
    static func withdrawConsent(of id: UUID, _ transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            """
            UPDATE klappa.consent SET withdrawn_at = now()
            WHERE subject = \(id) AND purpose = 'publication' AND withdrawn_at IS NULL
            """
        )
    }
}
