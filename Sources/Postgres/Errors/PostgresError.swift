/// The one error of this module.
///
/// It answers three questions: what kind of thing went wrong (``kind-swift.property``), what PostgreSQL said
/// (``sqlState``, ``constraint``, ``message``), and whether the same work may be tried again
/// (``retry-swift.property``).
///
/// ```swift
/// do {
///     try await database.execute("INSERT INTO booking (subject, days) VALUES (\(subject), \(days))")
/// } catch where error.constraint == "booking_no_overlap" {
///     throw BookingError.overlap
/// }
/// ```
///
/// Neither bound values nor passwords are in it: PostgreSQL's own `DETAIL` of data errors (classes 22 and 23)
/// quotes rows and is therefore dropped, and quoted input is cut from messages of class 22.
public struct PostgresError: Error, Sendable {
    // One word wide, so that typed throws cost nothing on the way of success.
    private let fields: Fields

    private final class Fields: Sendable {
        let kind: Kind
        let retry: Retry
        let sqlState: SQLState?
        let message: String
        let server: ServerFields
        let sql: String?

        init(
            kind: Kind,
            retry: Retry,
            sqlState: SQLState?,
            message: String,
            server: ServerFields,
            sql: String?
        ) {
            self.kind = kind
            self.retry = retry
            self.sqlState = sqlState
            self.message = message
            self.server = server
            self.sql = sql
        }
    }

    /// What else the server may say about an error.
    package struct ServerFields: Sendable {
        package var detail: String?
        package var hint: String?
        package var context: String?
        package var schema: String?
        package var table: String?
        package var column: String?
        package var constraint: String?
        package var position: Int?

        package init() {}
    }

    package init(
        _ kind: Kind,
        _ message: String,
        retry: Retry = .never,
        sqlState: SQLState? = nil,
        server: ServerFields = ServerFields(),
        sql: String? = nil
    ) {
        self.fields = Fields(
            kind: kind,
            retry: retry,
            sqlState: sqlState,
            message: message,
            server: server,
            sql: sql
        )
    }

    /// What kind of thing went wrong.
    public var kind: Kind { fields.kind }
    /// Whether the same work may be tried again, and how much of it.
    public var retry: Retry { fields.retry }
    /// PostgreSQL's code; nil when the error did not come from the server.
    public var sqlState: SQLState? { fields.sqlState }
    /// One sentence, the server's or the client's own.
    public var message: String { fields.message }
    /// The server's second sentence; nil for classes 22 and 23, where it quotes rows.
    public var detail: String? { fields.server.detail }
    /// The server's advice.
    public var hint: String? { fields.server.hint }
    /// Where in a function or a COPY it happened, for example `COPY crew_import, line 3, column known_from`.
    public var context: String? { fields.server.context }
    /// The schema of the object concerned.
    public var schema: String? { fields.server.schema }
    /// The table concerned.
    public var table: String? { fields.server.table }
    /// The column concerned.
    public var column: String? { fields.server.column }
    /// The name of the violated constraint.
    public var constraint: String? { fields.server.constraint }
    /// Where in the SQL text the error is, counted in characters from 1.
    public var position: Int? { fields.server.position }
    /// The SQL text with its placeholders, without values; nil when no statement was involved.
    public var sql: String? { fields.sql }

    /// The same error, naming the statement that it belongs to.
    package func about(_ sql: String) -> PostgresError {
        PostgresError(
            kind,
            message,
            retry: retry,
            sqlState: sqlState,
            server: fields.server,
            sql: fields.sql ?? sql
        )
    }

    /// The same error with another answer to "may I retry?".
    package func with(retry: Retry) -> PostgresError {
        PostgresError(
            kind,
            message,
            retry: retry,
            sqlState: sqlState,
            server: fields.server,
            sql: fields.sql
        )
    }
}

extension PostgresError {
    /// What kind of thing went wrong. More kinds may come; a `switch` needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        private init(_ description: String) {
            self.description = description
        }

        /// No connection could be made; the message lists every attempt.
        public static let connect = Kind("connect")
        /// The connection string or a setting of the client is wrong.
        public static let configuration = Kind("configuration")
        /// The server refused or failed the statement; ``PostgresError/sqlState`` says why.
        public static let server = Kind("server")
        /// The connection was lost while work was under way.
        public static let connectionLost = Kind("connectionLost")
        /// A deadline passed.
        public static let timeout = Kind("timeout")
        /// The calling task was cancelled.
        public static let cancelled = Kind("cancelled")
        /// The client or the connection has been closed.
        public static let closed = Kind("closed")
        /// A value did not have the form that was asked for.
        public static let decoding = Kind("decoding")
        /// Too many callers were waiting already: refused at once.
        public static let pool = Kind("pool")
        /// The call cannot be made at all, for example because of a NUL byte in the text.
        public static let usage = Kind("usage")
        /// COMMIT was answered by ROLLBACK: the transaction had failed before, and nothing was kept.
        public static let rolledBack = Kind("rolledBack")
    }

    /// Whether the same work may be tried again.
    public enum Retry: Sendable, Hashable {
        /// The same work would fail again, or the answer is in: do not.
        case never
        /// Nothing of the request took effect: send it again, another connection may serve it.
        case connection
        /// The whole transaction was rolled back: run all of it again.
        case transaction
        /// The connection was lost when the outcome was open: look before doing it again.
        case unknown
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One useful line, without SQL.
    public var description: String {
        var line = "\(kind): \(message)"
        if let sqlState { line += " (\(sqlState))" }
        if let constraint { line += " [constraint \(constraint)]" }
        return line
    }

    /// The line of ``description`` with detail, hint, context and the SQL text; bound values are not in it.
    public var debugDescription: String {
        var lines = [description]
        if let detail { lines.append("detail: \(detail)") }
        if let hint { lines.append("hint: \(hint)") }
        if let context { lines.append("context: \(context)") }
        if let position { lines.append("position: \(position)") }
        if let sql { lines.append("sql: \(sql)") }
        return lines.joined(separator: "\n")
    }
}

extension PostgresError {
    package static func decoding(_ message: String) -> PostgresError { PostgresError(.decoding, message) }
    package static func usage(_ message: String) -> PostgresError { PostgresError(.usage, message) }
    package static let cancelled = PostgresError(.cancelled, "the calling task was cancelled")
    package static let closed = PostgresError(.closed, "the client has been closed", retry: .never)
}
