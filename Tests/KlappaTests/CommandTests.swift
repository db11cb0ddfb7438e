import Foundation
import PrivateServer
import TestSupport
import Testing

/// The program as a newcomer and an operator meet it: commands, their words and what they return.
@Suite struct CommandTests {
    @Test(arguments: [
        (["serve", "--port", "http"], [:], "KLAPPA_PORT"),
        (["serve"], ["DATABASE_URL": "hots=/tmp"], "DATABASE_URL"),
        (["serve"], ["KLAPPA_PROT": "1"], "KLAPPA_PROT"),
        (["migrate", "--database-url", "nonsense"], [:], "DATABASE_URL"),
        (["check", "no_such_check"], [:], "no_such_check"),
        (["serve", "--host", "203.0.113.1", "--port", "8099"], [:], "--host"),
    ])
    func `a wrong configuration is named and nothing is started`(
        arguments: [String],
        environment: [String: String],
        words: String
    ) async throws {
        let ending = try await Program.run(arguments, environment)
        #expect(ending.status != 0)
        #expect(ending.errors.contains(words))
    }

    @Test func `check-config says that it fits, without passwords`() async throws {
        let environment = ["DATABASE_URL": "host=db.example", "DATABASE_MEMBER_PASSWORD": "hemlig42"]
        let ending = try await Program.run(["serve", "--check-config"], environment)
        #expect(ending.status == 0)
        #expect(ending.output.contains("The configuration fits."))
        #expect(ending.output.contains("DATABASE_MEMBER_PASSWORD = (set)"))
        #expect(!ending.output.contains("hemlig42"))
    }

    @Test func `a taken HTTP port is named before anything is started`() async throws {
        try await withStateDirectory { directory in
            try await TestServer.withOwn(.init(listens: true)) { other in
                let ending = try await Program.run(
                    ["serve", "--port", String(other.running.port), "--state-dir", directory.path]
                )
                #expect(ending.status != 0)
                #expect(ending.errors.contains("Port \(other.running.port) of 127.0.0.1 is taken"))
                #expect(!FileManager.default.fileExists(atPath: directory.path))
            }
        }
    }

    @Test func `the API's description is printed without a database`() async throws {
        let ending = try await Program.run(["openapi"])
        #expect(ending.status == 0)
        let document = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        #expect((document?["openapi"] as? String)?.hasPrefix("3.1") == true)
    }

    @Test func `commands use a private server of their own and leave nothing running`() async throws {
        try await withStateDirectory { directory in
            let place = ["--state-dir", directory.path]
            let pending = try await Program.run(["migrate", "--status"] + place)
            #expect(pending.status == 1)
            #expect(pending.output.contains("pending  0001_create_roles_and_extensions"))
            let migrated = try await Program.run(["migrate"] + place)
            #expect(migrated.status == 0, "\(migrated.errors)")
            #expect(try await Program.run(["migrate"] + place).output == "The database is up to date.\n")
            let checked = try await Program.run(["check"] + place)
            #expect(checked.status == 0, "\(checked.output)")
            let doctor = try await Program.run(["doctor"] + place)
            #expect(doctor.status == 0, "\(doctor.output)")
            #expect(doctor.output.contains("ok       migrations"))
            #expect(!FileManager.default.fileExists(atPath: directory.data + "/postmaster.pid"))
        }
    }

    @Test func `check prints the rows that break an invariant`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            try await database.sql("CREATE TABLE klappa.stray ()")
            let ending = try await Program.run(["check", "--database-url", database.conninfo()])
            #expect(ending.status == 1)
            #expect(ending.output.contains("tables_say_what_they_are: 1 rows\n    {\"relname\":\"stray\"}"))
        }
    }

    @Test func `doctor says what is wrong and how to mend it`() async throws {
        try await ThrowawayDatabase.with(.empty) { database in
            let ending = try await Program.run(["doctor", "--database-url", database.conninfo()])
            #expect(ending.status == 1)
            #expect(ending.output.contains("WRONG    extensions: postgis"))
            #expect(ending.output.contains("Run klappa migrate"))
        }
        let unreachable = try await Program.run(["doctor", "--database-url", "host=/nowhere"])
        #expect(unreachable.status == 1)
        #expect(unreachable.output.contains("WRONG    connection"))
    }

    @Test func `a file that is sent in many pieces is imported, and again without a change`() async throws {
        try await withStateDirectory { directory in
            let file = directory.path + "-crew.csv"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let headline = String(repeating: "van vid fält ", count: 12)
            let rows = (1...4000).map { "Kim Ek \($0),kalmar,gaffer,\(headline)\($0)" }
            try Data((["name,region,roles,headline_sv"] + rows).joined(separator: "\n").utf8).write(
                to: URL(filePath: file)
            )
            let arguments = ["import", "crew", file, "--state-dir", directory.path]
            let first = try await Program.run(arguments)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("4000 rows: 4000 new, 0 changed, 0 unchanged"))
            let second = try await Program.run(arguments)
            #expect(second.output.contains("4000 rows: 0 new, 0 changed, 4000 unchanged"), "\(second.errors)")
        }
    }
}
