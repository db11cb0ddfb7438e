internal import HTTPTypes

/// The OpenAPI 3.1 description of the API, derived from its operations; the same operations give the same bytes.
///
/// It follows the Swedish national REST API profile (DIGG 1.2.0): contact, licence, terms, known limits, an example
/// for every request and answer, every status described.
public struct OpenAPIDocument: Sendable {
    /// What stands in the document besides the operations.
    public struct Info: Sendable {
        /// Name of the API.
        public var title: String
        /// Version of the document, semantic.
        public var version: String
        /// Both languages, one after the other; Markdown.
        public var description: String
        /// Who answers for it: name, address of a page, mail address.
        public var contact: (name: String, url: String, email: String)
        /// Name and address of the licence of the data.
        public var license: (name: String, url: String)
        /// Address of the terms of use.
        public var terms: String
        /// Known limits, in words.
        public var limitations: String
        /// Where to read more: address and description.
        public var documentation: (url: String, description: String)
        /// Base addresses, without a trailing slash, the public one first.
        public var servers: [(url: String, description: String)]
        /// The groups in their order, with a sentence each.
        public var tags: [(name: String, description: String)]

        /// See the properties of the same names.
        public init(
            title: String,
            version: String,
            description: String,
            contact: (name: String, url: String, email: String),
            license: (name: String, url: String),
            terms: String,
            limitations: String,
            documentation: (url: String, description: String),
            servers: [(url: String, description: String)],
            tags: [(name: String, description: String)]
        ) {
            self.title = title
            self.version = version
            self.description = description
            self.contact = contact
            self.license = license
            self.terms = terms
            self.limitations = limitations
            self.documentation = documentation
            self.servers = servers
            self.tags = tags
        }
    }

    /// The document; `pretty` and `bytes` of it are deterministic.
    public let json: JSON

    /// Describes the operations in the order of their paths.
    ///
    /// - Parameter vocabularies: the codes of each vocabulary, in a fixed order, as far as they are known.
    public init(_ info: Info, operations: [Operation], vocabularies: [String: [String]] = [:]) {
        var components = SchemaComponents(vocabularies: vocabularies)
        var paths = JSON.Members()
        for operation in operations.sorted(by: { $0.path < $1.path }) {
            var item: JSON.Members
            if case .object(let members)? = paths[operation.path] { item = members } else { item = .init() }
            item[operation.method.rawValue.lowercased()] = operation.document(&components)
            paths[operation.path] = .object(item)
        }
        json = [
            "openapi": "3.1.0",
            "info": [
                "title": .string(info.title),
                "version": .string(info.version),
                "description": .string(info.description),
                "termsOfService": .string(info.terms),
                "contact": [
                    "name": .string(info.contact.name),
                    "url": .string(info.contact.url),
                    "email": .string(info.contact.email),
                ],
                "license": ["name": .string(info.license.name), "url": .string(info.license.url)],
                "x-limitations": .string(info.limitations),
            ],
            "externalDocs": [
                "url": .string(info.documentation.url),
                "description": .string(info.documentation.description),
            ],
            "servers": .array(
                info.servers.map { ["url": .string($0.url), "description": .string($0.description)] }
            ),
            "tags": .array(
                info.tags.map { ["name": .string($0.name), "description": .string($0.description)] }
            ),
            "paths": .object(paths),
            "components": [
                "schemas": components.json,
                "responses": components.responsesJSON,
                "headers": Operation.documentedHeaders,
                "securitySchemes": [
                    "key": [
                        "type": "http",
                        "scheme": "bearer",
                        "description":
                            "A key that the registry has issued; sent only in the field Authorization.",
                    ]
                ],
            ],
        ]
    }
}
