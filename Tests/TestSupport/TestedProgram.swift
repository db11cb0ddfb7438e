import Foundation

/// The program that tests run as a process.
public enum TestedProgram {
    /// Its path: the environment's `KLAPPA_PROGRAM`, which is how a release build is tested, or else the debug build
    /// beside the tests in the build folder.
    public static let path: String = {
        if let named = ProcessInfo.processInfo.environment["KLAPPA_PROGRAM"], !named.isEmpty { return named }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "klappa").path
    }()
}
