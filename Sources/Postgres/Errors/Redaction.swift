/// Takes out of server texts what quotes the caller's values.
///
/// PostgreSQL writes offending input after a colon, in double quotes: `invalid input syntax for type date: "x"`,
/// `COPY crew, line 3, column born: "x"`. Everything from there on is cut.
enum Redaction {
    /// The text up to the first quoted value.
    static func withoutQuotedInput(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: " "),
                bytes[index + 2] == UInt8(ascii: "\"")
            {
                return String(decoding: bytes[..<index], as: UTF8.self)
            }
            index += 1
        }
        return text
    }

    /// A data error's message without anything in quotes: `value … is out of range for type integer`.
    static func withoutQuotes(_ text: String) -> String {
        var result = ""
        var inside = false
        for character in text {
            if character == "\"" {
                if !inside { result.append("…") }
                inside.toggle()
            } else if !inside {
                result.append(character)
            }
        }
        return result
    }
}
