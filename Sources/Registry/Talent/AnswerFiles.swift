internal import Crypto
internal import Foundation
internal import Web

/// The files of answers, each once under its SHA-256 in a directory of the service.
///
/// Which of them somebody may have is said by the rows of `answer_file`, never by a name: an address names an
/// application and a question, and row security decides.
struct AnswerFiles: Sendable {
    /// The directory; made when first written to, readable by the service only.
    let folder: URL

    /// Bytes at most.
    static let limit = 10 << 20

    /// What a file is by its first bytes, whatever its name says; nil for what is not taken.
    static func mediaType(of bytes: [UInt8]) -> String? {
        func begins(_ text: String) -> Bool { bytes.starts(with: Array(text.utf8)) }
        if begins("%PDF-") { return "application/pdf" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if begins("RIFF"), bytes.count > 12, bytes[8..<12].elementsEqual("WEBP".utf8) { return "image/webp" }
        let isText = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
        return isText && String(validating: bytes, as: UTF8.self) != nil ? "text/plain" : nil
    }

    /// A name that the database and every file system take.
    static func name(_ name: String) -> String {
        let kept = name.unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\"
        }
        let text = String(String.UnicodeScalarView(kept)).trimmingCharacters(in: .whitespaces)
        return text.isEmpty ? "file" : String(text.suffix(200))
    }

    /// Keeps bytes; the same twice are kept once. Written aside and renamed, so that a name never holds half of it.
    func keep(_ bytes: [UInt8]) throws -> [UInt8] {
        let hash = Array(SHA256.hash(data: bytes))
        let place = place(of: hash)
        // Also one that is there: as a new file it is not swept before its row is committed.
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(bytes).write(to: place, options: .atomic)
        return hash
    }

    /// The bytes of a file; nil when they are gone.
    func bytes(sha256: String) -> [UInt8]? {
        guard sha256.utf8.count == 64, sha256.allSatisfy(\.isHexDigit) else { return nil }
        // A missing file is an answer, not an error: the row may outlive a lost disk.
        return (try? Data(contentsOf: place(sha256))).map { Array($0) }
    }

    /// Removes one file at once; false when there is none.
    func remove(sha256 digits: String) throws -> Bool {
        let place = place(digits)
        guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit),
            FileManager.default.fileExists(atPath: place.path)
        else { return false }
        try FileManager.default.removeItem(at: place)
        return true
    }

    /// Removes files that no answer needs any longer.
    ///
    /// What came within a day stays, because its row may not be committed yet. A file is set aside before its age is
    /// looked at, so that one that comes meanwhile is put back, not removed.
    ///
    /// - Parameter needed: which of some names, 64 hexadecimal digits each, are in use.
    /// - Returns: how many were removed.
    func sweep(now: Date = Date(), needed: ([String]) async throws -> Set<String>) async throws -> Int {
        let files = FileManager.default
        let bound = now.addingTimeInterval(-86_400)
        let names = (try? files.subpathsOfDirectory(atPath: folder.path)) ?? []
        let old = names.map { folder.appending(path: $0) }
            .filter { $0.lastPathComponent.wholeMatch(of: /[0-9a-f]{64}/) != nil && changed($0) < bound }
        var count = 0
        for start in stride(from: 0, to: old.count, by: 500) {
            let part = old[start..<min(start + 500, old.count)]
            let kept = try await needed(part.map(\.lastPathComponent))
            for file in part where !kept.contains(file.lastPathComponent) {
                let aside = file.appendingPathExtension("swept")
                try files.moveItem(at: file, to: aside)
                if changed(aside) < bound {
                    try files.removeItem(at: aside)
                    count += 1
                } else if !files.fileExists(atPath: file.path) {
                    try files.moveItem(at: aside, to: file)
                } else {
                    try files.removeItem(at: aside)
                }
            }
        }
        return count
    }

    /// When a file was written; the far future when it is gone.
    private func changed(_ file: URL) -> Date {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return attributes?[.modificationDate] as? Date ?? .distantFuture
    }

    private func place(of hash: [UInt8]) -> URL {
        let digits = Array("0123456789abcdef")
        return place(hash.map { String([digits[Int($0 >> 4)], digits[Int($0 & 15)]]) }.joined())
    }

    private func place(_ digits: String) -> URL {
        folder.appending(path: String(digits.prefix(2))).appending(path: digits)
    }
}
