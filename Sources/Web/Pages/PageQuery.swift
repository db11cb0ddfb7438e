internal import Foundation

/// The part of an address after `?`, as a list of names and values that keeps its order.
///
/// Written as forms write it, except that commas, slashes and colons stay readable, as RFC 3986 section 3.4 allows.
public struct PageQuery: Hashable, Sendable {
    /// In order.
    public var items: [(name: String, value: String)] = []

    /// Nothing asked.
    public init() {}

    /// Reads `name=value&…`; `+` is a space. Items that are not valid percent-encoded UTF-8 are left out.
    public init(_ text: String) {
        for item in Substring(text).split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]), let value = pair.count == 2 ? Self.decoded(pair[1]) : ""
            else {
                continue
            }
            items.append((name, value))
        }
    }

    /// Equal when they ask the same in the same order.
    public static func == (one: PageQuery, other: PageQuery) -> Bool {
        one.items.elementsEqual(other.items) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Consistent with equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }

    /// All values of a name, in order, empty ones left out; `a,b` is two.
    public func list(_ name: String) -> [String] {
        items.filter { $0.name == name }
            .flatMap { $0.value.split(separator: ",") }
            .map { String($0).trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    /// The first value of a name without white space around it; nil when it is missing or empty.
    public func first(_ name: String) -> String? {
        let value = items.first { $0.name == name }?.value.trimmingCharacters(in: .whitespacesAndNewlines)
        return value?.isEmpty == false ? value : nil
    }

    /// Adds an item unless the value is nil or empty.
    public mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { items.append((name, value)) }
    }

    /// `name=value&…`, percent-encoded.
    public var encoded: String {
        items.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
    }

    /// The path alone, or with `?` and the items.
    public func address(_ path: String) -> String { items.isEmpty ? path : "\(path)?\(encoded)" }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    private static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: ":"):
                encoded.append(byte)
            case UInt8(ascii: " "):
                encoded.append(UInt8(ascii: "+"))
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
