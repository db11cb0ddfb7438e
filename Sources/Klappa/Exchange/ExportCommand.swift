import ArgumentParser
import Registry

/// `klappa export`: writes what the registry holds to files.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Export people to a file.",
        subcommands: [ExportCrew.self]
    )
}

/// `klappa export crew`: everybody, in the form that `klappa import crew` reads.
struct ExportCrew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crew",
        abstract:
            "Export crew as CSV, contact fields and calendars of everybody included: keep the file safe.",
        discussion: """
            The file is UTF-8 with commas. Cells that a spreadsheet would run as formulas begin with an apostrophe, \
            which the import takes away again.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Option(
        help:
            "The file to write; it is replaced when the export is complete. Without it, the standard output."
    )
    var output: String?

    func run() async throws {
        let sink: FileSink
        do {
            sink = try FileSink(path: output)
        } catch {
            throw ValidationError("\(output ?? "-"): \(error.reason)")
        }
        do {
            let count = try await Interruption.obeying {
                try await database.withBackend { backend in
                    try await backend.withClient(for: .worker) { client in
                        var line = ProgressLine(isShown: output != nil)
                        defer { line.clear() }
                        return try await CrewExport.run(on: client) { bytes in
                            try await sink.write(bytes)
                            line.show("\(sink.written / 1_000) kB")
                        }
                    }
                }
            }
            try sink.finish()
            if let output { print("\(count) people in \(output).") }
        } catch {
            sink.abandon()
            throw error
        }
    }
}
