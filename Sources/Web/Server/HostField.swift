/// The `Host` field of a request (RFC 9110 section 7.2): a name or address, and a port.
struct HostField: Equatable {
    /// In lower case, an IPv6 address in brackets, without a final dot.
    var name: String
    var port: Int?

    /// Nil unless the field is `uri-host [":" port]` of RFC 3986, without user information; an empty one is nil too.
    init?(_ field: String) {
        let bytes = Array(field.utf8)
        guard !bytes.isEmpty, bytes.count <= 300 else { return nil }
        var end = bytes.count
        if bytes[0] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            guard close > 2, bytes[1..<close].allSatisfy(Self.isAddressByte) else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            guard end > 0, bytes[..<end].allSatisfy(Self.isNameByte) else { return nil }
        }
        if end < bytes.count {
            let digits = bytes[(end + 1)...]
            guard bytes[end] == UInt8(ascii: ":"), digits.count <= 5,
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            if !digits.isEmpty {
                guard let number = Int(String(decoding: digits, as: UTF8.self)), number <= 65535 else {
                    return nil
                }
                port = number
            }
        }
        name = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
        if name.hasSuffix("."), name.utf8.count > 1 { name.removeLast() }
    }

    /// Letters, digits, `-`, `.`, `_`: what registered names and IPv4 addresses are made of.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Hexadecimal digits, `:` and `.`.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
