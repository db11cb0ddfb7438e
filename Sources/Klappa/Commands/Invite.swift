import ArgumentParser
import Foundation
import Postgres
import Registry
import Web

/// `klappa invite`: gives a person a right and writes them a letter.
struct Invite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a right to whoever has a mail address, and write them a letter.",
        discussion: """
            Opens an account when the address has none. The letter leads to where one signs in; it waits in the outbox \
            until klappa serves. The first administrator of an installation is made so.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The mail address.")
    var mail: String

    @Option(
        help: "\(Right.allCases.map(\.rawValue).joined(separator: ", ")).",
        transform: { word in
            guard let right = Right(rawValue: word) else {
                let words = Right.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--right takes one of \(words), not \(word).")
            }
            return right
        }
    )
    var right: Right

    @Option(help: "everywhere, the code of a region such as skane, or organisation:SLUG.")
    var scope = "everywhere"

    @Option(help: "How a new account is called; what stands before the @ unless given.")
    var name: String?

    @Option(help: "Language of the letter to a new account: sv or en.")
    var language = "sv"

    func validate() throws {
        guard mail.wholeMatch(of: /[^@\s,;<>"]+@[^@\s,;<>"]+/) != nil, mail.utf8.count <= 254 else {
            throw ValidationError("\(mail) is no mail address, such as maja@example.se.")
        }
        guard Language(rawValue: language) != nil else { throw ValidationError("--language takes sv or en.") }
        if let name, !(1...200).contains(name.unicodeScalars.count) {
            throw ValidationError("--name takes 1 to 200 characters.")
        }
        if right == .administrator, scope != "everywhere" {
            throw ValidationError("An administrator is one everywhere; leave --scope out.")
        }
    }

    private var place: Invitations.Scope {
        if scope == "everywhere" { return .everywhere }
        if scope.hasPrefix("organisation:") { return .organisation(String(scope.dropFirst(13))) }
        return .region(scope)
    }

    func run() async throws {
        let settings = try database.settings()
        let letters = try Site().letters
        let origin = settings.publicURL ?? "http://127.0.0.1:\(settings.port)"
        let outcome = try await database.withBackend(settings) { backend in
            try await backend.withClient(for: .worker) { client in
                try await Invitations.invite(
                    mail,
                    name: name,
                    right: right,
                    scope: place,
                    language: Language(rawValue: language) ?? .sv,
                    origin: origin,
                    letters: letters,
                    client
                )
            }
        }
        switch outcome {
        case .invited:
            print("\(mail) is \(right.rawValue), scope \(scope). A letter waits in the outbox.")
        case .alreadyHeld:
            print("\(mail) is \(right.rawValue), scope \(scope), already; nothing was changed.")
        case .closed:
            throw ValidationError("The account of \(mail) is closed.")
        case .unknownScope:
            throw ValidationError("There is no region or organisation \(scope).")
        }
    }
}
