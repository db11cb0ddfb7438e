internal import HTTPTypes
internal import Postgres
public import Web

/// Changing the common strategy as operations of the API: each of its parts as a list, and its rows one by one.
///
/// Anyone may read; administrators write, and every change is logged.
public enum StrategyEditRoutes {
    private static let code = Parameter<String>.path(
        "code",
        "Code of the row.",
        pattern: .code,
        length: 1...80,
        example: "market_1_reply_time"
    )

    /// - Parameter databases: `open` is read, `member` written as the bearer of the key.
    public static func operations(_ databases: Databases) -> [Operation] {
        StrategyPart.allCases.flatMap { part in
            [list(part, databases), change(part, databases)] + (part.canGrow ? [add(part, databases)] : [])
        }
    }

    private static func list(_ part: StrategyPart, _ databases: Databases) -> Operation {
        Operation(
            id: "listStrategy\(plural(part))",
            .get,
            "/api/v1/strategy/\(part)",
            tag: StrategyRoutes.tag,
            summary: "The strategy's \(part)",
            description: "All rows, retired ones too, with the versions that writers need.",
            response: .json(
                "The whole list.",
                .object([
                    .required("items", .array(of: record(part))),
                    .required("total", .integer(0...Int.max, example: 1)),
                    .required("next", JSONSchema.string().nullable),
                ]),
                example: ["items": [example(part)], "total": 1, "next": nil]
            )
        ) { _, _ in
            let answer = try await part.list(databases.open)
            return .json(answer.body, version: answer.version)
        }
    }

    private static func change(_ part: StrategyPart, _ databases: Databases) -> Operation {
        Operation(
            id: "changeStrategy\(part.name)",
            .put,
            "/api/v1/strategy/\(part)/{code}",
            tag: StrategyRoutes.tag,
            summary: "Replace one of the strategy's \(part)",
            description: """
                Replaces the row: what is left out is emptied. `If-Match` carries its version. A key of an \
                administrator is needed; the history keeps what was.
                """,
            security: .required,
            parameters: [code, Writes.ifMatch],
            body: .init(body(part, isNew: false), example: exampleBody(part, isNew: false)),
            response: .json("The row.", record(part), example: example(part)),
            problems: [.notFound, .preconditionRequired, .preconditionFailed, .conflict]
        ) { input, context in
            let code = input[Self.code]
            let changed = try await told {
                try await Writes.change(input[Writes.ifMatch], databases, as: context.reader) {
                    transaction,
                    version in
                    try await part.change(code, input.body, version: version, transaction)
                } current: { transaction in
                    guard let record = try await part.find(code, transaction),
                        let version = version(of: record)
                    else { return nil }
                    return (version, record)
                }
            }
            return .json(changed, version: version(of: changed) ?? 0)
        }
    }

    private static func add(_ part: StrategyPart, _ databases: Databases) -> Operation {
        let operation = "addStrategy\(part.name)"
        return Operation(
            id: operation,
            .post,
            "/api/v1/strategy/\(part)",
            tag: StrategyRoutes.tag,
            summary: "Add to the strategy's \(part)",
            description:
                "Adds a row at the end. A key of an administrator is needed. A code that is taken is a 409.",
            security: .required,
            parameters: [Writes.idempotencyKey],
            body: .init(body(part, isNew: true), example: exampleBody(part, isNew: true)),
            response: .json("The row.", record(part), example: example(part), status: 201),
            problems: [.keyReused, .conflict]
        ) { input, context in
            try await told {
                try await Writes.create(input, operation, databases, as: context.reader) { transaction in
                    guard case .string(let code)? = input.body["code"] else { throw Problem(.invalid) }
                    let record = try await part.add(code, input.body, transaction)
                    var answer = Answer.json(record, status: .created, version: 1)
                    answer.headers[.location] = "/api/v1/strategy/\(part)/\(code)"
                    return answer
                }
            }
        }
    }

    /// What fits the description but not the rest of the row (a year that is not of the background) is a conflict.
    private static func told<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError where error.sqlState == .checkViolation {
            throw Problem(.conflict)
        }
    }

    static func version(of record: JSON) -> Int64? {
        guard case .integer(let version)? = record["version"] else { return nil }
        return version
    }

    private static func plural(_ part: StrategyPart) -> String {
        switch part {
        case .frame: "Frames"
        default: part.rawValue.prefix(1).uppercased() + part.rawValue.dropFirst()
        }
    }

    // MARK: Shapes

    private static func schema(_ field: StrategyPart.Field, isInput: Bool) -> JSONSchema {
        switch field.kind {
        case .both(let limit):
            .object([
                .required("sv", .string(length: 1...limit, pattern: .line, example: "Namn")),
                .required("en", .string(length: 1...limit, pattern: .line, example: "Name")),
            ])
        case .line(let limit):
            .string(length: 1...limit, pattern: .line, example: "Regionsamverkan Sydsverige")
        case .integer(let range): .integer(range, example: range.lowerBound)
        case .flag: isInput ? JSONSchema.boolean.with(default: false) : .boolean
        case .day: .day(example: "2022-12-08")
        case .choice(let words): .choice(words)
        case .code: .string(length: 1...80, pattern: .code, example: "market")
        }
    }

    private static func record(_ part: StrategyPart) -> JSONSchema {
        .object(
            named: "Strategy\(part.name)Row",
            [.required("code", .string(length: 1...80, pattern: .code, example: "market"))]
                + part.fields.map { field in
                    let schema = schema(field, isInput: false)
                    return .required(field.member, field.isOptional ? schema.nullable : schema)
                } + [
                    .required("edited", .boolean, "Changed by an administrator since it was loaded."),
                    .required("version", .integer(1...Int.max, example: 1)),
                ]
        )
    }

    private static func body(_ part: StrategyPart, isNew: Bool) -> JSONSchema {
        var members: [JSONSchema.Property] =
            isNew
            ? [
                .required(
                    "code",
                    .string(length: 1...80, pattern: .strategyCode, example: "market_1_reply_time")
                )
            ]
            : []
        for field in part.fields where isNew || !field.isFixed {
            let schema = schema(field, isInput: true)
            if case .flag = field.kind {
                members.append(.optional(field.member, schema))
            } else {
                members.append(
                    field.isOptional
                        ? .optional(field.member, schema.nullable) : .required(field.member, schema)
                )
            }
        }
        return .object(named: "\(isNew ? "New" : "Changed")Strategy\(part.name)", members)
    }

    private static func value(_ field: StrategyPart.Field) -> JSON {
        switch field.kind {
        case .both: ["sv": "Svara inom en arbetsdag", "en": "Answer within a working day"]
        case .line: "Regionsamverkan Sydsverige"
        case .integer(let range): .integer(Int64(range.lowerBound))
        case .flag: false
        case .day: "2022-12-08"
        case .choice(let words): .string(words[0])
        case .code(let part): part == .priorities ? "market" : "median_reply_hours"
        }
    }

    private static func example(_ part: StrategyPart) -> JSON {
        var members: [(String, JSON)] = [("code", "market_1_reply_time")]
        for field in part.fields { members.append((field.member, value(field))) }
        members.append(("edited", true))
        members.append(("version", 2))
        return .object(JSON.Members(members))
    }

    private static func exampleBody(_ part: StrategyPart, isNew: Bool) -> JSON {
        var members: [(String, JSON)] = isNew ? [("code", "market_1_reply_time")] : []
        for field in part.fields where isNew || !field.isFixed {
            members.append((field.member, value(field)))
        }
        return .object(JSON.Members(members))
    }
}
