internal import Synchronization
public import Web

/// The OpenAPI document of a running service: with the codes of the vocabularies as they are now.
public final class LivingDocument: Sendable {
    private let operations: [Operation]
    private let origin: String?
    private let vocabularies: VocabularyCatalogue
    private let kept = Mutex<(codes: [String: [String]]?, document: OpenAPIDocument)?>(nil)

    /// - Parameter origin: the public address of the service without a slash at its end.
    public init(of operations: [Operation], origin: String?, _ databases: Databases) {
        self.operations = operations
        self.origin = origin
        let queries = VocabularyQueries(databases.open)
        vocabularies = VocabularyCatalogue { try await queries.load() }
    }

    /// The codes of the vocabularies as they are now.
    public func codes() async throws -> [String: [String]] { try await vocabularies.current().codes }

    /// The document; made anew when a vocabulary has changed. Without a database it is still right, only less exact:
    /// it describes the form of codes instead of listing them.
    public func current() async -> OpenAPIDocument {
        let vocabularies = try? await vocabularies.current()
        return kept.withLock { kept in
            if let kept, kept.codes == vocabularies?.codes { return kept.document }
            let document = APIInfo.document(of: operations, origin: origin, vocabularies: vocabularies)
            kept = (vocabularies?.codes, document)
            return document
        }
    }
}
