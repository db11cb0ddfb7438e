extension JSONSchema.Pattern {
    /// Lower-case words joined by hyphens, at most 100 characters: `head-of-department`.
    public static let slug = Self("^[a-z0-9]+(-[a-z0-9]+)*$", limit: 100) { text in
        areWords(text.utf8) { $0 == UInt8(ascii: "-") }
    }

    /// Any text without control characters: what can be typed in a line.
    public static let line = Self("^[^\\x00-\\x1f\\x7f]+$") { text in
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// Two days of the years 1900 to 2199 that exist, joined by a slash, or one by itself:
    /// `2027-03-01/2027-03-12`.
    public static let interval = Self("^\(dayExpression)(?:/\(dayExpression))?$") { text in
        let days = text.split(separator: "/", omittingEmptySubsequences: false)
        return days.count <= 2
            && days.allSatisfy { isDay(Array($0.utf8)) && $0 >= "1900-01-01" && $0 <= "2199-12-31" }
    }

    /// A day that exists, from 1900 to 2199: what a calendar may be asked to keep.
    public static let calendarDay = Self("^\(dayExpression)$") { text in
        isDay(Array(text.utf8)) && text >= "1900-01-01" && text <= "2199-12-31"
    }

    /// Months of 31 days, of 30, of 28, and the leap days of three centuries.
    private static let dayExpression =
        "(?:(?:19|2[01])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
        + "|(?:(?:19|2[01])(?:0[48]|[2468][048]|[13579][26])|2000)-02-29)"

    /// Lower-case words joined by hyphens or underscores, at most 100 characters: `executive_producer`.
    public static let code = Self("^[a-z0-9]+([_-][a-z0-9]+)*$", limit: 100) { text in
        areWords(text.utf8) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// Whether these are lower-case words, at most 100 bytes, with one joining byte between two of them.
    private static func areWords(_ bytes: String.UTF8View, joinedBy isJoint: (UInt8) -> Bool) -> Bool {
        var length = 0
        var wasJoint = true
        for byte in bytes {
            length += 1
            if isJoint(byte) {
                if wasJoint { return false }
                wasJoint = true
            } else {
                guard isLower(byte) || isDigit(byte) else { return false }
                wasJoint = false
            }
        }
        return !wasJoint && length <= 100
    }

    /// A calendar day of the years 0001 to 9999 (RFC 3339 full-date) that exists.
    public static let day = Self("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$") { text in
        isDay(Array(text.utf8))
    }

    /// An instant in UTC: a day, `T`, a time with optional fraction, `Z`.
    public static let instant = Self("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$") {
        text in
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z") else {
            return false
        }
        return isDay(Array(bytes[..<10]))
    }

    /// A UUID, hexadecimal digits in either case.
    public static let uuid = Self(
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    ) { text in
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { position, byte in
            [8, 13, 18, 23].contains(position)
                ? byte == UInt8(ascii: "-")
                : isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
        }
    }

    /// An entity tag within its quotation marks, weak or strong (RFC 9110 section 8.8.3), one only.
    public static let entityTag = Self("^(W/)?\"[!#-+\\x2d-~]*\"$", limit: 200) { text in
        let tag = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard tag.utf8.count >= 2, tag.utf8.count <= 200, tag.hasPrefix("\""), tag.hasSuffix("\"") else {
            return false
        }
        return tag.utf8.dropFirst().dropLast().allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",")
        }
    }

    /// Visible ASCII characters and nothing else, as a key in a header field has them.
    public static let visible = Self("^[!-~]+$") { text in text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }

    /// Decimal digits, exactly that many.
    public static func digits(_ count: Int) -> Self {
        Self("^[0-9]{\(count)}$") { text in text.utf8.count == count && text.utf8.allSatisfy(isDigit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDay(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy({ isDigit(bytes[$0]) })
        else { return false }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 * 10 + Int(bytes[$1] - UInt8(ascii: "0")) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        guard year >= 1, (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= days[month - 1]
    }
}
