/// A decimal number of any size with its number of decimals: PostgreSQL's `numeric`.
///
/// `1.50` and `1.5` are different values here, equal in SQL: the number of decimals is kept.
public struct Numeric: Hashable, Sendable {
    /// What kind of number it is.
    public enum Kind: Hashable, Sendable {
        /// Zero or above.
        case positive
        /// Below zero.
        case negative
        /// Not a number.
        case notANumber
        /// Above every number.
        case infinity
        /// Below every number.
        case minusInfinity
    }

    /// What kind of number it is.
    public let kind: Kind
    /// The number of decimals shown.
    public let scale: Int
    // Base-10000 digits; the first stands for 10000^weight.
    private let digits: [Int16]
    private let weight: Int16

    private init(kind: Kind, scale: Int = 0, digits: [Int16] = [], weight: Int16 = 0) {
        self.kind = kind
        self.scale = scale
        self.digits = digits
        self.weight = weight
    }

    /// A whole number.
    public init(_ value: Int) {
        self = Numeric(String(value)) ?? Numeric(kind: .positive)
    }

    /// The nearest double; text conversion, so not for tight loops.
    public var double: Double { Double(description) ?? .nan }
}

extension Numeric: LosslessStringConvertible {
    /// Reads `-1234.50`, `NaN`, `Infinity`, `-Infinity`; nil for anything else, exponents included.
    public init?(_ text: String) {
        switch text {
        case "NaN": self.init(kind: .notANumber)
        case "Infinity": self.init(kind: .infinity)
        case "-Infinity": self.init(kind: .minusInfinity)
        default:
            let negative = text.hasPrefix("-")
            let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
            let isNumber = parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
            }
            guard parts.count <= 2, isNumber, text.utf8.count <= 16_000, text.filter({ $0 == "-" }).count < 2
            else {
                return nil
            }
            self.init(
                whole: Array(parts[0].utf8),
                decimals: parts.count == 2 ? Array(parts[1].utf8) : [],
                negative
            )
        }
    }

    private init(whole: [UInt8], decimals: [UInt8], _ negative: Bool) {
        let front = [UInt8](repeating: 48, count: (4 - whole.count % 4) % 4) + whole
        let back = decimals + [UInt8](repeating: 48, count: (4 - decimals.count % 4) % 4)
        var groups: [Int16] = []
        let all = front + back
        for start in stride(from: 0, to: all.count, by: 4) {
            groups.append(all[start..<start + 4].reduce(Int16(0)) { $0 * 10 + Int16($1 - 48) })
        }
        var weight = Int16(front.count / 4 - 1)
        while groups.first == 0 {
            groups.removeFirst()
            weight -= 1
        }
        while groups.last == 0 { groups.removeLast() }
        self.init(
            kind: negative && !groups.isEmpty ? .negative : .positive,
            scale: decimals.count,
            digits: groups,
            weight: groups.isEmpty ? 0 : weight
        )
    }

    /// Plain digits: `-1234.50`.
    public var description: String {
        switch kind {
        case .notANumber: return "NaN"
        case .infinity: return "Infinity"
        case .minusInfinity: return "-Infinity"
        case .positive, .negative: break
        }
        var text = ""
        let top = max(0, Int(weight))
        for place in 0...top {
            let group = digit(at: top - place)
            text += place == 0 ? String(group) : padded(group, 4)
        }
        if scale > 0 {
            var decimals = ""
            for place in 1...(scale + 3) / 4 { decimals += padded(digit(at: -place), 4) }
            text += "." + decimals.prefix(scale)
        }
        return (kind == .negative ? "-" : "") + text
    }

    /// The base-10000 digit that stands for 10000^power.
    private func digit(at power: Int) -> Int {
        let index = Int(weight) - power
        return digits.indices.contains(index) ? Int(digits[index]) : 0
    }
}

extension Numeric: PostgresEncodable, PostgresDecodable, PostgresRangeBound {
    /// `numeric`
    public static var postgresType: PostgresType { .numeric }
    /// `numrange`
    public static var postgresRangeType: PostgresType { .numrange }
    /// `nummultirange`
    public static var postgresMultirangeType: PostgresType { .nummultirange }

    /// Count of digits, weight, sign, scale, then the digits: `numeric_send` in PostgreSQL's `numeric.c`.
    public func encode(into writer: inout PostgresWriter) {
        let sign: UInt16 =
            switch kind {
            case .positive: 0x0000
            case .negative: 0x4000
            case .notANumber: 0xC000
            case .infinity: 0xD000
            case .minusInfinity: 0xF000
            }
        writer.write(Int16(digits.count))
        writer.write(weight)
        writer.write(sign)
        writer.write(Int16(scale))
        for digit in digits { writer.write(digit) }
    }

    /// Reads `numeric`.
    public init(from cell: borrowing PostgresCell) throws(PostgresError) {
        self = try cell.read(.numeric, as: "Numeric") { reader throws(PostgresError) in
            let count = Int(try reader.read(Int16.self))
            let weight = try reader.read(Int16.self)
            let sign = try reader.read(UInt16.self)
            let scale = Int(try reader.read(Int16.self))
            guard count >= 0, (0...0x3FFF).contains(scale) else {
                throw .decoding("the numeric is malformed")
            }
            var digits: [Int16] = []
            for _ in 0..<count {
                let digit = try reader.read(Int16.self)
                guard (0...9999).contains(digit) else { throw .decoding("the numeric is malformed") }
                digits.append(digit)
            }
            switch sign {
            case 0x0000: return Numeric(kind: .positive, scale: scale, digits: digits, weight: weight)
            case 0x4000: return Numeric(kind: .negative, scale: scale, digits: digits, weight: weight)
            case 0xC000: return Numeric(kind: .notANumber)
            case 0xD000: return Numeric(kind: .infinity)
            case 0xF000: return Numeric(kind: .minusInfinity)
            default: throw .decoding("the numeric is malformed")
            }
        }
    }
}
