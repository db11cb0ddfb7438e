internal import Foundation
internal import Web

/// Where a list of programmes ended: the name and id of its last item, and the fingerprint of its filter.
struct ProgrammeCursor: Hashable, Sendable {
    let name: String
    let id: UUID

    /// As it travels: 16 hexadecimal digits, a hyphen, and the key's bytes in as many more.
    func text(of filter: ProgrammeQueries.Filter) -> String {
        let digits = Array("0123456789abcdef")
        let key = (id.uuidString.lowercased() + name).utf8
        return Self.mark(filter) + "-"
            + key.map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined()
    }

    init(name: String, id: UUID) {
        self.name = name
        self.id = id
    }

    /// Reads a cursor that has the form; nil when it is of another filter or none at all.
    init?(_ text: String, of filter: ProgrammeQueries.Filter) {
        guard text.hasPrefix(Self.mark(filter) + "-"), let bytes = Self.bytes(text.dropFirst(17)),
            let key = String(validating: bytes, as: UTF8.self),
            let id = UUID(uuidString: String(key.prefix(36))),
            !key.utf8.contains(0)
        else { return nil }
        self.init(name: String(key.dropFirst(36)), id: id)
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        guard digits.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var rest = digits.makeIterator()
        while let high = rest.next()?.hexDigitValue, let low = rest.next()?.hexDigitValue {
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes.count * 2 == digits.utf8.count ? bytes : nil
    }

    private static func mark(_ filter: ProgrammeQueries.Filter) -> String {
        let digits = String(filter.fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
