import Glibc
import PrivateServer

/// A small disk in memory, to be filled and made read-only; only root can have one.
public struct Disk: Sendable {
    /// Where it is mounted.
    public let path: String

    /// Whether this process may mount: root may, unless it lives in a container that forbids it.
    public static let canMount: Bool = {
        guard geteuid() == 0 else { return false }
        let path = TestServer.temporaryDirectory()
        defer { rmdir(path) }
        guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else { return false }
        umount2(path, Int32(MNT_DETACH))
        return true
    }()

    /// Lends a disk of this size.
    public static func with<Result>(megabytes: Int, _ body: (Disk) async throws -> Result) async throws
        -> Result
    {
        try await withStateDirectory { directory in
            mkdir(directory.path, 0o755)
            guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
                throw DiskError(call: "mount", reason: errno)
            }
            defer { umount2(directory.path, Int32(MNT_DETACH)) }
            return try await body(Disk(path: directory.path))
        }
    }

    /// Writes until nothing more fits.
    public func fill() throws {
        guard let file = fopen(path + "/filler", "we") else { throw DiskError(call: "fopen", reason: errno) }
        defer { fclose(file) }
        setvbuf(file, nil, _IONBF, 0)
        let block = [UInt8](repeating: 0, count: 65_536)
        while fwrite(block, 1, block.count, file) == block.count {}
    }

    /// Takes back what ``fill()`` wrote.
    public func empty() { unlink(path + "/filler") }

    /// Mounts it anew, `ro` or `rw`.
    public func remount(_ option: String) throws {
        let flags = UInt(MS_REMOUNT) | (option == "ro" ? UInt(MS_RDONLY) : 0)
        guard mount("tmpfs", path, "tmpfs", flags, nil) == 0 else {
            throw DiskError(call: "remount", reason: errno)
        }
    }
}

/// A call of the kernel that failed.
public struct DiskError: Error {
    /// Its name.
    public let call: String
    /// The kernel's reason.
    public let reason: Int32
}
