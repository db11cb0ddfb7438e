/// A typed parameter of an operation: its description for readers and the reading of its text, in one value.
///
/// ```swift
/// static let limit = Parameter.integer("limit", "How many items at most.", in: 1...100, default: 20)
/// static let role = Parameter.list("role", "Crew roles; any of them.", of: .slug, example: "gaffer")
/// …
/// let limit = input[Self.limit]   // Int
/// ```
/// The operation reads every parameter before its handler runs and lists all that are unknown, repeated or
/// malformed in one problem.
public struct Parameter<Value: Sendable>: OperationParameter {
    /// What the document says.
    public let declaration: ParameterDeclaration
    /// The name in the declaration.
    public let name: String
    /// The place in the declaration.
    public let place: ParameterDeclaration.Place
    /// The value when the request has none; nil for a required parameter.
    let absent: Value?
    private let parse: @Sendable (String) throws(Fault) -> Value

    /// A parameter with a reading of its own.
    ///
    /// - Parameters:
    ///   - declaration: name, place and schema for the document.
    ///   - absent: the value when the request has none; nil makes the parameter required.
    ///   - parse: reads the percent-decoded text, never empty, or says what is wrong with it.
    public init(
        _ declaration: ParameterDeclaration,
        absent: Value?,
        parse: @escaping @Sendable (String) throws(Fault) -> Value
    ) {
        self.declaration = declaration
        name = declaration.name
        place = declaration.place
        self.absent = absent
        self.parse = parse
    }

    /// The value of a text; nil for the absence of one that may be absent.
    public func read(_ text: String?) throws(Fault) -> (any Sendable)? {
        guard let text else {
            if absent == nil { throw .missing }
            return nil
        }
        guard !text.isEmpty else { throw .empty }
        return try parse(text)
    }

    /// The same parameter with an example of its own.
    public func example(_ example: JSON) -> Parameter {
        var declaration = declaration
        declaration.example = example
        return Parameter(declaration, absent: absent, parse: parse)
    }
}

/// A parameter whatever the type of its value.
public protocol OperationParameter: Sendable {
    /// What the document says.
    var declaration: ParameterDeclaration { get }
    /// The name in the declaration.
    var name: String { get }
    /// The place in the declaration.
    var place: ParameterDeclaration.Place { get }
    /// The value of a text; nil for the absence of one that may be absent.
    func read(_ text: String?) throws(Fault) -> (any Sendable)?
}

/// What the OpenAPI document says about a parameter.
public struct ParameterDeclaration: Sendable {
    /// Where a parameter stands in the request.
    public enum Place: String, Sendable {
        case query, path, header
    }

    /// camelCase in queries and paths.
    public var name: String
    /// Where it stands.
    public var place: Place
    /// A sentence or two in English.
    public var summary: String
    /// Shape of the value; a list is comma-separated text in the request.
    public var schema: JSONSchema
    /// A value that works.
    public var example: JSON?
    /// Whether a request without it is refused. Always true in a path.
    public var required: Bool

    /// - Parameter example: the schema's own unless given.
    public init(
        _ name: String,
        in place: Place = .query,
        _ summary: String,
        schema: JSONSchema,
        example: JSON? = nil,
        required: Bool = false
    ) {
        self.name = name
        self.place = place
        self.summary = summary
        self.schema = schema
        self.example = example ?? schema.example
        self.required = required || place == .path
    }
}

extension Parameter where Value == String {
    /// A required segment of the path.
    public static func path(
        _ name: String,
        _ summary: String,
        pattern: JSONSchema.Pattern? = .line,
        length: ClosedRange<Int> = 1...200,
        example: String
    ) -> Parameter {
        .checked(
            name,
            in: .path,
            summary,
            schema: .string(length: length, pattern: pattern, example: example)
        )
    }

    private static func checked(
        _ name: String,
        in place: ParameterDeclaration.Place,
        _ summary: String,
        schema: JSONSchema
    ) -> Parameter {
        Parameter(ParameterDeclaration(name, in: place, summary, schema: schema), absent: nil) {
            text throws(Fault) in
            try schema.readText(text)
        }
    }

