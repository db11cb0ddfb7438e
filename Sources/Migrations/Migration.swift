import Crypto

/// One step of the schema: a file `NNNN_verb_object.sql`, never edited once it has been applied anywhere.
public struct Migration: Equatable, Sendable {
    /// Its place in the order, from 1, gapless.
    public let number: Int
    /// The file's name without `.sql`, such as `0003_create_region`.
    public let name: String
    /// The SQL.
    public let text: String
    /// SHA-256 of the text, in hexadecimal.
    public let checksum: String
    /// Whether the script and its bookkeeping are one transaction: yes, unless its first line is `-- no-transaction`.
    /// A script outside a transaction holds a single statement.
    public let isTransactional: Bool

    /// Reads a migration from its file's name and text.
    ///
    /// - Throws: ``MigrationError`` when the name is not `NNNN_words.sql`.
    public init(fileName: String, text: String) throws(MigrationError) {
        let name = fileName.hasSuffix(".sql") ? String(fileName.dropLast(4)) : ""
        let digits = name.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits),
            name.dropFirst(4).first == "_", name.count > 5,
            name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") })
        else {
            throw MigrationError(
                .files,
                "The file sql/migrations/\(fileName) is not named like 0007_create_crew.sql; rename it or take it away."
            )
        }
        self.number = number
        self.name = name
        self.text = text
        checksum = Self.checksum(of: text)
        let first = text.prefix { $0 != "\n" }
        isTransactional = !first.hasPrefix("-- no-transaction")
    }

    /// SHA-256 of texts one after the other, in hexadecimal.
    static func checksum(of texts: String...) -> String {
        var hash = SHA256()
        for text in texts { hash.update(data: Array(text.utf8)) }
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// A migration that a database remembers.
public struct AppliedMigration: Equatable, Sendable {
    /// Its number.
    public let number: Int
    /// Its name when it was applied.
    public let name: String
    /// SHA-256 of its text when it was applied.
    public let checksum: String

    /// A memory by its parts.
    public init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}
