import FoundationEssentials
import Testing

@testable import Postgres

/// Decoders take what comes from a network: they may refuse it, never crash and never read past the end.
@Suite struct RandomBytesTests {
    /// Every type that can be read, with a type number under which it reads binary values.
    static let readers: [@Sendable ([UInt8]?, PostgresType?, Bool) -> Void] = [
        reader(Bool.self, .bool), reader(Int16.self, .int2), reader(Int32.self, .int4),
        reader(Int.self, .int8),
        reader(Int64.self, .oid), reader(Float.self, .float4), reader(Double.self, .float8),
        reader(String.self, .text), reader(String.self, .jsonb), reader([UInt8].self, .bytea),
        reader(UUID.self, .uuid), reader(Day.self, .date), reader(Instant.self, .timestamptz),
        reader(LocalTimestamp.self, .timestamp), reader(Interval.self, .interval),
        reader(Numeric.self, .numeric),
        reader(JSONText.self, .jsonb), reader(BitString.self, .varbit), reader(DayRange.self, .daterange),
        reader(DayMultirange.self, .datemultirange), reader(PostgresRange<Int32>.self, .int4range),
        reader(PostgresRange<Int64>.self, .int8range), reader(PostgresRange<Numeric>.self, .numrange),
        reader(PostgresRange<Instant>.self, .tstzrange), reader(PostgresRange<LocalTimestamp>.self, .tsrange),
        reader(PostgresMultirange<Int32>.self, .int4multirange),
        reader(PostgresMultirange<Day>.self, .datemultirange),
        reader(PostgresMultirange<Numeric>.self, .nummultirange),
        reader([Int].self, PostgresType(rawValue: 1016)),
        reader([String?].self, PostgresType(rawValue: 1009)),
        reader([DayRange].self, PostgresType(rawValue: 3913)),
        reader([Numeric?].self, PostgresType(rawValue: 1231)), reader(Int?.self, .int8),
        reader([[UInt8]].self, PostgresType(rawValue: 1001)),
    ]

    private static func reader<T: PostgresDecodable & SendableMetatype>(
        _: T.Type,
        _ type: PostgresType
    ) -> @Sendable ([UInt8]?, PostgresType?, Bool) -> Void {
        { bytes, other, isText in
            // What is read must also be describable.
            if let value = try? decode(T.self, bytes, as: other ?? type, isText: isText) { _ = "\(value)" }
        }
    }

    @Test(arguments: 0..<16) func `random bytes are refused or read, never fatal`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<4_000 {
            let read = Self.readers.randomElement(using: &random)!
            let bytes = (0..<Int.random(in: 0...48, using: &random)).map { _ in Self.byte(&random) }
            read(bytes, nil, false)
            let type = PostgresType(rawValue: .random(in: 0...5000, using: &random))
            read(bytes, Bool.random(using: &random) ? type : nil, Bool.random(using: &random))
        }
    }

    /// Small numbers and extremes are likelier: lengths and counts are made of them.
    private static func byte(_ random: inout SeededRandom) -> UInt8 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: 0
        case 1: .random(in: 0...8, using: &random)
        case 2: 0xFF
        default: .random(in: 0...255, using: &random)
        }
    }

    @Test(arguments: 0..<8) func `a true value with some bytes changed is refused or read, never fatal`(
        seed: UInt64
    ) {
        var random = SeededRandom(seed: seed &+ 1000)
        let values: [(any PostgresEncodable, PostgresType)] = [
            (Numeric("-1234567.8900")!, .numeric), (DayRange(Day(number: 9)), .daterange),
            (DayMultirange([DayRange(Day(number: 9)), DayRange(Day(number: 90))]), .datemultirange),
            ([1, nil, 3] as [Int?], PostgresType(rawValue: 1016)),
            (["a", "b"], PostgresType(rawValue: 1009)),
            (BitString(zeros: 77), .varbit), (JSONText("{\"a\": 1}"), .jsonb),
            (PostgresRange<Numeric>(lower: .included(Numeric(1)), upper: .excluded(Numeric(7))), .numrange),
        ]
        for _ in 0..<4_000 {
            let (value, type) = values.randomElement(using: &random)!
            var bytes = binary(value)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = Self.byte(&random)
            }
            if Bool.random(using: &random) {
                bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            }
            for read in Self.readers { read(bytes, type, false) }
        }
    }

    @Test func `a huge count in a short value reserves no memory`() {
        let array: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1]
        #expect(throws: PostgresError.self) {
            try decode([Int].self, array, as: PostgresType(rawValue: 1016))
        }
        #expect(throws: PostgresError.self) {
            try decode(DayMultirange.self, [0x7F, 0xFF, 0xFF, 0xFF], as: .datemultirange)
        }
        #expect(throws: PostgresError.self) {
            try decode(BitString.self, [0x7F, 0xFF, 0xFF, 0xFF, 1], as: .bit)
        }
    }
}
