import Foundation
import Postgres

/// The cells of one row by column, with their small rules; what breaks one is reported with line and column.
struct Cells {
    private let row: CSVRow
    private let header: CrewHeader
    private(set) var problems: CrewProblems

    init(row: CSVRow, header: CrewHeader, problems: CrewProblems) {
        self.row = row
        self.header = header
        self.problems = problems
    }

    /// Reports a rule that a cell of the row breaks.
    mutating func report(_ column: CrewColumn, _ rule: () -> CrewProblem.Rule) {
        let line = problems.hasRoom ? header.indexes[column].map { row.line(at: $0) } : nil
        problems.add(line: line ?? row.line, column: column.rawValue, rule())
    }

    /// The cell's text in composed form without white space around it; nil when it is empty, the file has no such
    /// column, or the text breaks a rule of form, which is then reported.
    mutating func text(_ column: CrewColumn, limit: Int = .max, required: Bool = false) -> String? {
        guard let index = header.indexes[column] else { return nil }
        var text: String
        do {
            text = Self.trimmed(try row.text(at: index))
        } catch {
            problems.add(error, column: column.rawValue)
            return nil
        }
        guard !text.isEmpty else {
            if required { report(column) { .required } }
            return nil
        }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 >= 0x80 }) {
            if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                report(column) { .controlCharacter }
                return nil
            }
            text = text.precomposedStringWithCanonicalMapping
        }
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            report(column) { .tooLong(limit: limit) }
            return nil
        }
        return text
    }

    /// The items of a list, `;` between them; empty ones do not count.
    func items(_ list: String) -> [String] {
        list.split(separator: ";").map { Self.trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    /// Whether a list has any item.
    func hasItems(_ list: String) -> Bool { !items(list).isEmpty }

    /// One of a few words; nil when the cell is empty or, reported, another word.
    mutating func choice(_ column: CrewColumn, of words: [String]) -> String? {
        guard let text = text(column) else { return nil }
        if words.contains(text) { return text }
        let folded = Folding.fold(text)
        guard let word = words.first(where: { $0 == folded }) else {
            report(column) { .visibility(text, allowed: words) }
            return nil
        }
        return word
    }

    /// A day of the calendar, between 2000 and 2199; nil, reported, for anything else.
    mutating func day(_ text: String, _ column: CrewColumn) -> Day? {
        guard let day = Self.isoDay(text) else {
            report(column) { .day(text) }
            return nil
        }
        guard CrewRowParser.days.contains(day) else {
            report(column) { .dayRange(text) }
            return nil
        }
        return day
    }

    /// `2027-03-01` and nothing else.
    static func isoDay(_ text: some StringProtocol) -> Day? {
        let trimmed = trimmed(String(text))
        guard let day = Day(trimmed), day.isFinite else { return nil }
        return day
    }

    /// `gaffer:trainee` as its two halves; nil without a colon.
    static func suffixed(_ item: String) -> (word: String, suffix: String)? {
        guard let colon = item.lastIndex(of: ":") else { return nil }
        return (trimmed(String(item[..<colon])), trimmed(String(item[item.index(after: colon)...])))
    }

    /// Without white space around it, the no-break space included.
    static func trimmed(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        else { return text }
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}

/// The forms of contact fields, as the database demands them or a little stricter.
enum ContactForm {
    /// One `@` between a name without spaces and brackets and a domain of at least two labels.
    static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].unicodeScalars.count <= 64 else { return false }
        let forbidden = "()<>[]\\,;:\""
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || forbidden.unicodeScalars.contains(scalar) { return false }
        }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasSuffix("-") }
    }

    /// A digit, `+` before it or not, and 3 to 30 more digits, spaces, brackets, dots, hyphens and slashes.
    static func isPhone(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        if bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        guard (4...31).contains(bytes.count), let first = bytes.first, isDigit(first) else { return false }
        return bytes.allSatisfy { isDigit($0) || " ()./-".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
