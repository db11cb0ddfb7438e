import Testing

@testable import PrivateServer

@Suite struct DirectoryStateTests {
    static let postgres = ServerUser(name: "postgres", id: 101, group: 104, groups: [103, 104])

    static func directory(owner: UInt32 = 0, group: UInt32 = 0, _ mode: UInt32) -> Files.Status {
        Files.Status(isDirectory: true, owner: owner, group: group, mode: mode)
    }

    @Test(arguments: [
        (directory(0o700), "/srv"),
        (directory(owner: 101, 0o700), nil),
        (directory(group: 103, 0o710), nil),
        (directory(group: 103, 0o701), "/srv"),
        (directory(owner: 101, 0o077), "/srv"),
        (directory(0o711), nil),
    ])
    func `the first directory that is closed to a user is found`(srv: Files.Status, closed: String?) {
        let tree = ["/": Self.directory(0o755), "/srv": srv, "/srv/a": Self.directory(0o755)]
        #expect(
            DirectoryState.closedDirectory(on: "/srv/a/klappa", for: Self.postgres) { tree[$0] } == closed
        )
    }

    @Test func `root passes everywhere`() {
        let root = ServerUser(name: "root", id: 0, group: 0, groups: [0])
        #expect(
            DirectoryState.closedDirectory(on: "/srv/klappa", for: root) { _ in Self.directory(0) } == nil
        )
    }

    @Test func `postmaster.pid is read by its lines`() throws {
        let text =
            "815\n/var/lib/klappa/data\n1795000000\n5432\n/var/lib/klappa/socket\n\n  1234567   32768\nready   \n"
        let file = try #require(PostmasterFile(text))
        #expect(
            file
                == PostmasterFile(
                    process: 815,
                    port: 5432,
                    socketDirectory: "/var/lib/klappa/socket",
                    status: "ready"
                )
        )
        #expect(file.isReady)
    }

    @Test(arguments: ["", "815", "815\n/data\n17\n", "x\n/d\n1\n5432\n/s\n", "1\n/d\n1\n5432\n/s\n"])
    func `a half-written postmaster.pid is not trusted`(text: String) {
        #expect(PostmasterFile(text) == nil)
    }

    @Test func `a socket directory whose path is too long moves to a short one, always the same`() {
        let long = StateDirectory("/" + String(repeating: "d", count: 100))
        #expect(long.socketDirectory.hasPrefix("/tmp/klappa-"))
        #expect(
            long.socketDirectory == StateDirectory("/" + String(repeating: "d", count: 100)).socketDirectory
        )
        #expect(StateDirectory("/srv/klappa").socketDirectory == "/srv/klappa/socket")
        let edge = "/" + String(repeating: "e", count: 107 - "/socket/.s.PGSQL.65535".utf8.count - 1)
        #expect(StateDirectory(edge).socketDirectory == edge + "/socket")
        #expect(StateDirectory(edge + "e").socketDirectory.hasPrefix("/tmp/"))
    }

    @Test(arguments: [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15),
        ("postgres (PostgreSQL) 17beta1\n", 17),
        ("something else", nil),
    ])
    func `a version is read from what postgres prints`(output: String, version: Int?) {
        #expect(ServerBinaries.version(in: output) == version)
    }

    @Test(arguments: [
        (
            "FATAL:  could not write lock file \"postmaster.pid\": No space left on device",
            PrivateServerError.Kind.diskFull
        ),
        ("FATAL:  could not open file: Read-only file system", .readOnly),
        ("LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use", .address),
        ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", .leftovers),
        ("FATAL:  data directory \"/d\" has wrong ownership", .readOnly),
        ("2026-11-24 FATAL:  the tea is cold.", .start),
    ])
    func `what PostgreSQL says before it gives up is told apart`(words: String, kind: PrivateServerError.Kind)
    {
        let error = StartFailure.error(from: words, in: StateDirectory("/srv/klappa"), freeBytes: 1 << 30)
        #expect(error.kind == kind)
        #expect(error.message.contains("/srv/klappa"))
    }

    @Test func `an unknown reason is quoted without its trimmings`() {
        let words =
            "2026-11-24 10:00:00 UTC [7] FATAL:  the tea is cold.\nLOG:  database system is shut down\n"
        let error = StartFailure.error(from: words, in: StateDirectory("/srv/klappa"), freeBytes: nil)
        #expect(error.message.contains("did not start: the tea is cold (more in /srv/klappa/postgresql.log)"))
    }

    @Test func `a conninfo quotes its values`() {
        let server = RunningServer(process: 7, socketDirectory: "/a b/it's", port: 5432, database: "klappa")
        #expect(
            server.conninfo(role: "klappa_owner")
                == #"host='/a b/it\'s' port='5432' dbname='klappa' user='klappa_owner'"#
        )
    }
}
