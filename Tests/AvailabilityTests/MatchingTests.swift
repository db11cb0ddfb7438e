import Testing

@testable import Availability

struct MatchingTests {
    @Test func `no posts take nobody`() {
        #expect(Matching.fill([]) == [])
        #expect(Matching.fill([.init(count: 2, candidates: [])]) == [[]])
        #expect(Matching.fill([.init(count: 0, candidates: [1, 2])]) == [[]])
        #expect(Matching.fill([.init(count: -1, candidates: [1])]) == [[]])
    }

    @Test func `a person fills one post only`() {
        let filled = Matching.fill([
            .init(count: 1, candidates: [7]), .init(count: 1, candidates: [7]),
        ])
        #expect(filled.flatMap(\.self) == [7])
    }

    @Test func `a person moves when somebody else can only take their post`() {
        #expect(
            Matching.fill([.init(count: 1, candidates: [0, 1]), .init(count: 2, candidates: [0])]) == [
                [1], [0],
            ]
        )
    }

    @Test func `a chain of three moves is found`() {
        let filled = Matching.fill([
            .init(count: 1, candidates: [0, 1]), .init(count: 1, candidates: [1, 2]),
            .init(count: 1, candidates: [2, 3]), .init(count: 1, candidates: [0]),
        ])
        #expect(filled.map(\.count) == [1, 1, 1, 1])
    }

    @Test func `the best people are taken where it costs nothing`() {
        #expect(Matching.fill([.init(count: 2, candidates: [9, 4, 6, 5])]) == [[4, 5]])
    }

    @Test func `a repeated candidate counts once`() {
        #expect(Matching.fill([.init(count: 2, candidates: [3, 3, 3])]) == [[3]])
    }

    @Test(arguments: 0..<400)
    func `small graphs are filled as by trying everything`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let posts = Self.posts(using: &random, posts: 1...4, people: 1...7, counts: 0...3)
        let filled = Matching.fill(posts)
        #expect(Set(filled.flatMap(\.self)).count == filled.joined().count)
        for (post, people) in zip(posts, filled) {
            #expect(people.count <= max(0, post.count))
            #expect(Set(people).isSubset(of: post.candidates))
            #expect(people == people.sorted())
        }
        #expect(filled.flatMap(\.self).sorted() == Self.bestByTryingEverything(posts))
    }

    @Test(arguments: 0..<100)
    func `as many candidates as people wanted are enough`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let posts = Self.posts(using: &random, posts: 2...6, people: 10...60, counts: 0...3)
        let enough = Matching.candidatesNeeded(for: posts.map(\.count))
        let shortened = posts.map { post in
            Matching.Post(count: post.count, candidates: Array(Set(post.candidates).sorted().prefix(enough)))
        }
        #expect(
            Matching.fill(shortened).flatMap(\.self).sorted() == Matching.fill(posts).flatMap(\.self).sorted()
        )
    }

    @Test(arguments: 0..<20)
    func `large graphs are filled up to what Hall's condition allows`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let posts = Self.posts(using: &random, posts: 8...10, people: 20...60, counts: 1...8)
        let filled = Matching.fill(posts).joined().count
        // König: the most that can be filled is the least, over all sets of posts, of the people who could fill
        // one of the set and the places outside it.
        let most = (0..<(1 << posts.count)).map { set in
            let inside = posts.indices.filter { set & (1 << $0) != 0 }
            let outside = posts.indices.filter { set & (1 << $0) == 0 }
            return Set(inside.flatMap { posts[$0].candidates }).count
                + outside.reduce(0) { $0 + posts[$1].count }
        }
        #expect(filled == most.min())
    }

    private static func posts(
        using random: inout SeededGenerator,
        posts: ClosedRange<Int>,
        people: ClosedRange<Int>,
        counts: ClosedRange<Int>
    ) -> [Matching.Post] {
        let people = Int.random(in: people, using: &random)
        return (0..<Int.random(in: posts, using: &random)).map { _ in
            let share = Double.random(in: 0...0.8, using: &random)
            return Matching.Post(
                count: Int.random(in: counts, using: &random),
                candidates: (0..<people).filter { _ in Double.random(in: 0..<1, using: &random) < share }
                    .shuffled(using: &random)
            )
        }
    }

    /// The first, in dictionary order, of the largest sets of people that can be placed.
    private static func bestByTryingEverything(_ posts: [Matching.Post]) -> [Int] {
        let people = Set(posts.flatMap(\.candidates)).sorted()
        let sets = (0..<(1 << people.count)).map { set in
            people.indices.filter { set & (1 << $0) != 0 }.map { people[$0] }
        }
        let placeable = sets.filter { canPlace($0[...], posts.map { max(0, $0.count) }, posts) }
        let most = placeable.map(\.count).max() ?? 0
        return placeable.filter { $0.count == most }.min { $0.lexicographicallyPrecedes($1) } ?? []
    }

    private static func canPlace(_ people: ArraySlice<Int>, _ left: [Int], _ posts: [Matching.Post]) -> Bool {
        guard let person = people.first else { return true }
        return posts.indices.contains { post in
            guard left[post] > 0, posts[post].candidates.contains(person) else { return false }
            var left = left
            left[post] -= 1
            return canPlace(people.dropFirst(), left, posts)
        }
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
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
