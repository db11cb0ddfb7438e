import Testing

@testable import PrivateServer

@Suite struct StartPlanTests {
    static let directory = StateDirectory("/var/lib/klappa")
    static let postgres = ServerUser(name: "postgres", id: 101, group: 104, groups: [104])
    static let fifteen = ServerBinaries(directory: "/usr/lib/postgresql/15/bin", version: 15)
    static let thirteen = ServerBinaries(directory: "/usr/lib/postgresql/13/bin", version: 13)
    static let ready = PostmasterFile(process: 77, port: 5432, socketDirectory: "/s", status: "ready")
    static let starting = PostmasterFile(process: 77, port: 5432, socketDirectory: "/s", status: "starting")

    static func decide(_ state: DirectoryState, _ installed: [ServerBinaries] = [fifteen]) -> StartPlan {
        StartPlan.decide(state, in: directory, user: postgres, installed: installed)
    }

    static func refusal(_ state: DirectoryState, _ installed: [ServerBinaries] = [fifteen])
        -> PrivateServerError?
    {
        guard case .refuse(let error) = decide(state, installed) else { return nil }
        return error
    }

    @Test func `an absent cluster is made`() {
        #expect(Self.decide(DirectoryState(cluster: .missing)) == .create(Self.fifteen))
    }

    @Test func `an initdb that was cut short is begun again`() {
        let state = DirectoryState(cluster: .missing, hasUnfinishedCluster: true)
        #expect(Self.decide(state) == .create(Self.fifteen))
    }

    @Test func `a stopped cluster is started`() {
        let state = DirectoryState(cluster: .own(version: 15, owner: 101))
        #expect(Self.decide(state) == .start(Self.fifteen, removesStaleFile: false))
    }

    @Test func `the file of a dead postmaster goes before the start`() {
        let state = DirectoryState(cluster: .own(version: 15, owner: 101), postmaster: .stale)
        #expect(Self.decide(state) == .start(Self.fifteen, removesStaleFile: true))
    }

    @Test func `a running server is adopted, whatever is installed now`() {
        let state = DirectoryState(cluster: .own(version: 15, owner: 101), postmaster: .alive(Self.ready))
        #expect(Self.decide(state, []) == .adopt(Self.ready))
    }

    @Test(arguments: [DirectoryState.Postmaster.alive(starting), .unreadable])
    func `a server that is starting is waited for`(postmaster: DirectoryState.Postmaster) {
        let state = DirectoryState(cluster: .own(version: 15, owner: 101), postmaster: postmaster)
        #expect(Self.decide(state) == .lookAgain)
    }

    @Test func `the programs of the cluster's own version start it`() {
        let sixteen = ServerBinaries(directory: "/usr/lib/postgresql/16/bin", version: 16)
        let state = DirectoryState(cluster: .own(version: 15, owner: 101))
        #expect(Self.decide(state, [sixteen, Self.fifteen]) == .start(Self.fifteen, removesStaleFile: false))
        #expect(Self.decide(DirectoryState(cluster: .missing), [sixteen, Self.fifteen]) == .create(sixteen))
    }

    @Test func `an installation without PostGIS is passed over for a new cluster`() {
        let bare = ServerBinaries(directory: "/usr/lib/postgresql/17/bin", version: 17, hasPostGIS: false)
        #expect(
            Self.decide(DirectoryState(cluster: .missing), [bare, Self.fifteen]) == .create(Self.fifteen)
        )
    }

    @Test(arguments: [
        (DirectoryState(cluster: .foreign), "did not make"),
        (DirectoryState(cluster: .notACluster(example: "data/letter.txt")), "data/letter.txt"),
        (DirectoryState(cluster: .missing, strangeName: "thesis.odt"), "thesis.odt"),
        (DirectoryState(cluster: .own(version: 15, owner: 0)), "belong to root"),
        (DirectoryState(cluster: .own(version: 14, owner: 101)), "PostgreSQL 14"),
        (DirectoryState(cluster: .own(version: 16, owner: 101)), "install postgresql-16"),
        (DirectoryState(cluster: .missing, closedDirectory: "/root"), "/root is closed to the user postgres"),
        (DirectoryState(cluster: .missing, freeBytes: 10 << 20), "10 MB left"),
    ])
    func `a directory that cannot be used is refused in a sentence`(state: DirectoryState, words: String)
        throws
    {
        let error = try #require(Self.refusal(state))
        #expect(error.message.contains(words))
        #expect(error.message.contains("/var/lib/klappa"))
    }

    @Test(arguments: [
        ([], "No PostgreSQL server programs"),
        ([thirteen], "newest PostgreSQL found is 13"),
        ([ServerBinaries(directory: "/b", version: 15, hasPostGIS: false)], "postgresql-15-postgis-3"),
    ])
    func `missing programs are named with the package that has them`(
        installed: [ServerBinaries],
        words: String
    ) throws {
        let error = try #require(Self.refusal(DirectoryState(cluster: .missing), installed))
        #expect(error.kind == .programs)
        #expect(error.message.contains(words))
    }
}
