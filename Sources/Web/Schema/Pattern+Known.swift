extension JSONSchema.Pattern {
    /// Lower-case words joined by hyphens, at most 100 characters: `head-of-department`.
    public static let slug = Self("^[a-z0-9]+(-[a-z0-9]+)*$") { text in
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 100 else { return false }
        guard first != UInt8(ascii: "-"), last != UInt8(ascii: "-"), !text.contains("--") else {
            return false
        }
        return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Lower-case words joined by hyphens or underscores, at most 100 characters: `executive_producer`.
    public static let code = Self("^[a-z0-9]+([_-][a-z0-9]+)*$") { text in
        slug.accepts(text.replacing("_", with: "-"))
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
