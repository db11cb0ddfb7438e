/// One row as ``CSVReader`` found it: the cells' bytes without quotes, and where they stood in the file.
package struct CSVRow: Sendable {
    /// The line of the file on which the row begins, counted from 1 by CRLF, LF and CR, those in quotes included.
    package private(set) var line = 1

    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// An empty row, to be filled by ``CSVReader/next(into:)``.
    package init() {}

    /// The number of cells.
    package var count: Int { ends.count }

    /// True when every cell is empty, as spreadsheets leave rows at the end of a file.
    package var isBlank: Bool { bytes.isEmpty }

    /// The cell's bytes as they stood in the file, doubled quotes made single.
    ///
    /// - Parameter index: From 0, below ``count``.
    package func bytes(at index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// The cell's value: its text without the mark that ``CSVWriter`` sets before what a spreadsheet would run.
    ///
    /// - Parameter index: From 0, below ``count``.
    /// - Throws: ``CSVError/Reason/notUTF8`` with the line and column of the cell.
    package func text(at index: Int) throws(CSVError) -> String {
        let bytes = SpreadsheetGuard.removed(from: bytes(at: index))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CSVError(.notUTF8, line: line(at: index), column: index + 1)
        }
        return text
    }

    /// The line of the file on which the cell begins; later than ``line`` when cells before it hold line ends.
    package func line(at index: Int) -> Int {
        var line = line
        var afterReturn = false
        for byte in bytes[..<(index == 0 ? 0 : ends[index - 1])] {
            if byte == Byte.carriageReturn || (byte == Byte.lineFeed && !afterReturn) { line += 1 }
            afterReturn = byte == Byte.carriageReturn
        }
        return line
    }

    // MARK: - For the reader

    var size: Int { bytes.count }
    var openCellSize: Int { bytes.count - (ends.last ?? 0) }

    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func begin(line: Int) { self.line = line }
    mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }
    mutating func endCell() { ends.append(bytes.count) }
}
