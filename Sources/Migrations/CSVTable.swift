/// A small table from our own files (RFC 4180: commas, quotes doubled, one heading line), held in memory as a whole.
///
/// Files from outside come through the importer, which streams and reports; this one only reads what we wrote.
struct CSVTable: Equatable {
    /// Names of the columns.
    let header: [String]
    /// The rows, each as long as the header.
    let rows: [[String]]

    /// Reads a text.
    ///
    /// - Throws: ``MigrationError`` that names the file and the row when a row has too many or too few cells.
    init(_ text: String, name: String) throws(MigrationError) {
        var rows = Self.split(text)
        guard !rows.isEmpty else { throw MigrationError(.files, "The file sql/reference/\(name) is empty.") }
        header = rows.removeFirst()
        for (index, row) in rows.enumerated() where row.count != header.count {
            throw MigrationError(
                .files,
                "Row \(index + 1) of sql/reference/\(name) has \(row.count) cells and the heading \(header.count)."
            )
        }
        self.rows = rows
    }

    private static func split(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        func take() {
            row.append(String(decoding: cell, as: UTF8.self))
            cell = []
        }
        while let byte = next {
            next = bytes.next()
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && next == UInt8(ascii: "\""):
                cell.append(byte)
                next = bytes.next()
            case UInt8(ascii: "\""):
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                take()
            case UInt8(ascii: "\r") where !isQuoted:
                continue
            case UInt8(ascii: "\n") where !isQuoted:
                take()
                rows.append(row)
                row = []
            default:
                cell.append(byte)
            }
        }
        if !cell.isEmpty || !row.isEmpty {
            take()
            rows.append(row)
        }
        return rows
    }

    /// An array with one object per row, all values strings: what the statements of `sql/reference` take.
    var json: String {
        let names = header.map(Self.quoted)
        let objects = rows.map { row in
            "{" + zip(names, row).map { $0 + ":" + Self.quoted($1) }.joined(separator: ",") + "}"
        }
        return "[" + objects.joined(separator: ",\n") + "]"
    }

    /// A JSON string (RFC 8259 section 7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
