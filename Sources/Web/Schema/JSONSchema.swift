/// The shape of a JSON value, declared once: it validates what comes in, describes both directions in the OpenAPI
/// document (JSON Schema 2020-12) and lets tests hold every answer against its description.
///
/// ```swift
/// static let post = JSONSchema.object(named: "StaffingPost", [
///     .required("role", .string(pattern: .slug, example: "gaffer"), "Code of a crew role."),
///     .required("count", .integer(1...500, example: 2)),
///     .optional("grade", .choice(["trainee", "assistant"])),
/// ])
/// ```
public struct JSONSchema: Sendable {
    indirect enum Shape: Sendable {
        case any
        case string(StringRules)
        case integer(ClosedRange<Int>?)
        case number(ClosedRange<Double>?)
        case boolean
        case array(JSONSchema, count: ClosedRange<Int>?, unique: Bool)
        case object([Property], open: Bool)
        case map(JSONSchema)
        case either(JSONSchema, JSONSchema)
    }

    struct StringRules: Sendable {
        var length: ClosedRange<Int>?
        var pattern: Pattern?
        var format: String?
        var values: [String]?
        /// The vocabulary that the text must be a code of. The document lists its codes when it knows them; whether
        /// a code exists is judged by the product, for vocabularies change while the service runs.
        var vocabulary: String?
    }

    /// A rule for text that both this service and a reader of the document can check.
    public struct Pattern: Sendable {
        /// ECMA-262 with anchors, as JSON Schema wants it.
        public let expression: String
        /// Characters at most, when the expression does not say.
        public let limit: Int?
        /// The same rule in Swift.
        public let accepts: @Sendable (String) -> Bool

        /// - Parameters:
        ///   - expression: an ECMA-262 regular expression with anchors.
        ///   - limit: characters at most, when the expression does not say.
        ///   - accepts: the same rule in Swift; it may be stricter than the expression can say (a real date).
        public init(
            _ expression: String,
            limit: Int? = nil,
            accepts: @escaping @Sendable (String) -> Bool
        ) {
            self.expression = expression
            self.limit = limit
            self.accepts = accepts
        }
    }

    /// A member of an object.
    public struct Property: Sendable {
        let name: String
        let schema: JSONSchema
        let required: Bool
        let summary: String?

        /// A member that is always there.
        public static func required(_ name: String, _ schema: JSONSchema, _ summary: String? = nil)
            -> Property
        {
            Property(name: name, schema: schema, required: true, summary: summary)
        }

        /// A member that may be absent.
        public static func optional(_ name: String, _ schema: JSONSchema, _ summary: String? = nil)
            -> Property
        {
            Property(name: name, schema: schema, required: false, summary: summary)
        }
    }

    var shape: Shape
    var isNullable = false
    /// Name under `components/schemas`; a named schema is written there once and referred to.
    var name: String?
    var summary: String?
    var example: JSON?
    var fallback: JSON?

    init(_ shape: Shape, example: JSON? = nil) {
        self.shape = shape
        self.example = example
    }
}

extension JSONSchema {
    /// Any value.
    public static var any: JSONSchema { JSONSchema(.any) }
    /// true or false.
    public static var boolean: JSONSchema { JSONSchema(.boolean, example: true) }

    /// Text.
    /// - Parameters:
    ///   - length: in Unicode scalars.
    ///   - format: a format of JSON Schema that is only said, not checked here (`uri`).
    public static func string(
        length: ClosedRange<Int>? = nil,
        pattern: Pattern? = nil,
        format: String? = nil,
        example: String? = nil
    ) -> JSONSchema {
        JSONSchema(
            .string(StringRules(length: length, pattern: pattern, format: format)),
            example: example.map(JSON.string)
        )
    }

    /// One of a fixed list of texts.
    public static func choice(_ values: [String], example: String? = nil) -> JSONSchema {
        JSONSchema(.string(StringRules(values: values)), example: (example ?? values.first).map(JSON.string))
    }

    /// A code of a vocabulary that the product keeps: `gaffer` of `role`.
    public static func code(of vocabulary: String, example: String) -> JSONSchema {
        var schema = JSONSchema(
            .string(StringRules(pattern: .code, vocabulary: vocabulary)),
            example: .string(example)
        )
        schema.name = vocabulary.prefix(1).uppercased() + vocabulary.dropFirst() + "Code"
        return schema
    }

    /// A calendar day, `2027-03-01`.
    public static func day(example: String = "2027-03-01") -> JSONSchema {
        .string(pattern: .day, format: "date", example: example)
    }

    /// An instant in UTC, `2027-03-01T12:30:00Z`.
    public static func instant(example: String = "2027-03-01T12:30:00Z") -> JSONSchema {
        .string(pattern: .instant, format: "date-time", example: example)
    }

    /// A UUID in lower case.
    public static func uuid(example: String = "0198c0de-7000-7abc-8def-000000000001") -> JSONSchema {
        .string(pattern: .uuid, format: "uuid", example: example)
    }

    /// A whole number.
    public static func integer(_ range: ClosedRange<Int>? = nil, example: Int? = nil) -> JSONSchema {
        JSONSchema(.integer(range), example: example.map { .integer(Int64($0)) })
    }

    /// A number.
    public static func number(_ range: ClosedRange<Double>? = nil, example: Double? = nil) -> JSONSchema {
        JSONSchema(.number(range), example: example.map(JSON.number))
    }

    /// A list.
    public static func array(
        of items: JSONSchema,
        count: ClosedRange<Int>? = nil,
        unique: Bool = false
    ) -> JSONSchema {
        JSONSchema(.array(items, count: count, unique: unique))
    }

    /// An object with these members and, unless it is open, no others.
    public static func object(named name: String? = nil, _ properties: [Property], open: Bool = false)
        -> JSONSchema
    {
        var schema = JSONSchema(.object(properties, open: open))
        schema.name = name
        return schema
    }

    /// An object whose members have any names and all the same shape.
    public static func map(of values: JSONSchema) -> JSONSchema { JSONSchema(.map(values)) }

    /// A value of one shape or of the other.
    public static func either(_ one: JSONSchema, _ other: JSONSchema) -> JSONSchema {
        JSONSchema(.either(one, other), example: one.example)
    }

    /// `{"sv": …, "en": …}`.
    public static var localized: JSONSchema {
        .object(named: "Localized", [.required("sv", .string()), .required("en", .string())])
            .with(example: ["sv": "Ljussättare", "en": "Gaffer"])
    }

    /// The same shape, or null.
    public var nullable: JSONSchema {
        var schema = self
        schema.isNullable = true
        return schema
    }

    /// The same shape under a name in `components/schemas`.
    public func named(_ name: String) -> JSONSchema {
        var schema = self
        schema.name = name
        return schema
    }

    /// The same shape with a description.
    public func described(_ summary: String) -> JSONSchema {
        var schema = self
        schema.summary = summary
        return schema
    }

    /// The same shape with an example.
    public func with(example: JSON) -> JSONSchema {
        var schema = self
        schema.example = example
        return schema
    }

    /// The same shape with the value that counts when it is absent.
    public func with(default value: JSON) -> JSONSchema {
        var schema = self
        schema.fallback = value
        return schema
    }
}
