/// A type that PostgreSQL has ranges of.
public protocol PostgresRangeBound: PostgresEncodable, PostgresDecodable, Hashable {
    /// The range type.
    static var postgresRangeType: PostgresType { get }
    /// The multirange type.
    static var postgresMultirangeType: PostgresType { get }
}

/// A range of numbers or moments exactly as PostgreSQL has it. Days have a type of their own, ``DayRange``.
///
/// The server writes ranges of whole numbers in the form `[a,b)`, whatever was sent.
public struct PostgresRange<Bound: PostgresRangeBound>: Hashable, Sendable {
    /// One end of a range.
    public enum End: Hashable, Sendable {
        /// No bound.
        case none
        /// Up to and with the value.
        case included(Bound)
        /// Up to but without the value.
        case excluded(Bound)
    }

    /// The lower end; `.none` for the empty range.
    public let lower: End
    /// The upper end; `.none` for the empty range.
    public let upper: End
    /// Whether nothing is in it.
    public let isEmpty: Bool

    /// A range between two ends; the server refuses a lower end above the upper one.
    public init(lower: End, upper: End) {
        self.lower = lower
        self.upper = upper
        self.isEmpty = false
    }

    private init() {
        lower = .none
        upper = .none
        isEmpty = true
    }

    /// Nothing.
    public static var empty: PostgresRange { PostgresRange() }
}

/// The flag byte of a range, `src/include/utils/rangetypes.h` in PostgreSQL.
private enum Flag {
    static let empty: UInt8 = 0x01
    static let lowerIncluded: UInt8 = 0x02
    static let upperIncluded: UInt8 = 0x04
    static let lowerNone: UInt8 = 0x08
    static let upperNone: UInt8 = 0x10
}

extension PostgresRange: PostgresEncodable, PostgresDecodable {
    /// The range type of the bound.
    public static var postgresType: PostgresType { Bound.postgresRangeType }

    /// A flag byte, then each bound after its length.
    public func encode(into writer: inout PostgresWriter) {
        if isEmpty {
            writer.write(Flag.empty)
            return
        }
        var flags: UInt8 = 0
        switch lower {
        case .none: flags |= Flag.lowerNone
        case .included: flags |= Flag.lowerIncluded
        case .excluded: break
        }
        switch upper {
        case .none: flags |= Flag.upperNone
        case .included: flags |= Flag.upperIncluded
        case .excluded: break
        }
        writer.write(flags)
        for end in [lower, upper] {
            switch end {
            case .none: break
            case .included(let value), .excluded(let value): writer.writeCounted { value.encode(into: &$0) }
            }
        }
    }

    /// Reads the range type of the bound.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        try cell.expect(Bound.postgresRangeType, as: "a range")
        self = try cell.withBytes { bytes throws(PostgresError) in
            var reader = PostgresReader(bytes)
            let range = try PostgresRange(reading: &reader)
            try reader.finish()
            return range
        }
    }

    init(reading reader: inout PostgresReader) throws(PostgresError) {
        let flags = try reader.read(UInt8.self)
        if flags & Flag.empty != 0 {
            self = .empty
            return
        }
        var lower = End.none
        var upper = End.none
        if flags & Flag.lowerNone == 0 {
            let value = try Self.bound(&reader)
            lower = flags & Flag.lowerIncluded != 0 ? .included(value) : .excluded(value)
        }
        if flags & Flag.upperNone == 0 {
            let value = try Self.bound(&reader)
            upper = flags & Flag.upperIncluded != 0 ? .included(value) : .excluded(value)
        }
        self.init(lower: lower, upper: upper)
    }

    private static func bound(_ reader: inout PostgresReader) throws(PostgresError) -> Bound {
        guard let memory = try reader.takeCounted() else { throw .decoding("the range is malformed") }
        return try Bound(from: PostgresCell(type: Bound.postgresType, memory: memory))
    }
}

/// Several ranges in order, as the server normalised them.
public struct PostgresMultirange<Bound: PostgresRangeBound>: Hashable, Sendable {
    /// The ranges.
    public var ranges: [PostgresRange<Bound>]

    /// Takes ranges in any order; the server normalises them.
    public init(_ ranges: [PostgresRange<Bound>] = []) {
        self.ranges = ranges
    }
}

extension PostgresMultirange: PostgresEncodable, PostgresDecodable {
    /// The multirange type of the bound.
    public static var postgresType: PostgresType { Bound.postgresMultirangeType }

    /// The number of ranges, then each after its length.
    public func encode(into writer: inout PostgresWriter) {
        writer.write(Int32(ranges.count))
        for range in ranges {
            writer.writeCounted { range.encode(into: &$0) }
        }
    }

    /// Reads the multirange type of the bound.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        ranges = try cell.read(Bound.postgresMultirangeType, as: "a multirange") {
            reader throws(PostgresError) in
            let count = Int(try reader.read(Int32.self))
            guard count >= 0, count <= reader.remaining / 5 else {
                throw .decoding("the multirange is malformed")
            }
            var ranges: [PostgresRange<Bound>] = []
            for _ in 0..<count {
                guard let bytes = try reader.takeCounted() else {
                    throw .decoding("the multirange is malformed")
                }
                var inner = PostgresReader(bytes)
                ranges.append(try PostgresRange(reading: &inner))
                try inner.finish()
            }
            return ranges
        }
    }
}

extension Day: PostgresRangeBound {
    /// `daterange`
    public static var postgresRangeType: PostgresType { .daterange }
    /// `datemultirange`
    public static var postgresMultirangeType: PostgresType { .datemultirange }
}

extension Int32: PostgresRangeBound {
    /// `int4range`
    public static var postgresRangeType: PostgresType { .int4range }
    /// `int4multirange`
    public static var postgresMultirangeType: PostgresType { .int4multirange }
}

extension Int64: PostgresRangeBound {
    /// `int8range`
    public static var postgresRangeType: PostgresType { .int8range }
    /// `int8multirange`
    public static var postgresMultirangeType: PostgresType { .int8multirange }
}
