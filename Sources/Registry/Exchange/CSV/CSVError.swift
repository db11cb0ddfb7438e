/// What is wrong with the form of a file of comma-separated values, and where.
package struct CSVError: Error, Hashable, Sendable {
    /// The kinds of damage.
    package enum Reason: Hashable, Sendable {
        /// The cell's bytes are not UTF-8; the file was probably saved in an older encoding.
        case notUTF8
        /// The file is UTF-16.
        case utf16
        /// A quote stands inside a cell that does not begin with one.
        case quoteInsideCell
        /// Something other than a separator follows the quote that ends a cell.
        case textAfterQuote
        /// A quoted cell is never closed.
        case openQuote
        /// A cell is longer than the limit, in bytes.
        case cellTooLong(limit: Int)
        /// A row is longer than the limit, in bytes.
        case rowTooLong(limit: Int)
        /// A row has more cells than the limit.
        case tooManyCells(limit: Int)
    }

    package let reason: Reason
    /// The line of the file, from 1; for ``Reason/openQuote`` the line of the quote.
    package let line: Int
    /// The cell in its row, from 1.
    package let column: Int

    package init(_ reason: Reason, line: Int, column: Int) {
        self.reason = reason
        self.line = line
        self.column = column
    }
}
