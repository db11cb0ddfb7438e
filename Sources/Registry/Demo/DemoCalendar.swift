import Postgres

/// The days of an invented person, counted from a given day: over what span they are known, and what is on them.
struct DemoCalendar: Sendable {
    /// First and last known day; nil when nothing is known.
    var known: (first: Day, last: Day)?
    /// Each a shoot of its own; shoots of several weeks have their weekends off.
    var blocks: [DayMultirange] = []
    var bookings: [DayMultirange] = []
    var holds: [(days: DayMultirange, state: String)] = []

    init() {}

    /// A calendar around `day`.
    init(from day: Day, _ random: inout DemoRandom) {
        // One of nine says nothing, some have not looked at theirs for long, most know half a year to two years.
        let span = random.weighted([(0, 11), (-20, 5), (60, 12), (150, 22), (270, 25), (400, 17), (720, 8)])
        guard span != 0 else {
            if random.chance(30) {
                blocks.append(Self.shoot(random.number(3...30), from: day + random.number(1...90)))
            }
            return
        }
        let last = day + span + random.number(-10...10)
        known = (min(last, day - random.number(10...60)), last)
        let busy = random.weighted([(0, 8), (1, 32), (2, 40), (3, 20)])
        guard busy > 0 else { return }
        var next = day - random.number(0...40)
        let end = last + random.number(0...40)
        while next < end {
            let length = random.weighted([
                (1, 20), (2, 16), (4, 18), (8, 16), (15, 10), (32, 12), (50, 6), (85, 2),
            ])
            let days = Self.shoot(max(1, length + random.low(0...5) - 1), from: next)
            if random.chance(42) {
                bookings.append(days)
            } else {
                blocks.append(days)
            }
            let pause = random.low(2...(busy == 1 ? 130 : busy == 2 ? 70 : 25))
            next = (days.ranges.last?.lastDay ?? next) + 1 + pause
            if random.chance(22) { addHolds(around: next - pause, &random) }
        }
    }

    /// One to three pencils on the same days or nearly, as producers do.
    private mutating func addHolds(around day: Day, _ random: inout DemoRandom) {
        for place in 0..<random.weighted([(1, 70), (2, 22), (3, 8)]) {
            let days = Self.shoot(random.number(2...12), from: day + random.number(0...6))
            holds.append((days, place == 0 ? random.pick(["offered", "accepted"]) : "offered"))
        }
    }

    /// So many days of work from a day on: two weeks at most without a weekend.
    static func shoot(_ length: Int, from first: Day) -> DayMultirange {
        guard length > 12 else { return DayMultirange([DayRange(first: first, last: first + length - 1)]) }
        var ranges: [DayRange] = []
        var day = first
        var left = length
        while left > 0 {
            let weekday = day.weekday
            if weekday > 5 {
                day = day + (8 - weekday)
                continue
            }
            let days = min(left, 6 - weekday)
            ranges.append(DayRange(first: day, last: day + days - 1))
            left -= days
            day = day + days
        }
        return DayMultirange(ranges)
    }
}
