/// Writes comma-separated values that ``CSVReader`` reads back to the same values, and that no spreadsheet runs.
///
/// ```swift
/// var writer = CSVWriter()
/// writer.append(["name", "region"])
/// writer.append(["=1+1", "Skåne"])     // "'=1+1",Skåne
/// try await output.write(writer.take())
/// ```
///
/// Rows end with CRLF ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)). A cell is quoted when it holds a quote,
/// a line end or any of the separators that programs guess between, begins or ends with a space, or carries the
/// mark of a ``SpreadsheetGuard``.
package struct CSVWriter: Sendable {
    /// What was written and not yet taken.
    package private(set) var bytes: [UInt8] = []

    private let separator: UInt8

    package init(separator: UInt8 = UInt8(ascii: ",")) {
        self.separator = separator
    }

    /// Writes one row. An empty list writes nothing.
    package mutating func append(_ cells: some Collection<String>) {
        guard !cells.isEmpty else { return }
        var first = true
        for cell in cells {
            if !first { bytes.append(separator) }
            first = false
            append(cell: cell, alone: cells.count == 1)
        }
        bytes.append(Byte.carriageReturn)
        bytes.append(Byte.lineFeed)
    }

    /// The bytes written since the last call.
    package mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(cell: String, alone: Bool) {
        var cell = cell
        cell.withUTF8 { text in
            let marked = SpreadsheetGuard.needed(by: text)
            guard marked || Self.needsQuotes(text, alone: alone) else {
                bytes.append(contentsOf: text)
                return
            }
            bytes.append(Byte.quote)
            if marked { bytes.append(Byte.apostrophe) }
            for byte in text {
                if byte == Byte.quote { bytes.append(Byte.quote) }
                bytes.append(byte)
            }
            bytes.append(Byte.quote)
        }
    }

    private static func needsQuotes(_ text: UnsafeBufferPointer<UInt8>, alone: Bool) -> Bool {
        guard let first = text.first, let last = text.last else { return alone }
        // A file that begins with this character would lose it as a byte order mark.
        if first == Byte.space || last == Byte.space || first == Byte.byteOrderMark[0] { return true }
        return text.contains { byte in
            switch byte {
            case Byte.quote, Byte.lineFeed, Byte.carriageReturn, Byte.tab,
                UInt8(ascii: ","), UInt8(ascii: ";"):
                true
            default: false
            }
        }
    }
}
