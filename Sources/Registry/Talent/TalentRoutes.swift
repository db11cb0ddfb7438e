internal import FoundationEssentials
internal import HTTPTypes
internal import NIOCore
internal import Postgres
public import Web

/// Programmes and calls as operations of the API, and applying.
public enum TalentRoutes {
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
    private static let text = Parameter.text(
        "q",
        "Part of a name, a summary or an organisation; case and accents do not matter.",
        example: "manus"
    )
    private static let type = Parameter.list(
        "type",
        "Types of programmes, any of them.",
        of: .choice(TalentSchemas.types, example: "writers_lab")
    )
    private static let region = Parameter.list(
        "region",
        "Regions that it is for, any of them.",
        of: .code(of: "region", example: "skane")
    )
    private static let priority = Parameter.list(
        "priority",
        "Priorities of the common strategy, any of them.",
        of: .choice(TalentSchemas.priorities, example: "talent")
    )
    private static let open = Parameter.choice(
        "open",
        "`true` gives programmes with a listed call that can be applied to in time, `false` the others.",
        of: ["true", "false"]
    )
    private static let limit = Parameter.integer("limit", "How many items at most.", in: 1...100, default: 20)
    private static let cursor = Parameter.text(
        "cursor",
        "`next` of the answer before.",
        pattern: CrewCursor.pattern,
        length: 18...2000,
        example: "cbf29ce484222325-eyJxIjoxfQ"
    )

    /// - Parameters:
    ///   - catalogue: against which regions are checked.
    ///   - texts: of which receipts are written; nil where the operations are only described.
    ///   - origin: the public address of the service, for links in receipts.
    public static func operations(
        _ databases: Databases,
        _ catalogue: VocabularyCatalogue,
        texts: Texts?,
        origin: String?
    ) -> [Operation] {
        let queries = ProgrammeQueries(databases.open)
        return [
            list(queries, catalogue), get(queries), calls(queries), call(queries),
            ApplicationRoutes.operation(
                databases,
                catalogue,
                texts.map { TalentLetters(texts: $0, origin: origin) }
            ),
        ]
    }

    private static func list(_ queries: ProgrammeQueries, _ catalogue: VocabularyCatalogue) -> Operation {
        Operation(
            id: "listProgrammes",
            .get,
            "/api/v1/programmes",
            tag: "Talent",
            summary: "Talent programmes",
            description: "Published programmes that match every filter, by Swedish name.",
            parameters: [text, type, region, priority, open, limit, cursor],
            response: .json("Which there are.", TalentSchemas.list, example: TalentSchemas.exampleList),
            problems: [.foreignCursor]
        ) { input, _ in
            let filter = ProgrammeQueries.Filter(
                text: input[text],
                types: input[type],
                regions: input[region],
                priorities: input[priority],
                open: input[open].map { $0 == "true" }
            )
            let vocabularies = try await catalogue.current()
            let errors = filter.regions.filter { vocabularies.region($0) == nil }.map { code in
                FieldError.field(
                    "region",
                    "unknown-value",
                    Localized(sv: "Okänt värde: \(code).", en: "Unknown value: \(code).")
                )
            }
            guard errors.isEmpty else { throw Problem.invalid(errors) }
            var after: (name: String, id: UUID)?
            if let text = input[cursor] {
                guard let cursor = ProgrammeCursor(text, of: filter) else { throw Problem(.foreignCursor) }
                after = (name: cursor.name, id: cursor.id)
            }
            let found = try await queries.list(filter, after: after, limit: input[limit])
            let next = found.last.map {
                JSON.string(ProgrammeCursor(name: $0.name, id: $0.id).text(of: filter))
            }
            let tail = JSON.object(.init([("total", .integer(Int64(found.total))), ("next", next ?? .null)]))
            return .json(
                Array("{\"items\":\(found.items),".utf8) + Array(tail.bytes.readableBytesView.dropFirst())
            )
        }
    }

    private static func get(_ queries: ProgrammeQueries) -> Operation {
        Operation(
            id: "getProgramme",
            .get,
            "/api/v1/programmes/{slugOrId}",
            tag: "Talent",
            summary: "One programme",
            description: "A published programme with its listed calls.",
            parameters: [slugOrID],
            response: .json("The programme.", TalentSchemas.record, example: TalentSchemas.exampleRecord),
            problems: [.notFound]
        ) { input, _ in
            guard let record = try await queries.record(input[slugOrID]) else { throw Problem(.notFound) }
            return .json(record.body, version: record.version)
        }
    }

    private static func calls(_ queries: ProgrammeQueries) -> Operation {
        Operation(
            id: "listCalls",
            .get,
            "/api/v1/programmes/{slugOrId}/calls",
            tag: "Talent",
            summary: "Calls of a programme",
            description: "All listed calls of a programme with guidelines and form, newest first.",
            parameters: [slugOrID],
            response: .json("The calls.", TalentSchemas.calls, example: TalentSchemas.exampleCalls),
            problems: [.notFound]
        ) { input, _ in
            guard let body = try await queries.calls(input[slugOrID]) else { throw Problem(.notFound) }
            return .json(body)
        }
    }

    private static func call(_ queries: ProgrammeQueries) -> Operation {
        Operation(
            id: "getCall",
            .get,
            "/api/v1/programmes/{slugOrId}/calls/{callId}",
            tag: "Talent",
            summary: "One call",
            description: "A call with guidelines and form; also one that is in no list, for who has its id.",
            parameters: [slugOrID, callID],
            response: .json("The call.", TalentSchemas.call, example: TalentSchemas.exampleCall),
            problems: [.notFound]
        ) { input, _ in
            guard let id = UUID(uuidString: input[callID]),
                let call = try await queries.call(input[slugOrID], id)
            else { throw Problem(.notFound) }
            return .json(call.body, version: call.version)
        }
    }
}
