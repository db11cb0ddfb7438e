package import Postgres

/// Fills a registry with invented people, so that it can be tried and shown.
///
/// The same number, seed and first day give the same people in the same database, keys included; row versions, times
/// of writing and the dense numbers that searches use are the database's own. Every row is marked `invented`, and no
/// invented person can be reached: addresses lie under example domains, telephone numbers are those kept for fiction.
///
/// The other files: ``DemoPeople`` makes the people, ``DemoTrade``, ``DemoNames``, ``DemoHomes`` and ``DemoTexts`` are
/// what they are made of, ``DemoWriter`` turns them into rows; ``DemoStrategy`` makes the plans of the regions,
/// ``DemoAccounts`` those who sign in.
/// ``DemoInquiries`` the cases.
package struct DemoData: Sendable {
    /// How many people.
    package var people: Int
    /// What they depend on.
    package var seed: UInt64
    /// The day from which calendars and careers count; nil for today.
    package var day: Day?
    /// Whether to go on where people who are not invented are public.
    package var besideRealPeople: Bool

    package init(people: Int = 600, seed: UInt64 = 1, from day: Day? = nil, besideRealPeople: Bool = false) {
        self.people = people
        self.seed = seed
        self.day = day
        self.besideRealPeople = besideRealPeople
    }

    /// What became of it.
    package enum Outcome: Hashable, Sendable {
        /// So many people were made.
        case made(people: Int, productions: Int)
        /// There are so many invented people already; nothing was changed.
        case present(people: Int)
        /// People who are not invented are public; nothing was changed.
        case refused(realPeople: Int)
    }

    /// Makes the people, a few thousand in each transaction.
    ///
    /// - Parameters:
    ///   - database: A client with the rights of `klappa_worker`.
    ///   - progress: Told how many people there are so far.
    /// - Throws: `PostgresError`, `CancellationError`; what was told as made stays.
    package func load(into database: PostgresClient, progress: (Int) -> Void = { _ in }) async throws
        -> Outcome
    {
        let state = try await database.query(
            """
            SELECT (SELECT count(*) FROM klappa.person p WHERE p.invented) AS invented,
                (SELECT count(*) FROM klappa.person p WHERE NOT p.invented AND p.state = 'published') AS real,
                klappa.today() AS today
            """
        )
        guard let state = state.first else { return .made(people: 0, productions: 0) }
        let invented = try state.decode(Int.self, "invented")
        if invented > 0 { return .present(people: invented) }
        let real = try state.decode(Int.self, "real")
        if real > 0, !besideRealPeople { return .refused(realPeople: real) }

        let first = try day ?? state.decode(Day.self, "today")
        let vocabulary = try await DemoVocabulary.read(database)
        let source = DemoPeople(count: people, seed: seed, from: first, vocabulary)
        for start in stride(from: 0, to: people, by: 2_000) {
            try Task.checkCancellation()
            let chunk = (start..<min(start + 2_000, people)).map(source.person)
            try await database.transaction(
                settings: [("statement_timeout", "0")],
                deadline: .seconds(3_600)
            ) { transaction in
                let writer = DemoWriter(source: source, transaction: transaction)
                if start == 0 { try await writer.writeProductions() }
                try await writer.write(chunk, from: start)
            }
            progress(start + chunk.count)
        }
        try await DemoAccounts.load(into: database)
        try await DemoStrategy(seed: seed, from: first).load(into: database)
        try await DemoTalent(seed: seed, from: first).load(into: database)
        try await DemoInquiries(seed: seed, from: first).load(into: database)
        return .made(people: people, productions: source.productions.count)
    }
}
