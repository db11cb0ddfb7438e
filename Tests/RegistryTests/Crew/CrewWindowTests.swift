import Postgres
import Testing

@testable import Registry

struct CrewWindowTests {
    private let window = CrewWindow(firstDay: day("2026-01-01"))

    private static func day(_ text: String) -> Day { Day(text) ?? .infinity }
    private func days(_ first: String, _ last: String) -> DayMultirange {
        DayMultirange([DayRange(first: Self.day(first), last: Self.day(last))])
    }

    @Test func `three years are kept`() {
        #expect(window.span.lastDay == Self.day("2028-12-31"))
    }

    @Test func `days become bits and days again`() {
        let wanted = days("2026-01-01", "2026-01-03").union(days("2027-02-27", "2027-03-01"))
            .union(days("2028-12-31", "2028-12-31"))
        #expect(window.bits(of: wanted).ones == 7)
        #expect(window.days(of: window.bits(of: wanted)) == wanted)
    }

    @Test func `days outside have no bit and are named`() {
        let wanted = days("2025-12-30", "2026-01-02")
        #expect(window.places(of: wanted) == [0, 1])
        #expect(window.outside(wanted) == days("2025-12-30", "2025-12-31"))
        #expect(window.places(of: days("2030-01-01", "2030-01-05")) == [])
    }

    @Test func `the counts add up to the days needed`() {
        let availability = CrewAvailability(
            needed: days("2027-03-01", "2027-03-10"),
            free: days("2027-03-01", "2027-03-04"),
            held: days("2027-03-05", "2027-03-05"),
            busy: days("2027-03-06", "2027-03-08")
        )
        #expect(availability.state == .partial)
        #expect(
            [availability.free, availability.held, availability.busy, availability.unknown] == [4, 1, 3, 2]
        )
        #expect(availability.clashes.map(\.kind) == [.held, .busy])
        #expect(availability.unknownDays == days("2027-03-09", "2027-03-10"))
    }

    @Test func `without a free day it is unknown while some day is, and none otherwise`() {
        let needed = days("2027-03-01", "2027-03-02")
        let busy = days("2027-03-01", "2027-03-01")
        #expect(CrewAvailability(needed: needed, free: .empty, held: .empty, busy: busy).state == .unknown)
        #expect(CrewAvailability(needed: needed, free: .empty, held: .empty, busy: needed).state == .none)
        #expect(CrewAvailability(needed: needed, free: .empty, held: needed, busy: .empty).state == .none)
    }
}
