import Collections

/// The words that a file of crew may use, and the codes that they mean.
///
/// Words are found whatever their case and accents. What was looked up once is remembered as it was written, as a
/// file says the same few words a million times.
struct CrewVocabulary: Sendable {
    /// One entry of a vocabulary.
    struct Entry: Sendable {
        let code: String
        /// Every name by which it is known, the code aside.
        let names: [String]
        /// For municipalities, the region's code.
        let region: String?

        init(code: String, names: [String], region: String? = nil) {
            self.code = code
            self.names = names
            self.region = region
        }
    }

    /// One list of entries, in the order of the vocabulary.
    struct Words: Sendable {
        private let entries: [Entry]
        private let folded: [String: Int]
        private var remembered: [String: Int?] = [:]

        init(_ entries: [Entry]) {
            self.entries = entries
            var folded: [String: Int] = [:]
            // Names give way to codes, and to names of entries before them.
            for (index, entry) in entries.enumerated() { folded[Folding.fold(entry.code)] = index }
            for (index, entry) in entries.enumerated() {
                for name in entry.names where !name.isEmpty {
                    let word = Folding.fold(name)
                    if folded[word] == nil { folded[word] = index }
                }
            }
            self.folded = folded
        }

        /// The place of a word's entry in the vocabulary; nil when no entry is known by it.
        mutating func find(_ word: String) -> Int? {
            if let known = remembered[word] { return known }
            let found = folded[Folding.fold(word)]
            if remembered.count < 10_000 { remembered[word] = .some(found) }
            return found
        }

        subscript(index: Int) -> Entry { entries[index] }

        /// The word that was probably meant.
        func suggestion(for word: String) -> String? {
            guard let nearest = Folding.nearest(to: Folding.fold(word), among: folded.keys.sorted()),
                let index = folded[nearest]
            else { return nil }
            let entry = entries[index]
            return ([entry.code] + entry.names).first { Folding.fold($0) == nearest }
        }
    }

    var regions: Words
    var municipalities: Words
    var roles: Words
    var languages: Words
}
