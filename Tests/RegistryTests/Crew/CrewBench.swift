import FoundationEssentials
import Postgres
import TestSupport

@testable import Registry

/// A migrated database with the registry's clients, a directory and a searcher.
struct CrewBench: Sendable {
    let databases: Databases
    let database: ThrowawayDatabase
    let directory: CrewDirectory
    let vocabularies: Vocabularies
    let searcher: Reader
    let firstDay: Day

    static func with<Result>(_ body: (CrewBench) async throws -> Result) async throws -> Result {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.withClient(role: "klappa_public") { open in
                try await database.withClient(role: "klappa_member") { member in
                    try await database.withClient(role: "klappa_worker") { worker in
                        let databases = Databases(open: open, member: member, worker: worker)
                        return try await body(try await CrewBench(databases, database))
                    }
                }
            }
        }
    }

    private init(_ databases: Databases, _ database: ThrowawayDatabase) async throws {
        self.databases = databases
        self.database = database
        let catalogue = VocabularyCatalogue { try await VocabularyQueries(databases.open).load() }
        directory = CrewDirectory(databases, catalogue)
        vocabularies = try await catalogue.current()
        let account = UUID.version7()
        try await database.sql(
            """
            INSERT INTO klappa.account (id, kind, name) VALUES ('\(account)', 'machine', 'Test');
            INSERT INTO klappa.grants (account, "right") VALUES ('\(account)', 'searcher');
            """
        )
        searcher = .member(account: account, rights: [.searcher])
        firstDay = try await CrewRecordQueries.firstDay(databases.open)
    }

    var upkeep: CrewUpkeep { CrewUpkeep(databases.worker, logger: ThrowawayDatabase.quiet) }

    /// Every item of a search, following the cursors.
    func everything(_ search: CrewSearch, for reader: Reader) async throws -> [CrewItem] {
        var items: [CrewItem] = []
        var search = search
        while true {
            let results = try await directory.search(search, for: reader)
            items += results.items
            guard let next = results.next else { return items }
            search.place = .cursor(next)
        }
    }

    /// Adds a person with plain facts; every test names what it needs.
    @discardableResult
    func add(
        _ name: String,
        role: String = "gaffer",
        region: String = "skane",
        municipality: String? = nil,
        headline: String? = nil,
        visibility: String = "anyone",
        renewedOn: Day? = nil,
        known: DayRange? = nil,
        busy: DayMultirange = .empty
    ) async throws -> UUID {
        let id = UUID.version7()
        let home = vocabularies.region(region)?.no ?? 0
        let held = vocabularies.role(role)?.no ?? 0
        try await databases.worker.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO klappa.person (id, name, state, home_region, municipality, headline_sv,
                    availability_visibility, renewed_on, invented)
                VALUES (\(id), \(name), 'published', \(home), \(municipality), \(headline), \(visibility),
                    \(renewedOn ?? firstDay), true)
                """
            )
            try await transaction.execute(
                """
                INSERT INTO klappa.person_role (person, role, "primary") VALUES (\(id), \(held), true)
                """
            )
            if let known {
                try await transaction.execute(
                    """
                    INSERT INTO klappa.calendar (subject, known_from, known_to)
                    VALUES (\(id), \(known.firstDay), \(known.lastDay))
                    """
                )
            }
            if !busy.isEmpty {
                try await transaction.execute(
                    "INSERT INTO klappa.block (subject, days) VALUES (\(id), \(busy))"
                )
            }
        }
        return id
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
