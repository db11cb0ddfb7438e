import ArgumentParser
import Foundation
import Postgres
import Registry

/// `klappa key`: API keys for machines, made, listed and revoked.
struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list and revoke API keys.",
        discussion: "A key is sent as Authorization: Bearer klappa_… with every request to the API.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// `klappa key create`: prints the key alone on the standard output, once, and what it is on the standard error.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it once.",
            discussion: """
                The key stands alone on the standard output, so that KEY=$(klappa key create …) holds it. Nothing can \
                show it again: the database keeps its hash.
                """
        )

        @OptionGroup var database: DatabaseOptions

        @Option(name: .customLong("for"), help: "What its bearer may do.")
        var right: KeyRight

        @Option(help: "What to call it: the system or company that will use it.")
        var name: String

        @Option(help: "Days until it expires; never, when not given.")
        var days: Int?

        @Option(
            help:
                "Code of the one region for which the key of a commissioner or region administrator holds, such as skane."
        )
        var region: String?

        func validate() throws {
            let scalars = name.unicodeScalars
            guard (1...200).contains(scalars.count), !name.allSatisfy(\.isWhitespace),
                scalars.allSatisfy({ $0.properties.generalCategory != .control })
            else {
                throw ValidationError("--name takes 1 to 200 characters on one line.")
            }
            if let days, !(1...3650).contains(days) {
                throw ValidationError("--days takes 1 to 3650.")
            }
            guard region == nil || right == .commissioner || right == .regionAdministrator else {
                throw ValidationError(
                    "--region fits the keys of commissioners and region administrators; others hold everywhere."
                )
            }
        }

        func run() async throws {
            let key = BearerKey.random()
            let expiry = days.map { Instant(Date(timeIntervalSinceNow: 86_400 * Double($0))) }
            let id = try await database.withBackend { backend in
                try await backend.withClient(for: .worker) { client in
                    try await KeyQueries.issue(
                        key,
                        for: right.right,
                        name: name,
                        region: region,
                        expiresAt: expiry,
                        client
                    )
                }
            }
            guard let id else {
                throw ValidationError("There is no region with the code \(region ?? "").")
            }
            print(key.text)
            var about = "Key \(id.uuidString.lowercased()) for \(right.rawValue)"
            if let region { about += " in \(region)" }
            about += expiry.map { ", valid until \($0.utc.day)" } ?? ", valid until revoked"
            FileHandle.standardError.write(
                Data((about + ". It is shown this once; keep it where secrets are kept.\n").utf8)
            )
        }
    }

    /// `klappa key list`: one line for each key ever made, newest first, fields separated by tabs.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all keys, newest first.")

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let keys = try await database.withBackend { backend in
                try await backend.withClient(for: .worker) { try await KeyQueries.list($0) }
            }
            let now = Instant.now
            print("id\tright\tregion\tstate\tcreated\texpires\tlast used\tname")
            for key in keys {
                let fields = [
                    key.id.uuidString.lowercased(), key.right.rawValue,
                    key.regions.isEmpty ? "-" : key.regions.joined(separator: ","),
                    key.state(at: now).rawValue, day(key.createdAt), day(key.expiresAt), day(key.lastUsedAt),
                    key.name,
                ]
                print(fields.joined(separator: "\t"))
            }
        }

        private func day(_ instant: Instant?) -> String { instant.map { "\($0.utc.day)" } ?? "-" }
    }

    /// `klappa key revoke`: ends a key at once.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key at once.")

        @OptionGroup var database: DatabaseOptions

        @Argument(help: "The key's id, as klappa key list shows it; not the key itself.")
        var id: String

        func run() async throws {
            guard let id = UUID(uuidString: id) else {
                throw ValidationError("This is not the id of a key; klappa key list shows them.")
            }
            let isRevoked = try await database.withBackend { backend in
                try await backend.withClient(for: .worker) { try await KeyQueries.revoke(id, $0) }
            }
            guard isRevoked else {
                throw ValidationError("There is no such key, or it was revoked before.")
            }
            print("Revoked; the next request that bears it is refused.")
        }
    }
}

/// The rights that a key can carry.
enum KeyRight: String, CaseIterable, ExpressibleByArgument {
    case searcher, commissioner
    case regionAdministrator = "region-administrator"
    case administrator

    /// The right of the registry.
    var right: Right {
        switch self {
        case .searcher: .searcher
        case .commissioner: .commissioner
        case .regionAdministrator: .regionAdministrator
        case .administrator: .administrator
        }
    }
}
