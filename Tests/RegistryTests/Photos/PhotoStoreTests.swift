import Foundation
import Logging
import Postgres
import TestSupport
import Testing
import Web

@testable import Registry

/// Pictures from outside: what is read, what is refused, and what is left of them.
@Suite(.enabled(if: PhotoMaker.isInstalled, "vipsthumbnail (libvips-tools) is not installed"))
struct PhotoStoreTests {
    private func withStore<Result>(_ body: (PhotoStore) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "photos-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(PhotoStore(folder))
    }

    /// A JPEG with a description that says the camera was held sideways (TIFF 6.0, tag 274, value 6).
    private func sideways(_ jpeg: [UInt8]) -> [UInt8] {
        let tiff: [UInt8] =
            Array("Exif\0\0MM\0*".utf8) + [
                0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
            ]
        let length = tiff.count + 2
        return Array(jpeg.prefix(2)) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + tiff
            + jpeg.dropFirst(2)
    }

    @Test
    func `a picture is made smaller, named by its content and stored once`() async throws {
        try await withStore { store in
            let png = DemoPicture.png(seed: 1, index: 3)
            let stored = try await store.add(png)
            #expect(stored.width == DemoPicture.width)
            #expect(stored.height == DemoPicture.height)
            #expect(try await store.add(png) == stored)
            let large = try #require(store.read(stored.hash, isSmall: false))
            let small = try #require(store.read(stored.hash, isSmall: true))
            #expect(JPEGSize(of: large)?.width == 720)
            #expect(JPEGSize(of: small)?.width == 640)
            #expect(store.read("../../etc/passwd", isSmall: false) == nil)
            #expect(store.read(String(repeating: "0", count: 64), isSmall: false) == nil)
        }
    }

    @Test
    func `a picture taken sideways is turned, and nothing it tells of the camera is kept`() async throws {
        try await withStore { store in
            let upright = try await store.add(DemoPicture.png(seed: 1, index: 4))
            let jpeg = try #require(store.read(upright.hash, isSmall: false))
            let turned = try await store.add(sideways(jpeg))
            #expect(turned.width == upright.height)
            #expect(turned.height == upright.width)
            let made = try #require(store.read(turned.hash, isSmall: false))
            #expect(Data(made).range(of: Data("Exif".utf8)) == nil)
        }
    }

    @Test
    func `what is no picture is refused`() async throws {
        try await withStore { store in
            let png = DemoPicture.png(seed: 1, index: 5)
            let svg = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".utf8)
            for bytes in [[], svg, Array("GIF89a".utf8), Array(png.prefix(300)), [0xFF, 0xD8, 0xFF, 0xE0]] {
                await #expect(throws: PhotoError.unreadable) { try await store.add(bytes) }
            }
            let huge = [UInt8](repeating: 0, count: PhotoMaker.largestFile + 1)
            await #expect(throws: PhotoError.tooLarge) { try await store.add(huge) }
            #expect(!FileManager.default.fileExists(atPath: store.directory.path))
        }
    }

    @Test
    func `an owner adds a picture, which strangers fetch only while the location is published`() async throws
    {
        try await withStore { store in
            try await SchemaDatabase.with { database in
                let databases = Databases(
                    open: database.open,
                    member: database.member,
                    worker: database.worker
                )
                let photos = PhotoQueries(databases, store)
                let owner = try await database.account(.searcher)
                let barn = try await database.location("Ladan", state: "draft", account: owner)
                let reader = Reader.member(account: owner, grants: [])
                var words = PhotoQueries.Words()
                words.alternativeSv = "En röd lada"
                let png = DemoPicture.png(seed: 1, index: 6)
                let id = try await photos.add(png, to: barn, words, for: reader)
                #expect(try await photos.add(png, to: barn, for: reader) == id)
                let rows = try await database.worker.query("SELECT hash FROM klappa.photo")
                #expect(rows.count == 1)
                let hash = try #require(rows.first).decode(String.self, "hash")
                #expect(try await photos.read(hash, isSmall: true, for: reader) != nil)
                #expect(try await photos.read(hash, isSmall: true, for: .anyone) == nil)
                try await database.worker.execute(
                    "UPDATE klappa.location SET state = 'published', invented = true"
                )
                #expect(try await photos.read(hash, isSmall: true, for: .anyone) != nil)
                #expect(try #require(try await database.publicRecord(barn)).contains(hash))
                let stranger = Reader.member(account: try await database.account(.searcher), grants: [])
                await #expect(throws: Problem.self) { try await photos.add(png, to: barn, for: stranger) }
            }
        }
    }

    @Test
    func `a picture that no row names is swept, but not at once`() async throws {
        try await withStore { store in
            try await SchemaDatabase.with { database in
                let upkeep = PhotoUpkeep(
                    database.worker,
                    store,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                #expect(try await upkeep.sweep() == 0)
                let barn = try await database.location("Ladan")
                let kept = try await store.add(DemoPicture.png(seed: 1, index: 7))
                let orphan = try await store.add(DemoPicture.png(seed: 1, index: 8))
                try await database.worker.execute(
                    """
                    INSERT INTO klappa.photo (subject, hash, width, height)
                    VALUES (\(barn), \(kept.hash), 720, 301), (\(barn), \(orphan.hash), 720, 301)
                    """
                )
                let tomorrow = Date(timeIntervalSinceNow: 86_400)
                #expect(try await upkeep.sweep(before: tomorrow) == 0)
                try await database.worker.execute("DELETE FROM klappa.photo WHERE hash = \(orphan.hash)")
                // Young: its row may be on its way.
                #expect(try await upkeep.sweep() == 0)
                #expect(store.read(orphan.hash, isSmall: true) != nil)
                #expect(try await upkeep.sweep(before: tomorrow) == 1)
                #expect(store.read(orphan.hash, isSmall: true) == nil)
                #expect(store.read(orphan.hash, isSmall: false) == nil)
                #expect(store.read(kept.hash, isSmall: true) != nil)
                #expect(store.read(kept.hash, isSmall: false) != nil)
            }
        }
    }
}
