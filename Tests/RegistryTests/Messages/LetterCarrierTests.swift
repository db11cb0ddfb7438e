import Foundation
import HTTPTypes
import Logging
import NIOCore
import Postgres
import TestSupport
import Testing

@testable import Registry
@testable import Web

struct LetterCarrierTests {
    /// A directory with a command that keeps what it gets: each letter, and how it was called.
    private struct Post {
        let folder: URL
        let command: MailCommand

        init(_ script: String) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "klappa-post-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = folder.appending(path: "mail")
            try Data("#!/bin/sh\ncd \(folder.path())\n\(script)\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path())
            command = MailCommand([file.path(), "--own"], sender: "klappa@klappa.example")
        }

        /// What every call got, in order.
        func calls() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasPrefix("call") }
                .sorted()
                .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        }

        static let keep = #"n=$(ls | wc -l); { echo "$@"; cat; } > call-$n"#
    }

    private func carrier(_ database: SchemaDatabase, _ way: LetterCarrier.Way) throws -> LetterCarrier {
        LetterCarrier(
            database.worker,
            texts: try Site().letters,
            way: way,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func write(_ database: SchemaDatabase, _ letter: Letter) async throws {
        let letters = try Site().letters
        try await database.member.transaction { try await letters.write(letter, in: $0) }
    }

    private let letter = Letter(
        "sign-in",
        to: "maja@skane.example",
        in: .sv,
        ["link": "http://klappa.example/x"]
    )

    @Test func `the command inherits no socket, pipe or file of the service`() async throws {
        var ends: [Int32] = [0, 0]
        // Without the mark that closes them in a child, as a library may open them.
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(ends[1])")
        try await SchemaDatabase.with { database in
            let post = try Post("cat >/dev/null; ls -l /proc/$$/fd > call-1")
            try await write(database, letter)
            #expect(try await carrier(database, .command(post.command)).carry() == 1)
            let open = try #require(try post.calls().first)
            #expect(open.contains("0 -> ") && !open.contains(own), "\(open)")
        }
    }

    @Test func `a letter goes through the command and is forgotten`() async throws {
        try await SchemaDatabase.with { database in
            let post = try Post(Post.keep)
            try await write(database, letter)
            let carrier = try carrier(database, .command(post.command))
            let counts = [try await carrier.carry(), try await carrier.carry()]
            #expect(counts == [1, 0])
            let call = try #require(try post.calls().first)
            #expect(call.hasPrefix("--own -i -f klappa@klappa.example -- maja@skane.example\n"))
            #expect(call.contains("To: <maja@skane.example>"))
            let shown = KeptLetters.read(String(call.split(separator: "\n", maxSplits: 1)[1]))
            #expect(shown.subject == "Din länk till Klappa")
            #expect(shown.body.contains("http://klappa.example/x"))
            #expect(shown.body.contains("så är du inloggad"))
            let rows = try await database.root.query(
                "SELECT payload, done_at IS NOT NULL AS done FROM klappa.outbox"
            )
            let payload = try rows[0].decode(String.self, "payload")
            #expect(try rows[0].decode(Bool.self, "done"))
            #expect(!payload.contains("maja") && !payload.contains("http"))
        }
    }

    @Test func `what is refused waits longer each time, and is given up in the end`() async throws {
        try await SchemaDatabase.with { database in
            let post = try Post("echo no such host >&2; exit 75")
            try await write(database, letter)
            let carrier = try carrier(database, .command(post.command))
            let first = [try await carrier.carry(), try await carrier.carry()]
            #expect(first == [1, 0])
            let state = try await Outbox.state(database.worker)
            #expect(state.waiting == 1 && state.tried == 1 && state.givenUp == 0)
            #expect(state.lastError?.contains("no such host") == true)
            try await database.root.execute("UPDATE klappa.outbox SET due = now(), attempts = 15")
            try await carrier.carry()
            let last = try await Outbox.state(database.worker)
            #expect(last.waiting == 0 && last.givenUp == 1)
        }
        #expect(LetterCarrier.pause(after: 1) == .seconds(60))
        #expect(LetterCarrier.pause(after: 3) == .seconds(240))
        #expect(LetterCarrier.pause(after: 60) == .seconds(6 * 3600))
    }

    @Test func `a crash between sending and marking sends it again, as the same letter`() async throws {
        try await SchemaDatabase.with { database in
            let post = try Post(Post.keep)
            try await write(database, letter)
            let carrier = try carrier(database, .command(post.command))
            // Marking fails as if the process had died there.
            try await database.root.execute("REVOKE UPDATE (done_at) ON klappa.outbox FROM klappa_worker")
            try await database.root.execute("REVOKE UPDATE ON klappa.outbox FROM klappa_worker")
            try await database.root.execute(
                "GRANT UPDATE (lease_until, attempts) ON klappa.outbox TO klappa_worker"
            )
            await #expect(throws: PostgresError.self) { try await carrier.carry() }
            #expect(try post.calls().count == 1)
            try await database.root.execute("GRANT UPDATE ON klappa.outbox TO klappa_worker")
            // Leased for two minutes: nobody takes it meanwhile.
            let early = try await carrier.carry()
            #expect(early == 0)
            try await database.root.execute(
                "UPDATE klappa.outbox SET lease_until = lease_until - interval '2 minutes'"
            )
            let again = try await carrier.carry()
            #expect(again == 1)
            let numbers = try post.calls().map {
                $0.firstMatch(of: /Message-ID: <(.*)>/).map { String($0.1) }
            }
            #expect(numbers.count == 2 && numbers[0] == numbers[1])
            let none = try await carrier.carry()
            #expect(none == 0)
        }
    }

    @Test func `four processes send fifty letters once each`() async throws {
        try await SchemaDatabase.with { database in
            let folder = FileManager.default.temporaryDirectory.appending(path: "klappa-kept-\(UUID())")
                .path()
            for number in 0..<50 {
                try await write(
                    database,
                    Letter("sign-in", to: "a\(number)@klappa.example", in: .en, ["link": "http://x.example"])
                )
            }
            let kept = KeptLetters(folder)
            let carrier = try carrier(database, .kept(kept))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { while try await carrier.carry() > 0 {} } }
                try await group.waitForAll()
            }
            #expect(kept.count == 50)
            #expect(Set(kept.latest(100).map(\.to)).count == 50)
            let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test func `a letter that is never committed is never sent`() async throws {
        try await SchemaDatabase.with { database in
            let letters = try Site().letters
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await database.member.transaction { transaction in
                    try await letters.write(letter, in: transaction)
                    throw Undone()
                }
            }
            let count = try await database.count("SELECT count(*) AS n FROM klappa.outbox", database.root)
            #expect(count == 0)
        }
    }

    @Test func `a letter without a text or without a value is refused when it is written`() async throws {
        let letters = try Site().letters
        for wrong in [Letter("nonsense", to: "a@b.se", in: .sv), Letter("sign-in", to: "a@b.se", in: nil)] {
            #expect(throws: PageError.self) { try letters.text(of: wrong) }
        }
        let both = try letters.text(
            of: Letter("sign-in", to: "a@b.se", in: nil, ["link": "http://x.example"])
        )
        #expect(both.subject == "Din länk till Klappa / Your link to Klappa")
        #expect(both.body.contains("Öppna") && both.body.contains("Open"))
    }

    @Test func `the page of letters is for who sits at the machine`() throws {
        #expect(KeptLetters("/nonexistent").latest().isEmpty)
    }
}

