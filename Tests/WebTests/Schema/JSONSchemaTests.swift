import Testing

@testable import Web

@Suite struct JSONSchemaTests {
    private let schema = JSONSchema.object([
        .required("role", .string(pattern: .slug)),
        .required("count", .integer(1...500)),
        .optional("days", .array(of: .day(), count: 1...2, unique: true)),
        .optional("note", .string(length: 0...3).nullable),
        .optional("share", .number(0...1)),
        .optional("grade", .choice(["trainee", "assistant"])),
    ])

    private func broken(_ value: JSON) -> [String] {
        schema.errors(in: value).map { error in
            guard case .pointer(let pointer) = error.place else { return "" }
            return pointer + " " + error.code
        }
    }

    @Test func `a value that fits has no errors`() {
        #expect(broken(["role": "gaffer", "count": 2]) == [])
        #expect(
            broken(["role": "best-boy", "count": 2.0, "note": nil, "share": 1, "grade": "trainee"]) == []
        )
        #expect(broken(["role": "a", "count": 500, "days": ["2028-02-29"]]) == [])
    }

    @Test func `every broken rule is listed with its pointer`() {
        #expect(broken([]) == [" wrong-type"])
        #expect(
            broken(["count": 0, "x/y~z": 1]) == ["/role required", "/count out-of-range", "/x~1y~0z unknown"]
        )
        #expect(broken(["role": "-", "count": 1.5]) == ["/role malformed", "/count wrong-type"])
        #expect(
            broken(["role": "a", "count": 1, "days": ["2027-02-29", "2027-02-29"]]) == [
                "/days repeated", "/days/0 malformed", "/days/1 malformed",
            ]
        )
        #expect(broken(["role": "a", "count": 1, "days": []]) == ["/days count"])
        #expect(
            broken(["role": "a", "count": 1, "note": "åäöå", "share": 1.1, "grade": "x"]) == [
                "/note length", "/share out-of-range", "/grade unknown-value",
            ]
        )
    }

    @Test(arguments: [
        ("2027-03-01", true), ("2028-02-29", true), ("2027-02-29", false), ("2027-13-01", false),
        ("0000-01-01", false),
        ("2027-3-1", false), ("2027-03-01 ", false), ("２０２７-03-01", false), ("1900-02-29", false),
        ("2000-02-29", true),
    ])
    func `a day must exist`(text: String, isDay: Bool) {
        #expect(JSONSchema.Pattern.day.accepts(text) == isDay)
    }

    @Test(arguments: [
        ("a", true), ("best-boy", true), ("a1-2b", true), ("", false), ("-a", false), ("a-", false),
        ("a--b", false),
        ("Åsa", false), ("A", false), ("a_b", false),
    ])
    func `a slug is lower-case words joined by hyphens`(text: String, isSlug: Bool) {
        #expect(JSONSchema.Pattern.slug.accepts(text) == isSlug)
    }

    @Test(arguments: [
        ("2027-03-01/2027-03-12", true), ("2028-02-29/2028-02-29", true), ("2000-02-29/2099-12-31", true),
        ("2100-02-29/2100-03-01", false), ("2027-02-29/2027-03-01", false), ("2027-04-31/2027-05-01", false),
        ("1899-12-31/1900-01-01", false), ("2027-03-01", true), ("2027-03-01/", false), ("a/b", false),
        ("2027-03-01/2027-03-02/2027-03-03", false),
    ])
    func `an interval is one or two days that exist, for the service and for its document alike`(
        text: String,
        isInterval: Bool
    ) throws {
        #expect(JSONSchema.Pattern.interval.accepts(text) == isInterval)
        let expression = try Regex(JSONSchema.Pattern.interval.expression)
        #expect((text.wholeMatch(of: expression) != nil) == isInterval)
    }

    @Test func `the document lists the codes of a vocabulary when it knows them`() {
        let schema = JSONSchema.array(of: .code(of: "role", example: "gaffer"))
        var blank = SchemaComponents()
        #expect(blank.reference(schema)["items"] == ["$ref": "#/components/schemas/RoleCode"])
        #expect(blank.schemas["RoleCode"]?["pattern"] != nil)
        var known = SchemaComponents(vocabularies: ["role": ["best_boy", "gaffer"]])
        _ = known.reference(schema)
        #expect(known.schemas["RoleCode"]?["enum"] == ["best_boy", "gaffer"])
        #expect(known.schemas["RoleCode"]?["pattern"] == nil)
        #expect(schema.errors(in: ["gaffer"]) == [])
        #expect(schema.errors(in: ["Gaffer"]).map(\.code) == ["malformed"])
    }

    @Test func `a schema that is named is written once and referred to`() {
        var components = SchemaComponents()
        let inner = JSONSchema.object(named: "Inner", [.required("a", .boolean)])
        let outer = JSONSchema.object([.required("one", inner), .optional("two", inner.nullable)])
        let json = components.reference(outer)
        #expect(json["properties"]?["one"] == ["$ref": "#/components/schemas/Inner"])
        #expect(
            json["properties"]?["two"] == [
                "anyOf": [["$ref": "#/components/schemas/Inner"], ["type": "null"]]
            ]
        )
        #expect(components.schemas.keys.sorted() == ["Inner"])
    }
}
