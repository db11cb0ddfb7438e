internal import Postgres
internal import Web

/// How days are written in running text: `1–12 mars 2027`, `1–12 March 2027`, the year once in a row.
extension Wording {
    /// `1 mars 2027`; without its year `1 mars`.
    func day(_ day: Day, year: Bool = true) -> String {
        let (number, month, dayOfMonth) = day.components
        let written = "\(dayOfMonth) \(MonthNames.long(month, language))"
        return year ? "\(written) \(number)" : written
    }

    /// From the first to the last day, both included: `1–12 mars 2027`, `28 februari – 3 mars 2027`,
    /// `20 december 2026 – 3 januari 2027`. Short names of months with `short`.
    func days(_ first: Day, _ last: Day, year: Bool = true, short: Bool = false) -> String {
        let (from, to) = (first.components, last.components)
        let name = short ? MonthNames.short : MonthNames.long
        let end = "\(to.day) \(name(to.month, language))" + (year ? " \(to.year)" : "")
        if first == last { return end }
        if from.year == to.year, from.month == to.month { return "\(from.day)–\(end)" }
        let start = "\(from.day) \(name(from.month, language))"
        return from.year == to.year || !year ? "\(start) – \(end)" : "\(start) \(from.year) – \(end)"
    }

    /// Several periods, a year only where it differs from the one before: `1–12 mars 2027, 20–25 mars`.
    func periods(_ dates: DayMultirange, short: Bool = false) -> [String] {
        var year: Int?
        return dates.ranges.compactMap { range in
            guard let first = range.firstDay, let last = range.lastDay else { return nil }
            let ends = (first.components.year, last.components.year)
            defer { year = ends.1 }
            return days(first, last, year: ends.0 != year || ends.1 != year, short: short)
        }
    }

    /// `mån–fre`, `lör`: the weekdays of the first and the last day.
    func weekdays(_ first: Day, _ last: Day) -> String {
        let names = MonthNames.weekdays[language] ?? []
        let (from, to) = (names[first.weekday - 1], names[last.weekday - 1])
        return first == last ? from : "\(from)–\(to)"
    }
}

/// The names of months and weekdays.
enum MonthNames {
    /// - Parameter month: 1 to 12.
    static func long(_ month: Int, _ language: Language) -> String { all[language]?[month - 1] ?? "" }

    /// As long as fits a label: `jan`, `mars`, `Sep`.
    static func short(_ month: Int, _ language: Language) -> String { allShort[language]?[month - 1] ?? "" }

    /// The month that a word names in either language, whole or cut to at least three letters, with or without
    /// a full stop; nil for any other word.
    static func month(_ word: some StringProtocol) -> Int? {
        let word = word.lowercased().filter { $0 != "." }
        guard word.count >= 3 else { return nil }
        for names in all.values {
            if let index = names.firstIndex(where: { $0.lowercased().hasPrefix(word) }) { return index + 1 }
        }
        return word == "sept" ? 9 : nil
    }

    static let weekdays: [Language: [String]] = [
        .sv: ["mån", "tis", "ons", "tor", "fre", "lör", "sön"],
        .en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ]

    private static let all: [Language: [String]] = [
        .sv: [
            "januari", "februari", "mars", "april", "maj", "juni",
            "juli", "augusti", "september", "oktober", "november", "december",
        ],
        .en: [
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ],
    ]

    private static let allShort: [Language: [String]] = [
        .sv: ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"],
        .en: ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ]
}
