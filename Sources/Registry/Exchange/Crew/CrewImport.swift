package import Postgres

/// Imports a file of crew: all of it or nothing, in bounded memory, with the same outcome however often it is run.
///
/// ```swift
/// let report = try await CrewImport(publish: true).run(chunks, on: databases.worker) { print($0) }
/// ```
///
/// The file streams through ``CSVReader`` and ``CrewRowParser`` into a staging table; there it is compared with the
/// registry and written by statements over ranges of lines. ``CrewColumn`` says what the cells hold.
///
/// **Whom a row speaks of.** A row with an e-mail address speaks of the person with that address and that name. Any
/// other row speaks of the person with that name, home region and municipality, provided that the row or the person
/// has no address. Upper case and accents make no difference. Of several such rows the first speaks of the person
/// who has been in the registry longest, the second of the next, and so on; rows left over make new people. Two rows
/// never become one person: ``Report/twins`` counts those that look alike.
///
/// **What it changes.** A column that the file does not have leaves what the person has; an empty cell takes it away,
/// except an e-mail address and a consent, which an empty cell leaves. Days taken by bookings and feeds stay. A
/// consent that was withdrawn is given again only by a later date. New people arrive `in_review`; with `publish`
/// those who consented are published, also people of earlier imports who are `draft` or `in_review`; whoever is
/// hidden, returned or lapsed stays so.
package struct CrewImport: Sendable {
    /// Only compare, and change nothing.
    package var isDryRun: Bool
    /// Publish those whose row has both consent columns.
    package var publish: Bool
    /// How many problems and examples are kept.
    package var kept: Int

    package init(isDryRun: Bool = false, publish: Bool = false, kept: Int = 100) {
        self.isDryRun = isDryRun
        self.publish = publish
        self.kept = kept
    }

    /// How far the import is.
    package enum Progress: Hashable, Sendable {
        /// So many rows have been read.
        case reading(rows: Int)
        /// Rows are compared with the registry: lines of all lines.
        case comparing(lines: Int, of: Int)
        /// New and changed people are written: lines of all lines.
        case writing(lines: Int, of: Int)
        /// Searches are told.
        case finishing
    }

    /// What an import found and did.
    package struct Report: Sendable {
        /// A row that changes a person: its line, and the columns that differ (`state` when it publishes).
        package struct Change: Hashable, Sendable {
            package let line: Int
            package let columns: [String]
        }

        /// Rows read, blank ones aside.
        package var rows = 0
        /// People who are (or, in a dry run, would be) made, changed and left alone.
        package var new = 0
        package var changed = 0
        package var unchanged = 0
        /// New people and changed ones who are published by it.
        package var published = 0
        /// Rows with only one of the two consent columns.
        package var halfConsents = 0
        /// Rows that look like the same person as a row before them.
        package var twins = 0
        /// The first changes, in the order of the file.
        package var changes: [Change] = []
        /// What is wrong with the file; when there is anything, nothing was changed.
        package var problems = CrewProblems()
    }

    /// Runs the import.
    ///
    /// - Parameters:
    ///   - chunks: The file's bytes.
    ///   - database: A client with the rights of `klappa_worker`.
    ///   - progress: Told now and then, in order.
    /// - Throws: `PostgresError`, `CancellationError` or what `chunks` throws; nothing is changed then.
    package func run(
        _ chunks: some AsyncSequence<[UInt8], any Error>,
        on database: PostgresClient,
        progress: (Progress) -> Void = { _ in }
    ) async throws -> Report {
        let vocabulary = try await CrewImportQueries.vocabulary(database)
        let today = try await CrewImportQueries.today(database)
        do {
            return try await database.transaction(
                settings: [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")],
                deadline: .seconds(24 * 3600)
            ) { transaction in
                try await run(chunks, vocabulary, today, transaction, progress)
            }
        } catch let stop as Stop {
            return stop.report
        }
    }

    /// Ends the transaction without a trace.
    private struct Stop: Error {
        let report: Report
    }

    // Not optimised: Swift 6.3.1 crashes in a release build while it splits this coroutine. The time goes elsewhere.
    @_optimize(none)
    private func run(
        _ chunks: some AsyncSequence<[UInt8], any Error>,
        _ vocabulary: CrewVocabulary,
        _ today: Day,
        _ transaction: Transaction,
        _ progress: (Progress) -> Void
    ) async throws -> Report {
        try await CrewImportQueries.clearStage(transaction)
        var stage = CrewStage(vocabulary: vocabulary, today: today, kept: kept)
        try await transaction.copyIn(CrewImportQueries.fillStage) { writer in
            try await stage.fill(from: chunks, writer, progress)
        }
        var report = stage.report
        guard report.problems.count == 0 else { throw Stop(report: report) }

        try await CrewImportQueries.match(transaction, lockingPeople: !isDryRun)
        try await CrewImportQueries.preferIndexes(transaction)
        for lines in ranges(upTo: stage.lastLine) {
            try await CrewImportQueries.compare(
                lines,
                columns: stage.columns,
                publish: publish,
                transaction
            )
            progress(.comparing(lines: lines.upperBound, of: stage.lastLine))
        }
        try await CrewImportQueries.count(into: &report, publish: publish, kept: kept, transaction)
        if isDryRun { throw Stop(report: report) }

        if report.new + report.changed > 0 {
            for lines in ranges(upTo: stage.lastLine) {
                try await write(lines, report, transaction)
                progress(.writing(lines: lines.upperBound, of: stage.lastLine))
            }
            progress(.finishing)
            try await CrewImportQueries.checkConstraints(transaction)
        }
        try await CrewImportQueries.clearStage(transaction)
        return report
    }

    private func write(_ lines: Range<Int>, _ report: Report, _ transaction: Transaction) async throws {
        if report.new > 0 {
            try await CrewImportQueries.insertPeople(lines, publish: publish, transaction)
        }
        if report.changed > 0 {
            try await CrewImportQueries.updatePeople(lines, transaction)
            try await CrewImportQueries.removeParts(lines, transaction)
        }
        try await CrewImportQueries.insertParts(lines, transaction)
    }

    /// Ranges of lines, few enough for one statement to be over in a moment. A line is above `lowerBound` and not
    /// above `upperBound`.
    private func ranges(upTo last: Int) -> [Range<Int>] {
        stride(from: 0, to: last, by: 10_000).map { $0..<min($0 + 10_000, last) }
    }
}
