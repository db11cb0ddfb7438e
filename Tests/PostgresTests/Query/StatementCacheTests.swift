import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    @Test func `a text is prepared when it comes again`() {
        var cache = StatementCache(capacity: 10)
        #expect(cache.plan(for: "SELECT \(1)") == .unnamed)
        #expect(cache.plan(for: "SELECT \(2)") == .prepare("s1"))
        #expect(cache.plan(for: "SELECT \(3)") == .prepared("s1"))
        #expect(cache.takeEvicted() == [])
    }

    @Test func `the same text with other types is not mixed up`() {
        var cache = StatementCache(capacity: 10)
        for _ in 0..<2 { _ = cache.plan(for: "SELECT \(1)") }
        #expect(cache.plan(for: "SELECT \("x")") == .unnamed)
        #expect(cache.plan(for: "SELECT \(1)") == .prepared("s1"))
    }

    @Test func `the least recently used goes first, and the server is told`() {
        var cache = StatementCache(capacity: 2)
        for _ in 0..<2 { _ = cache.plan(for: "SELECT 1") }
        for _ in 0..<2 { _ = cache.plan(for: "SELECT 2") }
        _ = cache.plan(for: "SELECT 1")
        #expect(cache.plan(for: "SELECT 3") == .unnamed)
        #expect(cache.takeEvicted() == ["s2"])
        #expect(cache.takeEvicted() == [])
        #expect(cache.plan(for: "SELECT 1") == .prepared("s1"))
        #expect(cache.plan(for: "SELECT 2") == .unnamed)
    }

    @Test func `a stale statement is prepared anew under another name`() {
        var cache = StatementCache(capacity: 10)
        for _ in 0..<2 { _ = cache.plan(for: "SELECT 1") }
        cache.forget("SELECT 1", gone: false)
        #expect(cache.takeEvicted() == ["s1"])
        #expect(cache.plan(for: "SELECT 1") == .unnamed)
        #expect(cache.plan(for: "SELECT 1") == .prepare("s2"))
        cache.forget("SELECT 1", gone: true)
        #expect(cache.takeEvicted() == [])
    }

    @Test func `without capacity nothing is prepared`() {
        var cache = StatementCache(capacity: 0)
        for _ in 0..<5 { #expect(cache.plan(for: "SELECT 1") == .unnamed) }
    }
}
