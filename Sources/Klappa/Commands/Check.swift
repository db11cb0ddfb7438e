import ArgumentParser
import Migrations

/// `klappa check`: runs the queries that must return no row, and prints the rows that they do return.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the queries of sql/checks; 1 is returned when an invariant is broken."
    )

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "Names of checks; all of them when none is given.")
    var names: [String] = []

    func run() async throws {
        let files = try SQLFiles.bundled()
        let unknown = names.filter { name in !files.checks.contains { $0.name == name } }
        guard unknown.isEmpty else {
            throw ValidationError("There is no check named \(unknown.joined(separator: ", ")).")
        }
        let chosen = files.checks.filter { names.isEmpty || names.contains($0.name) }
        try await database.withBackend { backend in
            try await backend.withClient(for: .owner) { client in
                var broken = 0
                for check in chosen {
                    guard let finding = try await CheckRunner.run(check, client) else { continue }
                    broken += 1
                    print("\(finding.check): \(finding.count) rows")
                    for row in finding.rows { print("    \(row)") }
                    if finding.count > finding.rows.count {
                        print("    … and \(finding.count - finding.rows.count) more")
                    }
                }
                print("\(chosen.count - broken) of \(chosen.count) checks hold.")
                if broken > 0 { throw ExitCode(1) }
            }
        }
    }
}
