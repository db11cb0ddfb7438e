import Foundation
import Postgres
import Testing

@testable import Registry

@Suite struct DayStockholmTests {
    @Test(arguments: [
        ("2026-11-24T22:59:59Z", "2026-11-24"), ("2026-11-24T23:00:00Z", "2026-11-25"),
        ("2027-07-01T21:59:59Z", "2027-07-01"), ("2027-07-01T22:00:00Z", "2027-07-02"),
        ("1999-12-31T22:59:59Z", "1999-12-31"),
    ])
    func `a day begins at midnight in Stockholm, summer and winter`(instant: String, day: String) throws {
        let date = try Date(instant, strategy: .iso8601)
        #expect(Day.inStockholm(date) == Day(day))
    }
}
