import Glibc
import Subprocess
import SystemPackage

/// Runs PostgreSQL's programs under the server's user.
package struct ServerPrograms: Sendable {
    package let user: ServerUser

    /// The programs as this user runs them.
    package init(user: ServerUser) { self.user = user }

    /// How a program ended, and what it said on both channels.
    package struct Ending: Sendable {
        package let succeeded: Bool
        package let output: String
    }

    /// Runs a program of an installation to its end, in English, with nothing of our environment.
    ///
    /// - Throws: ``PrivateServerError`` when it cannot be run at all.
    package func run(
        _ program: String,
        in directory: String,
        _ arguments: [String],
        input: String = ""
    ) async throws(PrivateServerError) -> Ending {
        var command = [program] + arguments
        if geteuid() == 0 && user.id != 0 {
            // Not PlatformOptions.userID: between fork and exec it calls glibc's setgroups, which waits for a lock that
            // another thread may have held at the fork, for ever. setpriv changes user in a process of its own.
            let groups = user.groups.map(String.init).joined(separator: ",")
            command =
                ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--groups=\(groups)", "--"]
                + command
        }
        do {
            let result = try await Subprocess.run(
                .name(command[0]),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(["PATH": directory + ":/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]),
                workingDirectory: "/",
                input: .string(input),
                output: .string(limit: 1 << 20),
                error: .combinedWithOutput
            )
            return Ending(succeeded: result.terminationStatus.isSuccess, output: result.standardOutput)
        } catch {
            throw PrivateServerError(
                .programs,
                "Could not run \(directory)/\(program) as the user \(user.name): \(error); check the PostgreSQL installation."
            )
        }
    }

    /// The PostgreSQL installations of this machine, the newest of Debian's layout first.
    ///
    /// - Parameters:
    ///   - directory: the only directory to look into, when it is given by hand.
    ///   - path: `PATH`.
    package func installed(only directory: String?, path: String) async -> [ServerBinaries] {
        var found: [ServerBinaries] = []
        var seen: Set<String> = []
        for candidate in directory.map({ [$0] }) ?? ServerBinaries.candidates(path: path) {
            let resolved = Files.resolved(candidate + "/postgres")
            guard access(candidate + "/initdb", X_OK) == 0, access(candidate + "/pg_ctl", X_OK) == 0 else {
                continue
            }
            guard seen.insert(resolved).inserted else { continue }
            // An installation that cannot say its version is no installation.
            guard let ending = try? await run("postgres", in: candidate, ["--version"]), ending.succeeded,
                let version = ServerBinaries.version(in: ending.output)
            else { continue }
            let hasPostGIS = ServerBinaries.hasPostGIS(directory: candidate, version: version)
            found.append(ServerBinaries(directory: candidate, version: version, hasPostGIS: hasPostGIS))
        }
        return found
    }
}
