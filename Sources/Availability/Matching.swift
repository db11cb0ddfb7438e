/// Fills posts with people, one person on one post, as many as can be filled at all, the best people first.
///
/// ```swift
/// let filled = Matching.fill([
///     Matching.Post(count: 1, candidates: [0, 1]),
///     Matching.Post(count: 2, candidates: [0]),
/// ])
/// // [[1], [0]]: person 0 is the only one for the second post, so person 1 takes the first.
/// ```
/// People are numbers, and a lower number is a better person everywhere. The answer is a true maximum matching with
/// capacities; among all of those it takes the people whose numbers, sorted, come first. It depends on nothing but
/// its input.
public enum Matching {
    /// A number of places for people of one kind.
    public struct Post: Hashable, Sendable {
        /// How many people it takes; negative counts as 0.
        public var count: Int
        /// Who could fill it, in any order; repeated people count once.
        public var candidates: [Int]

        /// See the properties of the same names.
        public init(count: Int, candidates: [Int]) {
            self.count = count
            self.candidates = candidates
        }
    }

    /// How many candidates a post needs to be given: the sum of all counts, its best ones.
    ///
    /// It stays exact. Let B be the people of the answer from full lists, D the sum of all counts, so |B| ≤ D, and
    /// take a matching of B. If it puts somebody on a post who is not among that post's D best candidates, then one
    /// of those D is in no post (at most D − 1 others are), and exchanging the two would give as many people, one of
    /// them better: B was not the answer. So B can be matched within the shortened lists; and whatever can be matched
    /// within these can be matched within the full ones, so nothing better appears.
    public static func candidatesNeeded(for counts: some Sequence<Int>) -> Int {
        counts.reduce(0) { $0 + max(0, $1) }
    }

    /// The people of each post, best first, in the order of the posts.
    ///
    /// People are taken best first; each tries to get a place by moving others along an alternating path, which
    /// never costs anybody theirs. The sets of people that can be placed form a matroid (a transversal one), for
    /// which being greedy is right: the result is largest, and of the largest the one with the best people. Where a
    /// search fails, all posts it reached are full of people who cannot leave them, and are never searched again; so
    /// the cost is that of reading the candidates and, for each placed person, at most once everybody placed.
    public static func fill(_ posts: [Post]) -> [[Int]] {
        var search = Search(posts)
        for person in search.posts.keys.sorted() where search.isOpen { search.place(person) }
        return search.placed.map { $0.sorted() }
    }
}

/// The state of one filling.
private struct Search {
    /// The posts that a person could fill, in order.
    private(set) var posts: [Int: [Int]] = [:]
    /// Who is on each post now.
    private(set) var placed: [[Int]]
    private let counts: [Int]
    /// Posts full of people who cannot leave them.
    private var closed: [Bool]
    private var vacancies: Int

    init(_ wanted: [Matching.Post]) {
        counts = wanted.map { max(0, $0.count) }
        placed = Array(repeating: [], count: wanted.count)
        closed = counts.map { $0 == 0 }
        vacancies = counts.reduce(0, +)
        for (post, wish) in wanted.enumerated() {
            for person in wish.candidates where posts[person]?.last != post {
                posts[person, default: []].append(post)
            }
        }
    }

    /// Whether a place is left that somebody might get.
    var isOpen: Bool { vacancies > 0 }

    /// Puts a person on a post if there is a way, breadth first over the posts, so few people move.
    mutating func place(_ person: Int) {
        // How each post was reached: who would move there, and from which post (-1: the new person).
        var reached: [Int: (person: Int, from: Int)] = [:]
        var queue: [Int] = []
        func reach(from post: Int, by person: Int) {
            for next in posts[person] ?? [] where !closed[next] && reached[next] == nil {
                reached[next] = (person, post)
                queue.append(next)
            }
        }
        reach(from: -1, by: person)
        var next = 0
        while next < queue.count {
            let post = queue[next]
            next += 1
            if placed[post].count < counts[post] {
                move(to: post, along: reached)
                vacancies -= 1
                return
            }
            for occupant in placed[post] { reach(from: post, by: occupant) }
        }
        for post in queue { closed[post] = true }
    }

    private mutating func move(to last: Int, along reached: [Int: (person: Int, from: Int)]) {
        var post = last
        while post >= 0, let step = reached[post] {
            placed[post].append(step.person)
            if step.from >= 0 { placed[step.from].removeAll { $0 == step.person } }
            post = step.from
        }
    }
}
