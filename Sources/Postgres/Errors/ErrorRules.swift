/// What follows from an SQLSTATE: for the caller and for the connection.
/// Codes: <https://www.postgresql.org/docs/15/errcodes-appendix.html>
enum ErrorRules {
    /// What the caller may do again.
    static func retry(_ state: SQLState) -> PostgresError.Retry {
        switch state {
        case .serializationFailure, .deadlockDetected: .transaction
        case .adminShutdown, .crashShutdown: .transaction
        case .cannotConnectNow, .tooManyConnections: .connection
        default: .never
        }
    }

    /// Whether the session that answered so must not be used again.
    static func retires(_ state: SQLState) -> Bool {
        switch state {
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .readOnlySQLTransaction: true
        default: state.classCode == "08"
        }
    }

    /// Whether connecting again cannot help before somebody changes something: wrong password, no such database,
    /// no right to connect.
    static func isPermanent(_ state: SQLState) -> Bool {
        state.classCode == "28" || state == .invalidCatalogName || state == .insufficientPrivilege
            || state == "22023" || state == "42704"
    }

    /// Whether a prepared statement has gone stale: prepare again and run it once more.
    static func isStaleStatement(_ error: PostgresError) -> Bool {
        error.sqlState == .invalidSQLStatementName
            || (error.sqlState == .featureNotSupported && error.message.contains("cached plan"))
    }
}
