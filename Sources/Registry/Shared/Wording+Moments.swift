internal import Foundation
internal import Postgres
internal import Web

extension Instant {
    /// The calendar day in Europe/Stockholm.
    var inStockholm: Day { Day.inStockholm(date) }
}

extension Wording {
    /// A day with the time in Europe/Stockholm: `12 mars 2027 kl. 08.12`, `12 March 2027, 08:12`.
    func moment(_ instant: Instant) -> String {
        let day = instant.inStockholm
        let offset = TimeZone(identifier: "Europe/Stockholm")?.secondsFromGMT(for: instant.date) ?? 3600
        let seconds = Int((instant.date.timeIntervalSince1970 + Double(offset)).rounded(.down))
        let minutes = ((seconds / 60) % 1440 + 1440) % 1440
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hour, minute) = (two(minutes / 60), two(minutes % 60))
        return language == .sv
            ? "\(self.day(day)) kl. \(hour).\(minute)" : "\(self.day(day)), \(hour):\(minute)"
    }
}
