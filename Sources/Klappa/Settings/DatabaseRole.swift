/// The four roles under which klappa connects. None of them is a superuser.
enum DatabaseRole: String, CaseIterable, Sendable {
    /// Owns the schema; migrations and checks.
    case owner
    /// Reads what anyone may see.
    case open
    /// Signed-in readers, behind row security.
    case member
    /// Import, keys, retention.
    case worker

    /// The role's name when no other is set.
    var name: String {
        switch self {
        case .owner: "klappa_owner"
        case .open: "klappa_public"
        case .member: "klappa_member"
        case .worker: "klappa_worker"
        }
    }

    /// The word in the names of its settings: `DATABASE_PUBLIC_USER`.
    private var word: String {
        switch self {
        case .owner: "OWNER"
        case .open: "PUBLIC"
        case .member: "MEMBER"
        case .worker: "WORKER"
        }
    }

    /// The setting that names its user.
    var userKey: String { "DATABASE_\(word)_USER" }
    /// The setting that holds its password.
    var passwordKey: String { "DATABASE_\(word)_PASSWORD" }
}
