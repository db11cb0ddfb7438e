/// The apostrophe that makes a cell harmless which a spreadsheet would otherwise run as a formula.
///
/// Spreadsheets run what begins with `=`, `+`, `-`, `@`, a tab or a line end, and some also the full-width forms
/// ([OWASP, CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)). Such a value is written with
/// one apostrophe before it. A value that already begins with apostrophes before such a character gets one more,
/// so that taking one away always gives the value back; every other value, `'t Hart` for one, is left alone.
enum SpreadsheetGuard {
    /// True when the value must be written with the apostrophe.
    static func needed(by text: some Collection<UInt8>) -> Bool {
        isDangerous(text.drop { $0 == Byte.apostrophe })
    }

    /// The value of a cell: one apostrophe less if it carries the mark.
    static func removed(from cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard cell.first == Byte.apostrophe, needed(by: cell) else { return cell }
        return cell.dropFirst()
    }

    private static func isDangerous(_ text: some Collection<UInt8>) -> Bool {
        switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            Byte.tab, Byte.carriageReturn, Byte.lineFeed:
            return true
        case 0xEF:
            let fullWidth: [[UInt8]] = [
                [0xEF, 0xBC, 0x9D], [0xEF, 0xBC, 0x8B], [0xEF, 0xBC, 0x8D], [0xEF, 0xBC, 0xA0],
            ]
            return fullWidth.contains { text.starts(with: $0) }
        default: return false
        }
    }
}
