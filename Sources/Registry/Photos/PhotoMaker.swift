internal import Foundation
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Makes pictures smaller with `vipsthumbnail` in a child process, because files from outside are decoded there.
///
/// The child reads from a pipe and writes to one: it opens no file of ours. It has no rights but those of `nobody` (when
/// the service is root) and can get none, and limits on memory, processor time and output; libvips itself refuses the
/// formats that it calls untrusted. What it says is discarded.
public struct PhotoMaker: Sendable {
    /// The program; a test names one that is not there.
    var program = "/usr/bin/vipsthumbnail"

    /// Bytes of a file that is read.
    public static let largestFile = 30 << 20
    /// From the start to the end of a child.
    static let deadline = Duration.seconds(30)

    /// The kinds of files that are read, by their first bytes.
    static func isPicture(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0xFF, 0xD8, 0xFF])
            || bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            || bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
    }

    /// A JPEG of at most so many pixels on a side, turned as the camera was held, without its description.
    ///
    /// - Throws: ``PhotoError``.
    func make(_ bytes: [UInt8], side: Int) async throws -> [UInt8] {
        guard bytes.count <= Self.largestFile else { throw PhotoError.tooLarge }
        guard Self.isPicture(bytes) else { throw PhotoError.unreadable }
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await run(bytes, side: side) }
            group.addTask {
                try await Task.sleep(for: Self.deadline)
                // Cancelling the other task ends the child.
                throw PhotoError.tooLarge
            }
            defer { group.cancelAll() }
            guard let made = try await group.next() else { throw PhotoError.unreadable }
            return made
        }
    }

    private func run(_ bytes: [UInt8], side: Int) async throws -> [UInt8] {
        guard isInstalled else { throw PhotoError.noProgram }
        _ = Self.survivesBrokenPipes
        let command = command(side: side)
        let status: TerminationStatus
        let output: [UInt8]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(command[0])),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom([
                    "PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent",
                    "VIPS_BLOCK_UNTRUSTED": "1",
                    "VIPS_CONCURRENCY": "1",
                ]),
                workingDirectory: "/",
                input: .array(bytes),
                output: .bytes(limit: Self.largestFile),
                error: .discarded
            )
            status = result.terminationStatus
            output = result.standardOutput
        } catch is SubprocessError {
            try Task.checkCancellation()
            // A child that stops reading early breaks the pipe: it did not like what it read.
            throw PhotoError.unreadable
        }
        if case .signaled = status { throw PhotoError.tooLarge }
        guard status.isSuccess, JPEGSize(of: output) != nil else { throw PhotoError.unreadable }
        return output
    }

    /// A child that ends without reading everything breaks the pipe to it, whose signal would end this process, unless
    /// somebody has asked for the error instead.
    private static let survivesBrokenPipes = signal(SIGPIPE, SIG_IGN)

    /// Whether the program is there.
    public static var isInstalled: Bool { PhotoMaker().isInstalled }

    private var isInstalled: Bool { access(program, X_OK) == 0 }

    private func command(side: Int) -> [String] {
        var command = ["/usr/bin/setpriv", "--no-new-privs"]
        if geteuid() == 0 {
            // Not PlatformOptions.userID: between fork and exec it calls glibc's setgroups, which may wait for ever.
            command += ["--reuid=65534", "--regid=65534", "--clear-groups"]
        }
        command += [
            "--", "/usr/bin/prlimit", "--as=2147483648", "--cpu=20", "--fsize=67108864", "--nofile=64",
            "--core=0",
        ]
        command += [
            "--", program, "stdin[fail_on=error]", "--size", "\(side)x\(side)>",
            "--export-profile", "srgb",
        ]
        return command + ["-o", ".jpg[Q=82,strip,optimize-coding]"]
    }
}
