import Glibc

/// The sentences: what, where, how to mend.
extension PrivateServerError {
    static func closed(_ closed: String, on directory: StateDirectory, user: ServerUser) -> Self {
        Self(
            .path,
            "The directory \(closed) is closed to the user \(user.name), who runs the private PostgreSQL of "
                + "\(directory.path); choose another --state-dir (such as /var/lib/klappa) or run chmod o+x \(closed)."
        )
    }

    static func notACluster(_ example: String, in directory: StateDirectory) -> Self {
        Self(
            .directory,
            "The directory \(directory.path) holds files that klappa did not make (\(example)), and nothing was touched; "
                + "choose an empty or a new --state-dir."
        )
    }

    static func foreign(_ directory: StateDirectory) -> Self {
        Self(
            .directory,
            "The directory \(directory.data) is a PostgreSQL cluster that klappa did not make, and nothing was touched; "
                + "choose another --state-dir, or use that server with --database-url."
        )
    }

    static func wrongOwner(_ owner: UInt32, of directory: StateDirectory, user: ServerUser) -> Self {
        let name = getpwuid(owner).map { String(cString: $0.pointee.pw_name) } ?? "user number \(owner)"
        return Self(
            .directory,
            "The data in \(directory.data) belong to \(name), but the private PostgreSQL would run as \(user.name); "
                + "run klappa as \(name), or stop it and chown -R \(user.name) \(directory.path)."
        )
    }

    static func noSpace(_ free: Int, in directory: StateDirectory) -> Self {
        Self(
            .diskFull,
            "The disk that holds \(directory.path) has \(free >> 20) MB left and a new database needs "
                + "\(StartPlan.leastFreeBytes >> 20) MB; free some space or choose another --state-dir."
        )
    }

    static func noPrograms(found: [ServerBinaries]) -> Self {
        let oldest = ServerBinaries.oldestVersion
        guard let newest = found.max(by: { $0.version < $1.version }) else {
            return Self(
                .programs,
                "No PostgreSQL server programs were found on this machine; install version \(oldest) or later "
                    + "(apt-get install postgresql postgresql-\(oldest)-postgis-3) or use a server with --database-url."
            )
        }
        return Self(
            .programs,
            "The newest PostgreSQL found is \(newest.version) (\(newest.directory)) and klappa needs \(oldest) or later; "
                + "install a later one or use another server with --database-url."
        )
    }

    static func noPostGIS(_ binaries: ServerBinaries) -> Self {
        Self(
            .programs,
            "PostGIS is not installed for PostgreSQL \(binaries.version) in \(binaries.directory); install it "
                + "(apt-get install postgresql-\(binaries.version)-postgis-3) and start again."
        )
    }

    static func tooOld(_ version: Int, in directory: StateDirectory) -> Self {
        Self(
            .directory,
            "The data in \(directory.data) are of PostgreSQL \(version), and klappa needs \(ServerBinaries.oldestVersion) "
                + "or later; move them with pg_upgrade, or with pg_dump and a new --state-dir."
        )
    }

    static func otherVersion(_ version: Int, in directory: StateDirectory, found: [ServerBinaries]) -> Self {
        let list = found.map { String($0.version) }.joined(separator: ", ")
        return Self(
            .directory,
            "The data in \(directory.data) are of PostgreSQL \(version), but this machine has "
                + "\(list.isEmpty ? "none" : list); install postgresql-\(version) and postgresql-\(version)-postgis-3, "
                + "or move the data with pg_upgrade."
        )
    }

    static func inUse(by holder: String, _ directory: StateDirectory) -> Self {
        let who = holder.isEmpty ? "" : " (process \(holder))"
        return Self(
            .inUse,
            "Another klappa serve\(who) already uses \(directory.path); stop it, or give this one its own --state-dir "
                + "and --port."
        )
    }

    static func busy(_ directory: StateDirectory, limit: Duration) -> Self {
        Self(
            .timeout,
            "Another klappa has been starting or stopping the PostgreSQL of \(directory.path) for more than "
                + "\(limit.components.seconds) s; look at \(directory.log) and try again."
        )
    }

    static func notReady(_ directory: StateDirectory, limit: Duration) -> Self {
        Self(
            .timeout,
            "The PostgreSQL of \(directory.path) was not ready after \(limit.components.seconds) s; look at "
                + "\(directory.log) (after a crash it may be recovering) and try again."
        )
    }

    static func socketDirectory(_ path: String, user: ServerUser) -> Self {
        Self(
            .path,
            "The socket directory \(path) does not belong to the user \(user.name); remove it or choose a shorter "
                + "--state-dir."
        )
    }
}
