internal import Foundation
internal import Postgres

extension Day {
    /// Today in Europe/Stockholm, which is today for everybody here.
    static var todayInStockholm: Day { inStockholm(Date()) }

    /// The calendar day in Europe/Stockholm of an instant.
    static func inStockholm(_ instant: Date) -> Day {
        // 2000-01-01T00:00Z is 946,684,800 seconds after the epoch of `Date.timeIntervalSince1970`.
        let offset = stockholm?.secondsFromGMT(for: instant) ?? 3600
        let seconds = instant.timeIntervalSince1970 + Double(offset) - 946_684_800
        return Day(number: Int32((seconds / 86_400).rounded(.down)))
    }

    private static let stockholm = TimeZone(identifier: "Europe/Stockholm")
}
