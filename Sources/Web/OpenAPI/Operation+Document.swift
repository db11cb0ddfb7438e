internal import HTTPTypes

extension Operation {
    /// The operation object of the OpenAPI document.
    func document(_ components: inout SchemaComponents) -> JSON {
        var members = JSON.Members([
            ("operationId", .string(id)),
            ("tags", [.string(tag)]),
            ("summary", .string(summary)),
            ("description", .string(description)),
        ])
        switch security {
        case .none: members["security"] = []
        case .optional: members["security"] = [[:], ["key": []]]
        case .required: members["security"] = [["key": []]]
        }
        if !parameters.isEmpty {
            members["parameters"] = .array(parameters.map { $0.declaration.document(&components) })
        }
        if let body {
            members["requestBody"] = [
                "required": true,
                "description": "A JSON object; members that are not described are refused.",
                "content": [
                    "application/json": [
                        "schema": components.reference(body.schema),
                        "examples": ["request": ["value": body.example]],
                    ]
                ],
            ]
        }
        members["responses"] = .object(responses(&components))
        return .object(members)
    }

    private func responses(_ components: inout SchemaComponents) -> JSON.Members {
        var members = JSON.Members()
        var success = JSON.Members([("description", .string(response.description))])
        success["headers"] = headers
        if let schema = response.schema, let example = response.example {
            var content = JSON.Members()
            for type in response.contentTypes {
                content[type] = [
                    "schema": components.reference(schema),
                    "examples": ["answer": ["value": example]],
                ]
            }
            success["content"] = .object(content)
        }
        members[String(response.status)] = .object(success)
        if method == .get {
            members["304"] = [
                "description": "Not changed since the answer that If-None-Match names.", "headers": headers,
            ]
        }
        let problems = Dictionary(grouping: allProblems, by: \.status)
        for status in problems.keys.sorted() {
            let codes = (problems[status] ?? []).sorted { $0.code < $1.code }
            let name = ([String(status)] + codes.map(\.code)).joined(separator: "-")
            members[String(status)] = components.response(name) { Self.problemResponse(status, codes, &$0) }
        }
        return members
    }

    private var headers: JSON {
        var members = JSON.Members()
        if method == .get { members["ETag"] = ["$ref": "#/components/headers/ETag"] }
        members["X-Request-Id"] = ["$ref": "#/components/headers/RequestId"]
        return .object(members)
    }

    /// The header fields that the answers share, for the components of the document.
    static let documentedHeaders: JSON = [
        "ETag": [
            "description": "Version and hash of what was answered.",
            "schema": ["type": "string"],
            "example": "\"7-0f3ac21b9d44e810\"",
        ],
        "RequestId": [
            "description": "Names the request in the log of the service.",
            "schema": ["type": "string", "format": "uuid"],
            "example": "0b9ee5c2-7a0e-4d7c-9d0f-5f1c2f6f8a11",
        ],
        "Challenge": [
            "description": "`Bearer`, with the reason when a key was sent.",
            "schema": ["type": "string"],
            "example": "Bearer realm=\"klappa\"",
        ],
        "Allow": [
            "description": "The methods of this address.",
            "schema": ["type": "string"],
            "example": "GET, HEAD, OPTIONS",
        ],
        "RetryAfter": ["description": "Seconds to wait.", "schema": ["type": "integer"], "example": 2],
    ]

    private static func problemResponse(
        _ status: Int,
        _ codes: [ProblemCode],
        _ components: inout SchemaComponents
    ) -> JSON {
        var examples = JSON.Members()
        for code in codes {
            examples[code.code] = ["value": code.example]
        }
        let description = codes.map { "`\($0.code)`: \($0.detail.en)" }.joined(separator: " ")
        var members = JSON.Members([("description", .string(description))])
        var headers = JSON.Members()
        switch status {
        case 401: headers["WWW-Authenticate"] = ["$ref": "#/components/headers/Challenge"]
        case 405: headers["Allow"] = ["$ref": "#/components/headers/Allow"]
        case 503: headers["Retry-After"] = ["$ref": "#/components/headers/RetryAfter"]
        default: break
        }
        if !headers.pairs.isEmpty { members["headers"] = .object(headers) }
        members["content"] = [
            "application/problem+json": [
                "schema": components.reference(.problem),
                "examples": .object(examples),
            ]
        ]
        return .object(members)
    }
}

extension ProblemCode {
    /// The document of this problem as readers of English get it.
    fileprivate var example: JSON {
        var members = JSON.Members([
            ("type", .string(type)),
            ("title", .string(title.en)),
            ("status", .integer(Int64(status))),
            ("detail", .string(detail.en)),
            ("instance", "urn:uuid:0b9ee5c2-7a0e-4d7c-9d0f-5f1c2f6f8a11"),
            ("code", .string(code)),
        ])
        if self == .invalid {
            members["errors"] = [
                ["field": "limit", "code": "out-of-range", "message": "Must lie between 1 and 100."]
            ]
        }
        return .object(members)
    }
}

extension ParameterDeclaration {
    /// The parameter object. Lists are comma-separated: `style: form, explode: false`.
    fileprivate func document(_ components: inout SchemaComponents) -> JSON {
        var members = JSON.Members([
            ("name", .string(name)),
            ("in", .string(place.rawValue)),
            ("description", .string(summary)),
            ("required", .bool(required)),
        ])
        if case .array = schema.shape {
            members["style"] = "form"
            members["explode"] = false
        }
        members["schema"] = components.reference(schema)
        members["example"] = example
        return .object(members)
    }
}

extension JSONSchema {
    /// A problem document; open, because a problem may carry more.
    public static let problem = JSONSchema.object(
        named: "Problem",
        [
            .required(
                "type",
                .string(example: "urn:klappa:problem:invalid-request"),
                "Name of the kind of problem."
            ),
            .required("title", .string(), "The kind in words, in the reader's language."),
            .required("status", .integer(400...599, example: 400), "The HTTP status."),
            .required("detail", .string(), "What happened, in the reader's language."),
            .required("instance", .string(), "Names this occurrence; the log knows it too."),
            .required("code", .string(example: "invalid-request"), "The kind, for programs."),
            .optional(
                "errors",
                .array(
                    of: .object(
                        named: "FieldError",
                        [
                            .optional("field", .string(example: "limit"), "Name of the parameter."),
                            .optional(
                                "pointer",
                                .string(example: "/posts/0/count"),
                                "JSON pointer into the body."
                            ),
                            .required(
                                "code",
                                .string(example: "out-of-range"),
                                "The broken rule, for programs."
                            ),
                            .required("message", .string(), "The broken rule in the reader's language."),
                        ]
                    )
                ),
                "Each thing that is wrong."
            ),
        ],
        open: true
    )
}