struct MailMessageTests {
    private func message(subject: String = "Hej", body: String, to: String = "a@b.se") -> MailMessage {
        MailMessage(
            from: "klappa@klappa.example",
            to: to,
            subject: subject,
            body: body,
            id: "1@klappa.example",
            date: Date(timeIntervalSince1970: 1_800_000_000)
        )
    }

    @Test func `what is written is read back, whatever the text`() {
        var numbers = SeededNumbers(seed: 42)
        let letters = Array("abc =.åäö–😀\t?_ ")
        for _ in 0..<300 {
            func text(_ count: Int) -> String {
                String(
                    (0..<Int(numbers.next() % UInt64(count))).map { _ in
                        letters[Int(numbers.next() % UInt64(letters.count))]
                    }
                )
            }
            let subject = ("S" + text(120) + "e").replacing("\t", with: " ")
            let body = (0..<5).map { _ in text(200) }.joined(separator: "\n") + "x"
            let written = message(subject: subject, body: "a\n" + body).text
            for line in written.split(separator: "\n") { #expect(line.utf8.count <= 78, "\(line)") }
            #expect(written.utf8.allSatisfy { $0 < 0x80 })
            let shown = KeptLetters.read(written)
            #expect(shown.subject == subject)
            #expect(shown.body == "a\n" + body)
        }
    }

    @Test func `nothing that is filled in makes a field of its own`() {
        let text = message(subject: "Hej\r\nBcc: x@y.se", body: "x", to: "a@b.se>\nBcc: <z@y.se").text
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("Bcc") })
        #expect(text.contains("Date: Fri, 15 Jan 2027 08:00:00 +0000"))
    }
}
