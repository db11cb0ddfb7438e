import Postgres

extension MigrationError {
    /// Says what a failed migration needs.
    static func explaining(_ error: PostgresError, in name: String) -> MigrationError {
        switch error.sqlState?.rawValue {
        case "42501":
            return MigrationError(
                .rights,
                "Migration \(name) needs rights that this role lacks (\(error.message)); run klappa migrate once as a "
                    + "superuser (DATABASE_OWNER_USER), or have an administrator make the roles and extensions first."
            )
        case "0A000", "58P01",
            "22023" where error.message.contains("extension"):
            return MigrationError(
                .extensions,
                "Migration \(name) needs an extension that the server lacks (\(error.message)); install it there, for "
                    + "PostGIS the package postgresql-15-postgis-3 or that of your version."
            )
        case "55P03":
            return MigrationError(
                .busy,
                "Migration \(name) waited too long for a lock that other work holds; nothing of it was applied, run klappa "
                    + "migrate again when the database is quieter."
            )
        default:
            return MigrationError(
                .failed,
                "Migration \(name) failed and nothing of it was applied: \(error)."
            )
        }
    }
}
