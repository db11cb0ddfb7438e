import ArgumentParser
import Registry
import Web

/// `klappa import`: reads files into the registry.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import people from a file.",
        subcommands: [ImportCrew.self]
    )
}

/// `klappa import crew FILE.csv`: all of the file or nothing.
struct ImportCrew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crew",
        abstract: "Import crew from a CSV file; 1 is returned when something is wrong with it.",
        discussion: """
            The first row names the columns, in any order: \
            \(CrewColumn.allCases.map(\.rawValue).joined(separator: ", ")). All but name, region and roles may be \
            missing. Lists are separated by ";". The separator of cells may be a comma, a semicolon or a tab; the text \
            is UTF-8.

            Either the whole file is imported or nothing, and the same file again changes nothing. A row with an \
            e-mail address speaks of the person with that address and name, any other row of the person with that \
            name, region and municipality. A column that the file does not have leaves what the person has; an empty \
            cell takes it away, except an e-mail address and a consent. New people wait for review; with --publish \
            those with both consent columns are published.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The file; - reads the standard input.", completion: .file(extensions: ["csv"]))
    var file: String

    @Flag(help: "Only say what would change.")
    var dryRun = false

    @Flag(help: "Publish the people whose rows have both consent columns.")
    var publish = false

    @Option(help: "How many errors and changes are printed; all are counted.")
    var show = 100

    @Option(help: "Language of the report: sv or en.", transform: Terminal.language(named:))
    var language = Terminal.language

    func validate() throws {
        if show < 0 { throw ValidationError("--show must not be negative.") }
    }

    func run() async throws {
        let chunks: FileChunks
        do {
            chunks = try FileChunks(path: file)
        } catch {
            throw ValidationError("\(file): \(error.reason)")
        }
        let importer = CrewImport(isDryRun: dryRun, publish: publish, kept: show)
        let report = try await Interruption.obeying {
            try await database.withBackend { backend in
                try await backend.withClient(for: .worker) { client in
                    var line = ProgressLine()
                    defer { line.clear() }
                    return try await importer.run(chunks, on: client) { line.show($0.sentence[language]) }
                }
            }
        }
        for line in report.lines(of: file, isDryRun: dryRun, in: language) { print(line) }
        if report.problems.count > 0 { throw ExitCode(1) }
    }
}

extension CrewImport.Progress {
    /// What is being done, for the progress line.
    fileprivate var sentence: Localized {
        switch self {
        case .reading(let rows): Localized(sv: "Läser: \(rows) rader", en: "Reading: \(rows) rows")
        case .comparing(let lines, let all):
            Localized(sv: "Jämför: rad \(lines) av \(all)", en: "Comparing: line \(lines) of \(all)")
        case .writing(let lines, let all):
            Localized(sv: "Skriver: rad \(lines) av \(all)", en: "Writing: line \(lines) of \(all)")
        case .finishing: Localized(sv: "Gör sökbart …", en: "Making it searchable …")
        }
    }
}
