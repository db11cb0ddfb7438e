internal import Foundation
internal import Postgres
internal import Web

/// How programmes and calls are spoken of on pages and in letters, in one language.
struct TalentWords: Sendable {
    let words: Wording
    let vocabularies: Vocabularies

    var language: Language { words.language }

    /// `15 december 2026 kl. 23.59`: in Stockholm's time.
    func instant(_ instant: Instant, year: Bool = true) -> String {
        let day = Day.inStockholm(instant.date)
        return words("talent.at", ["day": words.day(day, year: year), "time": Self.time(instant, language)])
    }

    /// `23.59`, `23:59`.
    static func time(_ instant: Instant, _ language: Language) -> String {
        let minutes = minutesInStockholm(instant)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return two(minutes / 60) + (language == .sv ? "." : ":") + two(minutes % 60)
    }

    private static func minutesInStockholm(_ instant: Instant) -> Int {
        let zone = TimeZone(identifier: "Europe/Stockholm")
        let seconds =
            Int(instant.date.timeIntervalSince1970.rounded(.down))
            + (zone?.secondsFromGMT(for: instant.date) ?? 3600)
        return (seconds % 86_400 + 86_400) % 86_400 / 60
    }

    /// What a field `datetime-local` holds: `2026-12-15T23:59`, Stockholm's time.
    static func typed(_ instant: Instant) -> String {
        let day = Day.inStockholm(instant.date)
        return "\(day)T" + time(instant, .en)
    }

    /// The instant of what such a field holds; nil when it cannot be read.
    static func instant(typed: String) -> Instant? {
        let parts = typed.replacing(" ", with: "T").split(separator: "T")
        guard parts.count == 2, let day = Day(String(parts[0])), day.isFinite,
            let match = parts[1].wholeMatch(of: /([0-9]{2})[:.]([0-9]{2})(?:[:.][0-9]{2})?/),
            let hour = Int(match.1), let minute = Int(match.2), hour < 24, minute < 60,
            let zone = TimeZone(identifier: "Europe/Stockholm")
        else { return nil }
        // 2000-01-01T00:00Z is 946,684,800 seconds after the epoch.
        let local = Double(day.number) * 86_400 + Double(hour * 3600 + minute * 60) + 946_684_800
        let guess = Date(
            timeIntervalSince1970: local
                - Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: local)))
        )
        let exact = Date(timeIntervalSince1970: local - Double(zone.secondsFromGMT(for: guess)))
        return Instant(exact)
    }

    /// Names of regions, joined.
    func regions(_ codes: [String]) -> String {
        words.list(codes.map { vocabularies.region($0)?.shortName ?? $0 })
    }

    /// Whether and how long a call can be applied to, as a line and a class for its colour.
    func status(_ call: Call) -> View {
        let (text, tone): (String, String) =
            switch call.status {
            case .upcoming: (words("talent.opens", ["when": instant(call.opensAt)]), "held")
            case .open: (words("talent.openUntil", ["when": instant(call.closesAt)]), "free")
            case .late: (words("talent.lateSince", ["when": instant(call.closesAt)]), "held")
            case .closed: (words("talent.closed"), "busy")
            }
        return ["text": .text(text), "tone": .text(tone)]
    }

    /// A text as paragraphs; lines that begin with a hyphen become lists.
    static func paragraphs(_ text: String) -> View.Value {
        var parts: [View] = []
        var items: [String] = []
        func flush() {
            if !items.isEmpty { parts.append(["list": .view(["items": .texts(items)]), "line": .absent]) }
            items = []
        }
        for line in text.split(separator: "\n") {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("- ") {
                items.append(String(line.dropFirst(2)))
            } else if !line.isEmpty {
                flush()
                parts.append(["list": .absent, "line": .text(line)])
            }
        }
        flush()
        return .list(parts)
    }
}
