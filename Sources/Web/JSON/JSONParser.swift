public import NIOCore

/// A strict reader of JSON text from strangers (RFC 8259, I-JSON of RFC 7493).
///
/// Refused, each with the byte where reading stopped: nesting deeper than the limit, a member named twice, lone
/// surrogates, U+0000, invalid UTF-8, numbers out of range (`1e999999`), anything after the value. Work and memory
/// are linear in the input and the stack is bounded by the depth.
struct JSONParser {
    /// Why a text is no acceptable JSON.
    struct Fault: Error, Hashable {
        var offset: Int
        var code: String
        var message: Localized
    }

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var index = 0

    /// - Parameter depthLimit: how deep arrays and objects may be nested.
    static func parse(_ buffer: ByteBuffer, depthLimit: Int = 32) throws(Fault) -> JSON {
        var parser = JSONParser(bytes: Array(buffer.readableBytesView), depthLimit: depthLimit)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == parser.bytes.count else { throw parser.unexpected() }
        return value
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(Fault) -> JSON {
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(Fault) -> JSON {
        let end = index + text.utf8CodeUnitCount
        let same = text.withUTF8Buffer { end <= bytes.count && bytes[index..<end].elementsEqual($0) }
        guard same else { throw unexpected() }
        index = end
        return value
    }

    private func checkDepth(_ depth: Int) throws(Fault) {
        guard depth <= depthLimit else {
            throw fault(
                "too-deep",
                Localized(
                    sv: "Värdet är nästlat i fler än \(depthLimit) nivåer.",
                    en: "The value is nested more than \(depthLimit) levels deep."
                )
            )
        }
    }

    private mutating func array(depth: Int) throws(Fault) -> JSON {
        try checkDepth(depth)
        index += 1
        skipSpace()
        var items: [JSON] = []
        if byte == UInt8(ascii: "]") {
            index += 1
            return .array(items)
        }
        while true {
            skipSpace()
            items.append(try value(depth: depth))
            skipSpace()
            switch byte {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .array(items)
            default: throw unexpected()
            }
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSON {
        try checkDepth(depth)
        index += 1
        skipSpace()
        var members = JSON.Members()
        var names: Set<String> = []
        if byte == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw unexpected() }
            let start = index
            let name = try string()
            guard names.insert(name).inserted else {
                index = start
                throw fault(
                    "repeated",
                    Localized(
                        sv: "Samma namn står två gånger i objektet.",
                        en: "The object names a member twice."
                    )
                )
            }
            skipSpace()
            guard byte == UInt8(ascii: ":") else { throw unexpected() }
            index += 1
            skipSpace()
            members.pairs.append(.init(name: name, value: try value(depth: depth)))
            skipSpace()
            switch byte {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(members)
            default: throw unexpected()
            }
        }
    }

    private mutating func number() throws(Fault) -> JSON {
        let start = index
        if byte == UInt8(ascii: "-") { index += 1 }
        let integerStart = index
        guard skipDigits() else { throw unexpected() }
        if bytes[integerStart] == UInt8(ascii: "0"), index - integerStart > 1 {
            index = integerStart + 1
            throw unexpected()
        }
        var whole = true
        if byte == UInt8(ascii: ".") {
            whole = false
            index += 1
            guard skipDigits() else { throw unexpected() }
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            whole = false
            index += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() else { throw unexpected() }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if whole, let integer = Int64(text) { return .integer(integer) }
        guard text.utf8.count <= 400, let number = Double(text), number.isFinite else {
            index = start
            throw fault(
                "out-of-range",
                Localized(sv: "Talet är för stort.", en: "The number is too large.")
            )
        }
        return .number(number)
    }

    private mutating func skipDigits() -> Bool {
        let start = index
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index > start
    }

    private mutating func string() throws(Fault) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while let next = byte {
            switch next {
            case UInt8(ascii: "\""):
                index += 1
                guard let valid = String(validating: text, as: UTF8.self) else {
                    index = start
                    throw fault(
                        "encoding",
                        Localized(sv: "Texten är inte UTF-8.", en: "The text is not UTF-8.")
                    )
                }
                return valid
            case UInt8(ascii: "\\"): text += try escape()
            case 0x00..<0x20: throw unexpected()
            default:
                text.append(next)
                index += 1
            }
        }
        throw unexpected()
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        index += 1
        guard let kind = byte else { throw unexpected() }
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [kind]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try escapedScalar()).utf8)
        default:
            index -= 1
            throw unexpected()
        }
    }

    /// The scalar of `\uXXXX`, or of two of them when they are a surrogate pair.
    private mutating func escapedScalar() throws(Fault) -> Character {
        let high = try hex4()
        var value = UInt32(high)
        if (0xD800..<0xDC00).contains(high) {
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") {
                index += 2
                let low = try hex4()
                value =
                    (0xDC00..<0xE000).contains(low)
                    ? 0x10000 + (value - 0xD800) << 10 + UInt32(low) - 0xDC00 : 0xD800
            }
        }
        guard let scalar = Unicode.Scalar(value), value != 0 else {
            throw fault(
                "character",
                Localized(
                    sv: "Tecknet är inte tillåtet (ensamt surrogat eller U+0000).",
                    en: "The character is not allowed (a lone surrogate or U+0000)."
                )
            )
        }
        return Character(scalar)
    }

    private mutating func hex4() throws(Fault) -> UInt16 {
        guard index + 4 <= bytes.count,
            bytes[index..<index + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }),
            let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw unexpected() }
        index += 4
        return value
    }

    private func fault(_ code: String, _ message: Localized) -> Fault {
        Fault(offset: index, code: code, message: message)
    }

    private func unexpected() -> Fault {
        fault(
            "syntax",
            index < bytes.count
                ? Localized(
                    sv: "Oväntat tecken vid byte \(index + 1).",
                    en: "Unexpected character at byte \(index + 1)."
                )
                : Localized(sv: "Innehållet slutar för tidigt.", en: "The body ends too early.")
        )
    }
}

extension JSON {
    /// The value of a JSON text, such as PostgreSQL makes it; nil when it is none, or nested deeper than 32.
    public init?(_ text: ByteBuffer) {
        // The fault names a place in a text that nobody sent.
        guard let value = try? JSONParser.parse(text) else { return nil }
        self = value
    }

    /// See ``init(_:)``.
    public init?(text: String) { self.init(ByteBuffer(string: text)) }
}
