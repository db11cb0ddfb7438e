internal import Foundation
internal import Postgres

/// Days as people type them: `1–12 mars 2027, 20–25 mars`, `28 feb – 3 mars`, `1/3–12/3`, `v. 10–11`, `mars 2027`, ISO
/// 8601 with `/` between, in Swedish or English whatever the page.
///
/// Both ends are included. Periods are set apart by commas, semicolons, line breaks, `och` or `and`. A year that is not
/// written is the one of a neighbour, so that periods follow each other in time; without any it is the one that
/// makes the period end today or later.
enum TypedDays {
    /// A period that cannot be read: the words as typed.
    struct Unreadable: Error, Hashable {
        let words: String
    }

    /// - Parameter today: decides the year when none is written.
    /// - Throws: the first period that cannot be read, or that the calendar does not have.
    static func read(_ text: String, today: Day) throws(Unreadable) -> DayMultirange {
        var pieces: [Piece] = []
        for words in split(text) {
            guard let piece = Piece(words) else { throw Unreadable(words: words) }
            pieces.append(piece)
        }
        settleYears(&pieces, today: today)
        var ranges: [DayRange] = []
        for piece in pieces {
            guard let range = piece.range else { throw Unreadable(words: piece.words) }
            ranges.append(range)
        }
        return DayMultirange(ranges)
    }

    /// The typed text in periods, trimmed, empty ones left out.
    private static func split(_ text: String) -> [String] {
        text.replacing(/\s+(?:och|and|samt|&|\+)\s+/.ignoresCase(), with: ",")
            .split { ",;\n".contains($0) }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    /// Gives every piece a year: its own, else the one of the piece before (later when it would lie before it), else
    /// that of the first piece that has one (earlier when it would lie behind it), else by today.
    private static func settleYears(_ pieces: inout [Piece], today: Day) {
        if let known = pieces.firstIndex(where: { $0.year != nil }), let year = pieces[known].year {
            let limit = pieces[known].range?.firstDay
            for index in pieces.indices.prefix(known).reversed() {
                pieces[index].year = year
                if let limit, let first = pieces[index].range?.firstDay, first > limit {
                    pieces[index].year = year - 1
                }
            }
        } else if !pieces.isEmpty {
            let year = today.components.year
            pieces[0].year = year
            if let last = pieces[0].range?.lastDay, last < today { pieces[0].year = year + 1 }
        }
        for index in pieces.indices.dropFirst() where pieces[index].year == nil {
            pieces[index].year = pieces[index - 1].range?.lastDay?.components.year ?? pieces[index - 1].year
            if let before = pieces[index - 1].range?.firstDay, let first = pieces[index].range?.firstDay,
                first < before
            {
                pieces[index].year = pieces[index].year.map { $0 + 1 }
            }
        }
    }
}

/// One typed period, its year perhaps still open.
private struct Piece {
    private enum Shape {
        /// Day and month of both ends; the year of the first end if it was written apart.
        case days(from: (day: Int, month: Int), to: (day: Int, month: Int), fromYear: Int?)
        case months(from: Int, to: Int)
        case weeks(from: Int, to: Int)
    }

    let words: String
    /// The year of the last day.
    var year: Int?
    private let shape: Shape

    init?(_ words: String) {
        self.words = words
        let text = words.lowercased()
            .replacing(/\s*(?:–|—|−|\bt\.?\s?o\.?\s?m\.?|\btill\b|\bto\b|\buntil\b)\s*/, with: "-")
            .replacing(/(\d{4})-(\d\d)-(\d\d)/) { "\($0.1).\($0.2).\($0.3)" }
            .replacing(/^(\d{4}\.\d\d\.\d\d)\s*\/\s*(\d{4}\.\d\d\.\d\d)$/) { "\($0.1)-\($0.2)" }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard (1...2).contains(ends.count), let last = End(ends[ends.count - 1]), let first = End(ends[0])
        else {
            return nil
        }
        year = last.year ?? first.year
        if first.week != nil || last.week != nil {
            // "v. 10–11": the second may leave the letter out.
            guard let from = first.week, let to = last.week ?? last.day, last.month == nil else { return nil }
            shape = .weeks(from: from, to: to)
        } else if first.day == nil, last.day == nil {
            guard let to = last.month, let from = first.month else { return nil }
            shape = .months(from: from, to: to)
        } else {
            guard let to = last.day, let from = first.day, let month = last.month ?? first.month else {
                return nil
            }
            shape = .days(from: (from, first.month ?? month), to: (to, month), fromYear: first.year)
        }
    }

