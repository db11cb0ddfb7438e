import Foundation
import NIOCore
import PrivateServer
import TestSupport
import Testing

/// `klappa serve` from its start to its end.
@Suite struct ServeTests {
    @Test func `serve without configuration serves, and SIGTERM ends it in order`() async throws {
        try await withStateDirectory { directory in
            let running = try await Program.serve([], ["KLAPPA_STATE_DIR": directory.path])
            let crew = await Web.get(
                running.url("/api/v1/crew?role=gaffer&region=skane,halland&dates=2027-03-01/2027-03-20")
            )
            #expect(crew?.status == 200)
            #expect(crew?.body.contains("\"items\"") == true)
            #expect(await Web.get(running.url("/health/ready"))?.status == 200)
            let second = try await Program.run(["serve", "--port", "0", "--state-dir", directory.path])
            #expect(second.status != 0)
            #expect(second.errors.contains("process \(running.child.id)"))
            let ending = try await running.stop()
            #expect(ending.status == 0, "\(ending.errors)")
            #expect(!FileManager.default.fileExists(atPath: directory.data + "/postmaster.pid"))
        }
    }

    @Test func `a given database that lacks migrations is refused, unless serve may migrate`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let address = ["DATABASE_URL": database.conninfo()]
            let refused = try await Program.run(["serve", "--port", "0", "--admin-port", "off"], address)
            #expect(refused.status != 0)
            #expect(refused.errors.contains("klappa migrate"))
            let running = try await Program.serve(["--migrate"], address)
            #expect(await Web.get(running.url("/health/ready"))?.status == 200)
            #expect(try await running.stop().status == 0)
        }
    }

    @Test func `a database newer than the program is refused`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.sql(
                "INSERT INTO klappa.migration (number, name, checksum, milliseconds) SELECT max(number) + 1, 'later', '', 0"
                    + " FROM klappa.migration"
            )
            let ending = try await Program.run(
                ["serve", "--port", "0"],
                ["DATABASE_URL": database.conninfo()]
            )
            #expect(ending.status != 0)
            #expect(ending.errors.contains("does not know"))
        }
    }

    @Test func `of two instances that start at once on an empty database one migrates and both serve`()
        async throws
    {
        try await ThrowawayDatabase.with(.empty) { database in
            let address = ["DATABASE_URL": database.conninfo()]
            async let first = Program.serve(["--migrate"], address)
            async let second = Program.serve(["--migrate"], address)
            let both = try await [first, second]
            for running in both { #expect(await Web.get(running.url("/health/ready"))?.status == 200) }
            let applied = both.map { $0.child.errors.split(separator: "Applying migration").count - 1 }
            #expect(applied.contains(0) || applied.min() == 0)
            #expect(try await database.sql("SELECT count(*) = max(number) FROM klappa.migration") == "t")
            for running in both { #expect(try await running.stop().status == 0) }
        }
    }

    @Test func `a database that is stopped gives 503 within five seconds, and life goes on`() async throws {
        try await TestServer.withOwn { server in
            let running = try await Program.serve(["--migrate"], ["DATABASE_URL": server.conninfo()])
            #expect(await Web.get(running.url("/api/v1/regions"))?.status == 200)
            server.suspend()
            let crew = await Web.get(running.url("/api/v1/crew?role=gaffer"), within: .seconds(6))
            #expect(crew?.status == 503)
            #expect(await Web.get(running.url("/health/live"))?.status == 200)
            #expect(await Web.get(running.url("/health/ready"))?.status == 503)
            server.resume()
            try await eventually("it answers again") {
                await Web.get(running.url("/api/v1/crew?role=gaffer"))?.status == 200
            }
            #expect(try await running.stop().status == 0)
        }
    }
}
