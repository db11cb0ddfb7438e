internal import FoundationEssentials
internal import HTTPTypes
internal import Postgres
public import Web

/// The review queue as operations of the API, for the offices of the regions.
public enum ReviewRoutes {
    private static let kind = Parameter.choice(
        "kind",
        "What is listed; everything when absent.",
        of: ReviewEntry.Kind.allCases.map(\.rawValue)
    )
    private static let region = Parameter.list(
        "region",
        "The office's regions, any of them; all when absent.",
        of: .code(of: "region", example: "kronoberg")
    )
    private static let limit = Parameter.integer("limit", "How many items at most.", in: 1...100, default: 20)
    private static let page = Parameter.integer("page", "Which page, from 1.", in: 1...1000, default: 1)
    private static let id = Parameter.path(
        "id",
        "Id of the listing.",
        pattern: .uuid,
        length: 36...36,
        example: "0198c0de-7000-7abc-8def-000000000001"
    )

    /// - Parameters:
    ///   - texts: of which letters are written; nil where the operations are only described.
    ///   - origin: the public address of the service, for links in letters.
    public static func operations(
        _ databases: Databases,
        _ catalogue: VocabularyCatalogue,
        texts: Texts?,
        origin: String?
    ) -> [Operation] {
        [list(databases, catalogue), get(databases, catalogue, texts), decide(databases, texts, origin)]
    }

    /// 403 unless the reader works in an office; what they see then the database decides.
    private static func office(_ reader: Reader) throws(Problem) {
        guard reader.has(.commissioner, .regionAdministrator, .administrator) else {
            throw Problem(.forbidden)
        }
    }

    private static func list(_ databases: Databases, _ catalogue: VocabularyCatalogue) -> Operation {
        Operation(
            id: "listReviewEntries",
            .get,
            "/api/v1/review-entries",
            tag: "Review",
            summary: "What waits for the office",
            description: """
                Listings in review, and changes proposed of public ones, in the regions of the key's office; what has \
                waited longest comes first. Another office's are never among them.
                """,
            security: .required,
            parameters: [kind, region, limit, page],
            response: .json("What waits.", ReviewSchemas.list, example: ReviewSchemas.exampleList),
            problems: []
        ) { input, context in
            try office(context.reader)
            let vocabularies = try await catalogue.current()
            let regions = input[region]
            let unknown = regions.filter { vocabularies.region($0) == nil }
            guard unknown.isEmpty else {
                throw Problem.invalid(
                    unknown.map { code in
                        .field(
                            "region",
                            "unknown-value",
                            Localized(
                                sv: "Det finns ingen region \(code).",
                                en: "There is no region \(code)."
                            )
                        )
                    }
                )
            }
            let filter = ReviewFilter(
                kind: input[kind].flatMap(ReviewEntry.Kind.init),
                regions: regions
            )
            let limit = input[Self.limit]
            let offset = (input[page] - 1) * limit
            return try await databases.member.transaction(settings: context.reader.settings) { transaction in
                let entries = try await ReviewQueries.list(
                    filter,
                    skipping: offset,
                    limit: limit,
                    transaction
                )
                let counts = try await ReviewQueries.counts(filter, transaction)
                let total = filter.kind.map { counts[$0] ?? 0 } ?? counts.values.reduce(0, +)
                return .json([
                    "items": .array(entries.map(ReviewSchemas.json)), "total": .integer(Int64(total)),
                ])
            }
        }
    }

    private static func get(
        _ databases: Databases,
        _ catalogue: VocabularyCatalogue,
        _ texts: Texts?
    ) -> Operation {
        Operation(
            id: "getReviewEntry",
            .get,
            "/api/v1/review-entries/{id}",
            tag: "Review",
            summary: "Everything that was sent",
            description: """
                What the listing says, field by field in the reader's language, and what changes of the public one. The \
                `ETag` carries the version that a decision names. 404 for what waits for other offices.
                """,
            security: .required,
            parameters: [id],
            response: .json("What was sent.", ReviewSchemas.record, example: ReviewSchemas.exampleRecord),
            problems: [.notFound]
        ) { input, context in
            try office(context.reader)
            guard let texts, let listing = UUID(uuidString: input[id]) else { throw Problem(.notFound) }
            let text = CrewWords(
                words: Wording(texts, in: context.language),
                vocabularies: try await catalogue.current()
            )
            let found = try await databases.member.transaction(settings: context.reader.settings) {
                transaction in
                try await ReviewCase.find(listing, text, transaction)
            }
            guard let found else { throw Problem(.notFound) }
            return .json(ReviewSchemas.json(found), version: found.entry.version)
        }
    }

    private static func decide(_ databases: Databases, _ texts: Texts?, _ origin: String?) -> Operation {
        Operation(
            id: "decideReviewEntry",
            .post,
            "/api/v1/review-entries/{id}/decision",
            tag: "Review",
            summary: "Publish, return or hide",
            description: """
                Publishes what was sent, returns it with a reason, or keeps it from the public; the owner gets a letter. \
                Of a public listing `published` publishes the changes and `returned` leaves the listing as it was.
                """,
            security: .required,
            parameters: [id, Writes.ifMatch],
            body: .init(
                ReviewSchemas.decision,
                example: ["verdict": "returned", "reason": "Lägg till en bild inifrån."]
            ),
            response: .json("It is decided.", ReviewSchemas.decided, example: ReviewSchemas.exampleDecided),
            problems: [.notFound, .preconditionRequired, .preconditionFailed]
        ) { input, context in
            try office(context.reader)
            guard let texts, let listing = UUID(uuidString: input[id]) else { throw Problem(.notFound) }
            let verdict = ReviewDecision.Verdict(rawValue: input.body["verdict"]?.string ?? "") ?? .hidden
            let reason = input.body["reason"]?.string
            if verdict == .returned, reason == nil {
                throw Problem.invalid([.pointer("/reason", "required", ReviewErrors.reason)])
            }
            let decision = ReviewDecision(
                verdict: verdict,
                reason: verdict == .published ? nil : reason,
                letters: LetterTexts(texts),
                origin: origin ?? ""
            )
            let version = try await explaining {
                try await Writes.change(input[Writes.ifMatch], databases, as: context.reader) {
                    transaction,
                    version in
                    try await take(decision, listing, version, transaction)
                } current: { transaction in
                    try await ReviewQueries.find(listing, transaction).map {
                        ($0.version, ReviewSchemas.json($0))
                    }
                }
            }
            return .json(
                [
                    "id": .string(listing.uuidString.lowercased()), "verdict": .string(verdict.rawValue),
                    "version": .integer(version),
                ],
                version: version
            )
        }
    }

    private static func take(
        _ decision: ReviewDecision,
        _ id: UUID,
        _ version: Int64,
        _ transaction: Transaction
    ) async throws -> Int64? {
        guard let entry = try await ReviewQueries.find(id, transaction) else { return nil }
        return try await decision.take(entry, version: version, transaction)
    }

    /// Gives the refusals of the database their words.
    private static func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            guard let sentence = ReviewErrors.sentence(for: error) else { throw error }
            throw Problem.invalid([.pointer("/verdict", "refused", sentence)])
        }
    }
}
