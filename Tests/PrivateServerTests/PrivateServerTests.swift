import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivateServer

/// Against real servers, each in a directory of its own.
@Suite struct PrivateServerTests {
    static func server(
        _ directory: StateDirectory,
        _ configure: (inout PrivateServer.Configuration) -> Void = { _ in }
    )
        throws -> PrivateServer
    {
        var configuration = PrivateServer.Configuration()
        configuration.roles = ["klappa_owner"]
        configuration.settings = ["fsync": "off", "shared_buffers": "16MB"]
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return try PrivateServer(
            directory,
            configuration: configuration,
            startLimit: .seconds(60),
            syncs: false,
            logger: logger
        )
    }

    static func isAlive(_ process: Int32) -> Bool { Files.workingDirectory(ofProcess: process) != nil }

    @Test func `the first start makes a database, later ones find what was saved`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            try await server.withServer(as: .service) { lease in
                try await psql(
                    "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)",
                    lease.server.conninfo(role: "postgres")
                )
                let about = try await psql(
                    "SELECT current_setting('data_checksums'), current_setting('server_encoding'),"
                        + " datcollate, current_setting('listen_addresses') FROM pg_database WHERE datname = 'klappa'",
                    lease.server.conninfo(role: "postgres")
                )
                #expect(about == "on|UTF8|C.UTF-8|")
            }
            #expect(DirectoryState.postmaster(directory) == .none)
            try await server.withServer(as: .command) { lease in
                let found = try await psql("SELECT n FROM kept", lease.server.conninfo(role: "postgres"))
                #expect(found == "7")
            }
        }
    }

    @Test func `the last to leave stops the server`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            let service = try await server.enter(as: .service)
            let command = try await server.enter(as: .command)
            #expect(service.server == command.server)
            await server.leave(service)
            #expect(Self.isAlive(command.server.process))
            await server.leave(command)
            #expect(!Self.isAlive(command.server.process))
        }
    }

    @Test func `a second serve is refused and names the first`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            try await server.withServer(as: .service) { _ in
                let error = await #expect(throws: PrivateServerError.self) {
                    try await server.withServer(as: .service) { _ in }
                }
                #expect(error?.kind == .inUse)
                #expect(error?.message.contains("process \(getpid())") == true)
            }
        }
    }

    @Test func `many who start at once share one server`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            let leases = try await withThrowingTaskGroup(of: Lease.self) { group in
                for _ in 0..<4 { group.addTask { try await server.enter(as: .command) } }
                return try await group.reduce(into: [Lease]()) { $0.append($1) }
            }
            #expect(Set(leases.map(\.server.process)).count == 1)
            for lease in leases { await server.leave(lease) }
            #expect(DirectoryState.postmaster(directory) == .none)
        }
    }

    @Test func `the server of a crashed service is adopted, not started twice`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            // A lease that is dropped is what a killed process leaves: its locks are gone, its server runs.
            let process = try await server.enter(as: .service).server.process
            try await server.withServer(as: .service) { lease in
                #expect(lease.server.process == process)
                let found = try await psql("SELECT 1", lease.server.conninfo(role: "postgres"))
                #expect(found == "1")
            }
            #expect(!Self.isAlive(process))
        }
    }

    @Test func `an adopted server learns of new roles`() async throws {
        try await withStateDirectory { directory in
            let old = try await Self.server(directory).enter(as: .command)
            try await psql("CREATE ROLE late LOGIN", old.server.conninfo(role: "postgres"))
            let newer = try Self.server(directory) { $0.roles.append("late") }
            try await newer.withServer(as: .command) { lease in
                try await eventually("the ident map was read again") {
                    (try? await psql("SELECT current_user", lease.server.conninfo(role: "late"))) == "late"
                }
            }
            await newer.leave(old)
        }
    }

    @Test func `a killed PostgreSQL starts again with all that was committed`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            try await server.withServer(as: .service) { lease in
                let conninfo = lease.server.conninfo(role: "postgres")
                try await psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)", conninfo)
                // Busy, so that a process and the shared memory outlive the postmaster for a while.
                async let busy = try? psql("SELECT count(*) FROM generate_series(1, 3000000)", conninfo)
                try await eventually("the query runs") {
                    try await psql(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%3000000)'",
                        conninfo
                    ) != "0"
                }
                kill(lease.server.process, SIGKILL)
                try await eventually("it is dead") { !Self.isAlive(lease.server.process) }
                let first = lease.server.process
                #expect(try await server.revive(lease))
                #expect(lease.server.process != first)
                let found = try await psql("SELECT n FROM kept", lease.server.conninfo(role: "postgres"))
                #expect(found == "7")
                #expect(try await server.revive(lease) == false)
                _ = await busy
            }
        }
    }

    @Test func `a postmaster.pid that points to another program does not stop a start`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            try await server.withServer(as: .command) { _ in }
            let text =
                "\(getppid())\n\(directory.data)\n1\n5432\n\(directory.socketDirectory)\n\n 1 1\nready   \n"
            try Files.write(text, to: directory.data + "/postmaster.pid", owner: server.programs.user)
            try await server.withServer(as: .command) { lease in
                #expect(lease.server.process != getppid())
            }
        }
    }

    @Test func `an initdb that was cut short leaves no trace`() async throws {
        try await withStateDirectory { directory in
            let server = try Self.server(directory)
            try Files.makeDirectory(directory.unfinishedData, mode: 0o700, owner: server.programs.user)
            try Files.write("15\n", to: directory.unfinishedData + "/PG_VERSION", owner: server.programs.user)
            try await server.withServer(as: .command) { _ in }
            #expect(Files.status(directory.unfinishedData) == nil)
        }
    }
}
