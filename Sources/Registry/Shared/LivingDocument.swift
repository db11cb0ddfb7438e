internal import NIOConcurrencyHelpers
internal import Postgres
public import Web

/// The OpenAPI document of a running service: with the codes of the vocabularies as they are now.
public final class LivingDocument: Sendable {
    private let operations: [Operation]
    private let origin: String?
    private let vocabularies: VocabularyCatalogue
    private let database: PostgresClient
    private let kept = NIOLockedValueBox<(codes: [String: [String]]?, document: OpenAPIDocument)?>(nil)

    /// - Parameter origin: the public address of the service without a slash at its end.
    public init(of operations: [Operation], origin: String?, _ databases: Databases) {
        self.operations = operations
        self.origin = origin
        database = databases.open
        let queries = VocabularyQueries(databases.open)
        vocabularies = VocabularyCatalogue { try await queries.load() }
    }

    /// The codes of the vocabularies as they are now.
    public func codes() async throws -> [String: [String]] {
        let codes = try await vocabularies.current().codes
        return codes.merging(try await InquiryTerms.load(database).codes) { one, _ in one }
    }

    /// The document; made anew when a vocabulary has changed. Without a database it is still right, only less exact:
    /// it describes the form of codes instead of listing them.
    public func current() async -> OpenAPIDocument {
        let codes = try? await codes()
        return kept.withLockedValue { kept in
            if let kept, kept.codes == codes { return kept.document }
            let document = APIInfo.document(of: operations, origin: origin, codes: codes ?? [:])
            kept = (codes, document)
            return document
        }
    }
}
