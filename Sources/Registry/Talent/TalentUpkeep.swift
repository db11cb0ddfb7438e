public import Foundation
public import Logging
public import Postgres
public import Web

/// Tells applicants that the waiting list moved them into a place: their letter, and with it their participation; and
/// removes files that no answer needs any longer.
///
/// The place itself is theirs from the transaction in which it came free; a crash between the two loses nothing. Any
/// number of processes may run it: the lock of a call lets each letter be written once.
public struct TalentUpkeep: Sendable {
    private let worker: PostgresClient
    private let letters: TalentLetters
    private let files: AnswerFiles?
    private let logger: Logger

    /// - Parameters:
    ///   - worker: of `klappa_worker`.
    ///   - texts: of which the letters are written.
    ///   - origin: the public address of the service, for links in letters.
    ///   - answers: where the files of answers lie; nil where none are taken.
    public init(
        _ worker: PostgresClient,
        texts: Texts,
        origin: String?,
        answers: URL? = nil,
        logger: Logger
    ) {
        files = answers.map { AnswerFiles(folder: $0) }
        self.worker = worker
        letters = TalentLetters(texts: texts, origin: origin)
        self.logger = logger
    }

    /// Works until the task is cancelled. Errors are logged and tried again later.
    public func run(pause: Duration = .seconds(5)) async {
        var swept = Date.distantPast
        while !Task.isCancelled {
            do {
                try await tellMoved()
                if swept.timeIntervalSinceNow < -3_600 {
                    try await sweep()
                    swept = Date()
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("the upkeep of talent programmes failed", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Removes the files of answers that are gone: of drafts thrown away, answers replaced, applications erased.
    ///
    /// - Returns: how many.
    @discardableResult
    public func sweep(now: Date = Date()) async throws -> Int {
        guard let files else { return 0 }
        return try await files.sweep(now: now) { names in
            let rows = try await worker.query(
                """
                SELECT encode(f.hash, 'hex') AS name FROM klappa.answer_file f
                WHERE f.hash = ANY (ARRAY(SELECT decode(n, 'hex') FROM unnest(\(names)::text[]) AS n))
                """
            )
            return Set(try rows.map { try $0.decode(String.self, "name") })
        }
    }

    /// Writes the letters that are due.
    ///
    /// - Returns: how many.
    @discardableResult
    public func tellMoved() async throws -> Int {
        let calls = try await worker.query(
            "SELECT DISTINCT s.call FROM klappa.assessment s WHERE s.moved AND \(Self.isDue)"
        ).map { try $0.decode(UUID.self, "call") }
        var count = 0
        for call in calls { count += try await tellMoved(in: call) }
        return count
    }

    private func tellMoved(in call: UUID) async throws -> Int {
        try await worker.transaction { transaction in
            try await transaction.execute("SELECT klappa.lock_call(\(call))")
            let rows = try await transaction.query(
                """
                SELECT a.id, a.name, a.email, a.language, c.title_sv, coalesce(c.title_en, c.title_sv) AS title_en,
                    p.name_sv, coalesce(p.name_en, p.name_sv) AS name_en, o.name AS organisation,
                    CASE a.language WHEN 'sv' THEN c.accepted_sv ELSE c.accepted_en END AS added
                FROM klappa.assessment s
                JOIN klappa.application a ON a.id = s.application
                JOIN klappa.call c ON c.id = s.call
                JOIN klappa.programme p ON p.id = c.programme
                JOIN klappa.organisation o ON o.id = p.organisation
                WHERE s.call = \(call) AND s.moved AND \(Self.isDue)
                """
            )
            for row in rows {
                let id = try row.decode(UUID.self, "id")
                let language = Language(rawValue: try row.decode(String.self, "language")) ?? .sv
                let letter = letters.decision(
                    .accepted,
                    id,
                    name: try row.value("name"),
                    language: language,
                    call: try row.localized("title"),
                    programme: try row.localized("name"),
                    organisation: try row.value("organisation"),
                    added: try row.value("added"),
                    at: nil
                )
                try await AssessmentQueries.tell(id, of: call, .accepted, letter, by: nil, transaction)
                try await letters.send(
                    letter,
                    to: try row.value("email"),
                    about: id,
                    language,
                    transaction
                )
            }
            return rows.count
        }
    }

    private static let isDue: SQL = """
        s.outcome = 'selected' AND NOT EXISTS (
            SELECT FROM klappa.decision d WHERE d.application = s.application AND d.outcome = 'accepted')
        """
}
