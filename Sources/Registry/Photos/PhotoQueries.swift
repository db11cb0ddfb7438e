public import Foundation
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// The SQL of photographs, and the one function that takes a picture in.
///
/// ```swift
/// let photos = PhotoQueries(databases, store)
/// let id = try await photos.add(bytes, to: location, words, for: context.reader)
/// ```
public struct PhotoQueries: Sendable {
    private let databases: Databases
    private let store: PhotoStore

    /// - Parameter store: where pictures lie.
    public init(_ databases: Databases, _ store: PhotoStore) {
        self.databases = databases
        self.store = store
    }

    /// What a picture shows, in both languages; nil where nothing was written.
    public struct Words: Hashable, Sendable {
        /// For everybody, in Swedish.
        public var captionSv: String?
        /// For everybody, in English.
        public var captionEn: String?
        /// For who does not see it, in Swedish.
        public var alternativeSv: String?
        /// For who does not see it, in English.
        public var alternativeEn: String?

        /// No words.
        public init() {}
    }

    /// Stores a picture behind the last one of a location or company that the reader may change.
    ///
    /// - Parameters:
    ///   - bytes: a JPEG, PNG or WebP file as it was sent.
    ///   - subject: the location or company.
    ///   - id: of the new row; the caller's own when a repeated request must not add it twice.
    /// - Returns: the row's id; of the row that is there already when the subject has this picture.
    /// - Throws: ``PhotoError`` when it is no picture, `Problem` 404 when the reader may not see the subject,
    ///   `PostgresError`.
    @discardableResult
    public func add(
        _ bytes: [UInt8],
        to subject: UUID,
        _ words: Words = Words(),
        id: UUID = .version7(),
        for reader: Reader
    ) async throws -> UUID {
        // Before the child runs: nobody makes us work for what they may not change.
        let visible = try await databases.member.query(
            "SELECT 1 FROM klappa.subject s WHERE s.id = \(subject) AND s.kind IN ('location', 'company')",
            settings: reader.settings
        )
        guard !visible.isEmpty else { throw Problem(.notFound) }
        let stored = try await store.add(bytes)
        return try await Self.insert(stored, id, subject, words, databases.member, reader.settings)
    }

    static func insert(
        _ stored: PhotoStore.Stored,
        _ id: UUID,
        _ subject: UUID,
        _ words: Words,
        _ database: PostgresClient,
        _ settings: [(String, String)]
    ) async throws -> UUID {
        let rows = try await database.query(
            """
            INSERT INTO klappa.photo AS p (id, subject, hash, width, height, caption_sv, caption_en, alternative_sv,
                alternative_en, sort_order)
            SELECT \(id), \(subject), \(stored.hash), \(Int32(stored.width)), \(Int32(stored.height)),
                \(words.captionSv), \(words.captionEn), \(words.alternativeSv), \(words.alternativeEn),
                (SELECT coalesce(max(o.sort_order), 0) + 1 FROM klappa.photo o WHERE o.subject = \(subject))
            ON CONFLICT (subject, hash) DO UPDATE SET sort_order = p.sort_order
            RETURNING p.id
            """,
            settings: settings
        )
        guard let row = rows.first else { throw Problem(.notFound) }
        return try row.decode(UUID.self, "id")
    }

    /// The bytes of a picture that the reader may see: those of published listings, and of listings they may change.
    func read(_ hash: String, isSmall: Bool, for reader: Reader) async throws -> [UInt8]? {
        guard PhotoStore.isHash(hash) else { return nil }
        var rows = try await databases.open.query(
            "SELECT 1 FROM klappa.photo_public WHERE hash = \(hash) LIMIT 1"
        )
        if rows.isEmpty, case .member = reader {
            rows = try await databases.member.query(
                "SELECT 1 FROM klappa.photo WHERE hash = \(hash) LIMIT 1",
                settings: reader.settings
            )
        }
        return rows.isEmpty ? nil : store.read(hash, isSmall: isSmall)
    }

    /// The address of the pictures: `/photos/<hash>.jpg` and `/photos/<hash>-small.jpg`.
    func add(to table: inout RouteTable) {
        table.page("/photos/{file}") { request, context in
            let file = try context.parameters.require("file")
            guard file.hasSuffix(".jpg") else { throw Problem(.notFound) }
            var hash = file.dropLast(4)
            let isSmall = hash.hasSuffix("-small")
            if isSmall { hash = hash.dropLast(6) }
            guard let bytes = try await read(String(hash), isSmall: isSmall, for: context.reader) else {
                throw Problem(.notFound)
            }
            return Answer(body: ByteBuffer(bytes: bytes), contentType: "image/jpeg", caching: .immutable)
        }
    }
}
