package import Postgres

/// Writes people as a file of crew that ``CrewImport`` reads back: every column of ``CrewColumn``, ordered by name as
/// Swedish is, then by id, whatever the state of the listing; the erased are left out.
///
/// Exporting, importing into an empty registry and exporting again gives the same bytes. The rows are fetched a
/// thousand at a time from one snapshot, so memory stays bounded.
package enum CrewExport {
    /// Writes the people whom the client's role and the settings allow to be read.
    ///
    /// - Parameters:
    ///   - database: `klappa_worker` reads everybody, `klappa_member` whom the account in `settings` may see.
    ///   - settings: Local to the transaction, such as `klappa.account`.
    ///   - write: Takes the next bytes of the file.
    /// - Returns: The number of people.
    @discardableResult
    package static func run(
        on database: PostgresClient,
        settings: [(String, String)] = [],
        write: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await database.transaction(
            TransactionOptions(isolation: .repeatableRead, access: .readOnly),
            settings: settings + [("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")],
            deadline: .seconds(24 * 3600)
        ) { transaction in
            var csv = CSVWriter()
            csv.append(CrewColumn.allCases.map(\.rawValue))
            try await write(csv.take())
            try await transaction.execute(people)
            var count = 0
            while true {
                let rows = try await transaction.query("FETCH 1000 FROM crew_export")
                if rows.isEmpty { return count }
                count += rows.count
                for row in rows { csv.append(try cells(of: row)) }
                try await write(csv.take())
            }
        }
    }

    private static let people: SQL = """
        DECLARE crew_export NO SCROLL CURSOR FOR
        SELECT e.name, e.region, e.municipality, e.roles, e.languages, e.email, e.phone, e.headline_sv, e.headline_en,
            e.known_from, e.known_to, klappa.days_text(e.busy) AS busy, e.availability_visibility, e.email_visibility,
            e.phone_visibility, e.consent_date, e.consent_source
        FROM klappa.crew_exchange e
        ORDER BY e.name COLLATE "sv-x-icu", e.id
        """

    private static func cells(of row: Row) throws(PostgresError) -> [String] {
        var cells: [String] = []
        for column in CrewColumn.allCases {
            switch column {
            case .knownFrom, .knownTo, .consentDate:
                cells.append(try row.decode(Day?.self, column.rawValue)?.description ?? "")
            default:
                cells.append(try row.decode(String?.self, column.rawValue) ?? "")
            }
        }
        return cells
    }
}
