import Foundation
import Postgres
import PrivateServer
import Synchronization
import TestSupport
import Testing

/// whatever is killed under load, no write that was acknowledged is lost, and the next start is clean.
@Suite struct CrashTests {
    /// Writes numbers one after the other for as long as it may, and remembers which were acknowledged.
    final class Writer: Sendable {
        let acknowledged = Mutex<[Int64]>([])

        func run(_ client: PostgresClient, from first: Int64) async {
            var number = first
            while !Task.isCancelled {
                do throws(PostgresError) {
                    try await client.execute(
                        "INSERT INTO ledger (n) VALUES (\(number))",
                        deadline: .seconds(2)
                    )
                    acknowledged.withLock { $0.append(number) }
                } catch {
                    // Not acknowledged: it may be there or not. The next number is another one.
                }
                number += 1
            }
        }

        var count: Int { acknowledged.withLock { $0.count } }
    }

    @Test func `kill -9 of the service and of its PostgreSQL under load loses nothing that was acknowledged`()
        async throws
    {
        try await withStateDirectory { directory in
            let environment = ["KLAPPA_STATE_DIR": directory.path]
            let first = try await Program.serve([], environment)
            let client = try PostgresClient(
                try PostgresConfiguration("host='\(directory.path)/socket' dbname=klappa user=postgres"),
                logger: ThrowawayDatabase.quiet
            )
            try await client.execute("CREATE TABLE public.ledger (n bigint PRIMARY KEY)")
            let writers = (0..<4).map { _ in Writer() }
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for (index, writer) in writers.enumerated() {
                        group.addTask { await writer.run(client, from: Int64(index) << 40) }
                    }
                }
            }
            func acknowledged() -> Int { writers.reduce(0) { $0 + $1.count } }
            func more(_ what: String) async throws {
                let before = acknowledged()
                try await eventually("writes go on \(what)", within: .seconds(60)) {
                    acknowledged() > before + 200
                }
            }
            try await more("at first")

            first.child.signal(SIGKILL)
            #expect(try await first.child.ending().status == 128 + SIGKILL)
            try await more("while nobody serves")
            let second = try await Program.serve([], environment)
            try await more("under the next serve")

            let postmaster = try Self.postmaster(directory)
            kill(postmaster, SIGKILL)
            try await eventually("PostgreSQL runs again", within: .seconds(60)) {
                guard let now = try? Self.postmaster(directory) else { return false }
                return now != postmaster
            }
            try await more("after PostgreSQL was killed")
            #expect(await Web.get(second.url("/health/live"))?.status == 200)
            try await eventually("it is ready again") {
                await Web.get(second.url("/health/ready"))?.status == 200
            }

            load.cancel()
            await load.value
            await client.close()
            #expect(try await second.stop().status == 0)
            try await Self.verify(writers, directory, environment)
        }
    }

    @Test(.enabled(if: Disk.canMount, "needs the right to mount"))
    func `a full disk stops writes but not reads, and with room again all goes on by itself`() async throws {
        try await Disk.with(megabytes: 400) { disk in
            let directory = StateDirectory(disk.path + "/klappa")
            let running = try await Program.serve([], ["KLAPPA_STATE_DIR": directory.path])
            let conninfo = "host='\(directory.path)/socket' dbname=klappa user=postgres"
            let write =
                "CREATE UNLOGGED TABLE public.big AS SELECT repeat(n::text, 2000) FROM generate_series(1, 5000) n"
            try disk.fill()
            let refusal = await #expect(throws: TestServerError.self) { try await psql(write, conninfo) }
            #expect(refusal?.output.contains("No space left on device") == true)
            #expect(await Web.get(running.url("/api/v1/crew?role=gaffer"))?.status == 200)
            disk.empty()
            try await psql(write, conninfo)
            #expect(await Web.get(running.url("/health/ready"))?.status == 200)
            #expect(try await running.stop().status == 0)
        }
    }

    static func postmaster(_ directory: StateDirectory) throws -> Int32 {
        let text = try String(contentsOfFile: directory.data + "/postmaster.pid", encoding: .utf8)
        return try #require(Int32(text.prefix { $0 != "\n" }))
    }

    /// After one more, clean start: every acknowledged number is there once.
    static func verify(_ writers: [Writer], _ directory: StateDirectory, _ environment: [String: String])
        async throws
    {
        let third = try await Program.serve([], environment)
        let text = try await psql(
            "SELECT n FROM ledger",
            "host='\(directory.path)/socket' dbname=klappa user=postgres"
        )
        let found = Set(text.split(separator: "\n").compactMap { Int64($0) })
        for writer in writers {
            let lost = writer.acknowledged.withLock { $0.filter { !found.contains($0) } }
            #expect(lost == [])
            #expect(writer.count > 0)
        }
        #expect(try await third.stop().status == 0)
    }
}
