import ArgumentParser
import Foundation
import Migrations
import Postgres
import PrivateServer
import Registry

/// `klappa doctor`: says what is wrong with an installation and how to mend it, one line for each thing looked at.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Say what is wrong with this installation and how to mend it; 1 is returned when something is."
    )

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        var report = DoctorReport()
        let settings: Settings
        do {
            settings = try database.settings()
            report.add("configuration", .works("fits"))
        } catch {
            for problem in error.problems {
                report.add(problem.key, .fails(problem.message, mend: "Correct or unset it."))
            }
            report.finish()
            throw ExitCode(1)
        }
        report.examineProgram(environment: ProcessInfo.processInfo.environment)
        report.examineMail(settings, environment: ProcessInfo.processInfo.environment)
        await report.examineProviders(settings)
        do {
            try await database.withBackend(settings, preparation: .none) { backend in
                report.add(
                    "database",
                    .works(
                        settings.databaseURL == nil
                            ? "private, in \(backend.server?.directory.path ?? "")" : "given"
                    )
                )
                await report.examineDatabase(backend)
            }
        } catch {
            report.add("database", .fails("\(error)", mend: ""))
        }
        report.finish()
        if report.hasFailures { throw ExitCode(1) }
    }
}
