internal import FoundationEssentials
internal import HTTPTypes
internal import Postgres
public import Web

/// Inquiries as operations of the API: filed by anyone, followed up by the offices with their keys.
///
/// The other files: `InquiryFilter` is what lists show, `InquiryQueries` reads and `InquiryWrites` writes, `InquiryTerms`
/// has the titles of codes and the steps between statuses, `InquiryErrors` what the database refuses,
/// `InquirySchemas` and `InquiryExamples` the shapes. `InquiryPages` and its neighbours print the pages.
public struct InquiryRoutes: Sendable {
    let databases: Databases
    let origin: String
    /// Nil where the operations are only described.
    private let written: InquiryLetters?
    let queries: InquiryQueries
    let terms: InquiryTermCatalogue
    let vocabularies: VocabularyCatalogue

    /// - Parameters:
    ///   - texts: of which letters are written; nil where the operations are only described.
    ///   - origin: the public address of the service without a slash at its end, for private links.
    public static func operations(
        _ databases: Databases,
        _ vocabularies: VocabularyCatalogue,
        texts: Texts?,
        origin: String?
    ) -> [Operation] {
        let routes = InquiryRoutes(databases, vocabularies, texts, origin: origin ?? "")
        return [
            routes.list, routes.file, routes.get, routes.patch, routes.enter, routes.answer, routes.offer,
            routes.settle, routes.close,
        ]
    }

    private init(
        _ databases: Databases,
        _ vocabularies: VocabularyCatalogue,
        _ texts: Texts?,
        origin: String
    ) {
        self.databases = databases
        self.origin = origin
        // A letter needs a host in its links: without a configured address it is only reached on its machine.
        let host = origin.isEmpty ? "http://127.0.0.1:8080" : origin
        written = texts.map { InquiryLetters(texts: LetterTexts($0), origin: host) }
        self.vocabularies = vocabularies
        queries = InquiryQueries(database: databases.member)
        terms = InquiryTermCatalogue(databases.open)
    }

    static let number = Parameter.path(
        "number",
        "The case number.",
        pattern: InquirySchemas.number,
        length: 13...20,
        example: "SYD-2026-0318"
    )

    // MARK: Reading

    private var list: Operation {
        Operation(
            id: "listInquiries",
            .get,
            "/api/v1/inquiries",
            tag: "Inquiries",
            summary: "Cases of the office",
            description: """
                The cases that the key's office leads, led or is offered, what is due first. A filter narrows these and \
                never shows another office's: naming another region gives an empty list.
                """,
            security: .required,
            parameters: InquiryParameters.all,
            response: .json("The cases.", InquirySchemas.list, example: InquiryExamples.list),
            problems: [.foreignCursor]
        ) { input, context in
            try office(context.reader)
            let filter = try InquiryParameters.filter(
                input,
                try await vocabularies.current(),
                try await terms.current(),
                context.reader
            )
            let cursor = try input[InquiryParameters.cursor].map { text throws(Problem) in
                try InquiryCursor(text, of: filter)
            }
            let limit = input[InquiryParameters.limit]
            let page = try await queries.list(
                filter,
                after: cursor,
                skipping: cursor == nil ? (input[InquiryParameters.page] - 1) * limit : 0,
                limit: limit,
                as: context.reader
            )
            return .json([
                "items": .array(page.items), "total": .integer(Int64(page.total)),
                "next": page.next.map { JSON.string($0.text(of: filter)) } ?? .null,
            ])
        }
    }

    private var get: Operation {
        Operation(
            id: "getInquiry",
            .get,
            "/api/v1/inquiries/{number}",
            tag: "Inquiries",
            summary: "One case",
            description: "Everything about a case, with its timeline. 404 for cases of other offices.",
            security: .required,
            parameters: [Self.number],
            response: .json("The case.", InquirySchemas.record, example: InquiryExamples.record),
            problems: [.notFound]
        ) { input, context in
            try office(context.reader)
            guard let found = try await queries.find(input[Self.number], as: context.reader) else {
                throw Problem(.notFound)
            }
            return .json(found.record, version: found.version)
        }
    }

