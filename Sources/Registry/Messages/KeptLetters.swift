internal import Crypto
public import Foundation

/// Letters kept as files instead of being sent: where there is no command for mail, and in a demonstration, whose people
/// are invented.
///
/// One file a letter, `<time>-<number>-<about>.eml`, which every mail program opens; readable for the service's user only.
/// The name ends with the id of whom or what the letter is about, if anybody, so that erasing them finds it.
public struct KeptLetters: Sendable {
    /// Where they lie.
    public let directory: String

    /// - Parameter directory: made when the first letter is kept.
    public init(_ directory: String) { self.directory = directory }

    /// A letter as the page shows it.
    struct Shown: Sendable {
        var to = ""
        var subject = ""
        var date = ""
        var body = ""
    }

    func keep(_ message: MailMessage, number: Int64, about subject: UUID? = nil) throws {
        let files = FileManager.default
        try files.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let stamp = Int(message.date.timeIntervalSince1970 * 1000)
        let about = subject.map { "-\($0.uuidString.lowercased())" } ?? ""
        let path = "\(directory)/\(stamp)-\(number)\(about).eml"
        // Beside its name first: whoever lists the directory never sees half a letter.
        let made = files.createFile(
            atPath: path + ".new",
            contents: Data(message.text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard made, rename(path + ".new", path) == 0 else {
            throw MailCommand.Refusal(description: "cannot write \(path)")
        }
    }

    /// Removes the letters to an address, and those about a row that was erased.
    ///
    /// - Parameters:
    ///   - address: SHA-256 of it in lower case; nil removes none by address.
    ///   - subject: the row.
    /// - Returns: how many.
    @discardableResult
    func remove(to address: [UInt8]?, about subject: UUID) throws -> Int {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: directory)) ?? []
        var count = 0
        for name in names where name.contains(".eml") {
            let path = "\(directory)/\(name)"
            var isTheirs = name.contains(subject.uuidString.lowercased())
            if !isTheirs, let address, let bytes = files.contents(atPath: path) {
                let to = Self.read(String(decoding: bytes, as: UTF8.self)).to.lowercased()
                isTheirs = Array(SHA256.hash(data: Array(to.utf8))) == address
            }
            if isTheirs {
                try files.removeItem(atPath: path)
                count += 1
            }
        }
        return count
    }

    /// The latest letters, newest first.
    func latest(_ most: Int = 50) -> [Shown] {
        // A directory that is not there yet holds none.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".eml") }.sorted(by: >).prefix(most).compactMap { name in
            FileManager.default.contents(atPath: "\(directory)/\(name)").map {
                Self.read(String(decoding: $0, as: UTF8.self))
            }
        }
    }

    /// How many there are.
    public var count: Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).count {
            $0.hasSuffix(".eml")
        }
    }

    /// Reads a message that ``MailMessage`` has written.
    static func read(_ text: String) -> Shown {
        var shown = Shown()
        let parts = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        for line in (parts.first ?? "").replacing("\n ", with: "").split(separator: "\n") {
            let pair = line.split(separator: ": ", maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "To": shown.to = pair[1].filter { $0 != "<" && $0 != ">" }
            case "Subject": shown.subject = words(String(pair[1]))
            case "Date": shown.date = String(pair[1])
            default: break
            }
        }
        var bytes: [UInt8] = []
        var rest = Array((parts.count == 2 ? parts[1] : "").replacing("=\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="),
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        shown.body = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        return shown
    }

    private static func words(_ text: String) -> String {
        var bytes: [UInt8] = []
        for match in text.matches(of: /=\?utf-8\?B\?([^?]*)\?=/) {
            bytes += Data(base64Encoded: String(match.1)).map { Array($0) } ?? []
        }
        return bytes.isEmpty ? text : String(decoding: bytes, as: UTF8.self)
    }
}