    /// One of a few words.
    public static func choice(
        _ name: String,
        _ summary: String,
        of values: [String],
        default value: String
    ) -> Parameter {
        let schema = JSONSchema.choice(values, example: value).with(default: .string(value))
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: value) {
            text throws(Fault) in
            try schema.readText(text)
        }
    }
}

extension Parameter where Value == String? {
    /// Text in the query, nil when absent.
    public static func text(
        _ name: String,
        _ summary: String,
        pattern: JSONSchema.Pattern? = .line,
        length: ClosedRange<Int> = 1...200,
        example: String
    ) -> Parameter {
        let schema = JSONSchema.string(length: length, pattern: pattern, example: example)
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: .some(nil)) {
            text throws(Fault) in
            try schema.readText(text)
        }
    }

    /// One of a few words, nil when absent.
    public static func choice(_ name: String, _ summary: String, of values: [String]) -> Parameter {
        let schema = JSONSchema.choice(values)
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: .some(nil)) {
            text throws(Fault) in
            try schema.readText(text)
        }
    }

    /// A header field, nil when absent.
    public static func header(
        _ name: String,
        _ summary: String,
        length: ClosedRange<Int> = 1...500,
        example: String
    ) -> Parameter {
        let schema = JSONSchema.string(length: length, example: example)
        let declaration = ParameterDeclaration(name, in: .header, summary, schema: schema)
        return Parameter(declaration, absent: .some(nil)) { text throws(Fault) in try schema.readText(text) }
    }
}

extension Parameter where Value == [String] {
    /// A comma-separated list without repetitions, empty when absent.
    ///
    /// - Parameters:
    ///   - item: the form of each value.
    ///   - count: how many values at most.
    public static func list(
        _ name: String,
        _ summary: String,
        of item: JSONSchema,
        count: Int = 50
    ) -> Parameter {
        let schema = JSONSchema.array(of: item, count: 1...count)
        let declaration = ParameterDeclaration(
            name,
            summary,
            schema: schema,
            example: item.example.map { .array([$0]) }
        )
        return Parameter(declaration, absent: []) { text throws(Fault) in
            let items = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard items.count <= count else { throw .count(1...count) }
            var seen: Set<String> = []
            var values: [String] = []
            for text in items {
                guard !text.isEmpty else { throw .empty }
                let value = try item.readText(text)
                if seen.insert(value).inserted { values.append(value) }
            }
            return values
        }
    }
}

extension Parameter where Value == Int {
    /// A whole number in a range, with a default.
    public static func integer(
        _ name: String,
        _ summary: String,
        in range: ClosedRange<Int>,
        default value: Int
    ) -> Parameter {
        let schema = JSONSchema.integer(range, example: value).with(default: .integer(Int64(value)))
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: value) {
            text throws(Fault) in
            try Self.integer(text, in: range)
        }
    }

    fileprivate static func integer(_ text: String, in range: ClosedRange<Int>) throws(Fault) -> Int {
        guard text.utf8.first != UInt8(ascii: "+"), let number = Int(text) else { throw .notAnInteger }
        guard range.contains(number) else { throw .outOfRange(range.lowerBound, range.upperBound) }
        return number
    }
}

extension Parameter where Value == Int? {
    /// A whole number in a range, nil when absent.
    public static func integer(
        _ name: String,
        _ summary: String,
        in range: ClosedRange<Int>,
        example: Int
    ) -> Parameter {
        let schema = JSONSchema.integer(range, example: example)
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: .some(nil)) {
            text throws(Fault) in
            try Parameter<Int>.integer(text, in: range)
        }
    }
}

extension Parameter where Value == Bool {
    /// `true` or `false`, with a default.
    public static func flag(_ name: String, _ summary: String, default value: Bool) -> Parameter {
        let schema = JSONSchema.boolean.with(default: .bool(value))
        return Parameter(ParameterDeclaration(name, summary, schema: schema), absent: value) {
            text throws(Fault) in
            switch text {
            case "true": true
            case "false": false
            default: throw .notAFlag
            }
        }
    }
}

extension JSONSchema {
    /// The text itself when it fits this schema of a string.
    fileprivate func readText(_ text: String) throws(Fault) -> String {
        if case .string(let rules) = shape, let fault = rules.fault(in: text) { throw fault }
        return text
    }
}