    // MARK: Writing

    private var file: Operation {
        Operation(
            id: "fileInquiry",
            .post,
            "/api/v1/inquiries",
            tag: "Inquiries",
            summary: "File an inquiry",
            description: """
                For production companies; no key is needed. The answer has the case number and a private link, by which \
                whoever holds it follows the case and answers. What is sent may become an official document.
                """,
            parameters: [Writes.idempotencyKey],
            body: .init(InquirySchemas.filing, example: InquiryExamples.filing),
            response: .json(
                "The inquiry was received.",
                InquirySchemas.filed,
                example: InquiryExamples.filed,
                status: 201
            ),
            problems: [.keyReused, .conflict]
        ) { input, _ in
            try await check(input.body, InquirySchemas.filing)
            return try await InquiryErrors.translated {
                try await Writes.create(input, "fileInquiry", databases, as: .anyone) { transaction in
                    let link = Secret.random()
                    let filed = try await InquiryWrites.file(input.body, link: link, transaction)
                    let language = Language(rawValue: input.body["language"]?.string ?? "") ?? .sv
                    try await letters().received(filed, input.body, link: link, language, transaction)
                    let address = InquiryAddresses.follow(link, language, origin: origin)
                    var answer = Answer.json(
                        [
                            "number": .string(filed.number), "followUpUrl": .string(address),
                            "region": .string(filed.region), "answerDue": .string(filed.answerDue),
                        ],
                        status: .created,
                        version: 1
                    )
                    answer.headers[.location] = address
                    return answer
                }
            }
        }
    }

