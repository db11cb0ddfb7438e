/// The schemas and answers that a document refers to by name, collected while it is written.
struct SchemaComponents {
    /// The codes of each vocabulary; one that is missing is described by the form of its codes.
    let vocabularies: [String: [String]]
    private(set) var schemas: [String: JSON] = [:]
    private var responses: [String: JSON] = [:]

    init(vocabularies: [String: [String]] = [:]) { self.vocabularies = vocabularies }

    /// All shared answers, ordered by name.
    var responsesJSON: JSON {
        .object(.init(responses.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    /// A reference to a shared answer, which is made when it is first referred to.
    mutating func response(_ name: String, make: (inout SchemaComponents) -> JSON) -> JSON {
        if responses[name] == nil { responses[name] = make(&self) }
        return ["$ref": .string("#/components/responses/" + name)]
    }

    /// All of them, ordered by name.
    var json: JSON { .object(.init(schemas.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })) }

    /// The schema as JSON Schema 2020-12: a reference when it has a name, which is then in the components.
    mutating func reference(_ schema: JSONSchema) -> JSON {
        guard let name = schema.name else { return definition(of: schema) }
        if schemas[name] == nil {
            schemas[name] = .null  // A schema may contain itself.
            var plain = schema
            plain.isNullable = false
            schemas[name] = definition(of: plain)
        }
        let reference: JSON = ["$ref": .string("#/components/schemas/" + name)]
        return schema.isNullable ? ["anyOf": [reference, ["type": "null"]]] : reference
    }

    private mutating func definition(of schema: JSONSchema) -> JSON {
        var members = JSON.Members()
        if let type = schema.typeName {
            members["type"] = schema.isNullable ? [.string(type), "null"] : .string(type)
        }
        if let summary = schema.summary { members["description"] = .string(summary) }
        switch schema.shape {
        case .any, .boolean: break
        case .string(var rules):
            if let codes = rules.vocabulary.flatMap({ vocabularies[$0] }) {
                rules.values = codes
                rules.pattern = nil
            }
            rules.write(to: &members, nullable: schema.isNullable)
        case .integer(let range):
            members["minimum"] = (range?.lowerBound).map { .integer(Int64($0)) }
            members["maximum"] = (range?.upperBound).map { .integer(Int64($0)) }
        case .number(let range):
            members["minimum"] = (range?.lowerBound).map(JSON.number)
            members["maximum"] = (range?.upperBound).map(JSON.number)
        case .array(let items, let count, let unique):
            members["items"] = reference(items)
            members["minItems"] = (count?.lowerBound).flatMap { $0 > 0 ? .integer(Int64($0)) : nil }
            members["maxItems"] = (count?.upperBound).map { .integer(Int64($0)) }
            if unique { members["uniqueItems"] = true }
        case .object(let properties, let open): write(properties, open: open, to: &members)
        case .map(let values): members["additionalProperties"] = reference(values)
        case .either(let one, let other): members["anyOf"] = [reference(one), reference(other)]
        }
        members["default"] = schema.fallback
        members["examples"] = schema.example.map { [$0] }
        return .object(members)
    }

    private mutating func write(
        _ properties: [JSONSchema.Property],
        open: Bool,
        to members: inout JSON.Members
    ) {
        var described = JSON.Members()
        for property in properties {
            var value = reference(property.schema)
            if let summary = property.summary, case .object(var inner) = value {
                // Linters of older documents allow nothing beside a reference.
                if inner["$ref"] != nil { inner = .init([("allOf", [value])]) }
                inner["description"] = .string(summary)
                value = .object(inner)
            }
            described[property.name] = value
        }
        members["properties"] = .object(described)
        let required = properties.filter(\.required).map { JSON.string($0.name) }
        if !required.isEmpty { members["required"] = .array(required) }
        if !open { members["additionalProperties"] = false }
    }
}

extension JSONSchema {
    fileprivate var typeName: String? {
        switch shape {
        case .any, .either: nil
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .array: "array"
        case .object, .map: "object"
        }
    }
}

extension JSONSchema.StringRules {
    fileprivate func write(to members: inout JSON.Members, nullable: Bool) {
        members["format"] = format.map(JSON.string)
        members["pattern"] = (pattern?.expression).map(JSON.string)
        members["minLength"] = (length?.lowerBound).flatMap { $0 > 0 ? .integer(Int64($0)) : nil }
        members["maxLength"] = (length?.upperBound ?? pattern?.limit).map { .integer(Int64($0)) }
        if let values { members["enum"] = .array(values.map(JSON.string) + (nullable ? [.null] : [])) }
    }
}
