import Foundation
import NIOCore
import Testing
import Web

/// Pages as they were when somebody last looked at them: `Tests/RegistryTests/Site/Pages/*.html`.
///
/// Fingerprints of assets and the preloading of fonts, which depend on what is installed, are left out. After a change
/// that is meant, `KLAPPA_STORE_PAGES=1 swift test --filter Pages` writes the files anew; look at what changed.
enum StoredPages {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Pages")

    static func text(_ answer: Answer) -> String {
        String(buffer: answer.body)
            .replacing(/(\/assets\/[\w\/-]+)\.[0-9a-f]{16}\./) { "\($0.1)." }
            .replacing(/<link rel="preload"[^>]*>\n*/, with: "")
    }

    static func expect(_ answer: Answer, is name: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let file = folder.appending(path: "\(name).html")
        let text = text(answer)
        if ProcessInfo.processInfo.environment["KLAPPA_STORE_PAGES"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let stored = try String(contentsOf: file, encoding: .utf8)
        let same = text == stored
        if !same {
            let pairs = zip(text.split(separator: "\n"), stored.split(separator: "\n"))
            let line = pairs.first { $0 != $1 }
            Issue.record(
                "\(name) changed: \(line.map { "\($0.0)\nwas\n\($0.1)" } ?? "its length")",
                sourceLocation: sourceLocation
            )
        }
    }
}
