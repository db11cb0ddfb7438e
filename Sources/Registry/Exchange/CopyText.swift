/// Rows for `COPY … FROM STDIN` in PostgreSQL's text format: tabs between columns, `\N` for NULL, a backslash
/// before what would be taken for form ([COPY, Text Format](https://www.postgresql.org/docs/15/sql-copy.html)).
struct CopyText: Sendable {
    /// What was written and not yet taken.
    private(set) var bytes: [UInt8] = []
    private var first = true

    /// Writes a column of text.
    mutating func append(_ text: String?) {
        separate()
        guard var text else {
            bytes.append(contentsOf: #"\N"#.utf8)
            return
        }
        text.withUTF8 { text in
            for byte in text {
                switch byte {
                case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
                case Byte.tab: bytes.append(contentsOf: #"\t"#.utf8)
                case Byte.lineFeed: bytes.append(contentsOf: #"\n"#.utf8)
                case Byte.carriageReturn: bytes.append(contentsOf: #"\r"#.utf8)
                default: bytes.append(byte)
                }
            }
        }
    }

    /// Writes a column whose text needs no escape: numbers, days, keys, truth values.
    mutating func append(plain value: (some CustomStringConvertible)?) {
        separate()
        if let value {
            bytes.append(contentsOf: value.description.utf8)
        } else {
            bytes.append(contentsOf: #"\N"#.utf8)
        }
    }

    /// Ends the row.
    mutating func endRow() {
        bytes.append(Byte.lineFeed)
        first = true
    }

    /// The bytes written since the last call.
    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func separate() {
        if !first { bytes.append(Byte.tab) }
        first = false
    }
}
