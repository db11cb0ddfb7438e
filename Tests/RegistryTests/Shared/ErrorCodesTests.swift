import Foundation
import Logging
import Postgres
import Testing

@testable import Registry
@testable import Web

struct ErrorCodesTests {
    /// The rows of the table of codes in the article `Errors`: code and status.
    private func documented() throws -> [String: Int] {
        let article = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Registry/Registry.docc/Errors.md")
        var codes: [String: Int] = [:]
        for line in try String(contentsOf: article, encoding: .utf8).split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, cells[0].hasPrefix("`"), let status = Int(cells[1]) else { continue }
            codes[cells[0].trimmingCharacters(in: ["`"])] = status
        }
        return codes
    }

    @Test
    func `every problem that an operation can answer with stands in the article, with its status`() throws {
        let nowhere = try PostgresClient(
            PostgresConfiguration("host=/nowhere"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let databases = Databases(open: nowhere, member: nowhere, worker: nowhere)
        let documented = try documented()
        #expect(documented.count >= 20)
        for operation in Routes.operations(databases, origin: nil) {
            for problem in operation.allProblems {
                #expect(documented[problem.code] == problem.status, "\(operation.id): \(problem.code)")
            }
        }
    }

    @Test
    func `every answer of the error map stands in the article`() throws {
        let documented = try documented()
        let problems = ErrorMap.states.map { $0.problem() } + ErrorMap.kinds.map { $0.problem() }
        for problem in problems { #expect(documented[problem.code.code] == problem.code.status) }
    }
}
