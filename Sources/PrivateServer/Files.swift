import Glibc

/// The few questions about files that the private server asks the kernel.
enum Files {
    /// A file's kind, owner and mode.
    struct Status: Equatable {
        let isDirectory: Bool
        let owner: UInt32
        let group: UInt32
        let mode: UInt32
    }

    /// What the kernel says of a path, links followed; nil when there is nothing.
    static func status(_ path: String) -> Status? {
        var result = stat()
        guard stat(path, &result) == 0 else { return nil }
        return Status(
            isDirectory: result.st_mode & S_IFMT == S_IFDIR,
            owner: result.st_uid,
            group: result.st_gid,
            mode: result.st_mode & 0o7777
        )
    }

    /// The names in a directory, sorted; nil when it cannot be read.
    static func names(in directory: String) -> [String]? {
        guard let handle = opendir(directory) else { return nil }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a small file; nil when it cannot be read. At most the last `limit` bytes.
    static func text(_ path: String, last limit: Int = 65_536) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = ftell(file)
        fseek(file, max(0, size - limit), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = fread(&bytes, 1, limit, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Bytes in a file; nil when there is none.
    static func size(_ path: String) -> Int? {
        var result = stat()
        return stat(path, &result) == 0 ? Int(result.st_size) : nil
    }

    /// Writes a file as a whole: a reader sees the old text or the new one. The owner is set when given.
    ///
    /// - Throws: ``PrivateServerError`` that names the path and the kernel's reason.
    static func write(_ text: String, to path: String, owner: ServerUser?) throws(PrivateServerError) {
        let new = path + ".new"
        guard let file = fopen(new, "we") else { throw failure("write", new) }
        let written = fwrite(text, 1, text.utf8.count, file)
        let flushed = fflush(file) == 0 && fsync(fileno(file)) == 0
        let reason = errno
        fclose(file)
        guard written == text.utf8.count && flushed else {
            unlink(new)
            throw failure("write", path, reason: reason)
        }
        chmod(new, 0o600)
        if let owner, geteuid() == 0 { chown(new, owner.id, owner.group) }
        guard rename(new, path) == 0 else { throw failure("write", path) }
    }

    /// Makes a directory, and those above it; the last one with this owner and mode.
    static func makeDirectory(_ path: String, mode: UInt32, owner: ServerUser?) throws(PrivateServerError) {
        var prefix = ""
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            prefix += "/" + part
            if status(prefix)?.isDirectory == true { continue }
            let last = index == parts.count - 1
            if mkdir(prefix, last ? mode : 0o755) != 0 && errno != EEXIST { throw failure("make", prefix) }
            // Whatever the umask says, the server's user has to pass through.
            chmod(prefix, last ? mode : 0o755)
            if last {
                if let owner, geteuid() == 0 { chown(prefix, owner.id, owner.group) }
            }
        }
    }

    /// Bytes that an ordinary user may still write on the disk that holds a path, or will hold it; nil when unknown.
    static func freeBytes(_ path: String) -> Int? {
        var result = statvfs()
        var path = path
        while status(path) == nil, let slash = path.lastIndex(of: "/"), path.count > 1 {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        guard statvfs(path, &result) == 0 else { return nil }
        return Int(result.f_bavail) * Int(result.f_frsize)
    }

    /// The path with links resolved, or the path itself when there is nothing.
    static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Where a process works (`/proc/<id>/cwd`); nil when it is gone, a zombie, or somebody else's.
    static func workingDirectory(ofProcess id: Int32) -> String? {
        var buffer = [CChar](repeating: 0, count: 4097)
        let count = readlink("/proc/\(id)/cwd", &buffer, 4096)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The sentence for a failed call on a path.
    static func failure(_ verb: String, _ path: String, reason: Int32 = errno) -> PrivateServerError {
        switch reason {
        case ENOSPC, EDQUOT:
            return PrivateServerError(
                .diskFull,
                "The disk that holds \(path) is full; free some space and start again (nothing was lost)."
            )
        case EROFS:
            return PrivateServerError(
                .readOnly,
                "The disk that holds \(path) is mounted read-only; remount it writable or choose another --state-dir."
            )
        case EACCES, EPERM:
            return PrivateServerError(
                .readOnly,
                "This user may not \(verb) \(path); change its owner or mode, or choose another --state-dir."
            )
        default:
            return PrivateServerError(
                .directory,
                "Could not \(verb) \(path): \(String(cString: strerror(reason))); mend that or choose another --state-dir."
            )
        }
    }
}
