import ArgumentParser
import Logging
import NIOCore
import Postgres
import Registry
import Web

/// `klappa openapi`: prints the description of the API, made from the code; no database is asked.
struct PrintOpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Print the OpenAPI 3.1 description of the API."
    )

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let settings = try database.settings()
        // Never connected: operations ask the database only when they run.
        let nowhere = try PostgresClient(try PostgresConfiguration("host=/nowhere"), logger: Logs.command())
        let databases = Databases(open: nowhere, member: nowhere, worker: nowhere)
        let operations = Routes.operations(databases, origin: settings.publicURL)
        let document = APIInfo.document(of: operations, origin: settings.publicURL)
        print(String(buffer: document.json.bytes))
    }
}
