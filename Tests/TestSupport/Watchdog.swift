import Glibc

/// A tiny shell that ends a test's PostgreSQL and removes its directory when it is told to, or when the test process is
/// gone, however it went: its standard input closes then.
final class Watchdog: Sendable {
    /// Closed when this process ends.
    let writeEnd: Int32
    private let process: pid_t

    /// What the shell does once its input has a line or has closed; `$1` is the directory, `$2` the state directory in it.
    private static let script = """
        trap '' HUP INT TERM
        read -r line
        p=$(head -n 1 "$2/data/postmaster.pid" 2>/dev/null)
        if [ -n "$p" ] && [ "$(readlink "/proc/$p/cwd")" = "$2/data" ]; then
            kill -QUIT "$p"
            kill -CONT "$p"
            n=0
            while kill -0 "$p" 2>/dev/null && [ "$n" -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
        fi
        umount -l "$2" 2>/dev/null
        rm -rf -- "$1"
        """

    /// Starts to watch.
    init(directory: String, state: String) {
        var ends: [Int32] = [0, 0]
        Self.makePipe(&ends)
        writeEnd = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // It outlives many a connection of this process: one that it held as well would never be closed, and whoever
        // sends to it would wait for ever.
        Watchdog.closeOthers(&actions)
        // A session of its own: Ctrl-C at the terminal must not end it before its work.
        let words = ["/usr/bin/setsid", "/bin/sh", "-c", Self.script, "watchdog", directory, state]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        var process: pid_t = 0
        let result = posix_spawn(&process, words[0], &actions, nil, arguments, environ)
        precondition(result == 0, "no watchdog: \(String(cString: strerror(result)))")
        self.process = process
        arguments.forEach { free($0) }
        posix_spawn_file_actions_destroy(&actions)
        close(ends[0])
    }

    /// Leaves a program nothing of this process but its three standard files. Numbers that are not open do not matter.
    static func closeOthers(_ actions: inout posix_spawn_file_actions_t) {
        for descriptor in Int32(3)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    }

    /// Two connected sockets that no program started meanwhile by another thread can inherit, as with `pipe` and
    /// `fcntl` it could: whoever holds the second one keeps the first one from ever seeing its end.
    static func makePipe(_ ends: inout [Int32]) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        precondition(socketpair(AF_UNIX, kind, 0, &ends) == 0, "no pipe for the watchdog")
    }

    /// Lets the shell do its work now, and waits for it.
    ///
    /// It is told by a line: the end of its input may be far away, if some other process holds the pipe as well.
    func finish() async {
        var line = UInt8(ascii: "\n")
        _ = send(writeEnd, &line, 1, Int32(MSG_NOSIGNAL))
        close(writeEnd)
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            // Asked again even when cancelled: what the test has used must be gone before it ends.
            await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
        }
    }
}
