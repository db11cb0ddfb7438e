/// A JSON value (RFC 8259) that keeps the order of its members, so that what is built in a fixed order is written
/// in that order: the OpenAPI document and every example come out byte for byte the same.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction or exponent.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Members)

    /// The members of an object, in order. Names are unique where a value comes from the parser.
    public struct Members: Hashable, Sendable {
        /// In order.
        public var pairs: [Pair]

        /// A name and its value.
        public struct Pair: Hashable, Sendable {
            /// The name.
            public var name: String
            /// The value.
            public var value: JSON
        }

        /// See the properties of the same names.
        public init(_ pairs: [(String, JSON)] = []) {
            self.pairs = pairs.map { Pair(name: $0.0, value: $0.1) }
        }

        /// The value of a member; setting nil removes it, setting a new name appends it. Linear in the members.
        public subscript(name: String) -> JSON? {
            get { pairs.first { $0.name == name }?.value }
            set {
                if let index = pairs.firstIndex(where: { $0.name == name }) {
                    if let newValue { pairs[index].value = newValue } else { pairs.remove(at: index) }
                } else if let newValue {
                    pairs.append(Pair(name: name, value: newValue))
                }
            }
        }
    }

    /// The value of a member, nil when this is no object or has no such member.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string value.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The items of an array value.
    public var array: [JSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The number of an integer value.
    public var integer: Int? {
        guard case .integer(let number) = self else { return nil }
        return Int(number)
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// From a literal.
    public init(nilLiteral: ()) { self = .null }
    /// From a literal.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// From a literal.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSON: ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// From a literal.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// From a literal.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// From a literal.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// From a literal.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Members(elements)) }
}

extension JSON {
    /// `{"sv": …, "en": …}`.
    public init(_ text: Localized) { self = ["sv": .string(text.sv), "en": .string(text.en)] }
}
