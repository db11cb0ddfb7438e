import Glibc
import Logging

/// Making, starting, adopting and stopping: what ``StartPlan`` says is done here.
extension PrivateServer {
    /// Follows the plan until the server is ready. Called under the start lock.
    func start(_ installed: [ServerBinaries]) async throws(PrivateServerError) -> RunningServer {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: startLimit)
        while true {
            switch plan(installed) {
            case .refuse(let error):
                throw error
            case .adopt(let file):
                try refreshAuthentication(of: file)
                return running(file)
            case .create(let binaries):
                try await create(binaries)
            case .start(let binaries, let removesStaleFile):
                if removesStaleFile { removeLockFiles() }
                try await launch(binaries, until: end)
            case .lookAgain:
                guard clock.now < end else { throw .notReady(directory, limit: startLimit) }
            }
            await pause()
        }
    }

    /// Stops the server in an orderly way: open transactions are rolled back, what was committed is on the disk.
    func stop() async throws(PrivateServerError) {
        guard case .alive(let file) = DirectoryState.postmaster(directory) else { return }
        kill(file.process, SIGINT)
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(60))
        // The process, not its file: the file goes first, and until the process has gone too its port is taken.
        while Files.workingDirectory(ofProcess: file.process) != nil {
            guard clock.now < end else { throw .notReady(directory, limit: .seconds(60)) }
            await pause()
        }
    }

    /// Takes away what a dead postmaster left: PostgreSQL asks only whether the process number is in use, and it is when
    /// the dead one is still a zombie or its number was given to another program.
    private func removeLockFiles() {
        let path = directory.data + "/postmaster.pid"
        if let text = Files.text(path), let file = PostmasterFile(text) {
            let socketLock = file.socketDirectory + "/.s.PGSQL.\(file.port).lock"
            if Files.text(socketLock)?.prefix(while: { $0 != "\n" }) == "\(file.process)" {
                unlink(socketLock)
            }
        }
        unlink(path)
    }

    private func running(_ file: PostmasterFile) -> RunningServer {
        RunningServer(
            process: file.process,
            socketDirectory: file.socketDirectory,
            port: file.port,
            database: configuration.database
        )
    }

    /// Makes the cluster beside its place and moves it there when it is complete.
    private func create(_ binaries: ServerBinaries) async throws(PrivateServerError) {
        logger.info("Making a new PostgreSQL \(binaries.version) cluster in \(directory.path).")
        let new = directory.unfinishedData
        _ = try await programs.run("rm", in: "/usr/bin", ["-rf", "--", new])
        var arguments = ["-D", new, "-U", "postgres", "-A", "peer", "-E", "UTF8", "--locale=C.UTF-8"]
        arguments += ["--data-checksums", "--no-instructions"]
        if !syncs { arguments.append("--no-sync") }
        try check(await programs.run("initdb", in: binaries.directory, arguments))
        let file = new + "/postgresql.conf"
        guard let text = Files.text(file, last: 1 << 20) else { throw Files.failure("read", file) }
        try Files.write(
            text
                + "\n# Settings after this line win over klappa's.\ninclude '\(PrivateServer.Configuration.fileName)'\n",
            to: file,
            owner: programs.user
        )
        try writeConfiguration(into: new)
        let single = ["--single", "-D", new, "template1"]
        let ending = try await programs.run(
            "postgres",
            in: binaries.directory,
            single,
            input: "CREATE DATABASE \"\(configuration.database)\"\n"
        )
        try check(ServerPrograms.Ending(succeeded: !ending.output.contains("ERROR:"), output: ending.output))
        guard rename(new, directory.data) == 0 else { throw Files.failure("write", directory.data) }
    }

    private func check(_ ending: ServerPrograms.Ending) throws(PrivateServerError) {
        if ending.succeeded { return }
        throw StartFailure.error(
            from: ending.output,
            in: directory,
            freeBytes: Files.freeBytes(directory.path)
        )
    }

    /// Starts the postmaster and waits until it is ready; leftovers of a crashed one are given until `end` to go.
    private func launch(_ binaries: ServerBinaries, until end: ContinuousClock.Instant)
        async throws(PrivateServerError)
    {
        let socket = directory.socketDirectory
        try Files.makeDirectory(socket, mode: 0o700, owner: programs.user)
        guard Files.status(socket)?.owner == programs.user.id else {
            throw .socketDirectory(socket, user: programs.user)
        }
        try writeConfiguration(into: directory.data)
        if let size = Files.size(directory.log), size > 8 << 20 {
            rename(directory.log, directory.log + ".1")
        }
        let before = Files.size(directory.log) ?? 0
        let seconds = max(1, Int((end - ContinuousClock.now).components.seconds))
        let ending = try await programs.run(
            "pg_ctl",
            in: binaries.directory,
            ["start", "-D", directory.data, "-l", directory.log, "-w", "-t", String(seconds), "-s"]
        )
        if ending.succeeded { return }
        let written = min((Files.size(directory.log) ?? 0) - before, 65_536)
        let words = ending.output + (written > 0 ? Files.text(directory.log, last: written) ?? "" : "")
        let error = StartFailure.error(from: words, in: directory, freeBytes: Files.freeBytes(directory.path))
        guard error.kind == .leftovers, ContinuousClock.now < end else { throw error }
        logger.info("Waiting for the processes of a crashed PostgreSQL in \(directory.path) to end.")
    }

    private func writeConfiguration(into data: String) throws(PrivateServerError) {
        try Files.write(
            configuration.text(socketDirectory: directory.socketDirectory),
            to: data + "/" + PrivateServer.Configuration.fileName,
            owner: programs.user
        )
        try writeAuthentication(into: data)
    }

    private func writeAuthentication(into data: String) throws(PrivateServerError) {
        for (name, text) in try authenticationFiles() {
            try Files.write(text, to: data + "/" + name, owner: programs.user)
        }
    }

    private func authenticationFiles() throws(PrivateServerError) -> [(name: String, text: String)] {
        var users = [try ServerUser.current().name]
        if users[0] != programs.user.name { users.append(programs.user.name) }
        return [
            ("pg_hba.conf", configuration.hostBasedAuthentication),
            ("pg_ident.conf", configuration.identMap(users: users)),
        ]
    }

    /// A server that was started by an earlier version, or for another user, learns of the roles of this one.
    private func refreshAuthentication(of file: PostmasterFile) throws(PrivateServerError) {
        let changed = try authenticationFiles().contains {
            Files.text(directory.data + "/" + $0.name) != $0.text
        }
        guard changed else { return }
        try writeAuthentication(into: directory.data)
        kill(file.process, SIGHUP)
    }

    private func pause() async {
        // Looking again is harmless, and a start that is cancelled half-way would have to be undone by another one.
        try? await Task.sleep(for: .milliseconds(20))
    }
}
