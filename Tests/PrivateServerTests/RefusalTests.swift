import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivateServer

/// What cannot work is refused in one sentence, and afterwards everything is as before.
@Suite struct RefusalTests {
    static func refusal(_ server: PrivateServer) async -> PrivateServerError? {
        do {
            try await server.withServer(as: .command) { _ in }
            return nil
        } catch {
            return error as? PrivateServerError
        }
    }

    @Test func `somebody else's directory is left as it was`() async throws {
        try await withStateDirectory { directory in
            try Files.makeDirectory(directory.path, mode: 0o755, owner: nil)
            try Files.write("Dear diary", to: directory.path + "/diary.txt", owner: nil)
            let error = await Self.refusal(try PrivateServerTests.server(directory))
            #expect(error?.kind == .directory)
            #expect(error?.message.contains("diary.txt") == true)
            #expect(Files.names(in: directory.path) == ["diary.txt"])
        }
    }

    @Test func `a cluster that klappa did not make is left as it was`() async throws {
        try await withStateDirectory { directory in
            let server = try PrivateServerTests.server(directory)
            try await server.withServer(as: .command) { _ in }
            unlink(directory.data + "/" + PrivateServer.Configuration.fileName)
            let before = Files.names(in: directory.data)
            #expect(await Self.refusal(server)?.message.contains("did not make") == true)
            #expect(Files.names(in: directory.data) == before)
        }
    }

    @Test func `data of an older PostgreSQL are refused with the way to move them`() async throws {
        try await withStateDirectory { directory in
            let server = try PrivateServerTests.server(directory)
            try await server.withServer(as: .command) { _ in }
            try Files.write("13\n", to: directory.data + "/PG_VERSION", owner: server.programs.user)
            let error = await Self.refusal(server)
            #expect(error?.message.contains("PostgreSQL 13") == true)
            #expect(error?.message.contains("pg_upgrade") == true)
        }
    }

    @Test func `a taken port is named, and free again it is used`() async throws {
        try await withStateDirectory { directory in
            try await TestServer.withOwn(TestServer.Options(listens: true)) { other in
                let port = other.running.port
                let server = try PrivateServerTests.server(directory) {
                    $0.address = "127.0.0.1"; $0.port = port
                }
                let error = await Self.refusal(server)
                #expect(error?.kind == .address)
                #expect(error?.message.contains("in use") == true)
                await other.stop()
                #expect(await Self.refusal(server) == nil)
                try await other.start()
            }
        }
    }

    @Test func `programs that are too old or absent are said to be`() async throws {
        try await withStateDirectory { directory in
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let server = try PrivateServer(directory, binaries: "/usr/bin/nowhere", logger: logger)
            #expect(await Self.refusal(server)?.kind == .programs)
            #expect(Files.status(directory.path) == nil)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to hand directories to others"))
    func `a closed way and a wrong owner are named`() async throws {
        try await withStateDirectory { directory in
            let closed = directory.path + "-closed"
            try Files.makeDirectory(closed, mode: 0o700, owner: nil)
            let hidden = try PrivateServerTests.server(StateDirectory(closed + "/klappa"))
            let error = await Self.refusal(hidden)
            #expect(error?.kind == .path)
            #expect(error?.message.contains("\(closed) is closed to the user postgres") == true)
            #expect(Files.names(in: closed) == [])

            let server = try PrivateServerTests.server(directory)
            try await server.withServer(as: .command) { _ in }
            chown(directory.data, 0, 0)
            #expect(await Self.refusal(server)?.message.contains("belong to root") == true)
            chown(directory.data, server.programs.user.id, server.programs.user.group)
            #expect(await Self.refusal(server) == nil)
        }
    }

    @Test(.enabled(if: Disk.canMount, "needs the right to mount"))
    func `a full disk and a read-only one are named, and mended the data are there`() async throws {
        try await Disk.with(megabytes: 160) { disk in
            let directory = StateDirectory(disk.path + "/klappa")
            let server = try PrivateServerTests.server(directory) { $0.settings["min_wal_size"] = "32MB" }
            _ = try await server.withServer(as: .command) { lease in
                try await psql("CREATE TABLE kept AS SELECT 7 AS n", lease.server.conninfo(role: "postgres"))
            }
            try disk.fill()
            #expect(await Self.refusal(server)?.kind == .diskFull)
            disk.empty()
            try disk.remount("ro")
            #expect(await Self.refusal(server)?.kind == .readOnly)
            try disk.remount("rw")
            try await server.withServer(as: .command) { lease in
                let found = try await psql("SELECT n FROM kept", lease.server.conninfo(role: "postgres"))
                #expect(found == "7")
            }
        }
    }

    @Test(.enabled(if: Disk.canMount, "needs the right to mount"))
    func `a disk too small for a new database is refused before anything is written`() async throws {
        try await Disk.with(megabytes: 32) { disk in
            let directory = StateDirectory(disk.path + "/klappa")
            let error = await Self.refusal(try PrivateServerTests.server(directory))
            #expect(error?.kind == .diskFull)
            #expect(Files.names(in: disk.path) == [])
        }
    }
}
