public import FoundationEssentials
public import Logging
public import Postgres
public import Web

/// Asks twice whether a public listing is still right, and lets it lapse when nobody answers; then a last letter says so.
///
/// Each listing is one transaction with its letter, so a crash loses nothing and doubles nothing; any number of processes
/// may run it. Who cannot be asked is not judged: a listing without owner and without an address stays with its office.
public struct RenewalUpkeep: Sendable {
    private let worker: PostgresClient
    private let letters: LetterTexts
    private let origin: String
    private let logger: Logger

    /// - Parameters:
    ///   - worker: of `klappa_worker`.
    ///   - texts: of which the letters are written.
    ///   - origin: the public address of the service, for links in letters.
    public init(_ worker: PostgresClient, texts: Texts, origin: String?, logger: Logger) {
        self.worker = worker
        letters = LetterTexts(texts)
        self.origin = origin ?? "http://127.0.0.1:8080"
        self.logger = logger
    }

    /// Works until the task is cancelled. Errors are logged and tried again later.
    public func run(pause: Duration = .seconds(3600)) async {
        while !Task.isCancelled {
            do {
                let done = try await work(on: .todayInStockholm)
                if done.asked + done.lapsed > 0 {
                    logger.info(
                        "asked for renewal",
                        metadata: ["asked": "\(done.asked)", "lapsed": "\(done.lapsed)"]
                    )
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("asking for renewal failed", metadata: ["error": "\(error)"])
            }
            // Throws when cancelled only, and then the loop ends.
            try? await Task.sleep(for: pause)
        }
    }

    /// Writes the letters that are due and takes what is too old out of the public's sight.
    ///
    /// - Parameter today: the day in Stockholm; a test gives its own.
    @discardableResult
    public func work(on today: Day) async throws -> (asked: Int, lapsed: Int) {
        var (asked, lapsed) = (0, 0)
        for due in try await due(on: today) {
            try Task.checkCancellation()
            guard try await take(due, on: today) else { continue }
            if due.round == 3 { lapsed += 1 } else { asked += 1 }
        }
        return (asked, lapsed)
    }

    /// A letter that is due.
    private struct Due: Sendable {
        let subject: UUID
        let kind: ListingKind
        let name: String
        let round: Int16
        let renewedOn: Day
        let email: String
        let language: Language?
    }

    private func due(on today: Day) async throws -> [Due] {
        let rows = try await worker.query(
            """
            SELECT a.subject, a.kind, a.name, a.renewed_on, a.email, a.language,
                (CASE WHEN f.asked_on IS NULL THEN 1 WHEN s.asked_on IS NULL THEN 2 ELSE 3 END)::smallint AS round
            FROM klappa.ageing_listings() AS a
            LEFT JOIN klappa.renewal_ask f ON (f.subject, f.renewed_on, f.round) = (a.subject, a.renewed_on, 1)
            LEFT JOIN klappa.renewal_ask s ON (s.subject, s.renewed_on, s.round) = (a.subject, a.renewed_on, 2)
            WHERE a.state = 'published' AND CASE
                WHEN f.asked_on IS NULL THEN a.renewed_on <= \(today - Renewal.Age.first)
                WHEN s.asked_on IS NULL THEN a.renewed_on <= \(today - Renewal.Age.second)
                    AND f.asked_on <= \(today - Renewal.Age.patience)
                ELSE a.renewed_on <= \(today - Renewal.Age.lapses) AND s.asked_on <= \(today - Renewal.Age.patience)
                END
            ORDER BY a.renewed_on, a.subject
            LIMIT 5000
            """
        )
        return try rows.map { row in
            Due(
                subject: try row.decode(UUID.self, "subject"),
                kind: ListingKind(rawValue: try row.decode(String.self, "kind")) ?? .person,
                name: try row.decode(String.self, "name"),
                round: try row.decode(Int16.self, "round"),
                renewedOn: try row.decode(Day.self, "renewed_on"),
                email: try row.decode(String.self, "email"),
                language: try row.decode(String?.self, "language").flatMap { Language(rawValue: $0) }
            )
        }
    }

    /// False when somebody else was first, or the listing was confirmed or hidden meanwhile.
    private func take(_ due: Due, on today: Day) async throws -> Bool {
        let link = Secret.random()
        let state = due.round == 3 ? "lapsed" : "published"
        return try await worker.transaction { transaction in
            let rows = try await transaction.query(
                """
                SELECT 1 FROM \(due.kind.table)
                WHERE id = \(due.subject) AND state = 'published' AND renewed_on = \(due.renewedOn) FOR UPDATE
                """
            )
            guard !rows.isEmpty else { return false }
            let noted = try await transaction.query(
                """
                INSERT INTO klappa.renewal_ask (subject, renewed_on, round, asked_on, link_hash)
                VALUES (\(due.subject), \(due.renewedOn), \(due.round), \(today), \(link.hash))
                ON CONFLICT ON CONSTRAINT renewal_ask_pkey DO NOTHING RETURNING 1
                """
            )
            guard !noted.isEmpty else { return false }
            if state == "lapsed" {
                try await transaction.execute(
                    "UPDATE \(due.kind.table) SET state = 'lapsed' WHERE id = \(due.subject)"
                )
            }
            try await letters.write(letter(due, link, today), in: transaction)
            return true
        }
    }

    private func letter(_ due: Due, _ link: Secret, _ today: Day) -> Letter {
        let language = due.language ?? .sv
        let words = Wording(letters.texts, in: language)
        let lapses = max(due.renewedOn + Renewal.Age.lapses, today + Renewal.Age.patience)
        return Letter(
            "renewal-\(due.round)",
            to: due.email,
            in: language,
            [
                "name": due.name, "day": words.day(due.renewedOn), "lapses": words.day(lapses),
                "link": "\(origin)/\(language)/renew/\(link.text)",
                "home": "\(origin)/\(language)\(Renewal.home(due.kind, due.subject))",
            ],
            about: due.subject
        )
    }
}
