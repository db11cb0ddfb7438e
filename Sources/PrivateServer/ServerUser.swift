import Glibc

/// The operating system's user who runs the private PostgreSQL.
///
/// PostgreSQL refuses to run as root; a service that is root hands it to the user `postgres`.
public struct ServerUser: Equatable, Sendable {
    /// Name in the user database.
    public let name: String
    /// User number.
    public let id: UInt32
    /// Number of the primary group.
    public let group: UInt32
    /// Numbers of all groups, the primary one included.
    public let groups: [UInt32]

    /// A user by numbers, as the user database would describe it.
    public init(name: String, id: UInt32, group: UInt32, groups: [UInt32]) {
        self.name = name
        self.id = id
        self.group = group
        self.groups = groups
    }

    /// The user of this process.
    ///
    /// - Throws: ``PrivateServerError`` when the number of this process's user has no name: PostgreSQL's peer
    ///   authentication needs one.
    public static func current() throws(PrivateServerError) -> ServerUser {
        guard let entry = getpwuid(geteuid()) else {
            throw PrivateServerError(
                .path,
                "The user number \(geteuid()) has no name on this machine, and PostgreSQL needs one; add it to "
                    + "/etc/passwd or run klappa as another user."
            )
        }
        return ServerUser(entry)
    }

    /// The user under whom this process may run PostgreSQL: itself, or `postgres` for root.
    ///
    /// - Throws: ``PrivateServerError`` when root has no user `postgres` to hand it to.
    public static func forServer() throws(PrivateServerError) -> ServerUser {
        guard geteuid() == 0 else { return try current() }
        guard let entry = getpwnam("postgres") else {
            throw PrivateServerError(
                .programs,
                "PostgreSQL does not run as root and this machine has no user postgres; install postgresql "
                    + "(apt-get install postgresql) or run klappa as an ordinary user."
            )
        }
        return ServerUser(entry)
    }

    private init(_ entry: UnsafeMutablePointer<passwd>) {
        let name = String(cString: entry.pointee.pw_name)
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(name, entry.pointee.pw_gid, &groups, &count) < 0 { count = 0 }
        self.init(
            name: name,
            id: entry.pointee.pw_uid,
            group: entry.pointee.pw_gid,
            groups: count > 0 ? Array(groups.prefix(Int(count))) : [entry.pointee.pw_gid]
        )
    }
}
