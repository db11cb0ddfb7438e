import Testing

@testable import Postgres

@Suite struct DayMultirangeTests {
    private static func day(_ number: Int) -> Day { Day(number: Int32(number)) }

    @Test func `a range of days is half open inside and inclusive outside`() throws {
        let range = DayRange(first: try #require(Day("2027-03-01")), last: try #require(Day("2027-03-20")))
        #expect(range.count == 20)
        #expect(range.lastDay == Day("2027-03-20"))
        #expect(range.until == Day("2027-03-21"))
        #expect(range.description == "[2027-03-01,2027-03-21)")
        #expect(Array(range.days).count == 20)
        #expect(DayRange(from: range.until, until: range.from) == .empty)
        #expect(DayRange.empty.description == "empty")
        #expect(DayRange.all.description == "(,)")
        #expect(DayRange.all.count == nil)
        #expect(DayRange(from: nil, until: range.from).contains(.minusInfinity))
        #expect(range.contains(DayRange.empty))
        #expect(!range.overlaps(.empty))
        #expect(range.overlaps(DayRange(from: Day("2027-03-20"), until: nil)))
        #expect(!range.overlaps(DayRange(from: Day("2027-03-21"), until: nil)))
    }

    /// A set of days among 0..<40, as a multirange and as the naive set.
    private static func sample(_ random: inout SeededRandom) -> (DayMultirange, Set<Int>) {
        var ranges: [DayRange] = []
        var days: Set<Int> = []
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let from = Int.random(in: 0..<40, using: &random)
            let until = min(40, from + Int.random(in: 0...9, using: &random))
            ranges.append(DayRange(from: day(from), until: day(until)))
            days.formUnion(from..<until)
        }
        return (DayMultirange(ranges), days)
    }

    private static func days(_ value: DayMultirange) -> Set<Int> {
        Set((0..<40).filter { value.contains(day($0)) })
    }

    @Test(arguments: 0..<8) func `sets of days behave as sets`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let (left, leftDays) = Self.sample(&random)
            let (right, rightDays) = Self.sample(&random)
            #expect(Self.days(left) == leftDays)
            #expect(left.count == leftDays.count)
            #expect(Self.days(left.union(right)) == leftDays.union(rightDays))
            #expect(Self.days(left.intersection(right)) == leftDays.intersection(rightDays))
            #expect(Self.days(left.subtracting(right)) == leftDays.subtracting(rightDays))
            #expect(left.overlaps(right) == !leftDays.isDisjoint(with: rightDays))
            #expect(left.complement.complement == left)
            for (range, next) in zip(left.ranges, left.ranges.dropFirst()) {
                #expect(range.until! < next.from!, "ranges neither touch nor overlap")
            }
        }
    }

    @Test func `unbounded ranges unite and subtract`() {
        let past = DayRange(from: nil, until: Self.day(5))
        let future = DayRange(from: Self.day(5), until: nil)
        #expect(DayMultirange([future, past]).ranges == [.all])
        #expect(DayMultirange([.all]).subtracting(DayMultirange([past])).ranges == [future])
        #expect(DayMultirange.empty.complement.ranges == [.all])
        #expect(DayMultirange([.all]).complement.isEmpty)
        #expect(DayMultirange([past]).count == nil)
        #expect(
            DayMultirange([DayRange(Self.day(1)), DayRange(Self.day(7))]).description
                == "{[2000-01-02,2000-01-03),[2000-01-08,2000-01-09)}"
        )
    }
}
