public import Postgres

/// The service's ways into the database: one client for each role, so that a forgotten condition meets a refusal.
public struct Databases: Sendable {
    /// `klappa_public`: the projections that anyone may see, read-only.
    public let open: PostgresClient
    /// `klappa_member`: base tables behind row security, for a reader who is known.
    public let member: PostgresClient
    /// `klappa_worker`: keys, imports, retention; never on behalf of a request's reader.
    public let worker: PostgresClient
    /// What this process keeps of turned bits.
    let bits: ListingBits

    /// See the properties of the same names.
    public init(open: PostgresClient, member: PostgresClient, worker: PostgresClient) {
        self.open = open
        self.member = member
        self.worker = worker
        bits = ListingBits(open)
    }
}
