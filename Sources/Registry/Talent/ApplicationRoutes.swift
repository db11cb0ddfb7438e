internal import FoundationEssentials
internal import HTTPTypes
internal import Postgres
internal import Web

/// Applying through the API: one request, one application, without an account.
///
/// Who applied is seen by who signs in with the address of the application; the receipt says so.
enum ApplicationRoutes {
    private static let slugOrID = Parameter.path(
        "slugOrId",
        "Slug or id of a programme.",
        pattern: .slug,
        length: 1...100,
        example: "manuslabbet"
    )
    private static let callID = Parameter.path(
        "callId",
        "Id of a call.",
        pattern: .uuid,
        length: 36...36,
        example: "0198c0de-7000-7abc-8def-000000000001"
    )

    static func operation(_ databases: Databases, _ catalogue: VocabularyCatalogue, _ letters: TalentLetters?)
        -> Operation
    {
        let queries = ProgrammeQueries(databases.open)
        return Operation(
            id: "createApplication",
            .post,
            "/api/v1/programmes/{slugOrId}/calls/{callId}/applications",
            tag: "Talent",
            summary: "Apply",
            description: """
                Hands in an application to a call. Its arrival number is drawn from the call's one counter: no ties, no \
                holes. The deadline is judged by the service's clock when the whole request had been read; what comes \
                later is kept and marked `late`. A receipt goes to `email`. Files are handed in on the website, so a call \
                that requires one takes no applications here. Send an `Idempotency-Key` to be able to repeat safely.
                """,
            parameters: [slugOrID, callID, Writes.idempotencyKey],
            body: .init(
                TalentSchemas.application,
                example: TalentSchemas.exampleApplication,
                limit: 256 << 10
            ),
            response: .json(
                "The application was taken.",
                TalentSchemas.receipt,
                example: TalentSchemas.exampleReceipt,
                status: 201
            ),
            problems: [.notFound, .callNotOpen, .keyReused]
        ) { input, context in
            guard let id = UUID(uuidString: input[callID]),
                try await queries.call(input[slugOrID], id) != nil,
                let (call, programme) = try await queries.call(id)
            else { throw Problem(.notFound) }
            guard let letters else { throw Problem(.unavailable) }
            let application = try await read(input.body, call, try await catalogue.current())
            return try await TalentErrors.explaining {
                // As nobody: a key of the API holds no applications.
                try await Writes.create(input, "createApplication", databases, as: .anyone) { transaction in
                    let receipt = try await ApplicationQueries.send(application, to: call.id, transaction)
                    try await letters.receipt(
                        receipt,
                        to: application.email,
                        name: application.name,
                        language: application.language,
                        call,
                        programme,
                        at: nil,
                        transaction
                    )
                    return answer(receipt, call)
                }
            }
        }
    }

    private static func answer(_ receipt: ApplicationQueries.Receipt, _ call: Call) -> Answer {
        .json(
            [
                "id": .string(receipt.id.uuidString.lowercased()),
                "call": .string(call.id.uuidString.lowercased()),
                "arrival": .integer(Int64(receipt.arrival)),
                "submittedAt": .string(receipt.submittedAt.description),
                "late": .bool(receipt.late),
                "version": 1,
            ],
            status: .created,
            version: 1,
            caching: .none
        )
    }

    /// The place of an answer in the body (RFC 6901).
    private static func pointer(_ question: String) -> String {
        "/answers/" + question.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private static func read(_ body: JSON, _ call: Call, _ vocabularies: Vocabularies) async throws
        -> NewApplication
    {
        var errors: [FieldError] = []
        let name = String((body["name"]?.string ?? "").trimmingPrefix { $0 == " " })
        if name.isEmpty { errors.append(.pointer("/name", "missing", AnswerFault.required.message)) }
        let phone = body["phone"]?.string
        if let phone, phone.wholeMatch(of: /\+?[0-9][0-9 ()\.\/\-]{3,30}/) == nil {
            errors.append(.pointer("/phone", "malformed", TalentErrors.phone))
        }
        let region = body["region"]?.string
        if let region, vocabularies.region(region) == nil {
            errors.append(
                .pointer(
                    "/region",
                    "unknown-value",
                    Localized(sv: "Okänt värde: \(region).", en: "Unknown value: \(region).")
                )
            )
        }
        let answers = body["answers"] ?? .null
        var known: Set<String> = []
        for question in call.questions {
            known.insert(question.code)
            if let fault = question.fault(in: answers[question.code]) {
                errors.append(.pointer(pointer(question.code), fault.code, fault.message))
            } else if question.kind == .file, question.required {
                errors.append(
                    .pointer(
                        pointer(question.code),
                        AnswerFault.notHere.code,
                        AnswerFault.notHere.message
                    )
                )
            }
        }
        if case .object(let members) = answers {
            for pair in members.pairs where !known.contains(pair.name) {
                let fault = AnswerFault.unknownQuestion
                errors.append(.pointer(pointer(pair.name), fault.code, fault.message))
            }
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        return NewApplication(
            language: body["language"]?.string.flatMap(Language.init(rawValue:)) ?? .sv,
            name: name,
            email: body["email"]?.string ?? "",
            phone: phone,
            region: region,
            answers: answers
        )
    }
}
