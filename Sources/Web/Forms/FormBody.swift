internal import HTTPTypes
public import Hummingbird
internal import NIOCore

/// The fields of a sent form, `application/x-www-form-urlencoded`, decoded strictly.
public struct FormBody: Sendable {
    /// In the order of the form.
    public private(set) var pairs: [(name: String, value: String)] = []

    /// As many fields as a form may have.
    static let most = 1000

    /// Reads the body of a request.
    ///
    /// - Parameter limit: in bytes.
    /// - Throws: `Problem`: 415 unless it is a form, 413 when it is longer, 400 when it is cut, not UTF-8, has
    ///   control characters other than line ends and tabs, or too many fields.
    public static func read(_ request: Request, limit: Int = 64 << 10) async throws -> FormBody {
        let type = request.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw Problem(
                .unsupportedMediaType,
                detail: Localized(
                    sv: "Här tas bara formulär emot (application/x-www-form-urlencoded).",
                    en: "Only forms are accepted here (application/x-www-form-urlencoded)."
                )
            )
        }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw Problem(.contentTooLarge)
        }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge)
        }
        return try FormBody(String(buffer: bytes))
    }

    /// Reads `name=value&…`. Line ends become `\n`.
    init(_ text: String) throws(Problem) {
        let parts = text.split(separator: "&", maxSplits: Self.most)
        guard parts.count <= Self.most else { throw Problem(.malformed, detail: Self.unreadable) }
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = sides.count == 2 ? Self.decode(sides[1]) : ""
            else { throw Problem(.malformed, detail: Self.unreadable) }
            pairs.append((name, value))
        }
    }

    private static let unreadable = Localized(
        sv: "Formuläret kan inte läsas: det har fler än \(most) fält eller tecken som inte är text.",
        en: "The form cannot be read: it has more than \(most) fields or characters that are not text."
    )

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hex), let low = rest.next().flatMap(hex) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) || $0 == 0x7F }),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        return bytes.contains(0x0D)
            ? text.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : text
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
