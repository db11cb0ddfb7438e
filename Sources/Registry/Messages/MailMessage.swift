internal import Foundation

/// A letter in the form that mail has (RFC 5322, MIME): plain text in UTF-8, quoted-printable.
struct MailMessage: Sendable {
    /// Whom it is from: the address alone.
    let from: String
    /// Whom it is to.
    let to: String
    let subject: String
    let body: String
    /// Makes the same letter recognisable when it is sent twice.
    let id: String
    let date: Date

    /// The whole message with lines that end in `\n`, as a sendmail-compatible command takes it.
    var text: String {
        let fields = [
            "From: Klappa <\(Self.line(from))>",
            "To: <\(Self.line(to))>",
            "Subject: \(Self.encodedWords(Self.line(subject)))",
            "Date: \(Self.stamp(date))",
            "Message-ID: <\(Self.line(id))>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            // No answer of a machine to a machine (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
        return fields.joined(separator: "\n") + "\n\n" + Self.quotedPrintable(body) + "\n"
    }

    /// A field is one line, whatever is put into it.
    private static func line(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }

    /// RFC 2047: pieces of at most 75 characters, none cut within a character; ASCII stays as it is.
    static func encodedWords(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) && text.utf8.count <= 66 { return text }
        var words: [String] = []
        var piece: [UInt8] = []
        for character in text {
            let bytes = Array(String(character).utf8)
            if piece.count + bytes.count > 42 {
                words.append("=?utf-8?B?\(Data(piece).base64EncodedString())?=")
                piece = []
            }
            piece += bytes
        }
        if !piece.isEmpty { words.append("=?utf-8?B?\(Data(piece).base64EncodedString())?=") }
        return words.joined(separator: "\n ")
    }

    /// RFC 2045 section 6.7: lines of at most 76 characters.
    static func quotedPrintable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var lines: [String] = []
            var current = ""
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                let isPlain =
                    (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
                    || (byte == 0x20 || byte == 0x09) && !isLast
                // A full stop alone on a line ends the letter for some commands.
                let isDot = byte == UInt8(ascii: ".") && current.isEmpty
                let piece = isPlain && !isDot ? String(UnicodeScalar(byte)) : hex(byte)
                if current.utf8.count + piece.utf8.count > 75 {
                    lines.append(current + "=")
                    current = ""
                }
                current += piece
            }
            lines.append(current)
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }

    private static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
