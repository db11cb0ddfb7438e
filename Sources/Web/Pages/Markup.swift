/// HTML made by our own code (a drawing, a run of rows), which a template prints as it is.
///
/// Only ``View/Value/markup(_:)`` carries it, and a template reaches it only through `{{{markup.name}}}`: a text
/// that came from a reader or from the database cannot be printed unescaped by a slip of braces.
public struct Markup: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// Well-formed HTML or SVG.
    public var html: String

    /// - Parameter html: HTML from our own code; everything foreign in it escaped with ``Markup/escape(_:)``.
    public init(html: String) { self.html = html }

    /// A literal.
    public init(stringLiteral value: StaticString) { html = value.description }

    /// A literal with values in it.
    public init(stringInterpolation: Interpolation) { html = stringInterpolation.html }

    /// The pieces in order, with nothing between them.
    public static func joined(_ parts: [Markup]) -> Markup {
        var html = ""
        for part in parts { html += part.html }
        return Markup(html: html)
    }

    /// Text made safe between tags and inside quoted attributes: `& < > " '` become references.
    public static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { reference(for: $0) != nil }) else { return text }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if let reference = reference(for: byte) {
                escaped.append(contentsOf: reference.utf8)
            } else {
                escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func reference(for byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }

    /// Literal parts are HTML; interpolated strings are escaped, markup and numbers are not.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        /// For the compiler.
        public init(literalCapacity: Int, interpolationCount: Int) {
            html.reserveCapacity(literalCapacity * 2)
        }

        /// HTML from our own code.
        public mutating func appendLiteral(_ literal: StaticString) { html += literal.description }

        /// Foreign text, escaped.
        public mutating func appendInterpolation(_ text: String) { html += Markup.escape(text) }

        /// Markup as it is.
        public mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

        /// A number in digits.
        public mutating func appendInterpolation(_ number: Int) { html += String(number) }
    }
}