    private var patch: Operation {
        Operation(
            id: "changeInquiry",
            .patch,
            "/api/v1/inquiries/{number}",
            tag: "Inquiries",
            summary: "Change a case",
            description: """
                Changes the members that are sent; null empties one. Lists replace what was there. A status must be one of \
                `nextStatuses`.
                """,
            security: .required,
            parameters: [Self.number, Writes.ifMatch],
            body: .init(InquirySchemas.patch, example: InquiryExamples.patch),
            response: .json("The case as it is now.", InquirySchemas.record, example: InquiryExamples.record),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .stepRefused]
        ) { input, context in
            try await check(input.body, InquirySchemas.patch)
            if let status = input.body["status"]?.string,
                let term = try await terms.current().statuses[status], term.outcome != "open",
                term.outcome != "landed"
            {
                throw Problem.invalid([
                    .pointer(
                        "/status",
                        "unknown-value",
                        Localized(
                            sv: "Ett utfall anges med POST …/outcome.",
                            en: "An outcome is given with POST …/outcome."
                        )
                    )
                ])
            }
            return try await change(input, context, input.body)
        }
    }

    private var close: Operation {
        Operation(
            id: "closeInquiry",
            .post,
            "/api/v1/inquiries/{number}/outcome",
            tag: "Inquiries",
            summary: "Give a case its outcome",
            description: """
                Landed, lost, postponed or not pursued, by the status that means it. A lost case needs a reason and who \
                won; the sum forgone and since when the loss could be known may be unknown (null), and unknown is counted.
                """,
            security: .required,
            parameters: [Self.number, Writes.ifMatch],
            body: .init(InquirySchemas.outcome, example: InquiryExamples.outcome),
            response: .json("The case as it is now.", InquirySchemas.record, example: InquiryExamples.record),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .stepRefused]
        ) { input, context in
            try await check(input.body, InquirySchemas.outcome)
            if let status = input.body["status"]?.string,
                try await terms.current().statuses[status]?.outcome == "open"
            {
                throw Problem.invalid([
                    .pointer(
                        "/status",
                        "unknown-value",
                        Localized(sv: "Statusen betyder inget utfall.", en: "The status means no outcome.")
                    )
                ])
            }
            return try await change(
                input,
                context,
                InquiryOutcome.document(input.body),
                note: input.body["note"]?.string
            )
        }
    }

    private var enter: Operation {
        Operation(
            id: "addInquiryEntry",
            .post,
            "/api/v1/inquiries/{number}/entries",
            tag: "Inquiries",
            summary: "Enter a note, a call or a letter",
            description: "Goes into the timeline, which is append-only. The producer does not see it.",
            security: .required,
            parameters: [Self.number, Writes.idempotencyKey],
            body: .init(InquirySchemas.entryBody, example: InquiryExamples.entryBody),
            response: .json("The entry.", InquirySchemas.entry, example: InquiryExamples.entry, status: 201),
            problems: [.notFound, .keyReused]
        ) { input, context in
            try await create(input, context, "addInquiryEntry") { transaction in
                try await InquiryWrites.enter(
                    InquiryWrites.Entry(
                        kind: input.body["kind"]?.string ?? "note",
                        body: input.body["body"]?.string ?? "",
                        at: input.body["at"]?.string,
                        contact: input.body["contact"]?.string,
                        isAnswer: input.body["isAnswer"] == true
                    ),
                    input[Self.number],
                    transaction
                )
            }
        }
    }

    private var answer: Operation {
        Operation(
            id: "answerInquiry",
            .post,
            "/api/v1/inquiries/{number}/answers",
            tag: "Inquiries",
            summary: "Answer the producer",
            description: """
                The answer shows on the producer's private page, and is sent by mail when the main contact has an address.
                """,
            security: .required,
            parameters: [Self.number, Writes.idempotencyKey],
            body: .init(InquirySchemas.answerBody, example: InquiryExamples.answerBody),
            response: .json("The entry.", InquirySchemas.entry, example: InquiryExamples.entry, status: 201),
            problems: [.notFound, .keyReused]
        ) { input, context in
            try await create(input, context, "answerInquiry") { transaction in
                let body = input.body["body"]?.string ?? ""
                return try await letters().answer(input[Self.number], body, transaction)?.entry
            }
        }
    }

    // MARK: Parts

    /// 403 unless the reader works in an office; which cases they see then the database decides.
    func office(_ reader: Reader) throws(Problem) {
        guard reader.has(.commissioner, .regionAdministrator, .administrator) else {
            throw Problem(.forbidden)
        }
    }

    /// The letters of what is written.
    func letters() throws(Problem) -> InquiryLetters {
        guard let written else { throw Problem(.unexpected) }
        return written
    }

    func check(_ body: JSON, _ schema: JSONSchema) async throws {
        let codes = try await vocabularies.current().codes.merging(try await terms.current().codes) { $1 }
        let unknown = schema.unknownCodes(in: body, among: codes)
        guard unknown.isEmpty else { throw Problem.invalid(unknown) }
    }

    private func change(_ input: Input, _ context: WebContext, _ document: JSON, note: String? = nil)
        async throws
        -> Answer
    {
        try office(context.reader)
        let number = input[Self.number]
        let now = try await InquiryErrors.translated {
            try await Writes.change(input[Writes.ifMatch], databases, as: context.reader) {
                transaction,
                version in
                guard try await InquiryWrites.change(number, version: version, document, transaction) else {
                    return nil as (version: Int64, record: JSON)?
                }
                if let note {
                    _ = try await InquiryWrites.enter(.init(kind: "note", body: note), number, transaction)
                }
                return try await InquiryQueries.find(number, transaction)
            } current: { transaction in
                try await InquiryQueries.find(number, transaction).map { ($0.version, $0.record) }
            }
        }
        return .json(now.record, version: now.version)
    }

    func create(
        _ input: Input,
        _ context: WebContext,
        _ operation: String,
        _ body: (Transaction) async throws -> JSON?
    ) async throws -> Answer {
        try office(context.reader)
        return try await InquiryErrors.translated {
            try await Writes.create(input, operation, databases, as: context.reader) { transaction in
                guard let made = try await body(transaction) else { throw Problem(.notFound) }
                return .json(made, status: .created, version: 1)
            }
        }
    }
}
