/// A set of calendar days as a sorted list of ranges that neither touch nor overlap: `datemultirange`.
public struct DayMultirange: Hashable, Sendable {
    /// The ranges in order; none is empty and none touches the next.
    public let ranges: [DayRange]

    /// The union of the ranges, in any order, overlapping or not.
    public init(_ ranges: some Sequence<DayRange> = []) {
        let sorted = ranges.filter { !$0.isEmpty }.sorted { Self.lower($0) < Self.lower($1) }
        var merged: [DayRange] = []
        for range in sorted {
            if let last = merged.last, Self.lower(range) <= Self.upper(last) {
                let further = Self.upper(range) > Self.upper(last) ? range.until : last.until
                merged[merged.count - 1] = DayRange(from: last.from, until: further)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    // Numbers that order an absent bound outside every day, the infinities included.
    private static func lower(_ range: DayRange) -> Int { range.from.map { Int($0.number) } ?? .min }
    private static func upper(_ range: DayRange) -> Int { range.until.map { Int($0.number) } ?? .max }

    /// No day at all.
    public static let empty = DayMultirange()

    /// Whether no day is in it.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of days; nil when unbounded or infinite.
    public var count: Int? {
        var sum = 0
        for range in ranges {
            guard let count = range.count else { return nil }
            sum += count
        }
        return sum
    }

    /// Whether the day is in it. Cost: logarithmic in the number of ranges.
    public func contains(_ day: Day) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].contains(day) { return true }
            if let from = ranges[middle].from, day < from { high = middle } else { low = middle + 1 }
        }
        return false
    }

    /// Whether they share a day.
    public func overlaps(_ other: DayMultirange) -> Bool {
        !intersection(other).isEmpty
    }

    /// The days in either.
    public func union(_ other: DayMultirange) -> DayMultirange {
        DayMultirange(ranges + other.ranges)
    }

    /// The days in both. Cost: linear in the number of ranges.
    public func intersection(_ other: DayMultirange) -> DayMultirange {
        var result: [DayRange] = []
        var mine = 0
        var theirs = 0
        while mine < ranges.count, theirs < other.ranges.count {
            let common = ranges[mine].intersection(other.ranges[theirs])
            if !common.isEmpty { result.append(common) }
            if Self.upper(ranges[mine]) < Self.upper(other.ranges[theirs]) { mine += 1 } else { theirs += 1 }
        }
        return DayMultirange(result)
    }

    /// The days of this that are not in the other.
    public func subtracting(_ other: DayMultirange) -> DayMultirange {
        intersection(other.complement)
    }

    /// Every day that is not in it.
    public var complement: DayMultirange {
        var result: [DayRange] = []
        var from: Day?
        var open = true
        for range in ranges {
            if let start = range.from { result.append(DayRange(from: from, until: start)) }
            from = range.until
            open = range.until != nil
        }
        if open { result.append(DayRange(from: from, until: nil)) }
        return DayMultirange(result)
    }
}

extension DayMultirange: CustomStringConvertible {
    /// PostgreSQL's text form: `{[2027-03-01,2027-03-21)}`.
    public var description: String {
        "{" + ranges.map(\.description).joined(separator: ",") + "}"
    }
}

extension DayMultirange: PostgresEncodable, PostgresDecodable {
    /// `datemultirange`
    public static var postgresType: PostgresType { .datemultirange }

    /// The number of ranges, then each after its length.
    public func encode(into writer: inout PostgresWriter) {
        writer.write(Int32(ranges.count))
        for range in ranges {
            writer.writeCounted { range.encode(into: &$0) }
        }
    }

    /// Reads `datemultirange`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.datemultirange, as: "DayMultirange") { reader throws(PostgresError) in
            let count = Int(try reader.read(Int32.self))
            guard count >= 0, count <= reader.remaining / 5 else {
                throw .decoding("the multirange is malformed")
            }
            var ranges: [DayRange] = []
            for _ in 0..<count {
                guard let bytes = try reader.takeCounted() else {
                    throw .decoding("the multirange is malformed")
                }
                var inner = PostgresReader(bytes)
                ranges.append(try DayRange(reading: &inner))
                try inner.finish()
            }
            return DayMultirange(ranges)
        }
    }
}
