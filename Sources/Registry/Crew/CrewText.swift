internal import Foundation
internal import Web

/// Typed text on its way to being understood: titles of roles are found in it first, so that two languages find the
/// same people, and what is left are words to look for in names, places and headlines.
struct CrewText: Hashable, Sendable {
    /// The words as typed, at most ``limit``.
    let words: [String]

    /// Words that are read; more would only narrow what already is nothing.
    static let limit = 12

    /// Runs of letters and digits.
    init(_ text: String) {
        words = text.precomposedStringWithCanonicalMapping
            .split { !$0.isLetter && !$0.isNumber }
            .prefix(Self.limit).map(String.init)
    }

    /// Words that carry nothing, folded, in both languages.
    static let stopWords: Set<String> = [
        "och", "i", "pa", "av", "for", "med", "som", "en", "ett", "fran", "till", "vid", "eller",
        "the", "and", "or", "of", "in", "on", "at", "a", "an", "to", "with", "from",
    ]

    /// Codes of roles that are named, and the places of the words that are none of their titles.
    ///
    /// From the left the longest title or alias wins, in any language, with or without å ä ö.
    func rolesNamed(in titles: CrewTitles) -> (roles: [String], rest: [Int]) {
        let folded = words.map { Vocabularies.fold($0) }
        var roles: [String] = []
        var rest: [Int] = []
        var place = 0
        while place < words.count {
            let lengths = stride(from: min(titles.longest, words.count - place), through: 1, by: -1)
            let found = lengths.lazy.compactMap { length in
                titles.role(named: folded[place..<place + length].joined(separator: " ")).map { ($0, length) }
            }.first
            if let found {
                if !roles.contains(found.0) { roles.append(found.0) }
                place += found.1
            } else {
                rest.append(place)
                place += 1
            }
        }
        return (roles, rest)
    }

    /// Codes of roles whose title is one typing error away from neighbouring words of which one is `unknown` (found
    /// nowhere else), and the places of the words that are left.
    func rolesMistyped(
        in titles: CrewTitles,
        among rest: [Int],
        unknown: Set<Int>
    ) -> (roles: [String], rest: [Int]) {
        let folded = words.map { Vocabularies.fold($0) }
        var roles: [String] = []
        var left: [Int] = []
        var next = 0
        while next < rest.count {
            let lengths = stride(from: min(titles.longest, rest.count - next), through: 1, by: -1)
            let found = lengths.lazy.compactMap { length -> ([String], Int)? in
                let places = rest[next..<next + length]
                guard places.last == places.first.map({ $0 + length - 1 }),
                    places.contains(where: unknown.contains)
                else { return nil }
                let near = titles.roles(near: places.map { folded[$0] }.joined(separator: " "))
                return near.isEmpty ? nil : (near, length)
            }.first
            if let found {
                for role in found.0 where !roles.contains(role) { roles.append(role) }
                next += found.1
            } else {
                left.append(rest[next])
                next += 1
            }
        }
        return (roles, left)
    }
}

/// The titles and aliases of all roles, folded, by their words.
struct CrewTitles: Sendable {
    /// Words of the longest title.
    let longest: Int
    private let roles: [String: String]

    /// - Parameter titles: of roles, kinds of places, categories of companies, in any language.
    init(_ titles: [(code: String, titles: [String])]) {
        var roles: [String: String] = [:]
        for (code, titles) in titles {
            for title in titles {
                let words = title.split { !$0.isLetter && !$0.isNumber }.map { Vocabularies.fold(String($0)) }
                if !words.isEmpty { roles[words.joined(separator: " ")] = code }
            }
        }
        self.roles = roles
        longest = roles.keys.map { $0.split(separator: " ").count }.max() ?? 0
    }

    /// The role with exactly this folded title.
    func role(named title: String) -> String? { roles[title] }

    /// The roles with a title one typing error away, sorted; titles under five letters must be exact.
    func roles(near text: String) -> [String] {
        guard text.count >= 5 else { return [] }
        let typed = Array(text.utf8)
        return Set(roles.filter { $0.key.count >= 5 && Typo.isOne(Array($0.key.utf8), typed) }.values)
            .sorted()
    }
}

/// One typing error: a letter too many, missing, wrong, or two neighbours exchanged.
enum Typo {
    /// Whether two texts differ by exactly one typing error.
    static func isOne(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard abs(one.count - other.count) <= 1, one != other else { return false }
        var start = 0
        while start < one.count, start < other.count, one[start] == other[start] { start += 1 }
        var end = 0
        while end < one.count - start, end < other.count - start,
            one[one.count - 1 - end] == other[other.count - 1 - end]
        { end += 1 }
        let (left, right) = (one[start..<one.count - end], other[start..<other.count - end])
        if left.count <= 1, right.count <= 1 { return true }
        return left.count == 2 && right.count == 2 && left.first == right.last && left.last == right.first
    }

    /// What a folded word may have meant, one typing error away: whole words, and `LIKE` patterns with one free
    /// letter. Every word that is one error away equals one of the words or fits one of the patterns.
    static func candidates(for word: String) -> (words: [String], patterns: [String]) {
        let letters = Array(word)
        var words: Set<String> = []
        var patterns: Set<String> = []
        for place in letters.indices {
            var shorter = letters
            shorter.remove(at: place)
            words.insert(String(shorter))
            var changed = letters
            changed[place] = "_"
            patterns.insert(String(changed))
            if place + 1 < letters.count {
                var exchanged = letters
                exchanged.swapAt(place, place + 1)
                words.insert(String(exchanged))
            }
        }
        for place in 0...letters.count {
            var longer = letters
            longer.insert("_", at: place)
            patterns.insert(String(longer))
        }
        words.remove(word)
        return (words.sorted(), patterns.sorted())
    }
}
