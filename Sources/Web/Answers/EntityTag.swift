internal import Crypto
internal import NIOCore

/// The validator of an answer: `"<version>-<hash>"`, with `-gz` for the compressed form, which is another
/// representation (RFC 9110 section 8.8.3).
struct EntityTag: Hashable {
    /// With its quotes.
    let text: String

    /// - Parameters:
    ///   - version: of what the body shows.
    ///   - body: before compression; 64 bits of its SHA-256 are kept.
    init(version: Int64, body: ByteBuffer, compressed: Bool) {
        var hash = SHA256()
        body.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        for byte in hash.finalize().prefix(8) {
            digits.append(Self.digit(byte >> 4))
            digits.append(Self.digit(byte & 15))
        }
        text = "\"\(version)-\(String(decoding: digits, as: UTF8.self))\(compressed ? "-gz" : "")\""
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Whether an `If-None-Match` field names this tag: in a list, weak or not, or by `*` (RFC 9110 section 13.1.2).
    func matches(ifNoneMatch field: String) -> Bool {
        field.split(separator: ",").contains { item in
            let tag = item.trimmingSpaces()
            return tag == "*" || tag == text || tag.dropFirst(2) == text && tag.hasPrefix("W/")
        }
    }
}

/// The version in the first strong tag of an `If-Match` field: what the writer believes to change.
///
/// `"12-0f3a…"`, `"12-0f3a…-gz"` and `"12"` all say 12; nil when no tag has that form.
public func version(inIfMatch field: String) -> Int64? {
    for item in field.split(separator: ",") {
        let tag = item.trimmingSpaces()
        guard tag.hasPrefix("\""), tag.hasSuffix("\""), tag.utf8.count > 2 else { continue }
        if let version = Int64(tag.dropFirst().dropLast().prefix { $0 != "-" }) { return version }
    }
    return nil
}
