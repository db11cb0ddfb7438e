public import HTTPTypes

/// One route of the API: the single source of its routing, of what it accepts and answers, and of its place in the
/// OpenAPI document.
///
/// ```swift
/// Operation(
///     id: "getCrewMember", .get, "/api/v1/crew/{slugOrId}", tag: "Crew",
///     summary: "One crew member", description: "…",
///     parameters: [Self.slugOrId],
///     response: .json("The public record.", CrewMember.schema),
///     problems: [.notFound]
/// ) { input, context in
///     .json(try await queries.find(input[Self.slugOrId]), version: …)
/// }
/// ```
/// Problems that follow from the declaration (400 for parameters, 401 and 403 for keys, 413 and 415 for bodies,
/// 406, 500, 503) are added by themselves.
public struct Operation: Sendable {
    /// camelCase and unique: `listCrew`.
    public let id: String
    /// The method.
    public let method: HTTPRequest.Method
    /// The whole path with parameters in braces.
    public let path: String
    /// The group it belongs to in the document.
    public let tag: String
    /// A few words.
    public let summary: String
    /// What a reader must know, in English; Markdown.
    public let description: String
    /// Whether a key is needed.
    public let security: Security
    /// In the order of the document.
    public let parameters: [any OperationParameter]
    /// The body it takes.
    public let body: Body?
    /// The answer when all goes well.
    public let response: Success
    /// What else can go wrong.
    public let problems: [ProblemCode]
    let handler: Handler
    /// Names of all parameters.
    let parameterNames: Set<String>
    /// Names of those in the query.
    let queryNames: Set<String>

    /// Serves a request whose input is valid.
    public typealias Handler = @Sendable (Input, WebContext) async throws -> Answer

    /// Whether a bearer key must, may or need not be sent.
    public enum Security: Sendable {
        /// Keys change nothing.
        case none
        /// Anyone; a key shows more.
        case optional
        /// 401 without a key.
        case required
    }

    /// A JSON body.
    public struct Body: Sendable {
        /// Its shape.
        public let schema: JSONSchema
        /// A body that works.
        public let example: JSON
        /// Bytes at most; more is a 413.
        public let limit: Int

        /// - Parameter limit: in bytes, 64 KiB unless said otherwise.
        public init(_ schema: JSONSchema, example: JSON, limit: Int = 64 << 10) {
            self.schema = schema
            self.example = example
            self.limit = limit
        }
    }

    /// The answer when all goes well.
    public struct Success: Sendable {
        /// 200, 201, 202 or 204.
        public let status: Int
        /// A sentence.
        public let description: String
        /// Shape of the JSON body; nil without one.
        public let schema: JSONSchema?
        /// A whole answer.
        public let example: JSON?
        /// What it may be served as; JSON unless said otherwise.
        public let contentTypes: [String]

        /// A JSON answer.
        public static func json(
            _ description: String,
            _ schema: JSONSchema,
            example: JSON,
            status: Int = 200
        ) -> Success {
            Success(
                status: status,
                description: description,
                schema: schema,
                example: example,
                contentTypes: ["application/json"]
            )
        }
    }

    /// See the properties of the same names.
    public init(
        id: String,
        _ method: HTTPRequest.Method,
        _ path: String,
        tag: String,
        summary: String,
        description: String,
        security: Security = .none,
        parameters: [any OperationParameter] = [],
        body: Body? = nil,
        response: Success,
        problems: [ProblemCode] = [],
        handler: @escaping Handler
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.tag = tag
        self.summary = summary
        self.description = description
        self.security = security
        self.parameters = parameters
        self.body = body
        self.response = response
        self.problems = problems
        self.handler = handler
        parameterNames = Set(parameters.map(\.name))
        queryNames = Set(parameters.filter { $0.declaration.place == .query }.map(\.name))
    }

    /// Every problem this operation can answer with, by status and code.
    var allProblems: [ProblemCode] {
        var codes: Set<ProblemCode> = [
            .invalid, .methodNotAllowed, .notAcceptable, .unexpected, .unavailable,
        ]
        if security != .none { codes.formUnion([.unauthorized, .forbidden]) }
        if body != nil { codes.formUnion([.malformedBody, .contentTooLarge, .unsupportedMediaType]) }
        codes.formUnion(problems)
        return codes.sorted { ($0.status, $0.code) < ($1.status, $1.code) }
    }
}
