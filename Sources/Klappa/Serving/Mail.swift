import Foundation
import PrivateServer
import Registry

/// How this installation's letters leave: by a command, or not at all.
enum Mail {
    /// - Parameter isDemonstration: invented people get no mail, unless a command was named on purpose.
    static func way(_ settings: Settings, environment: [String: String], isDemonstration: Bool)
        -> LetterCarrier.Way
    {
        let found = isDemonstration ? nil : msmtp(environment)
        guard let words = settings.sendmail ?? found.map({ [$0] }), !words.isEmpty else {
            return .kept(KeptLetters(directory(settings, environment: environment)))
        }
        return .command(MailCommand(words, sender: sender(settings)))
    }

    /// Whom letters are from.
    static func sender(_ settings: Settings) -> String {
        if let from = settings.mailFrom { return from }
        let host = settings.publicURL.flatMap { URL(string: $0)?.host() }
        return "klappa@\(host ?? "localhost")"
    }

    /// Where letters lie that are kept.
    static func directory(_ settings: Settings, environment: [String: String]) -> String {
        if let letters = settings.letters { return letters }
        let state = settings.stateDirectory.map { StateDirectory($0) } ?? .standard(environment: environment)
        return state.path + "/letters"
    }

    /// The usual command, when it is installed.
    static func msmtp(_ environment: [String: String]) -> String? {
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin"]
        return folders.map { "\($0)/msmtp" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
