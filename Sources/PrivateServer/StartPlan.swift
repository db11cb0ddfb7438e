/// What to do with a state directory, decided from what was found there and nothing else.
enum StartPlan: Equatable, Sendable {
    /// Make a cluster, then start it.
    case create(ServerBinaries)
    /// Start the cluster that is there; a `postmaster.pid` of a dead process goes first.
    case start(ServerBinaries, removesStaleFile: Bool)
    /// Use the server that runs already: its `klappa` has crashed, or another command uses it.
    case adopt(PostmasterFile)
    /// Somebody is starting it this very moment, or its file is half written: look again.
    case lookAgain
    /// Leave everything as it is.
    case refuse(PrivateServerError)

    /// Space below which no cluster is made: an empty one with PostGIS takes about 90 MB.
    static let leastFreeBytes = 128 << 20

    /// Decides.
    ///
    /// - Parameters:
    ///   - state: what was found.
    ///   - directory: where; for the sentences.
    ///   - user: who will run the server.
    ///   - installed: the PostgreSQL installations of this machine, most wanted first.
    static func decide(
        _ state: DirectoryState,
        in directory: StateDirectory,
        user: ServerUser,
        installed: [ServerBinaries]
    ) -> StartPlan {
        if let closed = state.closedDirectory {
            return .refuse(.closed(closed, on: directory, user: user))
        }
        switch state.cluster {
        case .notACluster(let example):
            return .refuse(.notACluster(example, in: directory))
        case .foreign:
            return .refuse(.foreign(directory))
        case .missing:
            return create(state, in: directory, installed: installed)
        case .own(let version, let owner):
            guard owner == user.id else { return .refuse(.wrongOwner(owner, of: directory, user: user)) }
            return start(state, version: version, in: directory, installed: installed)
        }
    }

    private static func create(
        _ state: DirectoryState,
        in directory: StateDirectory,
        installed: [ServerBinaries]
    ) -> StartPlan {
        if let strange = state.strangeName { return .refuse(.notACluster(strange, in: directory)) }
        if let free = state.freeBytes, free < leastFreeBytes { return .refuse(.noSpace(free, in: directory)) }
        let usable = installed.filter { $0.version >= ServerBinaries.oldestVersion }
        guard let first = usable.first else { return .refuse(.noPrograms(found: installed)) }
        guard let best = usable.first(where: \.hasPostGIS) else { return .refuse(.noPostGIS(first)) }
        return .create(best)
    }

    private static func start(
        _ state: DirectoryState,
        version: Int,
        in directory: StateDirectory,
        installed: [ServerBinaries]
    ) -> StartPlan {
        var removesStaleFile = false
        switch state.postmaster {
        case .alive(let file) where file.isReady: return .adopt(file)
        case .alive, .unreadable: return .lookAgain
        case .stale: removesStaleFile = true
        case .none: break
        }
        guard version >= ServerBinaries.oldestVersion else { return .refuse(.tooOld(version, in: directory)) }
        guard let same = installed.first(where: { $0.version == version }) else {
            return .refuse(.otherVersion(version, in: directory, found: installed))
        }
        guard same.hasPostGIS else { return .refuse(.noPostGIS(same)) }
        return .start(same, removesStaleFile: removesStaleFile)
    }
}
