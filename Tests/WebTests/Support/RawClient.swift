import Dispatch
import Foundation
import Synchronization

/// A TCP client that sends bytes as they are, well-formed or not, on a thread of its own.
final class RawClient: Sendable {
    private let descriptor: Int32

    /// Connects to loopback.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        // A server that never answers or reads ends a test after this time instead of never.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for direction in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, direction, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // The descriptor is closed by deinit, which runs for a thrown init too.
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { Foundation.close(descriptor) }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }

    /// Sends everything; false when the server has closed.
    @discardableResult
    func send(_ text: String) async -> Bool { await send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) async -> Bool {
        await onThread { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Everything until the server closes (or resets).
    func readAll() async -> String { await read { _ in false } }

    /// What arrives until it contains a text or the server closes.
    func read(until text: String) async -> String { await read { $0.contains(text) } }

    private func read(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await onThread { [descriptor] in
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                bytes += buffer[..<count]
                if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Number of bytes until the server closes.
    func countAll() async -> Int {
        await onThread { [descriptor] in
            var total = 0
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return total }
                total += count
            }
        }
    }

    /// Sends one request on a connection of its own and reads until the server closes.
    static func exchange(_ text: String, port: Int) async throws -> String {
        let client = try RawClient(port: port)
        await client.send(text)
        return await client.readAll()
    }
}

/// Statuses of all answers in what a raw client has read.
func statuses(in text: String) -> [Int] {
    text.split(separator: "HTTP/1.", omittingEmptySubsequences: true).compactMap { part in
        part.hasPrefix("1 ") || part.hasPrefix("0 ") ? Int(part.dropFirst(2).prefix(3)) : nil
    }
}
