public import Foundation
internal import Glibc
internal import SystemPackage

/// The file outside the database that remembers what was erased, by ids that say nothing of anybody.
///
/// A backup from before an erasure still knows the person. Whoever restores one replays this file, and they are erased again
/// before anything is served. It is only ever appended to, one line for each erasure, and synced to the disk before the
/// database is told that the line is there:
///
/// ```
/// 2026-11-24T21:04:11Z account 01a20f69-0372-7285-9d82-9845c91a01c9
/// ```
public struct ErasureLedger: Sendable {
    /// Where it lies.
    public let file: String

    /// - Parameter file: made, readable by the service's user only, when something is erased for the first time.
    public init(_ file: String) { self.file = file }

    /// One erasure.
    public struct Entry: Hashable, Sendable {
        /// `account`, `listing` or `application`.
        public let kind: String
        /// The id of the row that was emptied.
        public let key: UUID

        /// See the properties of the same names.
        public init(kind: String, key: UUID) {
            self.kind = kind
            self.key = key
        }

        /// Reads a line; nil when it is none, or only half of one.
        init?(line: some StringProtocol) {
            let words = line.split(separator: " ")
            guard words.count == 3, ["account", "listing", "application"].contains(words[1]),
                let key = UUID(uuidString: String(words[2]))
            else { return nil }
            self.init(kind: String(words[1]), key: key)
        }
    }

    /// Appends lines and waits until they are on the disk.
    func append(_ entries: [Entry], at date: Date) throws {
        guard !entries.isEmpty else { return }
        let stamp = date.formatted(.iso8601)
        let lines = entries.map { "\(stamp) \($0.kind) \($0.key.uuidString.lowercased())\n" }.joined()
        let isNew = !FileManager.default.fileExists(atPath: file)
        let descriptor = try FileDescriptor.open(
            FilePath(file),
            .readWrite,
            options: [.append, .create],
            permissions: .ownerReadWrite
        )
        try descriptor.closeAfter {
            // A line that a crash cut short stays a line of its own.
            let size = try descriptor.seek(offset: 0, from: .end)
            var last: [UInt8] = [UInt8(ascii: "\n")]
            if size > 0 {
                _ = try last.withUnsafeMutableBytes {
                    try descriptor.read(fromAbsoluteOffset: size - 1, into: $0)
                }
            }
            try descriptor.writeAll(((last[0] == UInt8(ascii: "\n") ? "" : "\n") + lines).utf8)
            guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        guard isNew else { return }
        // The name itself must be on the disk too.
        let folder = try FileDescriptor.open(FilePath(file).removingLastComponent(), .readOnly)
        try folder.closeAfter {
            guard fsync(folder.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// Every erasure, in order, each once, and how many lines could not be read; nothing when there is no file.
    public func entries() throws -> (entries: [Entry], unreadable: Int) {
        guard FileManager.default.fileExists(atPath: file) else { return ([], 0) }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        var seen: Set<Entry> = []
        var entries: [Entry] = []
        var unreadable = 0
        for line in text.split(separator: "\n") {
            guard let entry = Entry(line: line) else {
                unreadable += 1
                continue
            }
            if seen.insert(entry).inserted { entries.append(entry) }
        }
        return (entries, unreadable)
    }
}
