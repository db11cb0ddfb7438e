import Synchronization
import Testing

@testable import Registry

struct VocabularyCatalogueTests {
    @Test
    func `a reading serves until its lifetime is over`() async throws {
        let source = Source()
        let catalogue = source.catalogue()
        _ = try await catalogue.current()
        source.pass(.seconds(29))
        _ = try await catalogue.current()
        #expect(source.readings == 1)
        source.pass(.seconds(1))
        _ = try await catalogue.current()
        #expect(source.readings == 2)
    }

    @Test
    func `requests that come together share one reading`() async throws {
        let source = Source()
        let catalogue = source.catalogue()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await catalogue.current().roles.count } }
            for try await count in group { #expect(count == Vocabularies.sample.roles.count) }
        }
        #expect(source.readings == 1)
    }

    @Test
    func `the old reading stays while the database cannot be read, and is replaced afterwards`() async throws
    {
        let source = Source()
        let catalogue = source.catalogue()
        _ = try await catalogue.current()
        source.pass(.seconds(31))
        source.breakDown(true)
        #expect(try await catalogue.current().regions.count == 1)
        #expect(source.readings == 2)
        source.breakDown(false)
        _ = try await catalogue.current()
        #expect(source.readings == 3)
    }

    @Test
    func `without any reading the error is the caller's, and the next caller tries again`() async throws {
        let source = Source()
        let catalogue = source.catalogue()
        source.breakDown(true)
        await #expect(throws: Source.Broken.self) { _ = try await catalogue.current() }
        source.breakDown(false)
        #expect(try await catalogue.current().regions.count == 1)
    }

    /// A database of its own kind: counts readings, breaks down on demand, and has a clock that only a test moves.
    private final class Source: Sendable {
        struct Broken: Error {}

        private let state = Mutex((readings: 0, isBroken: false, now: ContinuousClock.now))

        var readings: Int { state.withLock { $0.readings } }

        func pass(_ duration: Duration) { state.withLock { $0.now += duration } }

        func breakDown(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

        func catalogue() -> VocabularyCatalogue {
            VocabularyCatalogue(now: { self.state.withLock { $0.now } }) {
                try self.state.withLock {
                    $0.readings += 1
                    if $0.isBroken { throw Broken() }
                    return Vocabularies.sample
                }
            }
        }
    }
}
