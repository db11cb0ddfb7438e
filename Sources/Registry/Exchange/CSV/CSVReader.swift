/// Reads comma-separated values from bytes that arrive in chunks of any size, one row at a time and in constant
/// memory: what is kept is the chunk, the row being read and nothing else.
///
/// ```swift
/// var reader = CSVReader()
/// var row = CSVRow()
/// for try await chunk in file {
///     reader.feed(chunk)
///     while try reader.next(into: &row) { print(row.line, try row.text(at: 0)) }
/// }
/// reader.finish()
/// while try reader.next(into: &row) { … }
/// ```
///
/// It follows [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) and what spreadsheets make of it: a leading
/// UTF-8 byte order mark is skipped; rows end with CRLF, LF or CR; the separator is the most frequent of `,`, `;`
/// and tab outside quotes in the first row; a quoted cell may hold separators, line ends and doubled quotes. Lines
/// with nothing on them are no rows (a row of one empty cell is written `""`). A quote anywhere else is an error,
/// as it is the usual sign of a damaged file. Text that is not UTF-8 is an error of its cell, see
/// ``CSVRow/text(at:)``; every other ``CSVError`` ends the reading, since where the next row begins is unknown.
package struct CSVReader: Sendable {
    /// What a file may ask of the reader's memory; a file that asks for more is refused.
    package struct Limits: Sendable {
        /// The longest cell, in bytes.
        package var cell = 65_536
        /// The longest row, in bytes without separators and quotes.
        package var row = 262_144
        /// The most cells in a row.
        package var cells = 1_024

        package init() {}
    }

    private enum State {
        case fileStart, rowStart, cellStart, plain, quoted, quoteInQuoted
    }

    /// The separator in use; nil until the first row has arrived, unless it was given.
    package private(set) var separator: UInt8?

    private let limits: Limits
    private var state = State.fileStart
    private var pending: [UInt8] = []
    private var at = 0
    private var ended = false
    private var line = 1
    private var quoteLine = 1
    private var afterReturn = false
    private var partial = CSVRow()
    private var failure: CSVError?

    /// - Parameter separator: The byte between cells; nil finds it in the first row.
    package init(separator: UInt8? = nil, limits: Limits = Limits()) {
        self.separator = separator
        self.limits = limits
    }

    /// Hands over the next bytes of the file. Rows that are not yet taken stay in line before them.
    package mutating func feed(_ bytes: [UInt8]) {
        guard !ended else { return }
        if at == pending.count {
            pending = bytes
        } else {
            pending.removeFirst(at)
            pending += bytes
        }
        at = 0
    }

    /// Says that the file has ended: the last row needs no line end.
    package mutating func finish() { ended = true }

    /// Reads the next row.
    ///
    /// - Parameter row: Replaced by the row that was read; its storage is used again.
    /// - Returns: False when more bytes are needed or, after ``finish()``, when there is no row left; `row` is
    ///   then unchanged.
    /// - Throws: The first error of form in the file, and the same again at every later call.
    package mutating func next(into row: inout CSVRow) throws(CSVError) -> Bool {
        if let failure { throw failure }
        do {
            guard try advance() else { return false }
        } catch {
            failure = error
            throw error
        }
        swap(&row, &partial)
        partial.reset()
        state = .rowStart
        return true
    }

    // MARK: - The states

    /// Runs over the pending bytes to the end of a row. True when `partial` is a whole row.
    private mutating func advance() throws(CSVError) -> Bool {
        if state == .fileStart {
            guard try skipByteOrderMark(), findSeparator() else { return false }
            state = .rowStart
        }
        let separator = self.separator ?? UInt8(ascii: ",")
        let bytes = pending
        while at < bytes.count {
            let byte = bytes[at]
            switch state {
            case .fileStart, .rowStart:
                if beginRow(byte) { state = .cellStart }
            case .cellStart:
                quoteLine = line
                state = byte == Byte.quote ? .quoted : .plain
                if byte == Byte.quote { at += 1 }
            case .plain:
                let end = Self.endOfPlain(bytes, from: at, separator: separator)
                try append(bytes, upTo: end)
                guard at < bytes.count else { continue }
                guard bytes[at] != Byte.quote else { throw error(.quoteInsideCell) }
                if try endCell(at: bytes[at], separator) { return true }
            case .quoted:
                try readQuoted(bytes)
            case .quoteInQuoted:
                if byte == Byte.quote {
                    try append(bytes, upTo: at + 1)
                    state = .quoted
                } else if byte == separator || byte == Byte.lineFeed || byte == Byte.carriageReturn {
                    if try endCell(at: byte, separator) { return true }
                } else {
                    throw error(.textAfterQuote)
                }
            }
        }
        guard ended else { return false }
        return try endFile()
    }

    /// Skips line ends before a row; false when `byte` was one.
    private mutating func beginRow(_ byte: UInt8) -> Bool {
        guard byte == Byte.lineFeed || byte == Byte.carriageReturn else {
            afterReturn = false
            partial.begin(line: line)
            return true
        }
        if byte == Byte.carriageReturn || !afterReturn { line += 1 }
        afterReturn = byte == Byte.carriageReturn
        at += 1
        return false
    }

    private mutating func readQuoted(_ bytes: [UInt8]) throws(CSVError) {
        let start = at
        let end = Self.endOfQuoted(bytes, from: at)
        try append(bytes, upTo: end)
        if end > start { afterReturn = false }
        guard at < bytes.count else { return }
        let byte = bytes[at]
        if byte == Byte.quote {
            afterReturn = false
            at += 1
            state = .quoteInQuoted
        } else {
            if byte == Byte.carriageReturn || !afterReturn { line += 1 }
            afterReturn = byte == Byte.carriageReturn
            try append(bytes, upTo: at + 1)
        }
    }

    /// Ends the cell at a separator or line end, which is taken. True when the row ends too.
    private mutating func endCell(at byte: UInt8, _ separator: UInt8) throws(CSVError) -> Bool {
        guard partial.count < limits.cells else { throw error(.tooManyCells(limit: limits.cells)) }
        partial.endCell()
        at += 1
        guard byte != separator else {
            state = .cellStart
            return false
        }
        line += 1
        afterReturn = byte == Byte.carriageReturn
        return true
    }

    private mutating func endFile() throws(CSVError) -> Bool {
        switch state {
        case .fileStart, .rowStart: return false
        case .quoted: throw CSVError(.openQuote, line: quoteLine, column: partial.count + 1)
        case .cellStart, .plain, .quoteInQuoted:
            guard partial.count < limits.cells else { throw error(.tooManyCells(limit: limits.cells)) }
            partial.endCell()
            return true
        }
    }

    private mutating func append(_ bytes: [UInt8], upTo end: Int) throws(CSVError) {
        partial.append(bytes[at..<end])
        at = end
        guard partial.openCellSize <= limits.cell else { throw error(.cellTooLong(limit: limits.cell)) }
        guard partial.size <= limits.row else { throw error(.rowTooLong(limit: limits.row)) }
    }

    private func error(_ reason: CSVError.Reason) -> CSVError {
        CSVError(reason, line: line, column: partial.count + 1)
    }

    // MARK: - The start of the file

    /// False while too few bytes have come to tell.
    private mutating func skipByteOrderMark() throws(CSVError) -> Bool {
        guard pending.count >= 3 || ended else { return false }
        if pending.starts(with: [0xFE, 0xFF]) || pending.starts(with: [0xFF, 0xFE]) {
            throw CSVError(.utf16, line: 1, column: 1)
        }
        if at == 0, pending.starts(with: Byte.byteOrderMark) { at = 3 }
        return true
    }

    /// False while the first row has not wholly come.
    private mutating func findSeparator() -> Bool {
        guard separator == nil else { return true }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var inQuotes = false
        // No more of it than a row may have, so that chunks of any size give the same answer.
        let window = pending[at...].prefix(limits.row)
        var complete = ended || window.count == limits.row
        var seen = false
        for byte in window {
            if byte == Byte.quote { inQuotes.toggle() }
            guard !inQuotes else { continue }
            if byte == Byte.lineFeed || byte == Byte.carriageReturn {
                guard seen else { continue }
                complete = true
                break
            }
            seen = true
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        guard complete else {
            // The mark is looked for again when more has come.
            at = 0
            return false
        }
        let most = counts.max() ?? 0
        separator = candidates[counts.firstIndex(of: most) ?? 0]
        return true
    }

    // MARK: - Runs of plain bytes

    private static func endOfPlain(_ bytes: [UInt8], from start: Int, separator: UInt8) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                let byte = bytes[index]
                if byte == separator || byte == Byte.lineFeed || byte == Byte.carriageReturn
                    || byte == Byte.quote
                {
                    break
                }
                index &+= 1
            }
            return index
        }
    }

    private static func endOfQuoted(_ bytes: [UInt8], from start: Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                let byte = bytes[index]
                if byte == Byte.quote || byte == Byte.lineFeed || byte == Byte.carriageReturn { break }
                index &+= 1
            }
            return index
        }
    }
}

/// The bytes that have a meaning in a file of comma-separated values.
enum Byte {
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
