/// The present reading of the vocabularies, shared by all requests of a process.
///
/// They change seldom, so a reading serves for a while; the first request after that reads anew and the others wait
/// for the same reading. When the database cannot be read the old reading stays.
public actor VocabularyCatalogue {
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let load: @Sendable () async throws -> Vocabularies
    private var held: (vocabularies: Vocabularies, until: ContinuousClock.Instant)?
    private var loading: Task<Vocabularies, any Error>?

    /// - Parameters:
    ///   - lifetime: how long a reading serves.
    ///   - now: the clock; a test gives its own.
    ///   - load: reads the vocabularies.
    public init(
        lifetime: Duration = .seconds(30),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        load: @escaping @Sendable () async throws -> Vocabularies
    ) {
        self.lifetime = lifetime
        self.now = now
        self.load = load
    }

    /// The vocabularies, at most `lifetime` old unless the database cannot be read.
    /// - Throws: what reading threw, when there is no earlier reading.
    public func current() async throws -> Vocabularies {
        if let held, now() < held.until { return held.vocabularies }
        let task = loading ?? Task { try await load() }
        loading = task
        do {
            let vocabularies = try await task.value
            if loading == task {
                loading = nil
                held = (vocabularies, now() + lifetime)
            }
            return vocabularies
        } catch {
            if loading == task { loading = nil }
            guard let held else { throw error }
            return held.vocabularies
        }
    }
}
