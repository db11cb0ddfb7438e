import Dispatch
import Foundation
import Synchronization

/// Takes the bytes of a file that appears under its name only when it is whole, or of the standard output.
final class FileSink: Sendable {
    /// Why the file cannot be written.
    struct Unwritable: Error, CustomStringConvertible {
        let code: CInt

        /// The operating system's word for it.
        var reason: String { String(cString: strerror(code)) }
        var description: String { "The file cannot be written: \(reason)." }
    }

    private let path: String?
    private let partial: String
    private let descriptor: CInt
    private let count = Atomic<Int>(0)

    /// Bytes written so far.
    var written: Int { count.load(ordering: .relaxed) }

    /// - Parameter path: Nil for the standard output. Only the owner may read the file.
    init(path: String?) throws(Unwritable) {
        self.path = path
        partial = "\(path ?? "").partial"
        descriptor =
            path == nil ? STDOUT_FILENO : open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw Unwritable(code: errno) }
    }

    /// Writes on a thread that may wait.
    func write(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                var rest = bytes[...]
                while !rest.isEmpty {
                    let done = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                    if done < 0, errno == EINTR { continue }
                    if done < 0 {
                        continuation.resume(throwing: Unwritable(code: errno))
                        return
                    }
                    rest = rest.dropFirst(done)
                }
                continuation.resume()
            }
        }
        count.add(bytes.count, ordering: .relaxed)
    }

    /// Gives the file its name.
    func finish() throws(Unwritable) {
        guard let path else { return }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(partial, path) == 0 else {
            throw Unwritable(code: errno)
        }
    }

    /// Takes away what was written.
    func abandon() {
        guard path != nil else { return }
        close(descriptor)
        unlink(partial)
    }
}
