import Postgres

/// Reads a file of crew into the staging table, row by row; what is wrong with it goes to the report.
struct CrewStage {
    private(set) var report: CrewImport.Report
    /// The columns of the file.
    private(set) var columns: [CrewColumn] = []
    /// The line on which the last row begins.
    private(set) var lastLine = 0

    private let vocabulary: CrewVocabulary
    private let today: Day
    private var reader = CSVReader()
    private var row = CSVRow()
    private var parser: CrewRowParser?
    private var copy = CopyText()
    private var keys = RisingKeys(generator: SystemRandomNumberGenerator())
    private var headerFailed = false

    init(vocabulary: CrewVocabulary, today: Day, kept: Int) {
        self.vocabulary = vocabulary
        self.today = today
        report = CrewImport.Report(problems: CrewProblems(limit: kept))
    }

    /// Reads the whole file. After the first problem nothing more is written, but the file is read to its end so
    /// that every bad cell is counted.
    mutating func fill(
        from chunks: some AsyncSequence<[UInt8], any Error>,
        _ writer: CopyWriter,
        _ progress: (CrewImport.Progress) -> Void
    ) async throws {
        do {
            for try await chunk in chunks {
                try Task.checkCancellation()
                reader.feed(chunk)
                try takeRows()
                let bytes = copy.take()
                if !bytes.isEmpty { try await writer.write(bytes) }
                progress(.reading(rows: report.rows))
                if headerFailed { return }
            }
            reader.finish()
            try takeRows()
            try await writer.write(copy.take())
        } catch let error as CSVError {
            report.problems.add(error, column: column(error.column))
        }
        if parser == nil, !headerFailed, report.problems.count == 0 {
            report.problems.add(line: 1, column: "", .empty)
        }
        report.halfConsents = parser?.halfConsents ?? 0
        progress(.reading(rows: report.rows))
    }

    private mutating func takeRows() throws(CSVError) {
        while !headerFailed, try reader.next(into: &row) {
            if row.isBlank { continue }
            guard parser != nil else {
                let header = CrewHeader(row, problems: &report.problems)
                columns = header.columns
                parser = CrewRowParser(header: header, vocabulary: vocabulary, today: today)
                headerFailed = report.problems.count > 0
                continue
            }
            report.rows += 1
            lastLine = row.line
            if let person = parser?.parse(row, problems: &report.problems), report.problems.count == 0 {
                append(person)
            }
        }
    }

    /// The columns in the order of ``CrewImportQueries/fillStage``.
    private mutating func append(_ person: CrewRow) {
        copy.append(plain: person.line)
        copy.append(plain: keys.next())
        copy.append(person.name)
        copy.append(person.region)
        copy.append(person.municipality)
        copy.append(person.rolesText)
        copy.append(person.languages.isEmpty ? nil : person.languagesText)
        copy.append(person.email)
        copy.append(person.phone)
        copy.append(person.headlineSv)
        copy.append(person.headlineEn)
        copy.append(plain: person.knownFrom)
        copy.append(plain: person.knownTo)
        copy.append(plain: person.busy)
        copy.append(person.availabilityVisibility)
        copy.append(person.emailVisibility)
        copy.append(person.phoneVisibility)
        copy.append(plain: person.consent?.givenOn)
        copy.append(person.consent?.source)
        copy.endRow()
    }

    private func column(_ number: Int) -> String {
        let index = number - 1
        return parser?.header.indexes.first { $0.value == index }?.key.rawValue ?? String(number)
    }
}
