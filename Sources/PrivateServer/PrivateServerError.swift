/// Why a private PostgreSQL cannot be used: what is wrong, where, and how to mend it, in one sentence.
///
/// Nothing is ever removed or overwritten before such an error is thrown; the directory is as it was found.
public struct PrivateServerError: Error, Equatable, Sendable {
    /// What went wrong, for code that decides; the list may grow.
    public struct Kind: Hashable, Sendable {
        let name: String

        /// No suitable PostgreSQL programs, or PostGIS is missing.
        public static let programs = Kind(name: "programs")
        /// The directory holds something else, is of another version or belongs to someone else.
        public static let directory = Kind(name: "directory")
        /// A path is closed to the user who runs PostgreSQL, or too long for a socket.
        public static let path = Kind(name: "path")
        /// Another `serve` uses the directory.
        public static let inUse = Kind(name: "inUse")
        /// An address, a port or a socket is taken.
        public static let address = Kind(name: "address")
        /// The disk is full.
        public static let diskFull = Kind(name: "diskFull")
        /// The disk, or the directory, cannot be written to.
        public static let readOnly = Kind(name: "readOnly")
        /// The server did not start, stop or answer in time.
        public static let timeout = Kind(name: "timeout")
        /// Leftovers of a crashed server; trying again helps.
        public static let leftovers = Kind(name: "leftovers")
        /// PostgreSQL gave another reason; its words are in the sentence.
        public static let start = Kind(name: "start")
    }

    /// What went wrong.
    public let kind: Kind
    /// The sentence for the person at the terminal.
    public let message: String

    /// Makes an error of a kind with its sentence.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension PrivateServerError: CustomStringConvertible {
    /// The sentence.
    public var description: String { message }
}
