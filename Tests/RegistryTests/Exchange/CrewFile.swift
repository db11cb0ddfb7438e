import FoundationEssentials
import Postgres
import TestSupport

@testable import Registry

/// A file of crew in a test: its text, imported and exported on a bench.
enum CrewFile {
    /// The bytes in uneven pieces, as a file on a disk or a pipe gives them.
    static func pieces(_ bytes: [UInt8], size: Int = 777) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            for start in stride(from: 0, to: bytes.count, by: size) {
                continuation.yield(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            continuation.finish()
        }
    }

    static func table(_ rows: [[String]]) -> [UInt8] {
        var csv = CSVWriter()
        for row in rows { csv.append(row) }
        return csv.take()
    }
}

extension CrewBench {
    @discardableResult
    func importing(_ bytes: [UInt8], publish: Bool = false, isDryRun: Bool = false) async throws
        -> CrewImport.Report
    {
        try await CrewImport(isDryRun: isDryRun, publish: publish)
            .run(CrewFile.pieces(bytes), on: databases.worker)
    }

    @discardableResult
    func importing(_ text: String, publish: Bool = false, isDryRun: Bool = false) async throws
        -> CrewImport.Report
    {
        try await importing(Array(text.utf8), publish: publish, isDryRun: isDryRun)
    }

    func exported() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await CrewExport.run(on: databases.worker) { bytes += $0 }
        return bytes
    }

    /// Every base row and its version and time, as one text: equal when nothing whatever has been written.
    func everyRow() async throws -> String {
        let tables = [
            "person", "person_role", "person_language", "contact_field", "calendar", "block", "booking",
            "consent",
            "subject", "change", "change_value", "change_transaction", "crew_import",
        ]
        var text = ""
        for table in tables {
            text += try await database.sql(
                "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM klappa.\(table) t"
            )
        }
        return text
    }

    /// One value that SQL gives.
    func value(_ sql: String) async throws -> String {
        try await database.sql(sql).split(separator: "\n").map(String.init).first ?? ""
    }
}
