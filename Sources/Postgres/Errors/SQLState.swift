/// The five characters by which PostgreSQL names what went wrong.
///
/// The first two are the class. The whole list is in the manual:
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
///
/// ```swift
/// catch let error as PostgresError where error.sqlState == .uniqueViolation { … }
/// ```
public struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The code as PostgreSQL writes it, for example `23505`.
    public let rawValue: String

    /// Takes any code; nothing is checked.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes any code; nothing is checked.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }

    /// The first two characters: `23` for every integrity violation.
    public var classCode: String { String(rawValue.prefix(2)) }

    /// The code itself.
    public var description: String { rawValue }
}

extension SQLState {
    /// A NULL where the column refuses it.
    public static let notNullViolation: SQLState = "23502"
    /// A reference to a row that does not exist, or the end of a row that is referred to.
    public static let foreignKeyViolation: SQLState = "23503"
    /// A second row with the same key.
    public static let uniqueViolation: SQLState = "23505"
    /// A check constraint said no.
    public static let checkViolation: SQLState = "23514"
    /// An exclusion constraint said no, for example overlapping ranges.
    public static let exclusionViolation: SQLState = "23P01"
    /// A statement that writes in a read-only transaction or on a standby.
    public static let readOnlySQLTransaction: SQLState = "25006"
    /// A statement in a transaction that has already failed.
    public static let inFailedSQLTransaction: SQLState = "25P02"
    /// A prepared statement that this session does not know.
    public static let invalidSQLStatementName: SQLState = "26000"
    /// What the server does not do; also a cached plan whose result type has changed.
    public static let featureNotSupported: SQLState = "0A000"
    /// A password was wrong.
    public static let invalidPassword: SQLState = "28P01"
    /// The database does not exist.
    public static let invalidCatalogName: SQLState = "3D000"
    /// Concurrent transactions could not be put in an order: run the transaction again.
    public static let serializationFailure: SQLState = "40001"
    /// Two transactions waited for each other: run the transaction again.
    public static let deadlockDetected: SQLState = "40P01"
    /// The role may not do this.
    public static let insufficientPrivilege: SQLState = "42501"
    /// The SQL text does not parse.
    public static let syntaxError: SQLState = "42601"
    /// The table does not exist.
    public static let undefinedTable: SQLState = "42P01"
    /// The server has no connection left.
    public static let tooManyConnections: SQLState = "53300"
    /// A lock was not to be had within `lock_timeout`, or at once with `NOWAIT`.
    public static let lockNotAvailable: SQLState = "55P03"
    /// The statement was cancelled, by request or by `statement_timeout`.
    public static let queryCanceled: SQLState = "57014"
    /// The server is being stopped, or an administrator ended the session.
    public static let adminShutdown: SQLState = "57P01"
    /// The server ended every session because one of its processes crashed.
    public static let crashShutdown: SQLState = "57P02"
    /// The server is starting up, shutting down or recovering.
    public static let cannotConnectNow: SQLState = "57P03"
    /// `RAISE EXCEPTION` without a code of its own.
    public static let raiseException: SQLState = "P0001"
}
