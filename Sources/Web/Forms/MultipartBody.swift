public import Hummingbird
internal import NIOCore

/// The fields and files of a sent form, `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)),
/// decoded strictly and wholly in memory: for a few files of limited size.
public struct MultipartBody: Sendable {
    /// A file as the browser sent it. Nothing of it is to be believed.
    public struct File: Sendable {
        /// The field.
        public let field: String
        /// The name on the sender's machine, without folders.
        public let name: String
        /// The content.
        public let bytes: [UInt8]
    }

    /// Fields that hold text, in the order of the form. Line ends are `\n`.
    public private(set) var pairs: [(name: String, value: String)] = []
    /// Files that were chosen, in the order of the form.
    public private(set) var files: [File] = []

    /// As many parts as a form may have.
    static let most = 300

    /// Reads the body of a request.
    ///
    /// - Parameter limit: in bytes, all parts together.
    /// - Throws: `Problem`: 415 unless it is such a form, 413 when it is longer, 400 when it cannot be read.
    public static func read(_ request: Request, limit: Int) async throws -> MultipartBody {
        guard let type = request.headers[.contentType], let boundary = boundary(in: type) else {
            throw Problem(
                .unsupportedMediaType,
                detail: Localized(
                    sv: "Här tas bara formulär med filer emot (multipart/form-data).",
                    en: "Only forms with files are accepted here (multipart/form-data)."
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
        return try MultipartBody(Array(bytes.readableBytesView), boundary: boundary)
    }

    /// Reads the parts between the lines of a boundary.
    init(_ bytes: [UInt8], boundary: String) throws(Problem) {
        let line = Array("\r\n--\(boundary)".utf8)
        // The first boundary begins the body; with a line end before it all are found alike.
        let bytes = Array("\r\n".utf8) + bytes
        var places = Self.places(of: line, in: bytes)[...]
        guard places.count >= 2, places.count <= Self.most + 1, let last = places.popLast(),
            bytes[(last + line.count)...].starts(with: Array("--".utf8))
        else { throw Problem(.malformed, detail: Self.unreadable) }
        for (index, place) in places.enumerated() {
            let end = index + 1 < places.count ? places[places.startIndex + index + 1] : last
            try add(bytes[(place + line.count)..<end])
        }
    }

    private mutating func add(_ part: ArraySlice<UInt8>) throws(Problem) {
        let unreadable = Problem(.malformed, detail: Self.unreadable)
        let gap = Array("\r\n\r\n".utf8)
        guard part.starts(with: Array("\r\n".utf8)),
            let end = Self.places(of: gap, in: Array(part.prefix(2000))).first,
            let head = String(validating: part.prefix(end), as: UTF8.self)
        else { throw unreadable }
        let content = part.dropFirst(end + gap.count)
        let disposition = head.split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-disposition:")
        }
        guard let disposition, let field = Self.quoted("name", in: disposition) else { throw unreadable }
        if let name = Self.quoted("filename", in: disposition) {
            let base = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
            if !base.isEmpty || !content.isEmpty {
                files.append(File(field: field, name: base, bytes: Array(content)))
            }
            return
        }
        let isText = content.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
        guard isText, let value = String(validating: content, as: UTF8.self) else { throw unreadable }
        pairs.append((field, value.replacing("\r\n", with: "\n").replacing("\r", with: "\n")))
    }

    private static let unreadable = Localized(
        sv: "Formuläret kan inte läsas: det är avklippt eller har tecken som inte är text.",
        en: "The form cannot be read: it is cut short or has characters that are not text."
    )

    private static func boundary(in type: String) -> String? {
        guard type.lowercased().hasPrefix("multipart/form-data"),
            let match = type.firstMatch(of: /boundary="?([0-9A-Za-z'()+_,.\/:=? -]{1,70})"?/)
        else { return nil }
        return String(match.1)
    }

    /// The value of `name="…"` in a field; browsers write a quotation mark in it as `%22`.
    private static func quoted(_ name: String, in text: Substring) -> String? {
        let parts = text.split(separator: ";").map { $0.trimmingPrefix { $0 == " " } }
        guard
            let part = parts.first(where: {
                $0.hasPrefix(name + "=\"") && $0.hasSuffix("\"") && $0.utf8.count > name.utf8.count + 2
            })
        else { return nil }
        return String(part.dropFirst(name.count + 2).dropLast()).replacing("%22", with: "\"")
    }

    private static func places(of pattern: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard bytes.count >= pattern.count, let first = pattern.first else { return [] }
        var places: [Int] = []
        var index = 0
        while index <= bytes.count - pattern.count {
            if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                places.append(index)
                index += pattern.count
            } else {
                index += 1
            }
        }
        return places
    }
}
