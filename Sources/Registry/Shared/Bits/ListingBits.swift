internal import Postgres

/// The turned bits that one process keeps: nothing but what anyone may see.
struct ListingBits: Sendable {
    let crew: KeptBits
    let locations: KeptBits

    init(_ open: PostgresClient) {
        crew = KeptBits { try await CrewBitLoader(database: open).load($0) }
        locations = KeptBits { try await LocationBitLoader(database: open).load($0) }
    }
}
