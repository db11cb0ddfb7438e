internal import Foundation
internal import Subprocess
internal import SystemPackage

/// Hands letters to a command that is compatible with sendmail: `msmtp`, `sendmail`, a script.
///
/// Called as `COMMAND -i -f SENDER -- RECIPIENT` with the message on its standard input; it has a minute.
public struct MailCommand: Sendable {
    /// The program and arguments of its own.
    public let words: [String]
    /// Whom letters are from.
    public let sender: String

    /// - Parameters:
    ///   - words: the program, by its path or to be looked for in `PATH`, and arguments of its own.
    ///   - sender: an address.
    public init(_ words: [String], sender: String) {
        self.words = words
        self.sender = sender
    }

    /// Why a letter was not taken.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    func deliver(_ message: MailMessage) async throws {
        let arguments = Array(words.dropFirst()) + ["-i", "-f", message.from, "--", message.to]
        let program = words.first ?? "msmtp"
        // Files, not pipes: a command that ends without reading its input, or says more than is wanted, breaks nothing.
        let (input, said) = (try Self.temporaryFile(), try Self.temporaryFile())
        defer {
            // They have no name any more; closing them is all there is to do, and nothing is left when that fails.
            try? input.close()
            try? said.close()
        }
        try input.writeAll(message.text.utf8)
        try input.seek(offset: 0, from: .start)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    program.hasPrefix("/") ? .path(FilePath(program)) : .name(program),
                    arguments: Arguments(arguments),
                    input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                    output: .discarded,
                    error: .fileDescriptor(said, closeAfterSpawningProcess: false)
                )
                guard result.terminationStatus.isSuccess else {
                    throw Refusal(
                        description:
                            "\(program) ended with \(result.terminationStatus): \(try Self.read(said))"
                    )
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(60))
                throw Refusal(description: "\(program) took more than a minute")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A file without a name, for this process and its child.
    private static func temporaryFile() throws -> FileDescriptor {
        var template = Array("/tmp/klappa-letter-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else {
            throw Refusal(description: "no temporary file: \(String(cString: strerror(errno)))")
        }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return FileDescriptor(rawValue: number)
    }

    /// The first words of a file.
    private static func read(_ file: FileDescriptor) throws -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
