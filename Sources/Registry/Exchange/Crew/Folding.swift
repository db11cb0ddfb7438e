/// How words are compared when a file is read: as `klappa.fold` does in the database, without upper case, accents
/// and spaces around them.
enum Folding {
    /// Lower case, without accents, runs of white space made one space.
    static func fold(_ text: some StringProtocol) -> String {
        var folded = ""
        var space = false
        for scalar in text.lowercased().unicodeScalars {
            if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
                space = true
                continue
            }
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            if space, !folded.isEmpty { folded += " " }
            space = false
            if scalar.isASCII {
                folded.unicodeScalars.append(scalar)
            } else if let plain = plain[scalar] {
                folded += plain
            } else {
                folded.unicodeScalars.append(scalar)
            }
        }
        return folded
    }

    private static let plain: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [
            "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "’": "'", "–": "-",
        ]
        let groups: [(String, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõöøōŏő"),
            ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"),
            ("z", "źżž"),
        ]
        for (letter, accented) in groups {
            for scalar in accented.unicodeScalars { table[scalar] = letter }
        }
        return table
    }()

    /// The word with the fewest edits to `text`, when they are few enough for a slip of the fingers; the first of
    /// several. Cost: linear in the number of words.
    static func nearest(to text: String, among words: some Sequence<String>) -> String? {
        let typed = Array(text.unicodeScalars)
        guard (2...60).contains(typed.count) else { return nil }
        var best: (word: String, distance: Int)?
        for word in words {
            let scalars = Array(word.unicodeScalars)
            let allowed = min(3, max(1, scalars.count / 3))
            guard abs(scalars.count - typed.count) <= allowed else { continue }
            let distance = distance(typed, scalars)
            if distance <= allowed, distance < best?.distance ?? .max { best = (word, distance) }
        }
        return best?.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 1...max(1, left.count) where i <= left.count {
            var row = [i]
            for j in 1...max(1, right.count) where j <= right.count {
                var value = min(
                    last[j] + 1,
                    row[j - 1] + 1,
                    last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
                )
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    value = min(value, beforeLast[j - 2] + 1)
                }
                row.append(value)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
