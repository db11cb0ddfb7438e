/// Why the database cannot be brought up to date, or must not be used: one sentence with what, where and how to mend.
public struct MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides; the list may grow.
    public struct Kind: Hashable, Sendable {
        let name: String

        /// The files that came with this program are not whole.
        public static let files = Kind(name: "files")
        /// A migration that was applied reads differently now.
        public static let edited = Kind(name: "edited")
        /// The database has had migrations that this program does not know: it is too old.
        public static let newer = Kind(name: "newer")
        /// Migrations are pending: the database is too old.
        public static let pending = Kind(name: "pending")
        /// The role that migrates may not do what a migration needs.
        public static let rights = Kind(name: "rights")
        /// An extension is not installed on the server.
        public static let extensions = Kind(name: "extensions")
        /// A migration failed; nothing of it remains.
        public static let failed = Kind(name: "failed")
        /// Another program is migrating and did not end in time.
        public static let busy = Kind(name: "busy")
    }

    /// What went wrong.
    public let kind: Kind
    /// The sentence.
    public let message: String

    /// Makes an error of a kind with its sentence.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
