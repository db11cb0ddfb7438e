internal import Crypto
public import Foundation
internal import Web

/// The directory of photographs: pictures by the hash of their bytes, which never change and are stored once.
///
/// What somebody sends is never kept: a child process decodes it, turns it upright, makes it smaller and writes it anew
/// without what it told of camera, place and time (``PhotoMaker``). Two sizes of each are stored:
///
/// ```
/// photos/0a/0a1b2c….jpg          at most 1,600 pixels on a side
/// photos/0a/0a1b2c…-small.jpg    at most 640, for lists
/// ```
/// The files beside this one: `PhotoMaker` runs the child, `PhotoQueries` keeps the rows, `PhotoPages` serves.
public struct PhotoStore: Sendable {
    /// The directory; made when the first picture comes.
    public let directory: URL
    private let maker: PhotoMaker

    /// - Parameter directory: of this service alone; any number of its processes may share it.
    public init(_ directory: URL) { self.init(directory, PhotoMaker()) }

    init(_ directory: URL, _ maker: PhotoMaker) {
        self.directory = directory
        self.maker = maker
    }

    /// A stored picture.
    public struct Stored: Hashable, Sendable {
        /// SHA-256 of the larger size, 64 hexadecimal digits.
        public let hash: String
        /// Of the larger size.
        public let width: Int
        /// Of the larger size.
        public let height: Int
    }

    /// Reads a picture that somebody sent, and stores it in both sizes.
    ///
    /// - Parameter bytes: a JPEG, PNG or WebP file of at most ``PhotoMaker/largestFile`` bytes.
    /// - Throws: ``PhotoError`` when it is none, or cannot be made; file system errors.
    public func add(_ bytes: [UInt8]) async throws -> Stored {
        let large = try await maker.make(bytes, side: 1600)
        let small = try await maker.make(bytes, side: 640)
        guard let size = JPEGSize(of: large) else { throw PhotoError.unreadable }
        let hash = SHA256.hash(data: large).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
        // The small one first: whoever finds the large one finds both.
        try write(small, to: path(hash, isSmall: true))
        try write(large, to: path(hash, isSmall: false))
        return Stored(hash: hash, width: size.width, height: size.height)
    }

    /// The bytes of a size; nil when there is no such picture.
    public func read(_ hash: String, isSmall: Bool) -> [UInt8]? {
        guard Self.isHash(hash) else { return nil }
        // A file that is not there is the only thing that can be wrong with it.
        return (try? Data(contentsOf: path(hash, isSmall: isSmall))).map(Array.init)
    }

    /// Hashes of the pictures that were stored, and last wanted again, before a moment.
    func hashes(before moment: Date) throws -> Set<String> {
        guard FileManager.default.fileExists(atPath: directory.path) else { return [] }
        var hashes: Set<String> = []
        for folder in try FileManager.default.contentsOfDirectory(atPath: directory.path)
        where folder.count == 2 {
            let folder = directory.appending(path: folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let hash = String(file.prefix(64))
                if Self.isHash(hash), isOlder(folder.appending(path: file), than: moment) {
                    hashes.insert(hash)
                }
            }
        }
        return hashes
    }

    /// Takes both sizes of a picture away, unless it was wanted again since a moment.
    ///
    /// - Returns: whether anything went.
    @discardableResult
    func remove(_ hash: String, before moment: Date) throws -> Bool {
        // The large one first: whoever finds the large one finds both.
        let files = [false, true].map { path(hash, isSmall: $0) }.filter {
            FileManager.default.fileExists(atPath: $0.path)
        }
        guard !files.isEmpty, files.allSatisfy({ isOlder($0, than: moment) }) else { return false }
        for file in files { try FileManager.default.removeItem(at: file) }
        return true
    }

    private func isOlder(_ file: URL, than moment: Date) -> Bool {
        // A file that is gone is nobody's to take away.
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return (attributes?[.modificationDate] as? Date).map { $0 < moment } ?? false
    }

    /// Whether a text is the name of a picture.
    static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private func path(_ hash: String, isSmall: Bool) -> URL {
        directory.appending(path: String(hash.prefix(2))).appending(
            path: hash + (isSmall ? "-small.jpg" : ".jpg")
        )
    }

    /// Written beside and renamed, so that nobody ever reads half a picture.
    private func write(_ bytes: [UInt8], to file: URL) throws {
        if FileManager.default.fileExists(atPath: file.path) {
            // Somebody wants it again: a sweep that has just missed its row leaves what is young.
            try FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: file.path)
            return
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file, options: .atomic)
    }
}

/// Why a picture is not stored.
public enum PhotoError: Error, Hashable, Sendable {
    /// Not a JPEG, PNG or WebP file, or a broken one.
    case unreadable
    /// More than ``PhotoMaker/largestFile`` bytes, or more pixels than could be decoded in time.
    case tooLarge
    /// `vipsthumbnail` is not installed.
    case noProgram
}

extension ProblemCode {
    /// 503: the program that reads pictures is not installed.
    static let picturesUnavailable = ProblemCode(
        "pictures-unavailable",
        status: 503,
        title: Localized(
            sv: "Bilder kan inte tas emot just nu",
            en: "Pictures cannot be taken in at the moment"
        ),
        detail: Localized(
            sv:
                "Bilderna är inte sparade: programmet som läser bilder saknas på servern, och den som sköter den behöver installera det (libvips-tools). Allt annat på sidan fungerar.",
            en:
                "The pictures are not kept: the program that reads pictures is missing on the server, and who runs it must install it (libvips-tools). Everything else on the page works."
        )
    )
}

/// The size of a JPEG file, from its frame header (ITU T.81, B.2.2).
struct JPEGSize: Hashable {
    let width: Int
    let height: Int

    init?(of bytes: [UInt8]) {
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var place = 2
        while place + 9 < bytes.count {
            guard bytes[place] == 0xFF else { return nil }
            let marker = bytes[place + 1]
            // Baseline, extended and progressive frames; not the tables that share their range.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                height = Int(bytes[place + 5]) << 8 | Int(bytes[place + 6])
                width = Int(bytes[place + 7]) << 8 | Int(bytes[place + 8])
                return
            }
            place += 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
        }
        return nil
    }
}
