/// A statement with its bound values.
///
/// Made from a string literal; what stands in `\( )` is bound, never pasted:
///
/// ```swift
/// let sql: SQL = "SELECT name FROM crew WHERE region = \(region) AND born < \(day)"
/// sql.text      // SELECT name FROM crew WHERE region = $1 AND born < $2
/// ```
///
/// - `\(value)` binds a value, `\(optional)` binds it or NULL;
/// - `\(identifier: name)` inserts a quoted identifier;
/// - `\(other)` of another `SQL` splices it, renumbering its placeholders.
///
/// Texts that are equal are prepared once per connection, so build few different texts.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text with placeholders `$1`, `$2`, …
    public private(set) var text: String
    /// Whether results should be asked for in PostgreSQL's text form; then every column can be read as `String`.
    public var textResults = false

    /// One placeholder's value, as a slice of the bytes of all values.
    struct Bind: Sendable, Equatable {
        let type: UInt32
        let offset: Int
        /// −1 for NULL.
        let length: Int
    }

    var binds: [Bind] = []
    var values = PostgresWriter()
    /// Where in the text each placeholder begins, in UTF-8 bytes; placeholder n has its value at `binds[n - 1]`.
    private var places: [Int] = []

    /// Takes a text as it is. For texts of our own files only, never for anything that came from outside.
    public init(unsafe text: String) {
        self.text = text
    }

    /// A text without values.
    public init(stringLiteral value: String) {
        text = value
    }

    /// Made by the compiler from a literal with `\( )` in it.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// Collects text and values of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        var sql = SQL(unsafe: "")

        /// Called by the compiler.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + interpolationCount * 3)
            sql.binds.reserveCapacity(interpolationCount)
        }

        /// Adds SQL text.
        public mutating func appendLiteral(_ literal: String) {
            sql.text += literal
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.bind(value)
        }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<T: PostgresEncodable>(_ value: T?) {
            sql.bind(value)
        }

        /// Splices another statement or part of one.
        public mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }

        /// Inserts a quoted identifier.
        public mutating func appendInterpolation(identifier: String) {
            sql.text += SQL.quoted(identifier: identifier)
        }
    }

    /// Adds a placeholder with its value.
    public mutating func bind(_ value: some PostgresEncodable) {
        bind(value, as: type(of: value).postgresType)
    }

    private mutating func bind(_ value: some PostgresEncodable, as type: PostgresType) {
        places.append(text.utf8.count)
        let offset = values.bytes.count
        if value.isPostgresNull {
            binds.append(Bind(type: type.rawValue, offset: offset, length: -1))
        } else {
            value.encode(into: &values)
            binds.append(Bind(type: type.rawValue, offset: offset, length: values.bytes.count - offset))
        }
        text += "$"
        text += String(binds.count)
    }

    /// Adds another statement's text and values at the end.
    public mutating func append(_ other: SQL) {
        if other.binds.isEmpty {
            text += other.text
            return
        }
        let offset = values.bytes.count
        values.write(other.values.bytes)
        let source = other.text.utf8
        var position = source.startIndex
        for (index, bind) in other.binds.enumerated() {
            let place = source.index(source.startIndex, offsetBy: other.places[index])
            text += other.text[position..<place]
            position = source.index(place, offsetBy: 1 + String(index + 1).utf8.count)
            places.append(text.utf8.count)
            binds.append(Bind(type: bind.type, offset: offset + bind.offset, length: bind.length))
            text += "$"
            text += String(binds.count)
        }
        text += other.text[position...]
    }

    /// Several parts with a separator between them, for example conditions joined by `AND`.
    public static func joined(_ parts: some Sequence<SQL>, separator: String) -> SQL {
        var result = SQL(unsafe: "")
        var first = true
        for part in parts {
            if !first { result.text += separator }
            first = false
            result.append(part)
        }
        return result
    }

    /// An identifier in double quotes, those within doubled.
    public static func quoted(identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}

extension SQL: CustomStringConvertible {
    /// The text; the values are not in it.
    public var description: String { text }
}

extension SQL {
    /// Refuses what PostgreSQL could not receive whole.
    func check() throws(PostgresError) {
        if binds.count > 65_535 {
            throw .usage("a statement can have 65,535 values, this one has \(binds.count)")
        }
        if text.utf8.contains(0) { throw .usage("the SQL text has a NUL byte") }
    }

    /// `set_config` for each setting, valid until the transaction ends.
    static func localSettings(_ settings: some Sequence<(String, String)>) -> SQL {
        var sql = SQL(unsafe: "SELECT ")
        var first = true
        for (name, value) in settings {
            if !first { sql.text += ", " }
            first = false
            sql.text += "set_config("
            sql.bind(name)
            sql.text += ", "
            sql.bind(value)
            sql.text += ", true)"
        }
        return sql
    }
}
