import Glibc

/// What is found in a state directory before anything is done: the question that ``StartPlan`` answers.
struct DirectoryState: Equatable, Sendable {
    /// What lies where the cluster belongs.
    enum Cluster: Equatable, Sendable {
        /// Nothing.
        case missing
        /// A cluster that klappa made, of this major version and owner.
        case own(version: Int, owner: UInt32)
        /// A cluster that something else made.
        case foreign
        /// Files that are no cluster, one of them by name.
        case notACluster(example: String)
    }

    /// What `postmaster.pid` says.
    enum Postmaster: Equatable, Sendable {
        /// There is no file.
        case none
        /// The process lives and works in this cluster.
        case alive(PostmasterFile)
        /// The process is gone, or is another program that got its number.
        case stale
        /// The file is there but cannot be read yet.
        case unreadable
    }

    var cluster: Cluster
    var postmaster: Postmaster = .none
    /// Whether an earlier `initdb` was cut short.
    var hasUnfinishedCluster = false
    /// A file in the state directory that klappa did not make, when there is no cluster yet.
    var strangeName: String?
    /// The first directory on the way that is closed to the server's user.
    var closedDirectory: String?
    /// Free bytes on the disk; nil when unknown.
    var freeBytes: Int?

    /// Looks, and changes nothing.
    static func observe(_ directory: StateDirectory, user: ServerUser) -> DirectoryState {
        let names = Files.names(in: directory.path) ?? []
        var state = DirectoryState(cluster: cluster(directory))
        state.postmaster = postmaster(directory)
        state.hasUnfinishedCluster = names.contains("data.new")
        state.strangeName = names.first { !StateDirectory.ownNames.contains($0) }
        state.closedDirectory = closedDirectory(on: directory.path, for: user)
        state.freeBytes = Files.freeBytes(directory.path)
        return state
    }

    private static func cluster(_ directory: StateDirectory) -> Cluster {
        guard let status = Files.status(directory.data) else { return .missing }
        guard status.isDirectory else { return .notACluster(example: "data") }
        let names = Files.names(in: directory.data) ?? []
        if names.isEmpty { return .missing }
        guard let version = Files.text(directory.data + "/PG_VERSION"),
            let major = Int(version.prefix { $0.isNumber })
        else { return .notACluster(example: "data/" + names[0]) }
        guard names.contains(PrivateServer.Configuration.fileName) else { return .foreign }
        return .own(version: major, owner: status.owner)
    }

    /// What `postmaster.pid` says, held against the processes that there are.
    static func postmaster(_ directory: StateDirectory) -> Postmaster {
        let path = directory.data + "/postmaster.pid"
        guard access(path, F_OK) == 0 else { return .none }
        guard let text = Files.text(path), let file = PostmasterFile(text) else { return .unreadable }
        let works = Files.workingDirectory(ofProcess: file.process)
        return works == Files.resolved(directory.data) ? .alive(file) : .stale
    }

    /// The first directory, from the root down, that the user may not pass through, by owner and mode.
    ///
    /// Access control lists are not read; the one who uses them meets PostgreSQL's own words instead.
    static func closedDirectory(
        on path: String,
        for user: ServerUser,
        status: (String) -> Files.Status? = Files.status
    ) -> String? {
        guard user.id != 0 else { return nil }
        var prefixes = ["/"]
        for part in path.split(separator: "/").dropLast() {
            prefixes.append((prefixes.last == "/" ? "" : prefixes.last ?? "") + "/" + part)
        }
        return prefixes.first { prefix in
            guard let found = status(prefix) else { return false }
            if found.owner == user.id { return found.mode & 0o100 == 0 }
            if user.groups.contains(found.group) { return found.mode & 0o010 == 0 }
            return found.mode & 0o001 == 0
        }
    }
}
