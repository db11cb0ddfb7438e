import TestSupport
import Testing

/// `klappa key` as an operator and a script meet it.
@Suite struct KeyTests {
    @Test func `a key is made, printed once by itself, listed without it, and revoked`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            let place = ["--database-url", database.conninfo()]
            let made = try await Program.run(
                [
                    "key", "create", "--for", "commissioner", "--name", "Ärendesystem", "--region", "skane",
                    "--days", "30",
                ]
                    + place
            )
            #expect(made.status == 0, "\(made.errors)")
            let key = String(made.output.split(separator: "\n").first ?? "")
            #expect(key.hasPrefix("klappa_") && key.utf8.count == 50)
            #expect(made.errors.contains("for commissioner in skane, valid until 2"))
            #expect(!made.errors.contains(key.dropFirst(7)))

            let listed = try await Program.run(["key", "list"] + place)
            let lines = listed.output.split(separator: "\n")
            #expect(lines.count == 2)
            let fields = try #require(lines.last).split(separator: "\t").map(String.init)
            #expect(Array(fields[1...3]) == ["commissioner", "skane", "valid"])
            #expect(Array(fields[6...]) == ["-", "Ärendesystem"])
            #expect(!listed.output.contains(key.dropFirst(7)))

            let revoked = try await Program.run(["key", "revoke", fields[0]] + place)
            #expect(revoked.status == 0, "\(revoked.errors)")
            let again = try await Program.run(["key", "revoke", fields[0]] + place)
            #expect(again.status != 0)
            #expect(again.errors.contains("revoked before"))
            #expect(try await Program.run(["key", "list"] + place).output.contains("\trevoked\t"))
        }
    }

    @Test(arguments: [
        (
            ["--for", "owner", "--name", "x"],
            "'searcher', 'commissioner', 'region-administrator' or 'administrator'"
        ),
        (["--for", "searcher", "--name", " "], "--name takes"),
        (["--for", "searcher", "--name", "a\nb"], "--name takes"),
        (["--for", "searcher", "--name", "x", "--days", "0"], "--days takes"),
        (["--for", "searcher", "--name", "x", "--region", "skane"], "--region fits"),
        (["--name", "x"], "--for"),
    ])
    func `what cannot be a key is refused before anything is asked`(arguments: [String], words: String)
        async throws
    {
        let ending = try await Program.run(["key", "create", "--database-url", "host=/nowhere"] + arguments)
        #expect(ending.status != 0)
        #expect(ending.output.isEmpty)
        #expect(ending.errors.contains(words))
    }

    @Test func `an unknown region makes no key`() async throws {
        try await ThrowawayDatabase.with(.migrated) { database in
            let place = ["--database-url", database.conninfo()]
            let ending = try await Program.run(
                ["key", "create", "--for", "commissioner", "--name", "x", "--region", "skone"] + place
            )
            #expect(ending.status != 0)
            #expect(ending.output.isEmpty)
            #expect(ending.errors.contains("skone"))
            #expect(try await Program.run(["key", "list"] + place).output.split(separator: "\n").count == 1)
        }
    }
}
