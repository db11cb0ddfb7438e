import Glibc
public import PrivateServer

/// Lends a path for a state directory, which is not there yet; whatever a test leaves in it, running servers included,
/// is gone afterwards, also when the test process is killed.
public func withStateDirectory<Result>(_ body: (StateDirectory) async throws -> Result) async throws -> Result
{
    let root = TestServer.temporaryDirectory()
    let watchdog = Watchdog(directory: root, state: root + "/state")
    do {
        let result = try await body(StateDirectory(root + "/state"))
        await watchdog.finish()
        return result
    } catch {
        await watchdog.finish()
        throw error
    }
}

/// Runs SQL through `psql` and gives back what it printed, unaligned and without titles.
///
/// - Throws: ``TestServerError`` with what `psql` said.
@discardableResult
public func psql(_ text: String, _ conninfo: String) async throws -> String {
    let ending = try await ServerPrograms(user: try ServerUser.forServer()).run(
        "psql",
        in: await binaries.value,
        ["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", conninfo],
        input: text
    )
    guard ending.succeeded else { throw TestServerError(output: ending.output) }
    return ending.output.hasSuffix("\n") ? String(ending.output.dropLast()) : ending.output
}

/// Where `psql` lies: beside the server's programs, else on the usual path.
private let binaries = Task {
    guard let user = try? ServerUser.forServer() else { return "/usr/bin" }
    return await ServerPrograms(user: user).installed(only: nil, path: "").first?.directory ?? "/usr/bin"
}