    /// The days, nil while the year is open or when the calendar does not have them.
    var range: DayRange? {
        guard let year, (1900...2999).contains(year) else { return nil }
        switch shape {
        case .days(let from, let to, let fromYear):
            let wraps = (from.month, from.day) > (to.month, to.day)
            guard let last = Day(year: year, month: to.month, day: to.day),
                let first = Day(
                    year: fromYear ?? (wraps ? year - 1 : year),
                    month: from.month,
                    day: from.day
                ),
                first <= last
            else { return nil }
            return DayRange(first: first, last: last)
        case .months(let from, let to):
            guard let first = Day(year: from > to ? year - 1 : year, month: from, day: 1),
                let last = Day(year: year, month: to, day: Day.length(year: year, month: to))
            else { return nil }
            return DayRange(first: first, last: last)
        case .weeks(let from, let to):
            guard let first = Self.monday(week: from, year: from > to ? year - 1 : year),
                let last = Self.monday(week: to, year: year)
            else { return nil }
            return DayRange(first: first, last: last + 6)
        }
    }

    /// The Monday of an ISO 8601 week; nil when the year has no such week.
    private static func monday(week: Int, year: Int) -> Day? {
        guard let fourth = Day(year: year, month: 1, day: 4), let next = Day(year: year + 1, month: 1, day: 4)
        else {
            return nil
        }
        let monday = fourth - (fourth.weekday - 1) + 7 * (week - 1)
        return week >= 1 && monday < next - (next.weekday - 1) ? monday : nil
    }

    /// One end: what of day, month, year and week is written.
    private struct End {
        var day: Int?
        var month: Int?
        var year: Int?
        var week: Int?

        init?(_ text: String) {
            if let iso = text.wholeMatch(of: /(\d{4})\.(\d\d)\.(\d\d)/) {
                (year, month, day) = (Int(iso.1), Int(iso.2), Int(iso.3))
            } else if let slashed = text.wholeMatch(of: /(\d{1,2})\/(\d{1,2})(?:[\/ ](\d{4}))?/) {
                (day, month, year) = (Int(slashed.1), Int(slashed.2), slashed.3.flatMap { Int($0) })
            } else if let week = text.wholeMatch(of: /(?:v|v\.|vecka|week|w)\s*(\d{1,2})(?:\s+(\d{4}))?/) {
                (self.week, year) = (Int(week.1), week.2.flatMap { Int($0) })
            } else {
                for word in text.split(whereSeparator: { $0.isWhitespace }) {
                    if let month = MonthNames.month(word) {
                        guard self.month == nil else { return nil }
                        self.month = month
                    } else if let number = Int(word.trimmingCharacters(in: CharacterSet(charactersIn: "."))),
                        number > 0
                    {
                        if number >= 1000, year == nil {
                            year = number
                        } else if number < 100, day == nil {
                            day = number
                        } else {
                            return nil
                        }
                    } else if !Self.weekdays.contains(word.prefix(3).description) {
                        return nil
                    }
                }
            }
            guard day != nil || month != nil || week != nil else { return nil }
            if let month, !(1...12).contains(month) { return nil }
        }

        /// Weekdays may be typed along and say nothing new.
        private static let weekdays = Set(
            MonthNames.weekdays.values.flatMap { $0 }.map { $0.lowercased() }
        )
    }
}
