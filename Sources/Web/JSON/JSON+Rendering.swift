public import NIOCore

extension JSON {
    /// The value as text in UTF-8, members in their order, without white space; numbers that JSON cannot hold
    /// (infinities) as null.
    public var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(to: &buffer, indent: nil)
        return buffer
    }

    /// The value as indented text for people, ended by a line feed.
    public var pretty: String {
        var buffer = ByteBuffer()
        write(to: &buffer, indent: 0)
        buffer.writeString("\n")
        return String(buffer: buffer)
    }

    func write(to buffer: inout ByteBuffer, indent: Int?) {
        switch self {
        case .null: buffer.writeStaticString("null")
        case .bool(let value): buffer.writeString(value ? "true" : "false")
        case .integer(let value): buffer.writeString(String(value))
        case .number(let value): buffer.writeString(value.isFinite ? Self.text(of: value) : "null")
        case .string(let text): Self.writeString(text, to: &buffer)
        case .array(let items):
            write(items, brackets: ("[", "]"), to: &buffer, indent: indent) { item, buffer, indent in
                item.write(to: &buffer, indent: indent)
            }
        case .object(let members):
            write(members.pairs, brackets: ("{", "}"), to: &buffer, indent: indent) { pair, buffer, indent in
                Self.writeString(pair.name, to: &buffer)
                buffer.writeString(indent == nil ? ":" : ": ")
                pair.value.write(to: &buffer, indent: indent)
            }
        }
    }

    private func write<Item>(
        _ items: [Item],
        brackets: (String, String),
        to buffer: inout ByteBuffer,
        indent: Int?,
        each: (Item, inout ByteBuffer, Int?) -> Void
    ) {
        buffer.writeString(brackets.0)
        let inner = indent.map { $0 + 2 }
        for (position, item) in items.enumerated() {
            if position > 0 { buffer.writeString(",") }
            if let inner { buffer.writeString("\n" + String(repeating: " ", count: inner)) }
            each(item, &buffer, inner)
        }
        if let indent, !items.isEmpty { buffer.writeString("\n" + String(repeating: " ", count: indent)) }
        buffer.writeString(brackets.1)
    }

    /// Whole numbers without the `.0` that Swift writes, and no negative zero.
    private static func text(of value: Double) -> String {
        if value == 0 { return "0" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A JSON string: quotes, backslashes and control characters escaped, and `<`, U+2028 and U+2029 too, so that
    /// the text may stand inside a script element of a page.
    public static func writeString(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        defer { buffer.writeInteger(UInt8(ascii: "\"")) }
        if text.utf8.allSatisfy(isPlain) {
            buffer.writeString(text)
            return
        }
        var run: [UInt8] = []
        run.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": run += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            case "\\": run += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case "\n": run += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case "\u{0}"..."\u{1F}", "<", "\u{7F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                run += Array(("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8)
            default: run += Array(UTF8.encode(scalar) ?? .init([]))
            }
        }
        buffer.writeBytes(run)
    }

    /// Whether a byte of a text stands for itself: ASCII, and nothing that is escaped.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            && byte != UInt8(ascii: "<")
    }
}
