import Dispatch
import Glibc

/// The bytes of a file, or of the standard input for `-`, in pieces of 64 kB. They are read on a thread that may
/// wait, one piece ahead of nothing: memory stays at one piece.
struct FileChunks: AsyncSequence {
    typealias Element = [UInt8]
    typealias Failure = any Error

    /// Why a file cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let path: String
        let code: CInt

        /// The operating system's word for it.
        var reason: String { String(cString: strerror(code)) }
        var description: String { "\(path) cannot be read: \(reason)." }
    }

    private let path: String
    private let descriptor: CInt

    /// Opens the file.
    init(path: String) throws(Unreadable) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw Unreadable(path: path, code: errno) }
    }

    func makeAsyncIterator() -> Iterator { Iterator(path: path, descriptor: descriptor) }

    struct Iterator: AsyncIteratorProtocol {
        let path: String
        let descriptor: CInt

        mutating func next() async throws -> [UInt8]? {
            let (path, descriptor) = (path, descriptor)
            return try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    var bytes = [UInt8](repeating: 0, count: 65_536)
                    var count: Int
                    repeat { count = read(descriptor, &bytes, bytes.count) } while count < 0 && errno == EINTR
                    if count < 0 {
                        continuation.resume(throwing: Unreadable(path: path, code: errno))
                        return
                    }
                    if count == 0, descriptor != STDIN_FILENO { close(descriptor) }
                    bytes.removeLast(bytes.count - count)
                    continuation.resume(returning: count == 0 ? nil : bytes)
                }
            }
        }
    }
}
