import Testing

@testable import Web

@Suite struct OpenAPIDocumentTests {
    private var document: JSON? {
        let info = OpenAPIDocument.Info(
            title: "Samples",
            version: "1.0.0",
            description: "Prov och exempel. Samples for tests.",
            contact: ("Klappa", "https://klappa.example", "api@klappa.example"),
            license: ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            terms: "https://klappa.example/terms",
            limitations: "None.",
            documentation: ("https://klappa.example/docs", "More."),
            servers: [("https://klappa.example", "Here.")],
            tags: [("Samples", "Samples.")]
        )
        return OpenAPIDocument(info, operations: Sample.operations).json
    }

    @Test func `the same operations give the same bytes`() {
        #expect(document?.pretty == document?.pretty)
        #expect(document?["openapi"] == "3.1.0")
    }

    @Test func `every reference leads somewhere`() {
        func references(_ value: JSON) -> [String] {
            switch value {
            case .array(let items): items.flatMap(references)
            case .object(let members):
                members.pairs.flatMap { $0.name == "$ref" ? [$0.value.string ?? ""] : references($0.value) }
            default: []
            }
        }
        let all = Set(references(document ?? nil))
        #expect(all.contains("#/components/schemas/Problem"))
        for reference in all {
            let steps = reference.dropFirst(2).split(separator: "/").map(String.init)
            #expect(steps.reduce(document) { $0?[$1] } != nil, "\(reference)")
        }
    }

    @Test func `every request, answer and problem has an example`() throws {
        guard case .object(let paths)? = document?["paths"] else { throw Missing() }
        #expect(paths.pairs.map(\.name) == ["/api/v1/echo", "/api/v1/greetings", "/api/v1/names/{name}"])
        for path in paths.pairs {
            guard case .object(let operations) = path.value else { throw Missing() }
            for operation in operations.pairs {
                guard case .object(let responses)? = operation.value["responses"] else { throw Missing() }
                let shared = document?["components"]?["responses"]
                #expect(responses["400"] != nil && responses["500"] != nil && responses["503"] != nil)
                for response in responses.pairs where response.name != "304" {
                    let name = response.value["$ref"]?.string?.split(separator: "/").last.map(String.init)
                    let value = name.flatMap { shared?[$0] } ?? response.value
                    #expect(value["description"]?.string?.isEmpty == false)
                    guard case .object(let content)? = value["content"] else { throw Missing() }
                    for type in content.pairs { #expect(type.value["examples"] != nil) }
                }
            }
        }
    }

    @Test func `examples fit their schemas`() {
        for operation in Sample.operations {
            if let schema = operation.response.schema, let example = operation.response.example {
                #expect(schema.errors(in: example) == [])
            }
            if let body = operation.body { #expect(body.schema.errors(in: body.example) == []) }
        }
    }

    @Test func `keys follow from what an operation asks for`() {
        let echo = document?["paths"]?["/api/v1/echo"]?["get"]
        #expect(echo?["security"] == [[:], ["key": []]])
        #expect(echo?["responses"]?["401"] != nil)
        #expect(document?["paths"]?["/api/v1/greetings"]?["post"]?["responses"]?["401"] == nil)
        #expect(document?["paths"]?["/api/v1/greetings"]?["post"]?["responses"]?["415"] != nil)
    }

    private struct Missing: Error {}
}
